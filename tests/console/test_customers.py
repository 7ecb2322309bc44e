"""Customers and vehicles at the console: found, added, changed, and what they agreed to."""

from collections.abc import Callable

import pytest

from models import Consent, Customer, Shop, WorkOrder, db
from tests.ground.client import Visitor
from tests.ground.makers import MARIA, SAM, a_customer, a_drop_off, a_member, a_shop, a_vehicle, consenting, signed_in
from tests.ground.plain import plain

HTMX = {"HX-Request": "true"}
OFFICE = "+13125550177"


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


@pytest.mark.parametrize("words", ["lop", "maria lopez", "555-0142", "demo101", "DEMO 1"])
def test_customers_are_found_by_name_phone_and_plate(sam: Visitor, shop: Shop, words: str) -> None:
    a_vehicle(a_customer(shop))
    for address in ("customers", "customers/find"):
        assert "Maria Lopez" in plain(sam.get(f"/console/{address}", query_string={"q": words}).text)


def test_who_is_not_found_is_offered_to_be_added(sam: Visitor) -> None:
    page = sam.get("/console/customers?q=nobody").text
    assert "Nobody on file matches “nobody”." in page
    assert "New customer" in page


@pytest.mark.parametrize("words", ["", "x", "%", "_", "'; --", "<b>", "٣٤٥", "0" * 400])
def test_odd_words_find_nobody_and_break_nothing(sam: Visitor, shop: Shop, words: str) -> None:
    a_customer(shop)
    for address in ("customers", "customers/find", "customers/pick", "vehicles"):
        assert sam.get(f"/console/{address}", query_string={"q": words, "who": words}).status_code == 200


def test_a_customer_comes_on_file_with_phones_mails_and_address(sam: Visitor) -> None:
    typed = {
        "kind": "person",
        "first_name": "Ruth",
        "last_name": "Berg",
        "language": "nl",
        "phones": ["312 555 0144", "312 555 0145"],
        "emails": ["ruth@mail.example", ""],
        "street": "4 Canal Street",
        "city": "Chicago",
        "region": "IL",
        "postal_code": "60601",
        "country": "US",
    }
    answer = sam.post("/console/customers", data=typed, headers=HTMX)
    customer = db.session.query(Customer).one()
    assert answer.headers["HX-Redirect"] == f"/console/customers/{customer.id}"
    assert [row.number for row in customer.phones] == ["+13125550144", "+13125550145"]
    assert (customer.email, customer.language, customer.addresses[0].street) == ("ruth@mail.example", "nl", "4 Canal Street")
    assert "4 Canal Street, Chicago, IL 60601" in sam.get(f"/console/customers/{customer.id}").text


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"last_name": ""}, "last_name", "Give at least a last name or a company name."),
        ({"phones": ["call me"]}, "phone", "This is no phone number."),
        ({"emails": ["ruth"]}, "email", "This is no e-mail address."),
        ({"language": "klingon"}, "language", "Choose English, Spanish or Dutch."),
    ],
)
@pytest.mark.parametrize("on_file", [False, True], ids=["new", "on file"])
def test_wrong_input_is_refused_beside_its_field_and_the_rest_is_kept(
    sam: Visitor, shop: Shop, typed: dict[str, object], field: str, sentence: str, on_file: bool
) -> None:
    address = f"customers/{a_customer(shop).id}" if on_file else "customers"
    usual = {"kind": "person", "last_name": "Berg", "phones": ["312 555 0144"], "emails": ["ruth@mail.example"], "street": "4 Canal Street"}
    answer = sam.post(f"/console/{address}", data={**usual, **typed}, headers=HTMX)
    assert answer.status_code == 422
    assert sentence in answer.text.partition(f'id="{field}-error">')[2].partition("</p>")[0]
    assert "4 Canal Street" in answer.text
    assert [customer.name for customer in db.session.query(Customer)] == (["Maria Lopez"] if on_file else [])


def test_the_first_phone_is_the_one_for_texts_and_another_can_be_put_first(sam: Visitor, shop: Shop) -> None:
    customer = a_customer(shop, phones=[MARIA, OFFICE])
    sam.post(f"/console/customers/{customer.id}/first-phone", data={"number": OFFICE}, headers=HTMX)
    assert customer.phone
    assert customer.phone.number == OFFICE
    assert [row.number for row in customer.phones] == [OFFICE, MARIA]


