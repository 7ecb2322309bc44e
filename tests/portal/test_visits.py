"""What the customer sees and says, stage by stage, on both databases and without a script."""

from collections.abc import Callable
from datetime import time

import pytest

from models import Confirmation, RescheduleRequest, Status, WorkOrder, db
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_customer, a_drop_off, a_shop, a_vehicle, a_work_order, local, next_open_day
from tests.portal.forms import press, read

CONTACT = "A representative from “Harbour Street Garage” will be contacting you to reschedule your repair"
CONFIRM, RESCHEDULE = "Confirm appointment", "Request reschedule"


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")


def count(noun: type) -> int:
    return db.session.query(noun).count()


def in_status(key: str) -> WorkOrder:
    """Maria's work order, moved on to that status."""
    order = a_work_order(a_shop())
    order.set_status(Status.with_key(order.shop_id, key), by=SAM)
    return order


def test_the_page_shows_shop_vehicle_date_time_with_zone_and_note(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop(), at=time(9), customer_note="Leave the wheel lock key on the seat.")
    page = read(client.get(drop_off.visit.link.path))
    for words in (
        "Harbour Street Garage",
        "2018 Honda Civic",
        "Tuesday, May 13, 2025",
        "9:00 AM CDT",
        "Leave the wheel lock key on the seat.",
        "12 Harbour Street, Chicago, IL 60601",
        "(312) 555-0100",
    ):
        assert words in page.text
    assert set(page.answers) == {CONFIRM, RESCHEDULE}


def test_the_address_opens_directions_and_the_number_calls(client: Visitor) -> None:
    links = read(client.get(a_drop_off(a_shop()).visit.link.path)).links
    directions = links["12 Harbour Street, Chicago, IL 60601 Directions"]
    assert directions.endswith("destination=Harbour+Street+Garage%2C+12+Harbour+Street%2C+Chicago%2C+IL+60601")
    assert links["(312) 555-0100 Call the shop"] == "tel:+13125550100"


def test_without_a_time_the_page_says_from_when_the_shop_is_open(client: Visitor) -> None:
    assert "from 8:00 AM CDT" in read(client.get(a_drop_off(a_shop(), at=None).visit.link.path)).text


def test_the_notes_for_the_shop_are_not_shown(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop(), shop_note="pays late", type_of_work="Brakes")
    assert "pays late" not in client.get(drop_off.visit.link.path).text


def test_confirming_sends_back_to_a_page_that_says_so_and_offers_the_calendar(client: Visitor) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    answer = press(client, link, CONFIRM)
    assert (answer.status_code, answer.location) == (303, link)
    page = read(client.get(link))
    assert "Your appointment is confirmed" in page.text
    assert CONFIRM not in page.forms
    assert page.links["Add to calendar"] == f"{link}/appointment.ics"
    assert page.links["Google Calendar"].startswith("https://calendar.google.com/calendar/render?action=TEMPLATE&text=Drop-off")
    assert page.links["Outlook"].startswith("https://outlook.live.com/calendar/")


def test_before_confirming_no_calendar_is_offered(client: Visitor) -> None:
    assert "Add to calendar" not in read(client.get(a_drop_off(a_shop()).visit.link.path)).links


def test_the_confirmation_is_a_fact_with_name_channel_and_address(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop())
    press(client, drop_off.visit.link.path, CONFIRM)
    fact = drop_off.confirmation
    assert fact
    assert (fact.actor_kind, fact.actor_name, fact.channel, fact.ip) == ("customer", "Maria Lopez", "web", "127.0.0.1")


