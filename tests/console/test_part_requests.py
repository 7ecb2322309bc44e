"""The parts list of a work order: needed, ordered, arrived, by whom and when; what was taken off comes back."""

from collections.abc import Callable

import pytest
from flask import Flask

from models import Entry, PartCounts, PartRequest, PartState, Shop, WorkOrder, db
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_vehicle, signed_in
from tests.ground.queries import counted

HTMX = {"HX-Request": "true"}
LIST = "/console/work-orders/1001/parts"


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    customer = a_customer(shop)
    return WorkOrder.walk_in(customer, a_vehicle(customer), by=SAM)


@pytest.fixture
def part(order: WorkOrder) -> PartRequest:
    return PartRequest.ask(order, {"description": "Front pads", "quantity": "2"}, by=SAM)


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop))


@pytest.fixture
def tess(visitors: Callable[[], Visitor], shop: Shop) -> Visitor:
    return signed_in(visitors(), a_member(shop, "mechanic", name="Tess Nowak"))


def test_a_mechanic_asks_and_an_advisor_orders_and_takes_delivery(sam: Visitor, tess: Visitor, order: WorkOrder) -> None:
    typed = {"description": " Front  pads ", "quantity": "2", "part_number": "D1210", "supplier": "Lakeside Parts, by noon"}
    assert tess.post(LIST, data=typed).location.endswith("/work-orders/1001#part-requests")
    (part,) = PartRequest.of(order)
    assert (part.description, part.quantity, part.state, part.needed_by) == ("Front pads", 2, PartState.needed, "Tess Nowak")
    for state in ("ordered", "arrived"):
        sam.post(f"{LIST}/{part.id}/state", data={"state": state})
        assert part.state.value == state
    assert [(state.value, who) for state, _at, who in part.steps] == [
        ("needed", "Tess Nowak"),
        ("ordered", "Sam Ortiz"),
        ("arrived", "Sam Ortiz"),
    ]
    page = sam.get(LIST).text
    assert "Parts list" in page
    assert "D1210 · Lakeside Parts, by noon" in page


def test_after_a_part_was_asked_for_the_form_is_empty_for_the_next(tess: Visitor, order: WorkOrder) -> None:
    answer = tess.post(LIST, data={"description": "Front pads"}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (200, "refresh")
    assert "“Front pads” is on the list." in answer.text
    assert 'value="Front pads"' not in answer.text


@each(
    ("typed", "field"),
    [
        ({"description": " "}, "description"),
        ({"description": "x" * 121}, "description"),
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "-2"}, "quantity"),
        ({"quantity": "1.5"}, "quantity"),
        ({"quantity": "1000"}, "quantity"),
        ({"quantity": "٣"}, "quantity"),
        ({"quantity": "9" * 40}, "quantity"),
        ({"part_number": "x" * 41}, "part_number"),
        ({"supplier": "x" * 201}, "supplier"),
    ],
)
def test_what_can_not_be_taken_is_said_beside_its_field_and_the_words_stay(
    tess: Visitor, order: WorkOrder, typed: dict[str, str], field: str
) -> None:
    form = {"description": "Front pads", "quantity": "1", **typed}
    for headers in (HTMX, {}):
        answer = tess.post(LIST, data=form, headers=headers)
        assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)
        assert f'value="{form[field].strip()}"' in answer.text or not form[field].strip()
    assert PartRequest.of(order) == []


def test_a_step_is_undone_and_twice_does_it_once(sam: Visitor, order: WorkOrder, part: PartRequest) -> None:
    for _time in range(2):
        answer = sam.post(f"{LIST}/{part.id}/state", data={"state": "arrived"}, headers=HTMX)
    assert "Undo" in answer.text
    assert part.ordered_by == part.arrived_by == "Sam Ortiz"
    sam.post(f"{LIST}/{part.id}/state", data={"state": "ordered", "undo": "1"}, headers=HTMX)
    sam.post(f"{LIST}/{part.id}/state", data={"state": "needed", "undo": "1"}, headers=HTMX)
    assert (part.state, part.ordered_at, part.arrived_by) == (PartState.needed, None, "")
    verbs = [entry.verb for entry in db.session.query(Entry).filter(Entry.verb.like("part.%")).order_by(Entry.id)]
    assert verbs == ["part.needed", "part.arrived", "part.ordered", "part.not_ordered"]