def test_editing_keeps_the_rows_that_stay(sam: Visitor, shop: Shop) -> None:
    customer = a_customer(shop, phones=[MARIA, OFFICE])
    kept = customer.phones[1].id
    sam.post(f"/console/customers/{customer.id}", data={"last_name": "Lopez", "phones": [OFFICE]}, headers=HTMX)
    assert [row.id for row in customer.phones] == [kept]


@pytest.mark.parametrize(
    ("given", "source", "shown"), [("yes", "spoken", "May be texted"), ("yes", "written", "May be texted"), ("no", "spoken", "No texts")]
)
def test_what_a_customer_says_about_texts_is_kept_as_a_fact_with_its_wording(
    sam: Visitor, shop: Shop, given: str, source: str, shown: str
) -> None:
    customer = a_customer(shop)
    typed = {"number": MARIA, "given": given, "source": source}
    assert sam.post(f"/console/customers/{customer.id}/consent", data=typed, headers=HTMX).status_code == 200
    fact = Consent.of(shop, MARIA)
    assert fact
    assert (fact.given, fact.source, fact.actor_name) == (given == "yes", source, "Sam Ortiz")
    page = sam.get(f"/console/customers/{customer.id}").text
    assert shown in page
    assert "May we text you about this appointment" in page


def test_taking_it_back_is_a_new_fact_and_the_old_one_stays(sam: Visitor, shop: Shop) -> None:
    customer = consenting(a_customer(shop))
    sam.post(f"/console/customers/{customer.id}/consent", data={"number": MARIA, "given": "no", "source": "spoken"}, headers=HTMX)
    assert [fact.given for fact in Consent.history(shop, MARIA)] == [False, True]


def test_consent_is_recorded_for_their_own_numbers_only(sam: Visitor, shop: Shop) -> None:
    customer = a_customer(shop)
    for verb in ("consent", "first-phone"):
        typed = {"number": OFFICE, "given": "yes", "source": "spoken"}
        assert sam.post(f"/console/customers/{customer.id}/{verb}", data=typed, headers=HTMX).status_code == 404


def test_the_customers_page_shows_visits_and_how_they_ended(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop)
    page = sam.get(f"/console/customers/{appointment.customer.id}").text
    assert "Tomorrow, 9:00 AM" in page
    assert "Booked" in page
    appointment.cancel(by=SAM)
    assert "Cancelled" in sam.get(f"/console/customers/{appointment.customer.id}").text


def test_a_vehicle_is_added_and_changed(sam: Visitor, shop: Shop) -> None:
    customer = a_customer(shop)
    sam.post(f"/console/customers/{customer.id}/vehicles", data={"make": "Ford", "model": "F-150", "year": "2015"}, headers=HTMX)
    vehicle = customer.vehicles[0]
    assert vehicle.description == "2015 Ford F-150"
    sam.post(
        f"/console/vehicles/{vehicle.id}", data={"make": "Ford", "model": "F-150", "plate": "demo 9", "odometer": "84,200"}, headers=HTMX
    )
    assert (vehicle.plate, vehicle.odometer) == ("DEMO 9", 84200)
    assert "DEMO 9" in sam.get("/console/vehicles?q=demo9").text


@pytest.mark.parametrize(
    ("typed", "field"), [({}, "make"), ({"make": "Ford", "year": "15"}, "year"), ({"make": "Ford", "odometer": "far"}, "odometer")]
)
def test_a_vehicle_that_can_not_be_is_refused(sam: Visitor, shop: Shop, typed: dict[str, str], field: str) -> None:
    vehicle = a_vehicle(a_customer(shop))
    for address in (f"customers/{vehicle.customer_id}/vehicles", f"vehicles/{vehicle.id}"):
        answer = sam.post(f"/console/{address}", data={"engine": "V8 5.0", **typed}, headers=HTMX)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
        assert "V8 5.0" in answer.text
    assert len(vehicle.customer.vehicles) == 1