def test_htmx_gets_the_changed_part_alone_with_the_focus_on_its_headline(client: Visitor) -> None:
    answer = press(client, a_drop_off(a_shop()).visit.link.path, CONFIRM, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="appointment">')
    assert 'tabindex="-1" autofocus' in answer.text


def test_a_shop_may_leave_rescheduling_off(client: Visitor) -> None:
    link = a_drop_off(a_shop(reschedule_allowed=False)).visit.link.path
    form = read(client.get(link)).answers
    assert set(form) == {CONFIRM}
    assert client.post(f"{link}/reschedule-request", data=form[CONFIRM].fields).status_code == 303
    assert count(RescheduleRequest) == 0


def test_one_tap_asks_to_reschedule_and_the_page_says_who_will_call(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop())
    press(client, drop_off.visit.link.path, RESCHEDULE)
    page = read(client.get(drop_off.visit.link.path))
    assert CONTACT in page.text
    assert f"{CONTACT}." not in page.text
    assert drop_off.open_request
    assert drop_off.revision == 0


def test_the_days_that_suit_may_be_told_afterwards(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop())
    press(client, drop_off.visit.link.path, RESCHEDULE)
    press(client, drop_off.visit.link.path, "Send", wishes="Any morning\r\nnext week")
    assert drop_off.open_request
    assert drop_off.open_request.wishes == "Any morning\nnext week"
    page = read(client.get(drop_off.visit.link.path))
    assert "Any morning next week" in page.text
    assert "Send" not in page.forms
    assert count(RescheduleRequest) == 1


@pytest.mark.parametrize("wishes", ["", "   ", "x" * 1000, "<b>\0\u202e'; --", "🚗" * 500])
def test_any_wish_up_to_a_thousand_characters_is_taken(client: Visitor, wishes: str) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    assert press(client, link, RESCHEDULE, wishes=wishes).status_code == 303
    assert CONTACT in read(client.get(link)).text


def test_too_long_a_wish_is_refused_beside_the_field_and_kept(client: Visitor) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    press(client, link, RESCHEDULE)
    answer = press(client, link, "Send", wishes="x" * 1001)
    assert answer.status_code == 422
    page = read(answer)
    assert "Please keep it under 1000 characters." in page.text
    assert page.forms["Send"].fields["wishes"] == "x" * 1001
    assert 'aria-describedby="days-wrong"' in answer.text


def test_too_long_a_wish_in_the_first_request_is_refused_and_kept_too(client: Visitor) -> None:
    answer = press(client, a_drop_off(a_shop()).visit.link.path, RESCHEDULE, wishes="x" * 1001)
    assert answer.status_code == 422
    assert read(answer).forms["Send"].fields["wishes"] == "x" * 1001
    assert count(RescheduleRequest) == 0


def test_who_confirmed_can_still_ask_to_reschedule_and_both_stay_visible(client: Visitor, at: Callable[..., None]) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    press(client, link, CONFIRM)
    at("2025-05-12 10:30", "America/Chicago")
    press(client, link, RESCHEDULE)
    text = read(client.get(link)).text
    assert CONTACT in text
    assert text.index("You confirmed on May 12, 2025, 8:15 AM CDT.") < text.index("You asked to reschedule on May 12, 2025, 10:30 AM CDT.")


def test_who_asked_to_reschedule_can_still_confirm_and_both_stay_visible(client: Visitor, at: Callable[..., None]) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    press(client, link, RESCHEDULE)
    at("2025-05-12 10:30", "America/Chicago")
    press(client, link, CONFIRM)
    page = read(client.get(link))
    assert "Your appointment is confirmed" in page.text
    assert page.text.index("You asked to reschedule") < page.text.index("You confirmed on")
    assert RESCHEDULE in page.forms


def test_minds_may_change_as_often_as_they_like(client: Visitor, at: Callable[..., None]) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    for minute, button in enumerate((CONFIRM, RESCHEDULE, CONFIRM, RESCHEDULE), start=20):
        at(f"2025-05-12 08:{minute}", "America/Chicago")
        press(client, link, button)
    assert (count(Confirmation), count(RescheduleRequest)) == (2, 2)
    assert CONTACT in read(client.get(link)).text


def test_ten_taps_are_one_confirmation(client: Visitor) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    form = read(client.get(link)).forms[CONFIRM]
    assert {client.post(form.action, data=form.fields).status_code for _ in range(10)} == {303}
    assert count(Confirmation) == 1


def test_ten_taps_are_one_request(client: Visitor) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    form = read(client.get(link)).forms[RESCHEDULE]
    assert {client.post(form.action, data=form.fields).status_code for _ in range(10)} == {303}
    assert count(RescheduleRequest) == 1


@pytest.mark.parametrize("name", ["confirmation", "reschedule-request"])
def test_reloading_where_a_form_went_leads_back_to_the_page(client: Visitor, name: str) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    answer = client.get(f"{link}/{name}")
    assert (answer.status_code, answer.location) == (303, link)
    assert count(Confirmation) + count(RescheduleRequest) == 0


def test_a_moved_appointment_shows_the_new_date_and_that_the_confirmation_no_longer_counts(client: Visitor) -> None:
    shop = a_shop()
    drop_off = a_drop_off(shop)
    press(client, drop_off.visit.link.path, CONFIRM)
    drop_off.move(next_open_day(shop, 3), time(10, 30), by=SAM)
    page = read(client.get(drop_off.visit.link.path))
    assert "Your appointment has moved" in page.text
    assert "no longer counts" in page.text
    assert "Thursday, May 15, 2025" in page.text
    assert "10:30 AM CDT" in page.text
    assert CONFIRM in page.forms
    press(client, drop_off.visit.link.path, CONFIRM)
    assert "Your appointment is confirmed" in read(client.get(drop_off.visit.link.path)).text


def test_a_page_from_before_the_move_confirms_nothing_unseen(client: Visitor) -> None:
    shop = a_shop()
    drop_off = a_drop_off(shop)
    form = read(client.get(drop_off.visit.link.path)).forms[CONFIRM]
    drop_off.move(next_open_day(shop, 3), time(10, 30), by=SAM)
    answer = client.post(form.action, data=form.fields)
    assert answer.status_code == 422
    assert "The appointment was changed while this page was open." in read(answer).text
    assert count(Confirmation) == 0


def test_a_cancelled_appointment_says_so_and_gives_the_number_to_call(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop())
    drop_off.cancel(by=SAM)
    page = read(client.get(drop_off.visit.link.path))
    assert "This appointment was cancelled" in page.text
    assert page.links["Call (312) 555-0100"] == "tel:+13125550100"
    assert page.answers == {}


def test_a_cancelled_appointment_that_was_confirmed_can_be_taken_off_the_calendar(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop())
    press(client, drop_off.visit.link.path, CONFIRM)
    drop_off.cancel(by=SAM)
    links = read(client.get(drop_off.visit.link.path)).links
    assert links["Take it off my calendar"] == f"{drop_off.visit.link.path}/appointment.ics"


def test_who_prefers_the_phone_reads_of_the_cancellation_on_the_page_and_gets_no_message(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop(), preference="phone")
    drop_off.cancel(by=SAM)
    assert "This appointment was cancelled" in read(client.get(drop_off.visit.link.path)).text
    assert drop_off.messages == []


def test_confirming_what_was_cancelled_meanwhile_shows_the_truth_and_no_error(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop())
    form = read(client.get(drop_off.visit.link.path)).forms[CONFIRM]
    drop_off.cancel(by=SAM)
    answer = client.post(form.action, data=form.fields)
    assert answer.status_code == 303
    assert "This appointment was cancelled" in read(client.get(answer.location)).text
    assert count(Confirmation) == 0


def test_after_check_in_the_same_link_shows_the_progress_and_takes_no_answers(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop())
    form = read(client.get(drop_off.visit.link.path)).forms[CONFIRM]
    drop_off.check_in(by=SAM)
    page = read(client.get(drop_off.visit.link.path))
    assert "Your Honda Civic is with us" in page.text
    assert "With us" in page.text
    assert "(312) 555-0100" in page.text
    assert page.answers == {}
    assert client.post(form.action, data=form.fields).status_code == 303
    assert count(Confirmation) == 0


@pytest.mark.parametrize(
    ("language", "headline"), [("en", "Your Honda Civic is ready"), ("es", "Su Honda Civic está listo"), ("nl", "Uw Honda Civic is klaar")]
)
def test_a_vehicle_that_is_ready_is_said_to_be(client: Visitor, language: str, headline: str) -> None:
    order = in_status("st_ready")
    order.promise(local("2025-05-12 16:30"), by=SAM)
    page = read(client.get(f"{order.visit.link.path}?lang={language}"))
    assert headline in page.text
    assert "4:30" not in page.text
    assert page.answers == {}


def test_who_has_the_vehicle_again_reads_thanks_though_the_work_order_is_open(client: Visitor) -> None:
    text = read(client.get(in_status("st_collected").visit.link.path)).text
    assert "Thank you for your visit" in text
    assert "is with us" not in text


def test_once_the_work_order_is_closed_the_same_link_says_thanks(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop())
    drop_off.check_in(by=SAM).close(by=SAM)
    page = read(client.get(drop_off.visit.link.path))
    assert "Thank you for your visit" in page.text
    assert page.answers == {}


def test_a_walk_in_has_a_progress_page_too(client: Visitor) -> None:
    customer = a_customer(a_shop())
    order = WorkOrder.walk_in(customer, a_vehicle(customer), by=SAM)
    assert "Your Honda Civic is with us" in read(client.get(order.visit.link.path)).text
    assert client.get(f"{order.visit.link.path}/appointment.ics").status_code == 404


def test_who_did_not_come_reads_friendly_words_and_the_number(client: Visitor, at: Callable[..., None]) -> None:
    drop_off = a_drop_off(a_shop())
    at("2025-05-13 17:30", "America/Chicago")
    drop_off.mark_no_show(by=SAM)
    page = read(client.get(drop_off.visit.link.path))
    assert "We missed you" in page.text
    assert "Call (312) 555-0100" in page.links
    assert page.answers == {}


def test_a_past_appointment_takes_no_answers(client: Visitor, at: Callable[..., None]) -> None:
    drop_off = a_drop_off(a_shop())
    at("2025-05-14 00:01", "America/Chicago")
    page = read(client.get(drop_off.visit.link.path))
    assert "This appointment has passed" in page.text
    assert page.answers == {}


def test_late_on_the_day_itself_it_can_still_be_confirmed(client: Visitor, at: Callable[..., None]) -> None:
    drop_off = a_drop_off(a_shop())
    at("2025-05-13 23:59", "America/Chicago")
    assert CONFIRM in read(client.get(drop_off.visit.link.path)).forms


def test_once_the_shop_has_dealt_with_a_request_the_page_asks_again(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop())
    press(client, drop_off.visit.link.path, RESCHEDULE)
    assert drop_off.open_request
    drop_off.open_request.settle(by=SAM)
    page = read(client.get(drop_off.visit.link.path))
    assert CONTACT not in page.text
    assert set(page.answers) == {CONFIRM, RESCHEDULE}
    press(client, drop_off.visit.link.path, RESCHEDULE)
    assert CONTACT in read(client.get(drop_off.visit.link.path)).text
    assert drop_off.open_request


def test_a_customer_without_a_first_name_is_greeted_all_the_same(client: Visitor) -> None:
    shop = a_shop()
    drop_off = a_drop_off(shop, customer=a_customer(shop, first_name="", last_name="Pratt"))
    assert "Hello, please let us know" in read(client.get(drop_off.visit.link.path)).text


def test_what_people_wrote_is_text_and_never_markup(client: Visitor) -> None:
    shop = a_shop(name="<b>Bolt</b> & Sons")
    drop_off = a_drop_off(shop, customer_note="<script>alert(1)</script>", customer=a_customer(shop, first_name="<i>Maria</i>"))
    press(client, drop_off.visit.link.path, RESCHEDULE, wishes="<img src=x onerror=alert(1)>")
    html = client.get(drop_off.visit.link.path).text
    for markup in ("<b>Bolt", "<script>alert", "<i>Maria", "<img src=x"):
        assert markup not in html


def test_the_calendars_link_shows_confirms_and_asks_to_move_and_names_nobody(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop())
    link = drop_off.visit.calendar_link.path
    assert link != drop_off.visit.link.path
    assert "Maria" not in client.get(link).text
    press(client, link, CONFIRM)
    assert drop_off.confirmation
    press(client, link, RESCHEDULE, wishes="after the funeral")
    assert "after the funeral" not in client.get(link).text


def test_the_calendars_link_tells_nothing_of_the_visit_after_check_in(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop())
    drop_off.check_in(by=SAM)
    text = read(client.get(drop_off.visit.calendar_link.path)).text
    assert "Checked in" not in text
    assert "This appointment has passed" in text


def test_another_shops_visit_is_behind_another_link(client: Visitor) -> None:
    ours, theirs = a_drop_off(a_shop()), a_drop_off(a_shop("northgate"))
    assert "Northgate" not in client.get(ours.visit.link.path).text
    form = read(client.get(ours.visit.link.path)).forms[CONFIRM]
    answer = client.post(f"{theirs.visit.link.path}/confirmation", data=form.fields)
    assert answer.status_code == 422
    assert count(Confirmation) == 0


def test_the_clock_is_the_shops_wherever_the_customer_is(client: Visitor) -> None:
    assert "9:00 AM MST" in read(client.get(a_drop_off(a_shop(zone="America/Phoenix")).visit.link.path)).text
