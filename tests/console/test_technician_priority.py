"""Technician priority: each mechanic's work is an ordered list, and there is one truth about it."""

import threading

import pytest
from flask import Flask

from models import Assignment, Entry, Shop, StaffMember, WorkOrder, db
from models.assignment import lanes
from models.refused import Refused
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_vehicle, signed_in
from tests.ground.queries import counted

HTMX = {"HX-Request": "true"}
ADDRESS = "/console/technician-priority"


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def tess(shop: Shop) -> StaffMember:
    return a_member(shop, "mechanic", "tess@harbour.example", "Tess Nowak")


@pytest.fixture
def marcus(shop: Shop) -> StaffMember:
    return a_member(shop, "mechanic", "marcus@harbour.example", "Marcus Bell")


@pytest.fixture
def orders(shop: Shop) -> list[WorkOrder]:
    return [an_order(shop, number) for number in range(4)]


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop))


def an_order(shop: Shop, number: int) -> WorkOrder:
    customer = a_customer(shop, last_name=f"Berg {number}", phones=[], emails=[])
    order = WorkOrder.walk_in(customer, a_vehicle(customer, plate=f"DEMO {number}"), by=SAM)
    db.session.commit()
    return order


def listed(shop: Shop) -> dict[str, list[int]]:
    """Whose list holds which numbers, in order."""
    return {lane.mechanic.name if lane.mechanic else "": [order.number for order in lane.orders] for lane in lanes(shop)}


def test_work_that_is_given_stands_last_or_in_front_of_another(
    sam: Visitor, shop: Shop, tess: StaffMember, marcus: StaffMember, orders: list[WorkOrder]
) -> None:
    for number in (1001, 1002):
        assert sam.post(f"{ADDRESS}/{number}", data={"to": tess.id}).status_code == 303
    sam.post(f"{ADDRESS}/1003", data={"to": tess.id, "before": 1002})
    assert listed(shop) == {"Marcus Bell": [], "Tess Nowak": [1001, 1003, 1002], "": [1004]}


def test_it_moves_up_and_down_and_stays_at_the_ends(sam: Visitor, shop: Shop, tess: StaffMember, orders: list[WorkOrder]) -> None:
    for order in orders[:3]:
        Assignment.give(shop, order, tess, by=SAM)
    answer = sam.post(f"{ADDRESS}/1003", data={"step": "-1"}, headers=HTMX)
    assert "1003, 2018 Honda Civic: number 2 of 3 for Tess Nowak." in answer.text
    sam.post(f"{ADDRESS}/1001", data={"step": "1"})
    for number, step in ((1003, "-1"), (1002, "1")):
        sam.post(f"{ADDRESS}/{number}", data={"step": step})
    assert listed(shop)["Tess Nowak"] == [1003, 1001, 1002]


def test_it_goes_to_another_mechanic_and_back_to_nobody(
    sam: Visitor, shop: Shop, tess: StaffMember, marcus: StaffMember, orders: list[WorkOrder]
) -> None:
    Assignment.give(shop, orders[0], tess, by=SAM)
    sam.post(f"{ADDRESS}/1001", data={"to": marcus.id, "shown_with": tess.id})
    assert listed(shop)["Marcus Bell"] == [1001]
    answer = sam.post(f"{ADDRESS}/1001", data={"to": "", "shown_with": marcus.id}, headers=HTMX)
    assert "1001, 2018 Honda Civic: nobody&#39;s yet." in answer.text
    assert listed(shop)[""] == [1001, 1002, 1003, 1004]
    sentences = [
        entry.sentence for entry in db.session.query(Entry).filter_by(subject="work_orders", subject_id=orders[0].id).order_by(Entry.id)
    ]
    assert sentences[-3:] == ["Given to Tess Nowak", "Given to Marcus Bell", "Taken back from Marcus Bell"]


def test_what_stands_there_already_is_not_noted_again(shop: Shop, tess: StaffMember, orders: list[WorkOrder]) -> None:
    for _time in range(2):
        Assignment.give(shop, orders[0], tess, by=SAM)
    Assignment.give(shop, orders[1], tess, by=SAM)
    for _time in range(2):
        Assignment.give(shop, orders[0], tess, by=SAM, before=1002)
        Assignment.shift(shop, orders[0], -1, by=SAM)
        Assignment.give(shop, orders[2], None, by=SAM)
    verbs = ("work_order.assigned", "work_order.reordered", "work_order.unassigned")
    assert db.session.query(Entry).filter(Entry.verb.in_(verbs)).count() == 2


def test_a_page_that_shows_something_old_is_told_so_and_nothing_moves(
    sam: Visitor, shop: Shop, tess: StaffMember, marcus: StaffMember, orders: list[WorkOrder]
) -> None:
    Assignment.give(shop, orders[0], marcus, by=SAM)
    for form in ({"to": tess.id, "shown_with": ""}, {"to": "", "shown_with": tess.id}, {"step": "-1", "shown_with": tess.id}):
        answer = sam.post(f"{ADDRESS}/1001", data=form, headers=HTMX)
        assert (answer.status_code, answer.headers["HX-Trigger"]) == (422, "refresh")
        assert "Sam Ortiz has given work order 1001 to Marcus Bell meanwhile. Look again." in answer.text
    assert listed(shop)["Marcus Bell"] == [1001]


