"""Walk-ins: the number first, the vehicle, and it is in the shop; nothing is half done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from models import Customer, Shop, Vehicle, WorkOrder, db
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_vehicle, signed_in
from tests.ground.plain import plain

HTMX = {"HX-Request": "true"}
NEW = {
    "customer": "new",
    "kind": "person",
    "last_name": "Berg",
    "phone": "312 555 0145",
    "make": "Subaru",
    "model": "Forester",
    "plate": "DEMO 105",
}


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop))
    return client


def test_the_number_comes_first_and_leads_to_the_vehicles_of_whoever_has_it(sam: Visitor, shop: Shop) -> None:
    maria = a_customer(shop)
    a_vehicle(maria)
    assert 'name="last_name"' not in sam.get("/console/walk-ins/new").text
    found = sam.get("/console/walk-ins/pick?who=3125550142").text
    assert "Maria Lopez" in plain(found)
    assert "Add another customer with this number" in found
    chosen = sam.post("/console/walk-ins/draft", data={"customer": maria.id}, headers=HTMX).text
    assert "2018 Honda Civic" in chosen
    assert "Check in" in chosen


def test_a_vehicle_on_file_is_checked_in_once(sam: Visitor, shop: Shop) -> None:
    vehicle = a_vehicle(a_customer(shop))
    typed = {"customer": vehicle.customer_id, "vehicle": vehicle.id}
    answers = [sam.post("/console/walk-ins", data=typed, headers=HTMX) for _ in range(3)]
    assert answers[0].headers["HX-Redirect"] == "/console/work-orders/1001"
    assert [answer.status_code for answer in answers] == [200, 422, 422]
    assert "in the shop already: work order 1001" in answers[1].text


def test_a_new_customer_with_a_new_vehicle_is_checked_in_in_one_step(sam: Visitor) -> None:
    sam.post("/console/walk-ins", data=NEW, headers=HTMX)
    order = db.session.query(WorkOrder).one()
    assert (order.visit.customer.name, order.visit.vehicle.description) == ("Berg", "Subaru Forester")


@pytest.mark.parametrize(
    ("wrong", "field"), [({"last_name": ""}, "last_name"), ({"phone": "call"}, "phone"), ({"make": "", "model": "", "plate": ""}, "make")]
)
def test_what_can_not_be_is_refused_beside_its_field_and_nothing_is_kept(sam: Visitor, wrong: dict[str, str], field: str) -> None:
    answer = sam.post("/console/walk-ins", data={**NEW, **wrong}, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert [db.session.query(noun).count() for noun in (Customer, Vehicle, WorkOrder)] == [0, 0, 0]


def test_without_a_choice_it_asks_who_comes(sam: Visitor) -> None:
    answer = sam.post("/console/walk-ins", data={"who": "berg"})
    assert answer.status_code == 422
    assert 'id="who-error"' in answer.text


def test_without_a_script_whoever_is_found_is_shown_in_a_second_step(sam: Visitor, shop: Shop) -> None:
    maria = a_customer(shop)
    for address in ("walk-ins", "appointments", "estimates"):
        page = sam.post(f"/console/{address}/draft", data={"who": "0142"}).text
        assert f'name="customer" value="{maria.id}"' in page
        assert "No phone number" in page


def test_another_shops_customer_is_not_there(sam: Visitor) -> None:
    theirs = a_vehicle(a_customer(a_shop("elm")))
    assert sam.post("/console/walk-ins", data={"customer": theirs.customer_id, "vehicle": theirs.id}, headers=HTMX).status_code == 404


def test_new_customers_who_walk_in_at_once_all_get_a_number_of_their_own(app: Flask, shop: Shop) -> None:
    everybody, id = Barrier(4), shop.id

    def walk_in(number: int) -> int:
        with app.app_context():
            customer = Customer.add(db.session.get_one(Shop, id), by=SAM, last_name=f"Berg {number}")
            vehicle = Vehicle.add(customer, by=SAM, make="Ford")
            if db.engine.dialect.name == "postgresql":
                everybody.wait()  # all have written to the shop, and now want its next number; SQLite's writers stand in line before
            order = WorkOrder.walk_in(customer, vehicle, by=SAM)
            db.session.commit()
            return order.number

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(walk_in, range(4))) == [1001, 1002, 1003, 1004]
