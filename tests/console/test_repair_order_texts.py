"""Text the repair order: one click, one text, the PDF behind a link and with the text where carriers take it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from jobs.gateways import printing, texts
from models import Delivery, Message, Shop, WorkOrder, db
from tests.ground.client import Visitor
from tests.ground.makers import a_customer, a_member, a_shop, a_work_order, consenting, signed_in

Work = Callable[[], int]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    return a_work_order(shop, consenting(a_customer(shop)))


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop))


def click(sam: Visitor, order: WorkOrder, key: str = "0123456789abcdef") -> TestResponse:
    return sam.post(f"/console/work-orders/{order.number}/repair-order/text", data={"key": key}, headers=HTMX)


def sent() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == "repair_order").order_by(Message.id)))


def link_in(words: str) -> str:
    return "/m/" + words.rpartition("/m/")[2].split()[0]


def test_one_click_sends_the_pdf_by_link_and_as_mms_as_soon_as_it_is_made(
    sam: Visitor, order: WorkOrder, work: Work, visitors: Callable[[], Visitor]
) -> None:
    assert 'id="text-repair-order"' in sam.get(f"/console/work-orders/{order.number}").text
    assert click(sam, order).status_code == 200
    (message,) = sent()
    assert message.state is Delivery.planned  # the paper is being made
    work()
    (message,) = sent()
    assert message.state is not Delivery.planned
    assert message.body.startswith("Harbour Street Garage: here is the repair order for your Civic: http")
    assert len(texts.outgoing(message).media) == 1
    fetched = visitors().get(link_in(message.body))
    assert (fetched.content_type, fetched.data[:5]) == ("application/pdf", b"%PDF-")


def test_clicks_in_a_row_send_one_text(sam: Visitor, order: WorkOrder, work: Work) -> None:
    for key in ("0123456789abcdef", "0123456789abcdef", "fedcba9876543210"):
        assert click(sam, order, key).status_code == 200
    assert len(sent()) == 1


def test_without_consent_it_is_refused_and_nothing_is_written(sam: Visitor, shop: Shop) -> None:
    order = a_work_order(shop)
    answer = click(sam, order)
    assert answer.status_code == 422
    assert "There is no consent to text this number." in answer.text
    assert sent() == []


def test_a_paper_too_large_for_carriers_goes_as_a_link_alone(
    sam: Visitor, order: WorkOrder, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "pdf", lambda _html: b"%PDF-1.7" + b"0" * 600_001 + b"%%EOF")
    click(sam, order)
    work()
    (message,) = sent()
    assert texts.outgoing(message).media == ()
    assert "/m/" in message.body


def test_a_paper_that_can_not_be_made_holds_the_text_back_and_says_so(
    sam: Visitor, order: WorkOrder, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_html: str) -> bytes:
        raise ValueError("no ink")

    monkeypatch.setattr(printing, "pdf", broken)
    click(sam, order)
    work()
    (message,) = sent()
    assert message.state is Delivery.held
    assert "could not be made" in message.held_by


def test_abroad_it_is_a_link_in_the_customers_language(app: Flask, client: Visitor, work: Work) -> None:
    shop = a_shop("gracht", "Europe/Amsterdam", country="NL", language="nl")
    customer = consenting(a_customer(shop, "Daan", "Bakker", phones=["06 12345678"]))
    order = a_work_order(shop, customer)
    click(signed_in(client, a_member(shop)), order)
    work()
    (message,) = sent()
    assert "hier is de werkorder van uw" in message.body
    assert texts.outgoing(message).media == ()


def test_a_mechanic_and_another_shop_can_not_send_it(sam: Visitor, order: WorkOrder, shop: Shop, visitors: Callable[[], Visitor]) -> None:
    mechanic = signed_in(visitors(), a_member(shop, "mechanic", email="tess@example.com"))
    assert click(mechanic, order).status_code == 403
    stranger = signed_in(visitors(), a_member(a_shop("northgate"), email="north@example.com"))
    assert click(stranger, order).status_code == 404
    assert sent() == []
