"""A work order's page: what the customer says, closing with the record of the visit, reopening."""

from collections.abc import Callable
from datetime import date

import pytest

from models import Shop, WorkOrder, db
from tests.ground.client import Visitor
from tests.ground.makers import a_member, a_shop, a_work_order, signed_in

HTMX = {"HX-Request": "true"}


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


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    return a_work_order(shop)


def address(order: WorkOrder, more: str = "") -> str:
    return f"/console/work-orders/{order.number}{more}"


def test_what_the_customer_says_and_who_looks_after_the_visit_are_kept(sam: Visitor, shop: Shop, order: WorkOrder) -> None:
    rita = a_member(shop, email="rita@harbour.example", name="Rita Vance")
    sam.post(address(order), data={"concern": "Squeals when braking\r\nsince Friday", "advisor": str(rita.id)}, headers=HTMX)
    assert (order.concern, order.advisor.name) == ("Squeals when braking\nsince Friday", "Rita Vance")
    assert "Squeals when braking" in sam.get(address(order)).text


def test_a_long_story_is_refused_and_stays_typed(sam: Visitor, order: WorkOrder) -> None:
    answer = sam.post(address(order), data={"concern": "x" * 2001}, headers=HTMX)
    assert answer.status_code == 422
    assert "x" * 2001 in answer.text


def test_an_advisor_of_another_shop_is_not_found(sam: Visitor, order: WorkOrder) -> None:
    foreign = a_member(a_shop("elm"))
    assert sam.post(address(order), data={"concern": "", "advisor": str(foreign.id)}, headers=HTMX).status_code == 404


def test_closing_records_the_visit_and_takes_it_off_the_board(sam: Visitor, order: WorkOrder) -> None:
    assert 'value="2025-05-12"' in sam.get(address(order, "/closing")).text
    typed = {"invoiced_on": "2025-05-12", "odometer": "81,200", "next_visit_on": "2025-11-10", "next_visit": "Oil service"}
    sam.post(address(order, "/closing"), data=typed, headers=HTMX)
    assert (order.closing.odometer, order.closing.next_visit_on) == (81_200, date(2025, 11, 10))
    assert "Maria Lopez" not in sam.get("/console/board").text
    page = sam.get(address(order)).text
    assert "Closed" in page
    assert "Oil service" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"invoiced_on": "2025-05-20"}, "between check-in and today"),
        ({"invoiced_on": "soon"}, "Choose a day."),
        ({"odometer": "many"}, "Give a whole number."),
        ({"odometer": "-4"}, "Give a whole number."),
        ({"next_visit_on": "2025-05-01"}, "comes after this one"),
    ],
)
def test_bad_input_closes_nothing_and_stays_typed(sam: Visitor, order: WorkOrder, typed: dict[str, str], sentence: str) -> None:
    answer = sam.post(address(order, "/closing"), data={"invoiced_on": "2025-05-12", "next_visit": "Oil service", **typed}, headers=HTMX)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Oil service" in answer.text
    assert not order.is_closed


def test_reopening_asks_why_and_brings_it_back(sam: Visitor, order: WorkOrder) -> None:
    sam.post(address(order, "/closing"), data={"invoiced_on": "2025-05-12"}, headers=HTMX)
    assert sam.post(address(order, "/reopening"), data={"reason": ""}, headers=HTMX).status_code == 422
    sam.post(address(order, "/reopening"), data={"reason": "the noise is back"}, headers=HTMX)
    assert "Maria Lopez" in sam.get("/console/board").text


def test_the_customers_page_follows_closing_and_reopening(sam: Visitor, client: Visitor, order: WorkOrder) -> None:
    page = order.visit.link.path
    assert "With us" in client.get(page).text
    sam.post(address(order, "/closing"), data={"invoiced_on": "2025-05-12"}, headers=HTMX)
    assert "Thank you for your visit" in client.get(page).text
    sam.post(address(order, "/reopening"), data={"reason": "the noise is back"}, headers=HTMX)
    assert "With us" in client.get(page).text


def test_a_mechanic_sees_it_and_neither_closes_nor_toggles_updates(visitors: Callable[[], Visitor], shop: Shop, order: WorkOrder) -> None:
    tess = signed_in(visitors(), a_member(shop, "mechanic"))
    order.concern = "Squeals when braking"
    db.session.commit()
    assert "Squeals when braking" in tess.get(address(order)).text
    for more in ("", "/closing", "/reopening", "/updates/text"):
        assert tess.post(address(order, more), data={"reason": "x"}).status_code == 403


def test_a_number_that_is_none_here_is_not_found(sam: Visitor) -> None:
    assert sam.get("/console/work-orders/9999").status_code == 404