def test_a_walk_in_is_checked_in_once_whatever_is_clicked(sam: Visitor, shop: Shop) -> None:
    vehicle = a_vehicle(a_customer(shop))
    answers = [sam.post(f"/console/vehicles/{vehicle.id}/check-in", headers=HTMX) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 422, 422, 422, 422]
    assert "This vehicle is in the shop already: work order 1001." in answers[1].text
    assert "2018 Honda Civic" in sam.get("/console/queue").text


def test_messages_are_listed_by_state_with_the_reasons(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop)
    everything = sam.get("/console/messages/log").text
    assert "Maria Lopez" in everything
    assert "please confirm your Civic drop-off" in everything
    assert "Why?" in everything
    assert "Maria Lopez" in sam.get("/console/messages/log?state=queued").text
    for state in ("in", "failed"):
        assert "No message here." in sam.get(f"/console/messages/log?state={state}").text
    assert sam.get("/console/messages/log?state=odd&before=x").status_code == 200
    assert "The customer agreed to texts at this number:" in sam.get(f"/console/messages/{appointment.messages[0].id}").text


def test_the_number_comes_first_and_whoever_has_it_is_offered(sam: Visitor, shop: Shop) -> None:
    ruth, paul = a_customer(shop, "Ruth", "Berg"), a_customer(shop, "Paul", "Berg")
    first = sam.get("/console/customers/new").text
    assert "Phone number" in first
    assert 'name="last_name"' not in first
    for address in ("new", "look"):
        found = sam.get(f"/console/customers/{address}?who=312+555+0142").text
        assert [f'href="/console/customers/{one.id}"' in found for one in (ruth, paul)] == [True, True]
        assert "2 customers have this number." in found
        assert "Add another customer with this number" in found


def test_a_new_number_leads_straight_to_the_fields_and_so_does_no_number(sam: Visitor) -> None:
    for query, value in (("who=312+555+0199", "312 555 0199"), ("anew=1", "")):
        page = sam.get(f"/console/customers/new?{query}").text
        assert 'name="last_name"' in page
        assert f'name="phones" type="tel" value="{value}"' in page


def test_a_number_on_file_is_asked_about_once_more_before_a_second_customer_gets_it(sam: Visitor, shop: Shop) -> None:
    a_customer(shop, "Ruth", "Berg")
    typed = {"kind": "person", "last_name": "Smith", "phones": ["312 555 0142"]}
    answer = sam.post("/console/customers", data=typed, headers=HTMX)
    assert answer.status_code == 422
    assert "Ruth Berg" in answer.text
    assert "Smith" in answer.text
    assert sam.post("/console/customers", data={**typed, "shared": "1"}, headers=HTMX).status_code == 200
    assert db.session.query(Customer).count() == 2


def test_another_shops_number_is_nobodys_here(sam: Visitor, shop: Shop) -> None:
    a_customer(a_shop("elm"))
    assert "Lopez" not in sam.get("/console/customers/look?who=3125550142").text
    assert 'name="last_name"' in sam.get("/console/customers/new?who=3125550142").text


def test_a_company_keeps_its_contacts_and_which_of_them_may_approve(sam: Visitor, shop: Shop) -> None:
    typed = {
        "kind": "company",
        "company_name": "Corner Bakery",
        "contact_id": ["", "", ""],
        "contact_name": ["Inez Farrow", "Bo Lind", ""],
        "contact_role": ["Fleet manager", "Driver", ""],
        "contact_phone": ["312 555 0149", "", ""],
        "contact_email": ["", "bo@bakery.example", ""],
        "contact_approves": ["1"],
    }
    sam.post("/console/customers", data=typed, headers=HTMX)
    bakery = db.session.query(Customer).one()
    assert [(person.name, person.phone, person.email, person.approves) for person in bakery.contacts] == [
        ("Inez Farrow", "+13125550149", "", True),
        ("Bo Lind", "", "bo@bakery.example", False),
    ]
    page = plain(sam.get(f"/console/customers/{bakery.id}").text)
    assert "Inez Farrow Fleet manager" in page
    kept = bakery.contacts[1].id
    change = {**typed, "contact_id": [str(kept)], "contact_name": ["Bo Lind"], "contact_role": ["Owner"], "contact_phone": ["312 555 0151"]}
    change |= {"contact_email": [""], "contact_approves": []}
    sam.post(f"/console/customers/{bakery.id}", data=change, headers=HTMX)
    assert [(person.id, person.role, person.phone) for person in bakery.contacts] == [(kept, "Owner", "+13125550151")]


