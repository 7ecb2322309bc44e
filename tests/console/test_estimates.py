"""Estimates: who asked, found again by whatever is known, and made an appointment in one step."""

from collections.abc import Callable
from datetime import date, time

import pytest
from flask import Flask

from models import Customer, Estimate, Shop, Vehicle, db
from models.estimate import PAGE
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.makers import SAM, a_customer, a_drop_off, a_member, a_shop, a_vehicle, signed_in
from tests.ground.plain import plain
from tests.ground.queries import counted

HTMX = {"HX-Request": "true"}
NEW = {
    "customer": "new",
    "kind": "person",
    "first_name": "Omar",
    "last_name": "Khan",
    "phone": "312 555 0177",
    "vehicle": "new",
    "year": "2016",
    "make": "Subaru",
    "model": "Outback",
    "plate": "ab-12 cd",
    "type_of_work": "Head gasket",
    "note": "Wants a call after five",
}


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop))
    return client


def an_estimate(shop: Shop, last_name: str = "Lopez", work: str = "Front brakes", **vehicle: object) -> Estimate:
    customer = a_customer(shop, "Maria", last_name)
    estimate = Estimate.ask(customer, a_vehicle(customer, **vehicle), work, "Genuine parts", by=SAM)
    db.session.commit()
    return estimate


def test_a_caller_who_is_not_on_file_is_noted_with_vehicle_work_and_note(sam: Visitor) -> None:
    answer = sam.post("/console/estimates", data=NEW, headers=HTMX)
    assert answer.headers["HX-Redirect"] == "/console/estimates"
    estimate = db.session.query(Estimate).one()
    assert (estimate.customer.name, estimate.vehicle.description, estimate.type_of_work) == (
        "Omar Khan",
        "2016 Subaru Outback",
        "Head gasket",
    )
    page = sam.get("/console/estimates").text
    assert all(words in page for words in ("Omar Khan", "(312) 555-0177", "Head gasket", "Wants a call after five", "asked 8:15 AM"))


def test_somebody_on_file_is_found_and_keeps_their_vehicle(sam: Visitor, shop: Shop) -> None:
    maria = a_customer(shop)
    civic = a_vehicle(maria)
    found = plain(sam.get("/console/estimates/pick?who=lopez", headers=HTMX).text)
    assert "Maria Lopez" in found
    assert "2018 Honda Civic" in sam.post("/console/estimates/draft", data={"customer": maria.id}, headers=HTMX).text
    sam.post("/console/estimates", data={"customer": maria.id, "vehicle": civic.id, "type_of_work": "Brakes"})
    assert (db.session.query(Estimate).one().vehicle_id, db.session.query(Customer).count()) == (civic.id, 1)


