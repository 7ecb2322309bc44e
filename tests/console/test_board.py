"""The board: every vehicle in the shop, found as one types, in one truthful state on all screens (specification 2, points 1 to 7)."""

from collections.abc import Callable
from datetime import date, time

import pytest

from models import Customer, Shop, Status, WorkOrder, db
from models.status_update import Wish
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_customer, a_drop_off, a_member, a_shop, a_vehicle, a_work_order, consenting, local, signed_in

HTMX = {"HX-Request": "true"}
BOARD = "/console/board"


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 10:00", "America/Chicago")


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop))
    return client


def somebody(shop: Shop, name: str, **vehicle: object) -> Customer:
    customer = a_customer(shop, "Lena", name, phones=[f"+1312555{100 + sum(name.encode()) % 90:04}"])
    a_vehicle(customer, **vehicle)
    return customer


def status(shop: Shop, name: str) -> Status:
    return next(each for each in Status.all_of(shop) if each.name == name)


def put(order: WorkOrder, name: str, **how: object) -> WorkOrder:
    order.set_status(status(order.visit.shop, name), by=SAM, wish=Wish(silently=True, reason="a bolt broke"), **how)
    db.session.commit()
    return order


def test_a_tile_says_who_what_where_and_how_long(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    order = put(a_work_order(shop), "Inspecting")
    order.promise(local("2025-05-12 16:00"), by=SAM)
    at("2025-05-12 10:11", "America/Chicago")
    page = sam.get(BOARD).text
    for words in (
        "Maria Lopez",
        "2018 Honda Civic",
        "DEMO 101",
        str(order.number),
        "Inspecting",
        "0:34 left",
        "4:00 PM",
        "nobody's yet",
    ):
        assert words in page


def test_lanes_are_in_the_shops_order_and_empty_ones_are_left_out(sam: Visitor, shop: Shop) -> None:
    put(a_work_order(shop), "Ready")
    a_work_order(shop, somebody(shop, "Berg"))
    page = sam.get(BOARD).text
    assert page.index(">Checked in<") < page.index(">Ready<")
    assert ">Pricing<" not in page


def test_who_is_expected_today_stands_in_the_first_lane_and_is_red_a_minute_past_due(
    sam: Visitor, shop: Shop, at: Callable[..., None]
) -> None:
    a_drop_off(shop, date(2025, 5, 12), time(11))
    at("2025-05-12 11:00:59", "America/Chicago")
    page = sam.get(BOARD).text
    assert page.index("Expected") < page.index("Maria Lopez")
    assert "tile--over" not in page
    at("2025-05-12 11:01", "America/Chicago")
    assert "tile--over" in sam.get(BOARD).text
    assert "1 min late" in sam.get(BOARD).text


def test_an_expected_one_without_a_time_is_never_late(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    a_drop_off(shop, date(2025, 5, 12), None, accept_warnings=True)
    at("2025-05-12 17:00", "America/Chicago")
    assert "tile--over" not in sam.get(BOARD).text


def test_red_asks_for_the_reason_which_then_stands_on_the_tile(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    order = put(a_work_order(shop), "Inspecting")
    assert "Why does it take longer?" not in sam.get(BOARD).text
    at("2025-05-12 10:50", "America/Chicago")
    page = sam.get(BOARD).text
    assert "5 min over" in page
    assert "Why does it take longer?" in page
    sam.post(f"/console/work-orders/{order.number}/delay-reason", data={"reason": "seized caliper"}, headers=HTMX)
    page = sam.get(BOARD).text
    assert "seized caliper" in page
    assert "Why does it take longer?" not in page


def test_an_empty_reason_is_refused(sam: Visitor, shop: Shop) -> None:
    order = a_work_order(shop)
    assert sam.post(f"/console/work-orders/{order.number}/delay-reason", data={"reason": " "}, headers=HTMX).status_code == 422


def test_a_vehicle_is_found_by_name_phone_plate_vin_end_or_number(sam: Visitor, shop: Shop) -> None:
    maria = a_customer(shop)
    a_vehicle(maria, vin="1ZZDM5A14JD000101")
    a_work_order(shop, maria)
    a_work_order(shop, somebody(shop, "Berg", make="Ford", model="Transit", plate="DEMO 777"))
    for words in ["lop", "LOPEZ", "0142", "(312) 555-0142", "demo101", "Demo 1", "000101", "1001", "civic"]:
        page = sam.get(BOARD, query_string={"q": words}, headers=HTMX).text
        assert "Maria Lopez" in page
        assert "Lena Berg" not in page
        assert "1 vehicle found" in page


def test_nothing_found_says_what_to_try(sam: Visitor, shop: Shop) -> None:
    a_work_order(shop)
    assert "No vehicle in the shop fits." in sam.get(BOARD, query_string={"q": "zzz"}).text


def test_an_empty_board_says_so(sam: Visitor) -> None:
    assert "No vehicle is in the shop." in sam.get(BOARD).text


def test_tiles_or_rows_is_the_viewers_choice_and_kept(sam: Visitor, shop: Shop, visitors: Callable[[], Visitor]) -> None:
    order = a_work_order(shop)
    sam.post("/console/board/view", data={"view": "rows"})
    assert f'id="row-{order.number}"' in sam.get(BOARD).text
    rita = signed_in(visitors(), a_member(shop, email="rita@harbour.example", name="Rita"))
    assert f'id="tile-{order.number}"' in rita.get(BOARD).text
    sam.post("/console/board/view", data={"view": "tiles"})
    assert f'id="tile-{order.number}"' in sam.get(BOARD).text


def test_a_visit_without_updates_is_flagged_and_a_click_turns_them_on(sam: Visitor, shop: Shop) -> None:
    maria = consenting(a_customer(shop))
    order = a_work_order(shop, maria)
    order.toggle_updates("text", False, by=SAM)
    db.session.commit()
    assert "no updates" in sam.get(BOARD).text
    sam.post(f"/console/work-orders/{order.number}/updates/text", data={"on": "1"}, headers=HTMX)
    assert "no updates" not in sam.get(BOARD).text
    assert order.texts


def test_text_updates_without_consent_are_flagged(sam: Visitor, shop: Shop) -> None:
    a_work_order(shop)
    assert "no consent" in sam.get(BOARD).text


def test_the_board_fetches_itself_as_often_as_the_shop_wants(sam: Visitor, shop: Shop) -> None:
    assert "every 60s" in sam.get(BOARD).text
    shop.location.board_seconds = 25
    assert "every 25s" in sam.get(BOARD).text


def test_closed_orders_and_another_shops_vehicles_are_not_on_it(sam: Visitor, shop: Shop) -> None:
    a_work_order(shop).close(by=SAM)
    a_work_order(a_shop("elm"), None)
    db.session.commit()
    assert "Maria Lopez" not in sam.get(BOARD).text


def test_a_mechanic_has_no_board(client: Visitor, shop: Shop) -> None:
    signed_in(client, a_member(shop, "mechanic"))
    assert client.get(BOARD).status_code == 403
