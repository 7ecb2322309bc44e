"""Booking at the console: for who is on file and who is new, by right and wrong input; nothing typed is lost, nothing is half done."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from werkzeug.test import TestResponse

from models import Appointment, ClosingDay, Consent, Customer, Delivery, Estimate, Policy, Shop, Vehicle, clock, db
from models.appointment_moves import UNDO
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.makers import SAM, a_customer, a_drop_off, a_member, a_shop, a_vehicle, consenting, local, signed_in
from tests.ground.plain import plain

HTMX = {"HX-Request": "true"}
NEW = {
    "customer": "new",
    "kind": "person",
    "first_name": "Aisha",
    "last_name": "Khan",
    "phone": "(312) 555-0143",
    "email": "aisha@mail.example",
    "vehicle": "new",
    "year": "2020",
    "make": "Toyota",
    "model": "RAV4",
    "plate": "demo 103",
    "date": "2025-05-15",
    "time": "08:30",
    "type_of_work": "Front brakes",
    "shop_note": "Squeals when cold",
    "customer_note": "Leave the wheel lock key on the seat.",
    "preference": "text",
    "consent": "yes",
    "consent_source": "spoken",
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


def book(sam: Visitor, **typed: Any) -> TestResponse:
    return sam.post("/console/appointments", data={**NEW, **typed}, headers=HTMX)


def count(noun: type) -> int:
    return db.session.query(noun).count()


def test_somebody_new_is_booked_in_one_step_with_vehicle_and_consent(sam: Visitor, shop: Shop) -> None:
    answer = book(sam)
    appointment = db.session.query(Appointment).one()
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, f"/console/appointments/{appointment.id}")
    assert (appointment.date, appointment.time, appointment.preference) == (date(2025, 5, 15), time(8, 30), "text")
    assert (appointment.customer.name, appointment.vehicle.description) == ("Aisha Khan", "2020 Toyota RAV4")
    fact = Consent.of(shop, "+13125550143")
    assert fact
    assert (fact.given, fact.source, fact.actor_name) == (True, "spoken", "Sam Ortiz")
    assert fact.wording.startswith("May we text you about this appointment and the repair?")
    assert [message.state.name for message in appointment.messages] == ["queued"]


def test_what_was_booked_is_said_on_the_next_page(sam: Visitor) -> None:
    place = book(sam).headers["HX-Redirect"]
    page = sam.get(place).text
    for words in ("Booked: Aisha Khan", "Thursday, May 15, 2025, 8:30 AM", "Squeals when cold", "Leave the wheel lock key on the seat."):
        assert words in page


def test_a_first_name_is_not_required(sam: Visitor) -> None:
    assert book(sam, first_name="").status_code == 200
    assert db.session.query(Customer).one().name == "Khan"


def test_a_company_is_booked_by_its_name(sam: Visitor) -> None:
    book(sam, kind="company", company_name="Corner Bakery", first_name="", last_name="")
    assert (db.session.query(Customer).one().name, db.session.query(Customer).one().kind) == ("Corner Bakery", "company")


def test_a_drop_off_without_a_time_is_booked_for_any_time(sam: Visitor) -> None:
    book(sam, time="")
    assert db.session.query(Appointment).one().time is None


@pytest.mark.parametrize("words", ["5550142", "(312) 555-0142", "+1 312 555 0142", "lopez", "Lop"])
def test_who_is_on_file_is_offered_before_any_new_fields(sam: Visitor, shop: Shop, words: str) -> None:
    customer = a_customer(shop)
    html = sam.get("/console/customers/pick", query_string={"who": words}, headers=HTMX).text
    found = plain(html)
    new = "Add another customer with this number" if words.endswith("555-0142") or words.startswith("+1") else "New customer"
    assert found.index("Maria Lopez") < found.index(new)
    assert f'value="{customer.id}"' in html


def test_who_is_not_on_file_is_offered_new_with_what_was_typed(sam: Visitor) -> None:
    assert "Nobody on file matches." in sam.get("/console/customers/pick?who=khan", headers=HTMX).text
    by_name = sam.post("/console/appointments/draft", data={"customer": "new", "who": "Khan"}, headers=HTMX).text
    by_phone = sam.post("/console/appointments/draft", data={"customer": "new", "who": "312 555 0143"}, headers=HTMX).text
    assert 'id="last_name" name="last_name" type="text" value="Khan"' in by_name
    assert 'name="phone" type="tel" value="312 555 0143"' in by_phone


def test_choosing_a_customer_keeps_what_was_typed_and_shows_their_vehicles(sam: Visitor, shop: Shop) -> None:
    customer = a_customer(shop)
    a_vehicle(customer)
    draft = {"customer": customer.id, "type_of_work": "Four tyres", "shop_note": "Before noon", "date": "2025-05-15"}
    page = sam.post("/console/appointments/draft", data=draft, headers=HTMX).text
    for words in ("Four tyres", "Before noon", 'value="2025-05-15"', "2018 Honda Civic", "Another vehicle", "Ask for permission to text"):
        assert words in page
    assert count(Appointment) == 0


def test_booking_from_a_customers_page_and_from_the_calendar_fills_in_what_is_known(sam: Visitor, shop: Shop) -> None:
    customer = a_customer(shop)
    page = sam.get(f"/console/appointments/new?customer={customer.id}&date=2025-05-20&time=10:00").text
    for words in ("Maria Lopez", 'value="2025-05-20"', 'value="10:00"'):
        assert words in page


def test_an_estimate_becomes_an_appointment_in_one_step_with_all_that_was_entered(sam: Visitor, shop: Shop) -> None:
    customer = consenting(a_customer(shop))
    estimate = Estimate.ask(customer, a_vehicle(customer), "Clutch", "Slips in third", by=SAM)
    page = sam.get(f"/console/appointments/new?estimate={estimate.id}").text
    assert "Clutch" in page
    assert "Slips in third" in page
    assert "2018 Honda Civic" in page
    typed = {"estimate": estimate.id, "date": "2025-05-15", "preference": "text", "type_of_work": "Clutch", "shop_note": "Slips in third"}
    sam.post("/console/appointments", data=typed, headers=HTMX)
    assert estimate.appointment
    assert estimate.appointment.type_of_work == "Clutch"
    again = sam.post("/console/appointments", data=typed, headers=HTMX)
    assert (again.status_code, "An appointment was made of this estimate already." in again.text) == (422, True)


@each(
    ("typed", "field", "sentence"),
    [
        ({"phone": "12345"}, "phone", "This is no phone number."),
        ({"phone": "no number"}, "phone", "This is no phone number."),
        ({"phone": ""}, "preference", "Text needs a mobile number in the customer&#39;s first phone field."),
        ({"phone": "+31 20 123 4567"}, "preference", "Text needs a mobile number in the customer&#39;s first phone field."),
        ({"consent": "no"}, "preference", "Text needs the customer&#39;s permission for this number."),
        ({"consent": ""}, "preference", "Text needs the customer&#39;s permission for this number."),
        ({"consent_source": "guessed"}, "consent_source", "Say how the answer was given: spoken or in writing."),
        ({"email": "aisha@"}, "email", "This is no e-mail address."),
        ({"email": "", "preference": "email"}, "preference", "Email needs the customer&#39;s e-mail address."),
        ({"preference": "pigeon"}, "preference", "Choose Phone, Text or Email."),
        ({"last_name": "", "first_name": ""}, "last_name", "Give at least a last name or a company name."),
        ({"make": "", "model": "", "plate": ""}, "make", "Give at least a make and model, a plate or a VIN."),
        ({"year": "twenty"}, "year", "Give a whole number."),
        ({"year": "1066"}, "year", "Give the model year with four digits, like 2018."),
        ({"vin": "2HGFC2F5"}, "vin", "A VIN has 17 characters; here are 8."),
        ({"date": ""}, "date", "Choose a day."),
        ({"date": "2025-02-30"}, "date", "Choose a day."),
        ({"date": "2025-05-09"}, "date", "This drop-off is in the past."),
        ({"date": "2205-05-15"}, "date", "That is more than two years away. Look at the year."),
        ({"date": "9999-12-31"}, "date", "That is more than two years away. Look at the year."),
        ({"date": "0001-01-01"}, "date", "That is more than two years away. Look at the year."),
        ({"date": "2025-05-17"}, "date", "The shop is closed on that weekday."),
        ({"date": "2025-05-26"}, "date", "The shop is closed that day: Memorial Day."),
        ({"time": "25:00"}, "time", "Give the time as hours and minutes"),
        ({"date": "2026-03-08", "time": "02:30"}, "time", "this time does not exist on that day."),
        ({"language": "tlh"}, "language", "Choose English, Spanish or Dutch."),
        ({"customer": ""}, "who", "Find the customer by phone or last name, or choose New customer."),
    ],
)
def test_wrong_input_is_refused_beside_its_field_and_nothing_is_kept_of_it(
    sam: Visitor, shop: Shop, typed: dict[str, str], field: str, sentence: str
) -> None:
    if not shop.closing_days:
        shop.closing_days.append(ClosingDay(shop_id=shop.id, date=date(2025, 5, 26), name="Memorial Day"))
    answer = book(sam, **typed)
    assert answer.status_code == 422
    _before, error, after = answer.text.partition(f'id="{field}-error">')
    assert error
    assert sentence in after.partition("</p>")[0]
    for words in {"Front brakes", "Squeals when cold"}:
        assert words in answer.text
    assert (count(Appointment), count(Customer), count(Vehicle)) == (0, 0, 0)
    assert Consent.of(shop, "+13125550143") is None


def test_a_day_with_two_objections_names_both(sam: Visitor, shop: Shop) -> None:
    shop.location.capacity = 1
    a_drop_off(shop, date(2025, 5, 16))
    shop.closing_days.append(ClosingDay(shop_id=shop.id, date=date(2025, 5, 16), name="Stock-taking"))
    assert "The shop is closed that day: Stock-taking. That day is full: 1 of 1 drop-offs are booked." in book(sam, date="2025-05-16").text


def test_all_that_is_wrong_is_said_at_once_and_the_first_takes_the_focus(sam: Visitor) -> None:
    page = book(sam, date="2025-05-09", phone="12", year="x").text
    assert page.count('class="error"') == 3
    assert page.count("autofocus") == 1


def test_the_words_typed_come_back_as_words(sam: Visitor) -> None:
    assert "&lt;script&gt;" in book(sam, shop_note="<script>alert(1)</script>", date="").text


@pytest.mark.parametrize(
    ("setting", "typed"), [("hours_policy", {"time": "19:00"}), ("closed_policy", {"date": "2025-05-17"}), ("capacity_policy", {})]
)
def test_what_the_shop_only_warns_of_can_be_booked_anyway(sam: Visitor, shop: Shop, setting: str, typed: dict[str, str]) -> None:
    setattr(shop.location, setting, Policy.warn)
    shop.location.capacity = 1
    a_drop_off(shop, date(2025, 5, 15))
    warned = book(sam, **typed)
    assert warned.status_code == 422
    assert "Book anyway" in warned.text
    assert book(sam, **typed, accept_warnings="1").status_code == 200


def test_what_the_shop_refuses_can_not_be_booked_anyway(sam: Visitor) -> None:
    refused = book(sam, date="2025-05-09", accept_warnings="1")
    assert refused.status_code == 422
    assert "Book anyway" not in refused.text


def test_a_shop_that_wants_it_in_writing_does_not_text_on_a_spoken_yes(sam: Visitor, shop: Shop) -> None:
    shop.location.spoken_consent = False
    assert book(sam).status_code == 422
    assert book(sam, consent_source="written").status_code == 200


def test_while_choosing_a_day_one_sees_how_full_or_closed_it_is(sam: Visitor, shop: Shop) -> None:
    shop.location.capacity = 2
    a_drop_off(shop, date(2025, 5, 15))
    shown = " ".join(sam.get("/console/appointments/day?date=2025-05-15", headers=HTMX).text.split())
    assert "Thursday, May 15, 2025. Open 8:00 AM to 5:30 PM. 1 of 2 places are taken." in shown
    assert "The shop is closed on that weekday." in sam.get("/console/appointments/day?date=2025-05-17", headers=HTMX).text
    early = sam.get("/console/appointments/day?date=2025-05-15&time=06:00", headers=HTMX).text
    assert "Outside opening hours, which are 8:00 AM to 5:30 PM." in early
    assert sam.get("/console/appointments/day?date=", headers=HTMX).status_code == 200


def test_without_a_script_the_refused_form_is_a_whole_page(sam: Visitor) -> None:
    answer = sam.post("/console/appointments", data={**NEW, "date": ""})
    assert answer.status_code == 422
    assert answer.text.lstrip().lower().startswith("<!doctype html>")


def test_moving_gives_a_new_date_and_the_old_answer_no_longer_counts(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop)
    appointment.confirm(by=SAM)
    answer = sam.post(f"/console/appointments/{appointment.id}/drop-off", data={"date": "2025-05-20", "time": "10:15"}, headers=HTMX)
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Trigger"]) == ("#toasts", "refresh")
    assert (appointment.date, appointment.time, appointment.confirmation) == (date(2025, 5, 20), time(10, 15), None)


def test_the_message_about_a_move_waits_as_it_does_in_the_calendar_and_can_be_undone(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop)
    appointment.confirm(by=SAM)
    answer = sam.post(f"/console/appointments/{appointment.id}/drop-off", data={"date": "2025-05-20", "time": "10:15"}, headers=HTMX)
    assert "A text goes out in 20 seconds." in answer.text
    told = appointment.messages[-1]
    assert (told.kind, told.state, told.due_at - clock.now()) == ("moved", Delivery.planned, UNDO)
    sam.post("/console/calendar/returns", data={"appointment": appointment.id, "revision": 1}, headers=HTMX)
    assert (appointment.date, bool(appointment.confirmation), told.state) == (date(2025, 5, 13), True, Delivery.cancelled)


def test_undo_of_a_move_makes_a_no_show_one_again(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    appointment = a_drop_off(shop)
    at("2025-05-13 12:00", "America/Chicago")
    appointment.mark_no_show(by=SAM)
    sam.post(f"/console/appointments/{appointment.id}/drop-off", data={"date": "2025-05-20", "time": "10:15"}, headers=HTMX)
    assert appointment.no_show is None
    sam.post("/console/calendar/returns", data={"appointment": appointment.id, "revision": 1}, headers=HTMX)
    assert (appointment.date, bool(appointment.no_show)) == (date(2025, 5, 13), True)


def test_a_move_in_the_customers_night_asks_when_to_tell(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    appointment = a_drop_off(shop)
    at("2025-05-12 22:10", "America/Chicago")
    typed, url = {"date": "2025-05-20", "time": "10:15"}, f"/console/appointments/{appointment.id}/drop-off"
    asked = sam.post(url, data=typed, headers=HTMX)
    assert (asked.status_code, appointment.revision) == (422, 0)
    assert "It is 10:10 PM where Maria Lopez lives." in asked.text
    sam.post(url, data={**typed, "tell": "morning"}, headers=HTMX)
    assert appointment.messages[-1].due_at == local("2025-05-13 08:00")


def test_whoever_moves_what_was_moved_meanwhile_is_told(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop)
    appointment.move(date(2025, 5, 16), time(9), by=SAM)
    answer = sam.post(f"/console/appointments/{appointment.id}/drop-off", data={"date": "2025-05-20", "revision": "0"}, headers=HTMX)
    assert "Somebody else moved this appointment meanwhile." in answer.text
    assert appointment.date == date(2025, 5, 16)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"date": "", "time": ""}, "Choose a day."),
        ({"date": "2025-05-17", "time": "09:00"}, "The shop is closed on that weekday."),
        ({"date": "2025-05-09", "time": "09:00"}, "This drop-off is in the past."),
        ({"date": "9999-12-31", "time": "09:00"}, "That is more than two years away. Look at the year."),
        ({"date": "2025-05-20", "time": "late"}, "Give the time as hours and minutes"),
    ],
)
def test_a_move_to_nowhere_is_refused_and_the_date_stays(sam: Visitor, shop: Shop, typed: dict[str, str], sentence: str) -> None:
    appointment = a_drop_off(shop)
    answer = sam.post(f"/console/appointments/{appointment.id}/drop-off", data=typed, headers=HTMX)
    assert answer.status_code == 422
    assert answer.text.lstrip().startswith('<form id="move"')
    assert sentence in answer.text
    assert (appointment.date, appointment.revision) == (date(2025, 5, 13), 0)


def test_a_cancelled_appointment_can_not_be_moved(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop)
    appointment.cancel(by=SAM)
    answer = sam.post(f"/console/appointments/{appointment.id}/drop-off", data={"date": "2025-05-20"}, headers=HTMX)
    assert (answer.status_code, "This appointment is over and can&#39;t be moved." in answer.text) == (422, True)


def test_the_appointments_page_tells_all_in_order_and_why_each_message_went(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop)
    appointment.request_reschedule("Friday", by=SAM)
    appointment.confirm(by=SAM, channel="phone")
    page = sam.get(f"/console/appointments/{appointment.id}").text
    order = [page.index(words) for words in ("Booked for", "Asked for another date: Friday", "Confirmed, by phone")]
    assert order == sorted(order)
    for words in ("Why?", "The customer agreed to texts at this number: (312) 555-0142.", appointment.visit.link.url, "May be texted"):
        assert words in page
