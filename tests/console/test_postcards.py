"""Postcards on the console: batches with their PDF and addresses, marked as posted; who lacks an address."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from models import Customer, Delivery, Message, PostcardBatch, Shop, clock, db
from models.postcard_making import make_due_batches
from tests.ground.client import Visitor
from tests.ground.letters import JOHN, a_letter_shop, a_visit, nightly
from tests.ground.makers import SAM, a_customer, a_member, signed_in
from tests.ground.queries import counted

LIST = "/console/follow-ups/postcards"


@pytest.fixture
def shop(app: object) -> Shop:
    return a_letter_shop(thank_you=3, cards=True)


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop))


def a_card(shop: Shop, first_name: str = "Hank", **address: str) -> Customer:
    customer = a_customer(shop, first_name, "Doyle", phones=[], emails=[], addresses=[JOHN | address])
    a_visit(shop, days_ago(shop, 4), customer)
    return customer


def days_ago(shop: Shop, days: int) -> date:
    return shop.today() - timedelta(days=days)


def a_batch(shop: Shop) -> PostcardBatch:
    nightly(shop, days_ago(shop, 1))
    (batch,) = make_due_batches()
    db.session.commit()
    return batch


def test_a_batch_goes_from_being_made_to_ready_to_posted(sam: Visitor, shop: Shop, work: Callable[[], int]) -> None:
    a_card(shop)
    batch = a_batch(shop)
    assert "PDF is being made" in sam.get(LIST).text
    work()
    page = sam.get(f"{LIST}/{batch.id}").text
    assert "Ready to print" in page
    assert "5 Elm Street, Chicago, IL 60601" in page
    (paper,) = (line.split('"')[0] for line in page.split('href="')[1:] if "/documents/" in line.split('"')[0])
    answer = sam.get(paper)
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
    assert sam.post(f"{LIST}/{batch.id}/posting").status_code == 303
    assert "Posted" in sam.get(f"{LIST}/{batch.id}").text
    assert [message.state for message in db.session.query(Message).filter_by(channel="postcard")] == [Delivery.sent]
    sam.post(f"{LIST}/{batch.id}/posting/undo")
    assert "Ready to print" in sam.get(LIST).text


def test_the_addresses_are_a_file_without_formulas(sam: Visitor, shop: Shop) -> None:
    a_card(shop, "=1+1", street="@home 5")
    batch = a_batch(shop)
    answer = sam.get(f"{LIST}/{batch.id}/addresses.csv")
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert list(row.values()) == ["1", "'=1+1 Doyle", "'@home 5", "Chicago", "IL", "60601", "US", "Thank You"]


def test_another_shops_batch_is_not_found(sam: Visitor, shop: Shop) -> None:
    other = a_letter_shop("elm", thank_you=3, cards=True)
    a_card(other)
    batch = a_batch(other)
    for path in ("", "/addresses.csv"):
        assert sam.get(f"{LIST}/{batch.id}{path}").status_code == 404
    for path in ("pdf", "posting", "posting/undo"):
        assert sam.post(f"{LIST}/{batch.id}/{path}").status_code == 404
    assert batch.posted_at is None


def test_an_address_that_is_not_whole_is_listed_with_what_it_lacks_and_its_card_goes_once_it_is(sam: Visitor, shop: Shop) -> None:
    hank = a_card(shop, city="", postal_code="")
    nightly(shop, days_ago(shop, 1))
    assert list(make_due_batches()) == []
    page = sam.get(LIST).text
    assert "Missing: the town, the postal code." in page
    assert f"/console/customers/{hank.id}" in page
    change(hank, addresses=[JOHN])
    assert "Missing" not in sam.get(LIST).text
    (batch,) = make_due_batches()
    assert [card.customer_id for card in batch.cards] == [hank.id]


def change(customer: Customer, **details: Any) -> None:
    names = {name: getattr(customer, name) for name in ("first_name", "last_name", "company_name", "language")}
    customer.change(by=SAM, phones=[], emails=[], **names, **details)
    db.session.commit()


def test_a_pdf_made_anew_leaves_out_what_makes_no_sense_any_more(sam: Visitor, shop: Shop, work: Callable[[], int]) -> None:
    a_card(shop)
    batch = a_batch(shop)
    work()
    with clock.at(clock.now() + timedelta(days=9)):
        batch.look_again()
        db.session.commit()
    page = sam.get(f"{LIST}/{batch.id}").text
    assert "It would come too late to make sense." in page
    assert "Mark as posted" not in page, "nothing is left to post"


def test_without_any_postcards_the_page_says_what_will_come(sam: Visitor) -> None:
    assert "No postcards yet." in sam.get(LIST).text


def test_a_card_is_seen_as_it_will_be_printed_by_its_shop_alone(sam: Visitor, shop: Shop, work: Callable[[], int]) -> None:
    a_card(shop)
    letter = a_batch(shop).cards[0]
    address = f"/console/follow-ups/letters/{letter.id}/card"
    assert "Being drawn" in sam.get(address).text
    work()
    page = sam.get(address).text
    fronts = [part.split('"')[0] for part in page.split('src="') if "/front.webp" in part.split('"')[0]]
    with Image.open(BytesIO(sam.get(fronts[0]).data)) as front:
        assert (front.format, front.size) == ("WEBP", (720, 480))
    stranger = signed_in(sam.application.test_client(), a_member(a_letter_shop("elm"), email="x@elm.example"))
    assert stranger.get(fronts[0]).status_code == stranger.get(address).status_code == 404


def test_a_sample_of_each_kind_stands_beside_the_settings(client: Visitor, shop: Shop, work: Callable[[], int]) -> None:
    ada = signed_in(client, a_member(shop, "administrator"))
    samples = "/console/settings/follow-ups/postcards"
    assert samples in ada.get("/console/settings/follow-ups").text
    assert "Being drawn" in ada.get(samples).text
    work()
    page = ada.get(samples).text
    assert page.count('<img class="card-picture"') == 12
    assert "Front of the postcard: Thank You, with the headline “Thank you.”" in page
    shop.branding.accent = "#b3261e"
    assert "Being drawn" in ada.get(samples).text, "in the new colour"


def test_a_page_asks_the_database_as_often_for_many_cards_as_for_few(sam: Visitor, shop: Shop) -> None:
    asked = []
    for names in (("Ann", "Ben"), ("Cy", "Di", "Ed", "Flo", "Gus")):
        for name in names:
            a_card(shop, name)
            a_card(shop, name, city="")
        nightly(shop, days_ago(shop, 1))
        *_others, batch = make_due_batches()
        db.session.commit()
        for path in (LIST, f"{LIST}/{batch.id}"):
            with counted() as statements:
                assert sam.get(path).status_code == 200
            asked.append(len(statements))
    assert asked[:2] == asked[2:]
    assert max(asked) <= 12