def test_a_place_in_front_of_what_has_gone_is_the_last_one(sam: Visitor, shop: Shop, tess: StaffMember, orders: list[WorkOrder]) -> None:
    Assignment.give(shop, orders[0], tess, by=SAM)
    for before in ("1002", "9999", "x"):
        sam.post(f"{ADDRESS}/1003", data={"to": tess.id, "before": before})
        assert listed(shop)["Tess Nowak"] == [1001, 1003]


def test_a_closed_work_order_is_in_no_list_and_can_not_be_given(
    sam: Visitor, shop: Shop, tess: StaffMember, orders: list[WorkOrder]
) -> None:
    for order in orders[:3]:
        Assignment.give(shop, order, tess, by=SAM)
    orders[1].close(by=SAM)
    assert listed(shop)["Tess Nowak"] == [1001, 1003]
    answer = sam.post(f"{ADDRESS}/1002", data={"to": tess.id})
    assert answer.status_code == 303
    assert "Work order 1002 is closed." in sam.get(ADDRESS).text
    sam.post(f"{ADDRESS}/1003", data={"step": "-1"})
    assert listed(shop)["Tess Nowak"] == [1003, 1001]


def test_only_mechanics_who_still_work_here_get_work_and_those_who_left_keep_theirs_in_sight(
    sam: Visitor, shop: Shop, tess: StaffMember, orders: list[WorkOrder]
) -> None:
    Assignment.give(shop, orders[0], tess, by=SAM)
    tess.disable()
    assert "no longer here" in sam.get(ADDRESS).text
    assert "does not work here as a mechanic" in sam.post(f"{ADDRESS}/1002", data={"to": tess.id}, headers=HTMX).text
    with pytest.raises(Refused):
        Assignment.give(shop, orders[1], a_member(shop, "receptionist", "rita@harbour.example"), by=SAM)
    stranger = a_member(a_shop("elm"), "mechanic")
    assert sam.post(f"{ADDRESS}/1002", data={"to": stranger.id}).status_code == 404


def test_two_receptionists_at_once_end_in_one_order(app: Flask, shop: Shop, tess: StaffMember, orders: list[WorkOrder]) -> None:
    ids = (shop.id, tess.id)
    db.session.commit()
    failures: list[BaseException] = []

    def shuffle(numbers: tuple[int, ...]) -> None:
        with app.app_context():
            try:
                for number in numbers:
                    here = db.session.get_one(Shop, ids[0])
                    Assignment.give(here, here.work_order(number), db.session.get_one(StaffMember, ids[1]), by=SAM, before=1001)
                    db.session.commit()
            except BaseException as failure:  # noqa: BLE001 (shown by the assertion)
                failures.append(failure)

    desks = [threading.Thread(target=shuffle, args=(numbers,)) for numbers in ((1001, 1002, 1003, 1004), (1004, 1003, 1002, 1001))]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    db.session.expire_all()
    assert failures == []
    positions = sorted(db.session.scalars(db.select(Assignment.position)))
    assert positions == [0, 1, 2, 3]


def test_a_mechanic_sees_their_own_work_first_and_then_what_nobody_has(
    client: Visitor, shop: Shop, tess: StaffMember, marcus: StaffMember, orders: list[WorkOrder]
) -> None:
    Assignment.give(shop, orders[3], tess, by=SAM)
    Assignment.give(shop, orders[0], tess, by=SAM)
    Assignment.give(shop, orders[1], marcus, by=SAM)
    page = signed_in(client, tess).get("/console/queue").text
    assert page.index("My work") < page.index(">1004<") < page.index(">1001<") < page.index("Nobody's yet") < page.index(">1003<")
    assert ">1002<" not in page
    assert "Technician priority" not in page
    assert client.post(f"{ADDRESS}/1001", data={"to": marcus.id}).status_code == 403


def test_the_queue_says_which_status_a_vehicle_is_in(client: Visitor, shop: Shop, tess: StaffMember, orders: list[WorkOrder]) -> None:
    Assignment.give(shop, orders[0], tess, by=SAM)
    page = signed_in(client, tess).get("/console/queue").text
    assert 'lane--blue"><span class="lane__dot"></span>Checked in' in page


def test_the_desk_sees_everybodys_queue(sam: Visitor, shop: Shop, tess: StaffMember, marcus: StaffMember, orders: list[WorkOrder]) -> None:
    Assignment.give(shop, orders[1], marcus, by=SAM)
    page = sam.get("/console/queue").text
    assert ("Marcus Bell" in page, ">1002<" in page, ">1001<" in page) == (True, True, True)


def test_the_mechanic_is_chosen_on_the_work_order_too(sam: Visitor, shop: Shop, tess: StaffMember, orders: list[WorkOrder]) -> None:
    assert sam.post(f"{ADDRESS}/1001", data={"to": tess.id, "back": "order", "shown_with": ""}).location.endswith("/work-orders/1001")
    page = sam.get("/console/work-orders/1001/assignment").text
    assert "number 1 of 1 in the queue" in page
    panel = sam.get("/console/work-orders/1001/assignment", headers=HTMX).text
    assert "Tess Nowak" in panel


@pytest.mark.parametrize("address", [ADDRESS, "/console/queue"])
def test_more_vehicles_are_no_more_queries(sam: Visitor, shop: Shop, tess: StaffMember, orders: list[WorkOrder], address: str) -> None:
    counts = []
    for number in range(4, 10):
        db.session.commit()
        with counted() as asked:
            assert sam.get(address).status_code == 200
        counts.append(len(asked))
        Assignment.give(shop, an_order(shop, number), tess, by=SAM)
    assert max(counts) <= 12
    assert len(set(counts[1:])) == 1
