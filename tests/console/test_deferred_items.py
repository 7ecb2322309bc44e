"""Snooze: off the order until a day or a mileage, with a way back; and what was put off is offered when the vehicle is here again."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from models import DeferredItem, Shop, WorkItem, WorkOrder, db
from tests.console.test_queries import MOST, counted
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_vehicle, a_work_order, signed_in
from tests.ground.overviews import an_inspected_order, an_item, answered, item_called, rules, sent

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 10:31", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    shop = a_shop()
    rules(shop)
    return shop


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    order = an_inspected_order(shop)
    order.visit.vehicle.odometer = 80000
    db.session.commit()
    return order


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop))


def path(order: WorkOrder, *rest: object) -> str:
    return "/".join(["/console/work-orders", str(order.number), *map(str, rest)])


def snooze(order: WorkOrder, title: str) -> str:
    return path(order, "items", item_called(order, title).id, "snooze")


def titles(order: WorkOrder) -> list[str]:
    return [item.title for item in WorkItem.of(order)]


@pytest.mark.parametrize(("months", "until"), [("1", date(2025, 6, 12)), ("3", date(2025, 8, 12)), ("6", date(2025, 11, 12))])
def test_a_quick_choice_puts_it_off_at_once_and_the_toast_brings_it_back(sam: Visitor, order: WorkOrder, months: str, until: date) -> None:
    assert all(word in sam.get(snooze(order, "Tyres"), headers=HTMX).text for word in ("1 month", "3 months", "6 months"))
    toast = sam.post(snooze(order, "Tyres"), data={"months": months, "until": "", "odometer": ""}, headers=HTMX)
    assert "“Tyres” is put off." in toast.text
    assert "Tyres" not in titles(order)
    (deferred,) = DeferredItem.of_order(order)
    assert (deferred.due_on, deferred.reason, deferred.amount) == (until, "snoozed", 63789)
    undo = re.search(r'action="([^"]+/return)"', toast.text)
    assert undo
    assert "on the order again" in sam.post(undo[1], headers=HTMX).text
    assert titles(order)[3] == "Tyres"
    assert sam.post(undo[1], headers=HTMX).status_code == 200
    assert titles(order).count("Tyres") == 1


def test_a_day_or_a_mileage_of_ones_own(sam: Visitor, order: WorkOrder) -> None:
    assert sam.post(snooze(order, "Tyres"), data={"until": "2025-09-01", "odometer": "85,000"}).status_code == 303
    (deferred,) = DeferredItem.of_order(order)
    assert (deferred.due_on, deferred.due_odometer) == (date(2025, 9, 1), 85000)
    panel = sam.get(path(order, "deferred-items"), headers=HTMX).text
    assert all(words in panel for words in ("Tyres", "$637.89", "until Mon, Sep 1", "at 85000", "Put off at the desk", "Sam Ortiz"))


@each(
    ("data", "sentence"),
    [
        ({}, "Say until which day or mileage."),
        ({"months": "2"}, "Say until which day or mileage."),
        ({"until": "soon"}, "Choose a day."),
        ({"until": "2025-05-12"}, "Choose a day after today"),
        ({"until": "2031-01-01"}, "within 5 years"),
        ({"odometer": "79999"}, "above the one of today"),
        ({"odometer": "far"}, "Give a whole number."),
        ({"until": "2025-13-45", "odometer": "9"}, "above the one of today"),
    ],
)
@pytest.mark.parametrize("headers", [HTMX, {}])
def test_bad_days_and_mileages_are_refused_and_what_was_typed_stays(
    sam: Visitor, order: WorkOrder, data: dict[str, str], sentence: str, headers: dict[str, str]
) -> None:
    answer = sam.post(snooze(order, "Tyres"), data=data, headers=headers)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert [value for name, value in data.items() if name != "months" and f'value="{value}"' not in answer.text] == []
    assert "Tyres" in titles(order)


def test_what_is_done_or_removed_or_on_a_closed_order_is_not_put_off(sam: Visitor, order: WorkOrder) -> None:
    item_called(order, "Oil and filter").finish(by=SAM)
    removed = snooze(order, "Wiper blades")
    item_called(order, "Wiper blades").remove(by=SAM)
    for address in (snooze(order, "Oil and filter"), removed):
        assert sam.post(address, data={"months": "1"}, headers=HTMX).status_code == 422
    address = snooze(order, "Tyres")
    order.close(by=SAM)
    assert sam.post(address, data={"months": "1"}, headers=HTMX).status_code == 422
    assert sam.get(address, headers=HTMX).status_code == 422


def test_when_the_vehicle_is_here_again_what_was_put_off_goes_on_its_order_and_can_be_taken_off(sam: Visitor, order: WorkOrder) -> None:
    order.close(by=SAM)
    customer = order.visit.customer
    pages = (f"/console/customers/{customer.id}", f"/console/vehicles/{order.visit.vehicle_id}")
    assert ["Put on order" in sam.get(page).text for page in pages] == [False, False]
    assert ["Tyres" in sam.get(page).text for page in pages] == [True, True]
    later = a_work_order(order.visit.shop, customer)
    closed = path(order, "deferred-items")
    assert [f"Put on order {later.number}" in sam.get(page).text for page in (*pages, closed)] == [True, True, True]
    tyres = next(one for one in DeferredItem.of_order(order) if one.title == "Tyres")
    toast = sam.post(path(later, "deferred-items", tyres.id, "return"), headers=HTMX)
    assert titles(later) == ["Tyres"]
    assert "Tyres" not in sam.get(path(later, "deferred-items"), headers=HTMX).text
    undo = re.search(r'action="([^"]+/return/removal)"', toast.text)
    assert undo
    sam.post(undo[1], headers=HTMX)
    assert titles(later) == []
    assert "Put on this order again" in sam.get(path(later, "deferred-items"), headers=HTMX).text


def test_another_vehicles_or_shops_is_not_there(sam: Visitor, shop: Shop, order: WorkOrder) -> None:
    ruth = a_work_order(shop, a_customer(shop, "Ruth", "Berg", phones=["+13125550145"]))
    an_item(ruth, "Hers")
    ruth.close(by=SAM)
    other = a_shop("northgate", "America/New_York")
    theirs = a_work_order(other, a_customer(other))
    an_item(theirs, "Theirs")
    theirs.close(by=SAM)
    for strange in (*DeferredItem.of_order(ruth), *DeferredItem.of_order(theirs)):
        for rest in ("return", "return/removal"):
            assert sam.post(path(order, "deferred-items", strange.id, rest)).status_code == 404
    assert sam.get("/console/work-orders/9999/deferred-items").status_code == 404


def test_more_that_is_put_off_is_no_more_queries(visitors: Callable[[], Visitor]) -> None:
    counts = []
    for slug, many in (("few", 1), ("many", 8)):
        shop = a_shop(slug)
        customer = a_customer(shop)
        for at in range(many):
            vehicle = a_vehicle(customer, plate=f"P {at}")
            order = WorkOrder.walk_in(customer, vehicle, by=SAM)
            an_item(order, f"Found {at}")
            order.close(by=SAM)
            order = WorkOrder.walk_in(customer, vehicle, by=SAM)
            db.session.commit()
        person = signed_in(visitors(), a_member(shop))
        asked_for = []
        for address in (path(order, "deferred-items"), f"/console/customers/{customer.id}", f"/console/vehicles/{vehicle.id}"):
            with counted() as asked:
                assert person.get(address).status_code == 200
            asked_for.append(len(asked))
        counts.append(asked_for)
    assert counts[0] == counts[1]
    assert max(counts[1]) <= MOST


def test_the_snooze_begins_with_the_day_that_the_customer_asked_for(sam: Visitor, order: WorkOrder) -> None:
    rules(order.visit.shop, may_decline=True, may_put_off=True)
    answered(sent(order), {"Tyres": "later-3", "Wiper blades": "later-0"})
    form = sam.get(snooze(order, "Tyres"), headers=HTMX).text
    assert 'value="2025-08-12"' in form
    assert "The customer wants to be reminded on Tue, Aug 12." in form
    assert "wants to be reminded" not in sam.get(snooze(order, "Wiper blades"), headers=HTMX).text
