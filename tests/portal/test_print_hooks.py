"""What a print service reports: believed where it is signed, now, and at the shop's own address; each report once."""

from collections.abc import Iterator

import pytest
from flask import Flask

from models import Delivery, PostcardBatch, PrintedCard, PrintReport, PrintService, ReturnedAddress, Shop, db
from tests.ground.client import Visitor
from tests.ground.print_service import a_batch, a_printing_shop, card_of, event, ordered, signed

pytestmark = pytest.mark.one_database
THERE = "psc_0123456789abcdef"


@pytest.fixture(autouse=True)
def noon(at) -> Iterator[None]:  # type: ignore[no-untyped-def]
    at("2025-03-06 12:00", "America/Chicago", ticks=True)
    return None


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_printing_shop()


@pytest.fixture
def batch(shop: Shop) -> PostcardBatch:
    """One card, which the service has taken."""
    batch = a_batch(shop, "Doyle")
    ordered(batch)
    message = card_of(batch).message
    message.advance("claim")
    card_of(batch).tried()
    card_of(batch).taken(THERE, None, None)
    db.session.commit()
    return batch


def address(shop: Shop) -> str:
    service = PrintService.of(shop)
    assert service
    return f"/hooks/print/{service.token}"


def reports() -> list[str]:
    return [report.kind for report in db.session.query(PrintReport).order_by(PrintReport.id)]


def test_a_signed_report_is_kept_once_and_moves_the_card(client: Visitor, shop: Shop, batch: PostcardBatch, work) -> None:  # type: ignore[no-untyped-def]
    body = event("delivered", THERE)
    for _time in range(3):
        assert client.post(address(shop), data=body, headers=signed(body)).status_code == 200
    assert reports() == ["delivered"]
    work()
    assert card_of(batch).message.state is Delivery.delivered
    assert "Hank" not in str(db.session.query(PrintReport).one().raw)


def test_a_card_that_came_back_marks_the_address_on_the_customers_page(client: Visitor, shop: Shop, batch: PostcardBatch, work) -> None:  # type: ignore[no-untyped-def]
    body = event("returned_to_sender", THERE)
    client.post(address(shop), data=body, headers=signed(body))
    work()
    customer = card_of(batch).message.customer
    assert customer
    assert ReturnedAddress.of(customer)


def test_what_is_not_signed_right_is_refused_and_not_kept(client: Visitor, shop: Shop, batch: PostcardBatch) -> None:
    body = event("delivered", THERE)
    right = signed(body)
    wrong = {
        "nothing": {},
        "another secret": signed(body, "secret_of_another_shop"),
        "another body": signed(body + b" "),
        "too old": signed(body, ago=400),
        "of tomorrow": signed(body, ago=-400),
        "another moment": {**right, "Lob-Signature-Timestamp": str(int(right["Lob-Signature-Timestamp"]) + 1000)},
        "no moment": {**right, "Lob-Signature-Timestamp": "now"},
    }
    answers = {name: client.post(address(shop), data=body, headers=headers).status_code for name, headers in wrong.items()}
    assert answers == dict.fromkeys(wrong, 403)
    assert client.post("/hooks/print/" + "A" * 22, data=body, headers=right).status_code == 404
    assert reports() == []


def test_a_stamp_in_seconds_is_understood_too(client: Visitor, shop: Shop, batch: PostcardBatch) -> None:
    body = event("mailed", THERE)
    stamp = signed(body)["Lob-Signature-Timestamp"][:-3]
    assert client.post(address(shop), data=body, headers=signed(body, stamp=stamp)).status_code == 200
    assert reports() == ["mailed"]


def test_without_a_secret_nothing_is_believed(client: Visitor, shop: Shop, batch: PostcardBatch) -> None:
    service = PrintService.of(shop)
    assert service
    service.sealed_secret = ""
    db.session.commit()
    body = event("delivered", THERE)
    assert client.post(address(shop), data=body, headers=signed(body, "")).status_code == 403


def test_another_shops_service_can_say_nothing_of_this_shops_cards(client: Visitor, shop: Shop, batch: PostcardBatch) -> None:
    other = a_printing_shop("northgate")
    body = event("delivered", THERE, card_of(batch).message.uid)
    assert client.post(address(other), data=body, headers=signed(body)).status_code == 200
    assert reports() == []


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"nonsense", b'{"id": 5, "event_type": "postcard.mailed", "body": []}', b'{"id": "evt", "body": {"id": 7}}']
)
def test_nonsense_that_is_signed_is_no_mistake_of_ours(client: Visitor, shop: Shop, batch: PostcardBatch, body: bytes) -> None:
    assert client.post(address(shop), data=body, headers=signed(body)).status_code in {200, 400}
    assert db.session.query(PrintedCard).count() == 1