def test_a_part_taken_off_the_list_comes_back_as_it_was(tess: Visitor, sam: Visitor, order: WorkOrder, part: PartRequest) -> None:
    answer = tess.post(f"{LIST}/{part.id}/removal", headers=HTMX)
    assert ("Undo" in answer.text, PartRequest.of(order)) == (True, [])
    refused = sam.post(f"{LIST}/{part.id}/state", data={"state": "ordered"}, headers=HTMX)
    assert (refused.status_code, "Tess Nowak has taken “Front pads” off the list." in refused.text) == (422, True)
    tess.post(f"{LIST}/{part.id}/return", headers=HTMX)
    assert PartRequest.of(order) == [part]


def test_what_was_ordered_is_the_advisors_business(tess: Visitor, sam: Visitor, order: WorkOrder, part: PartRequest) -> None:
    assert tess.post(f"{LIST}/{part.id}/state", data={"state": "ordered"}).status_code == 403
    assert tess.post(f"{LIST}/{part.id}", data={"description": "Front pads, ceramic"}).status_code == 303
    part.advance(PartState.ordered, by=SAM)
    assert tess.post(f"{LIST}/{part.id}/removal").status_code == 403
    assert tess.post(f"{LIST}/{part.id}", data={"description": "Rear pads"}).status_code == 403
    assert sam.post(f"{LIST}/{part.id}", data={"description": "Rear pads", "supplier": "Lakeside"}).status_code == 303
    assert (part.description, part.supplier) == ("Rear pads", "Lakeside")


def test_another_work_orders_part_and_another_shops_are_not_found(sam: Visitor, order: WorkOrder, shop: Shop, part: PartRequest) -> None:
    customer = a_customer(shop, last_name="Berg", phones=[], emails=[])
    WorkOrder.walk_in(customer, a_vehicle(customer, plate="DEMO 2"), by=SAM)
    assert sam.post(f"/console/work-orders/1002/parts/{part.id}/removal").status_code == 404
    elm = a_shop("elm")
    theirs = a_customer(elm)
    part = PartRequest.ask(WorkOrder.walk_in(theirs, a_vehicle(theirs), by=SAM), {"description": "Rotor"}, by=SAM)
    assert sam.post(f"{LIST}/{part.id}/removal").status_code == 404
    assert sam.post(f"{LIST}/{part.id}/state", data={"state": "lost"}).status_code == 404


def test_nothing_is_asked_for_on_a_closed_work_order(tess: Visitor, order: WorkOrder, part: PartRequest) -> None:
    order.close(by=SAM)
    answer = tess.post(LIST, data={"description": "Rotor"}, headers=HTMX)
    assert (answer.status_code, "Work order 1001 is closed." in answer.text) == (422, True)
    assert 'id="new-part"' not in tess.get(LIST).text


def test_the_board_counts_the_parts_of_all_open_work_orders_in_one_query(shop: Shop, order: WorkOrder) -> None:
    for number, state in enumerate(("needed", "needed", "ordered", "arrived", "removed")):
        part = PartRequest.ask(order, {"description": f"Part {number}"}, by=SAM)
        part.remove(by=SAM) if state == "removed" else part.advance(PartState(state), by=SAM)
    db.session.flush()
    with counted() as asked:
        counts = PartRequest.counts(shop)
    assert (counts, len(asked)) == ({order.id: PartCounts(needed=2, ordered=1, arrived=1)}, 1)
    assert counts[order.id].all == 4
    order.close(by=SAM)
    assert PartRequest.counts(shop) == {}


def test_the_list_alone_is_for_panels_and_a_browser_gets_a_page_around_it(sam: Visitor, order: WorkOrder, part: PartRequest) -> None:
    assert sam.get(LIST, headers=HTMX).text.lstrip().startswith('<div id="parts"')
    assert "Parts list of work order 1001" in sam.get(LIST).text