@pytest.mark.parametrize(("field", "value"), [("contact_name", ""), ("contact_phone", "call"), ("contact_email", "bo")])
def test_a_contact_that_can_not_be_is_refused_and_what_was_typed_stays(sam: Visitor, field: str, value: str) -> None:
    row = {"contact_id": "", "contact_name": "Bo Lind", "contact_role": "Driver", "contact_phone": "", "contact_email": "bo@bakery.example"}
    answer = sam.post("/console/customers", data={"kind": "company", "company_name": "Corner Bakery", **row, field: value}, headers=HTMX)
    assert answer.status_code == 422
    assert 'id="contact-error"' in answer.text
    assert "Driver" in answer.text
    assert db.session.query(Customer).count() == 0


def test_a_vehicle_is_sold_retired_and_read_from_its_page(sam: Visitor, shop: Shop) -> None:
    vehicle = a_vehicle(a_customer(shop), odometer=100)
    tom = a_customer(shop, "Tom", "Novak", phones=["+13125550188"])
    assert f'value="{tom.id}"' in sam.get(f"/console/vehicles/{vehicle.id}/owner?who=novak", headers=HTMX).text
    sam.post(f"/console/vehicles/{vehicle.id}/owner", data={"customer": tom.id}, headers=HTMX)
    assert vehicle.customer == tom
    read = {"reading": "99", "read_on": "2025-05-12"}
    refused = sam.post(f"/console/vehicles/{vehicle.id}/odometer-readings", data=read, headers=HTMX)
    assert (refused.status_code, "It showed 100 on May 12, 2025 already." in refused.text, len(vehicle.readings)) == (422, True, 1)
    sam.post(f"/console/vehicles/{vehicle.id}/odometer-readings", data={**read, "reading_as_is": "99"}, headers=HTMX)
    page = plain(sam.get(f"/console/vehicles/{vehicle.id}").text)
    assert "It went down between the two newest readings." in page
    sam.post(f"/console/vehicles/{vehicle.id}/retirement", headers=HTMX)
    assert "Another vehicle" not in sam.get(f"/console/appointments/new?customer={tom.id}").text
    sam.post(f"/console/vehicles/{vehicle.id}/return", headers=HTMX)
    assert tom.vehicles_in_use == [vehicle]


@pytest.mark.parametrize(
    "typed", [{"reading": "far"}, {"reading": ""}, {"reading": "5", "read_on": "2099-01-01"}, {"reading": "5", "read_on": "x"}]
)
def test_a_reading_that_can_not_be_is_refused_beside_its_field(sam: Visitor, shop: Shop, typed: dict[str, str]) -> None:
    vehicle = a_vehicle(a_customer(shop))
    for headers in (HTMX, {}):
        answer = sam.post(f"/console/vehicles/{vehicle.id}/odometer-readings", data=typed, headers=headers)
        assert answer.status_code == 422
        assert 'id="reading-error"' in answer.text
    assert vehicle.readings == []


def test_a_vehicle_goes_to_no_other_shops_customer(sam: Visitor, shop: Shop) -> None:
    vehicle, theirs = a_vehicle(a_customer(shop)), a_customer(a_shop("elm"))
    assert sam.post(f"/console/vehicles/{vehicle.id}/owner", data={"customer": theirs.id}, headers=HTMX).status_code == 404


def test_what_was_typed_is_marked_and_the_open_visit_shown(sam: Visitor, shop: Shop) -> None:
    maria = a_customer(shop, "Maria", "Muñoz")
    WorkOrder.walk_in(maria, a_vehicle(maria), by=SAM)
    for address in ("customers", "customers/find"):
        page = sam.get(f"/console/{address}?q=munoz").text
        assert "<mark>Muñoz</mark>" in page
        assert "In the shop · WO 1001" in plain(page)
    assert "/console/work-orders/1001" in sam.get("/console/customers/find?q=WO+1001").text
