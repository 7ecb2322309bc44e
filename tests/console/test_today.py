"""Today: the drop-offs of the day, and everything that needs a person, with one press for each."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest

from models import Actor, Appointment, Delivery, Shop, db
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_customer, a_drop_off, a_member, a_shop, a_vehicle, signed_in
from tests.ground.plain import plain

HTMX = {"HX-Request": "true"}
CUSTOMER = Actor("customer", "Maria Lopez", ip="127.0.0.1")
TUESDAY = date(2025, 5, 13)


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


def somebody(shop: Shop, name: str, preference: str = "text", day: date = TUESDAY, at: time | None = time(9)) -> Appointment:
    number = 140 + shop.id * 0 + sum(name.encode()) % 50
    customer = a_customer(shop, "Lena", name, phones=[f"+1312555{number:04}"], emails=[f"{name.lower()}@mail.example"])
    a_vehicle(customer)
    return a_drop_off(shop, day, at, preference, customer)


def test_the_day_shows_who_comes_when_with_what_and_how_it_stands(sam: Visitor, shop: Shop) -> None:
    a_drop_off(shop, TUESDAY, type_of_work="Front brakes", shop_note="Second key in the glove box")
    page = sam.get("/console/?day=2025-05-13").text
    for words in (
        "9:00 AM",
        "Maria Lopez",
        "2018 Honda Civic",
        "DEMO 101",
        "Front brakes",
        "Second key in the glove box",
        "Queued",
        "8:15 AM",
    ):
        assert words in page


def test_today_is_the_day_without_asking_and_nonsense_is_today(sam: Visitor) -> None:
    for address in ("/console/", "/console/?day=tomorrowish", "/console/?day=2025-13-45"):
        assert "Monday, May 12, 2025" in sam.get(address).text


def test_a_day_without_drop_offs_says_so_and_offers_to_book(sam: Visitor) -> None:
    page = sam.get("/console/?day=2025-05-14").text
    assert "No drop-offs on this day." in page
    assert "/console/appointments/new?date=2025-05-14" in page


def test_nothing_to_do_says_so(sam: Visitor) -> None:
    assert "Nothing waits for you." in sam.get("/console/").text


def test_the_panel_comes_alone_to_htmx_and_is_kept_by_no_cache(sam: Visitor) -> None:
    answer = sam.get("/console/", headers=HTMX)
    assert answer.text.lstrip().startswith('<div id="today"')
    assert (answer.headers["Cache-Control"], "HX-Request" in answer.headers["Vary"]) == ("no-store", True)


def test_a_reschedule_request_shows_with_its_wishes_and_a_count_until_it_is_dealt_with(sam: Visitor, shop: Shop) -> None:
    drop_off = a_drop_off(shop)
    request = drop_off.request_reschedule("Thursday after 3 <b>please</b>", by=CUSTOMER)
    page = sam.get("/console/").text
    assert "Thursday after 3 &lt;b&gt;please&lt;/b&gt;" in page
    assert 'data-count="1"' in page
    answer = sam.post(f"/console/reschedule-requests/{request.id}/settlement", headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (200, "refresh")
    page = sam.get("/console/").text
    assert "Thursday after 3" not in page
    assert 'data-count="0"' in page


def test_what_the_customer_said_about_the_date_is_told_in_its_order(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    at("2025-05-12 08:20", "America/Chicago")
    drop_off = a_drop_off(shop)
    drop_off.confirm(by=CUSTOMER, channel="web")
    at("2025-05-12 08:25", "America/Chicago")
    drop_off.request_reschedule("", by=CUSTOMER)
    assert "confirmed 8:20 AM · asked 8:25 AM" in sam.get("/console/").text
    at("2025-05-12 08:30", "America/Chicago")
    drop_off.confirm(by=CUSTOMER, channel="web")
    assert "asked 8:25 AM · confirmed 8:30 AM" in sam.get("/console/").text


def test_who_asks_again_without_wishes_is_shown_with_the_earlier_ones(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    drop_off = a_drop_off(shop)
    drop_off.request_reschedule("Thursday after 3", by=CUSTOMER)
    at("2025-05-12 08:25", "America/Chicago")
    drop_off.confirm(by=CUSTOMER, channel="web")
    at("2025-05-12 08:30", "America/Chicago")
    drop_off.request_reschedule("", by=CUSTOMER)
    for address in ("/console/", f"/console/appointments/{drop_off.id}"):
        assert "Said 8:15 AM: Thursday after 3" in plain(sam.get(address).text)
    drop_off.request_reschedule("Any Friday", by=CUSTOMER)
    page = sam.get("/console/").text
    assert "Any Friday" in page
    assert "Thursday after 3" not in page


def test_wishes_about_an_earlier_date_are_not_held_against_the_new_one(sam: Visitor, shop: Shop) -> None:
    drop_off = a_drop_off(shop)
    drop_off.request_reschedule("Thursday after 3", by=CUSTOMER)
    drop_off.move(date(2025, 5, 15), time(15), by=SAM)
    drop_off.request_reschedule("", by=CUSTOMER)
    assert "Thursday after 3" not in sam.get("/console/").text


def test_a_check_in_ahead_of_its_day_asks_first(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    drop_off = a_drop_off(shop)
    for address in (f"/console/?day={drop_off.date}", f"/console/appointments/{drop_off.id}"):
        assert "Check in Maria Lopez now? The drop-off is on Tuesday, May 13, 2025." in sam.get(address).text
    at("2025-05-13 08:45", "America/Chicago")
    for address in ("/console/", f"/console/appointments/{drop_off.id}"):
        page = sam.get(address).text
        assert "Check in" in page
        assert "Check in Maria Lopez now?" not in page


def test_the_count_alone_is_served_to_its_badge(sam: Visitor, shop: Shop) -> None:
    a_drop_off(shop).request_reschedule("", by=CUSTOMER)
    assert 'data-count="1"' in sam.get("/console/reschedule-requests/count", headers=HTMX).text


def test_a_failed_message_says_what_went_wrong_and_what_to_do(sam: Visitor, shop: Shop) -> None:
    message = a_drop_off(shop, customer=a_customer(shop, emails=[])).messages[0]
    message.advance("claim")
    message.refused("30006")
    assert "This is a landline or can&#39;t be reached by text. Call, or use e-mail." in sam.get("/console/").text


def test_a_message_held_back_says_which_rule_holds_it(sam: Visitor, shop: Shop) -> None:
    shop.texting_number = None
    a_drop_off(shop)
    assert "The shop has no number for texts yet." in sam.get("/console/").text


@pytest.mark.parametrize(("went", "state"), [("1", Delivery.sent), ("0", Delivery.failed)])
def test_a_person_settles_what_became_of_an_unknown_message_once(sam: Visitor, shop: Shop, went: str, state: Delivery) -> None:
    message = a_drop_off(shop).messages[0]
    message.advance("claim")
    message.lost()
    page = sam.get("/console/").text
    assert "It arrived" in page
    assert "It did not" in page
    assert sam.post(f"/console/messages/{message.id}/fate", data={"went": went}, headers=HTMX).status_code == 200
    assert message.state is state
    again = sam.post(f"/console/messages/{message.id}/fate", data={"went": went}, headers=HTMX)
    assert (again.status_code, "not unknown any more" in again.text) == (422, True)


def test_who_prefers_the_phone_is_to_be_called_on_the_day_the_reminder_would_have_gone(
    sam: Visitor, shop: Shop, at: Callable[..., None]
) -> None:
    drop_off = somebody(shop, "Schmidt", "phone", date(2025, 5, 15))
    assert 'id="calls"' not in sam.get("/console/").text
    at("2025-05-14 08:00", "America/Chicago")
    page = sam.get("/console/").text
    assert f'id="call-{drop_off.id}"' in page
    assert f'href="tel:{drop_off.customer.phone.number}"' in page
    sam.post(f"/console/appointments/{drop_off.id}/confirmation", headers=HTMX)
    assert 'id="calls"' not in sam.get("/console/").text
    assert drop_off.confirmation
    assert drop_off.confirmation.actor_name == "Sam Ortiz"


def test_who_did_not_come_stays_on_the_list_for_a_week(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    drop_off = a_drop_off(shop, TUESDAY)
    at("2025-05-13 12:00", "America/Chicago")
    assert sam.post(f"/console/appointments/{drop_off.id}/no-show", headers=HTMX).status_code == 200
    at("2025-05-16 08:00", "America/Chicago")
    assert f'id="missed-{drop_off.id}"' in sam.get("/console/").text
    at("2025-05-21 08:00", "America/Chicago")
    assert f'id="missed-{drop_off.id}"' not in sam.get("/console/").text


def test_a_no_show_can_be_undone_at_once_and_later(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    drop_off = a_drop_off(shop, TUESDAY)
    at("2025-05-13 12:00", "America/Chicago")
    undo = f'action="/console/appointments/{drop_off.id}/no-show/return"'
    toast = sam.post(f"/console/appointments/{drop_off.id}/no-show", headers=HTMX).text
    assert "Undo" in toast
    assert undo in toast
    assert undo in sam.get("/console/").text
    assert undo in sam.get(f"/console/appointments/{drop_off.id}").text
    answer = sam.post(f"/console/appointments/{drop_off.id}/no-show/return", headers=HTMX)
    assert "Maria Lopez is expected after all." in answer.text
    assert drop_off.stands
    assert undo not in sam.get(f"/console/appointments/{drop_off.id}").text


def test_a_no_show_who_comes_after_all_is_checked_in_where_they_are_listed(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    drop_off = a_drop_off(shop, TUESDAY)
    at("2025-05-13 12:00", "America/Chicago")
    drop_off.mark_no_show(by=SAM)
    check_in = f'action="/console/appointments/{drop_off.id}/check-in"'
    assert check_in in sam.get("/console/").text
    assert check_in in sam.get(f"/console/appointments/{drop_off.id}").text
    sam.post(f"/console/appointments/{drop_off.id}/check-in", headers=HTMX)
    assert drop_off.work_order


def test_who_neither_came_nor_was_marked_is_asked_about_the_next_day(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    drop_off = a_drop_off(shop, TUESDAY)
    at("2025-05-14 08:00", "America/Chicago")
    page = sam.get("/console/").text
    assert f'id="missed-check-in-{drop_off.id}"' in page
    assert f'id="missed-no-show-{drop_off.id}"' in page


def test_a_no_show_before_the_time_is_refused_in_words(sam: Visitor, shop: Shop) -> None:
    drop_off = a_drop_off(shop, TUESDAY)
    answer = sam.post(f"/console/appointments/{drop_off.id}/no-show", headers=HTMX)
    assert answer.status_code == 422
    assert "Only a drop-off that is past due can be a no-show." in answer.text
    assert "toast--bad" in answer.text


def test_a_drop_off_without_a_check_in_is_late_a_minute_after_its_time(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    a_drop_off(shop, TUESDAY)
    at("2025-05-13 09:02", "America/Chicago")
    assert '<span class="late">late</span>' in sam.get("/console/").text


@pytest.mark.parametrize("verb", ["check-in", "cancellation", "reminder", "confirmation"])
def test_ten_quick_clicks_do_it_once(sam: Visitor, shop: Shop, verb: str) -> None:
    drop_off = a_drop_off(shop, TUESDAY)
    before = len(drop_off.facts)
    answers = {sam.post(f"/console/appointments/{drop_off.id}/{verb}", headers=HTMX).status_code for _ in range(10)}
    assert answers == {200}
    assert len(drop_off.facts) == before + 1


def test_check_in_opens_a_work_order_that_the_queue_shows(sam: Visitor, shop: Shop) -> None:
    drop_off = a_drop_off(shop, TUESDAY)
    answer = sam.post(f"/console/appointments/{drop_off.id}/check-in", headers=HTMX)
    assert "Maria Lopez is checked in, work order 1001." in answer.text
    assert "1001" in sam.get("/console/queue").text


def test_without_htmx_a_button_leads_to_the_appointment_which_says_what_was_done(sam: Visitor, shop: Shop) -> None:
    drop_off = a_drop_off(shop, TUESDAY)
    answer = sam.post(f"/console/appointments/{drop_off.id}/cancellation")
    assert (answer.status_code, answer.location) == (303, f"/console/appointments/{drop_off.id}")
    assert "The drop-off of Maria Lopez is cancelled." in sam.get(answer.location).text


def test_at_night_remind_says_the_recipients_time_and_offers_the_morning(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    drop_off = a_drop_off(shop, TUESDAY)
    at("2025-05-12 22:10", "America/Chicago")
    page = sam.get(f"/console/appointments/{drop_off.id}").text
    assert "It is 10:10 PM where Maria Lopez lives." in page
    assert "Remind in the morning, at 8:00 AM" in page
    answer = sam.post(f"/console/appointments/{drop_off.id}/reminder", data={"morning": "1"}, headers=HTMX)
    assert "Goes to Maria Lopez at 8:00 AM CDT." in answer.text


def test_remind_is_not_offered_to_who_prefers_the_phone(sam: Visitor, shop: Shop) -> None:
    drop_off = somebody(shop, "Schmidt", "phone")
    assert "prefers the phone: call instead of reminding" in sam.get(f"/console/appointments/{drop_off.id}").text
    assert sam.post(f"/console/appointments/{drop_off.id}/reminder", headers=HTMX).status_code == 422


def test_the_days_before_and_after_are_one_click_away(sam: Visitor) -> None:
    page = sam.get("/console/?day=2025-05-31").text
    for day in (date(2025, 5, 31) - timedelta(days=1), date(2025, 5, 31) + timedelta(days=1)):
        assert f'href="/console/?day={day}"' in page


def test_a_slip_is_asked_for_and_opened_when_it_is_ready(sam: Visitor, shop: Shop, work: Callable[[], int]) -> None:
    drop_off = a_drop_off(shop, TUESDAY)
    asked = sam.post(f"/console/appointments/{drop_off.id}/slip", headers=HTMX)
    assert "Making the slip…" in asked.text
    db.session.rollback()
    work()
    assert "Open the slip" in sam.get("/console/documents/1", headers=HTMX).text
    pdf = sam.get("/console/documents/1/file")
    assert (pdf.data[:5], pdf.headers["Content-Type"]) == (b"%PDF-", "application/pdf")
    assert "sandbox" not in pdf.headers["Content-Security-Policy"]
