"""A batch on its way to the print service: the cost first, then somebody's yes, once; other shops' batches are not there."""

import pytest
from flask import Flask

from models import Entry, PostcardBatch, PrintedCard, PrintOrder, PrintService, ReturnedAddress, Shop, db
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_member, a_shop, signed_in
from tests.ground.print_service import KEY, a_batch, a_printing_shop, a_reader, card_of, ordered

pytestmark = pytest.mark.one_database


@pytest.fixture
def shop(app: Flask, at) -> Shop:  # type: ignore[no-untyped-def]
    at("2025-03-06 12:00", "America/Chicago", ticks=True)
    return a_printing_shop()


@pytest.fixture
def batch(shop: Shop) -> PostcardBatch:
    a_reader(shop, "Twice")
    return a_batch(shop, "Doyle")


@pytest.fixture
def rita(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop, "receptionist", name="Rita Harbour"))
    return client


def place(batch: PostcardBatch) -> str:
    return f"/console/follow-ups/postcards/{batch.id}/print-order"


def test_the_cost_is_shown_and_the_yes_to_it_is_kept_with_who_and_when_and_counts_once(rita: Visitor, batch: PostcardBatch) -> None:
    page = rita.get(place(batch)).text
    assert "$1.58" in page
    assert KEY not in page
    for _click in range(2):
        assert rita.post(place(batch), data={"agreed": "2:79:USD"}).location == place(batch)
    order = PrintOrder.of(batch)
    assert order
    assert (order.count, order.confirmed_by, order.amount.minor) == (2, "Rita Harbour", 158)
    assert db.session.query(PrintOrder).count() == 1
    (entry,) = db.session.query(Entry).filter_by(verb="print_order.confirmed")
    assert (entry.actor_name, entry.sentence) == ("Rita Harbour", "2 postcards handed to the print service for $1.58")
    assert batch.way == "service"


def test_a_yes_to_another_cost_hands_nothing_over(rita: Visitor, batch: PostcardBatch) -> None:
    assert rita.post(place(batch), data={"agreed": "2:1:USD"}, headers={"HX-Request": "true"}).status_code == 422
    assert PrintOrder.of(batch) is None
    assert db.session.query(PrintedCard).count() == 0


def test_where_none_is_switched_on_the_page_says_so(rita: Visitor, shop: Shop, batch: PostcardBatch) -> None:
    service = PrintService.of(shop)
    assert service
    service.on = False
    db.session.commit()
    assert "No print service is switched on." in rita.get(place(batch)).text
    assert rita.post(place(batch), data={"agreed": "2:79:USD"}, headers={"HX-Request": "true"}).status_code == 422


def test_what_waits_is_called_off_and_goes_after_all(rita: Visitor, batch: PostcardBatch) -> None:
    ordered(batch)
    rita.post(f"{place(batch)}/withdrawal")
    assert card_of(batch).standing.value == "withdrawn"
    assert "Called off by Rita Harbour." in rita.get(place(batch)).text
    rita.post(f"/console/follow-ups/printed-cards/{card_of(batch).id}/return")
    assert card_of(batch).standing.value == "waiting"


def test_an_address_from_which_a_card_came_back_is_marked_and_cleared_by_hand(rita: Visitor, shop: Shop, batch: PostcardBatch) -> None:
    customer = card_of_customer(batch)
    ReturnedAddress.note(shop, customer.addresses[0].line("US"), batch.letters[0].message_id, by=SAM)
    db.session.commit()
    assert "A postcard came back from here" in rita.get(f"/console/customers/{customer.id}").text
    rita.post(f"/console/customers/{customer.id}/address-is-right")
    assert "A postcard came back from here" not in rita.get(f"/console/customers/{customer.id}").text


def card_of_customer(batch: PostcardBatch):  # type: ignore[no-untyped-def]
    return batch.letters[0].customer


def test_another_shops_batch_and_cards_are_not_there(client: Visitor, shop: Shop, batch: PostcardBatch) -> None:
    ordered(batch)
    signed_in(client, a_member(a_shop("northgate", "America/New_York"), "administrator"))
    card = card_of(batch).id
    asked = [("GET", place(batch)), ("POST", place(batch)), ("POST", f"{place(batch)}/withdrawal"), ("POST", f"{place(batch)}/return")]
    asked += [("POST", f"/console/follow-ups/printed-cards/{card}/{what}") for what in ("withdrawal", "return", "attempt", "own-print")]
    assert [one for one in asked if client.open(one[1], method=one[0]).status_code != 404] == []