@each(
    ("wrong", "sentence"),
    [
        ({"type_of_work": " "}, "Say what the estimate is for."),
        ({"type_of_work": "x" * 121}, "under 120 characters"),
        ({"note": "x" * 1001}, "under 1000 characters"),
        ({"phone": "911"}, "This is no phone number."),
        ({"last_name": "", "first_name": ""}, "last name"),
        ({"year": "1066"}, "model year"),
        ({"make": "", "model": "", "plate": ""}, "Give at least a make and model"),
        ({"customer": ""}, "Find the customer by phone"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(sam: Visitor, wrong: dict[str, str], sentence: str) -> None:
    answer = sam.post("/console/estimates", data={**NEW, **wrong}, headers=HTMX)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Wants a call after five" in answer.text or "note" in wrong
    assert (db.session.query(Estimate).count(), db.session.query(Customer).count(), db.session.query(Vehicle).count()) == (0, 0, 0)


def test_active_leaves_out_who_declined_who_is_booked_and_whose_vehicle_is_here(sam: Visitor, shop: Shop) -> None:
    an_estimate(shop, "Waiting")
    an_estimate(shop, "Declined").decline(by=SAM)
    an_estimate(shop, "Booked").book(date(2025, 5, 13), time(9), "phone", by=SAM)
    here = an_estimate(shop, "Here")
    a_drop_off(shop, preference="phone", customer=here.customer).check_in(by=SAM)
    active, everybody = sam.get("/console/estimates").text, sam.get("/console/estimates?show=all").text
    assert [name for name in ("Waiting", "Declined", "Booked", "Here") if f"Maria {name}" in active] == ["Waiting"]
    assert all(f"Maria {name}" in everybody for name in ("Waiting", "Declined", "Booked", "Here"))


def test_it_is_found_by_name_phone_plate_and_vehicle(sam: Visitor, shop: Shop) -> None:
    an_estimate(shop)
    other = a_customer(shop, "Bo", "Weiss", phones=["+17735550100"])
    Estimate.ask(other, a_vehicle(other, make="Ford", model="F-150", year=2020, plate="ZZ 9"), "Oil", by=SAM)
    for words in ["lopez", "maria lopez", "555 0142", "(312) 555-0142", "demo 101", "DEMO-101", "civic", "2018 honda", "lopez civic"]:
        found = sam.get("/console/estimates", query_string={"show": "search", "q": words}, headers=HTMX).text
        assert "Maria Lopez" in found
        assert "Bo Weiss" not in found


def test_what_matches_nothing_says_so(sam: Visitor, shop: Shop) -> None:
    an_estimate(shop)
    for words in ["nobody", "%", "_", "'; drop table estimates;--", "12", "\\", "x" * 400]:
        answer = sam.get("/console/estimates", query_string={"show": "search", "q": words}, headers=HTMX)
        assert answer.status_code == 200
        assert "No estimate matches" in answer.text


def test_declining_offers_to_undo_and_undoing_brings_it_back(sam: Visitor, shop: Shop) -> None:
    estimate = an_estimate(shop)
    answer = sam.post(f"/console/estimates/{estimate.id}/decline", headers=HTMX)
    assert ("Undo" in answer.text, answer.headers["HX-Trigger"]) == (True, "refresh")
    assert "Maria Lopez" not in sam.get("/console/estimates").text
    sam.post(f"/console/estimates/{estimate.id}/reopening", headers=HTMX)
    assert "Maria Lopez" in sam.get("/console/estimates").text


def test_one_step_leads_to_a_booking_that_keeps_all_that_was_entered(sam: Visitor, shop: Shop) -> None:
    estimate = an_estimate(shop)
    address = f"/console/appointments/new?estimate={estimate.id}"
    assert address in sam.get("/console/estimates").text
    page = sam.get(address).text
    assert all(words in page for words in ("Maria Lopez", "2018 Honda Civic", "Front brakes", "Genuine parts"))
    form = {
        "estimate": estimate.id,
        "date": "2025-05-13",
        "time": "10:00",
        "preference": "phone",
        "type_of_work": "Front brakes",
        "shop_note": "Genuine parts",
    }
    assert sam.post("/console/appointments", data=form).status_code == 303
    booked = shop.estimate(estimate.id).appointment
    assert booked is not None
    assert (booked.customer.name, booked.type_of_work, booked.shop_note) == ("Maria Lopez", "Front brakes", "Genuine parts")
    assert "Appointment made" in sam.get("/console/estimates?show=all").text


def test_long_lists_come_in_pages_without_a_gap(sam: Visitor, shop: Shop) -> None:
    customer = a_customer(shop)
    civic = a_vehicle(customer)
    for number in range(PAGE + 3):
        Estimate.ask(customer, civic, f"Work number {number:03}", by=SAM)
    page = sam.get("/console/estimates?show=all").text
    assert ("Work number 102" in page, "Work number 002" in page) == (True, False)
    oldest = min(estimate.id for estimate in Estimate.all(shop))
    assert f"before={oldest}" in page
    rest = sam.get(f"/console/estimates?show=all&before={oldest}").text
    assert ("Work number 002" in rest, "Work number 003" in rest) == (True, False)


def test_another_shops_estimate_is_not_found(sam: Visitor) -> None:
    estimate = an_estimate(a_shop("elm"))
    for method, address in (
        ("post", f"{estimate.id}/decline"),
        ("post", f"{estimate.id}/reopening"),
        ("get", f"?show=all&before={estimate.id}"),
    ):
        assert getattr(sam, method)(f"/console/estimates{'' if address[0] == '?' else '/'}{address}").status_code == 404
    assert sam.post("/console/estimates", data={**NEW, "customer": estimate.customer_id}).status_code == 404


def test_a_mechanic_has_no_estimates(client: Visitor, shop: Shop) -> None:
    signed_in(client, a_member(shop, "mechanic"))
    assert client.get("/console/estimates").status_code == 403


@pytest.mark.parametrize("address", ["estimates", "estimates?show=all", "estimates?show=search&q=maria"])
def test_it_asks_as_often_for_many_as_for_few(client: Visitor, address: str) -> None:
    counts = []
    for slug, rows in (("few", 2), ("many", 20)):
        shop = a_shop(slug)
        for number in range(rows):
            an_estimate(shop, f"Berg{number}")
        signed_in(client, a_member(shop))
        with counted() as asked:
            assert client.get(f"/console/{address}").text.count('id="estimate-') >= rows
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12
