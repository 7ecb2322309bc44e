"""A drop-off dropped elsewhere in the calendar: moved, asked about, refused, undone; and what the customer hears of it."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from models import Actor, Appointment, Delivery, Policy, Shop, db, plan
from models.appointment_moves import UNDO
from models.standing import Standing
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_customer, a_drop_off, a_member, a_shop, a_vehicle, local, signed_in

HTMX = {"HX-Request": "true"}
TUESDAY, WEDNESDAY, SATURDAY = date(2025, 5, 13), date(2025, 5, 14), date(2025, 5, 17)
CUSTOMER = Actor("customer", "Maria Lopez", ip="127.0.0.1")


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


def gone(appointment: Appointment) -> Appointment:
    """What waited to go has gone."""
    for message in appointment.messages:
        if message.state is Delivery.queued:
            message.claim()
            message.accepted(f"SM{message.id}")
    db.session.commit()
    return appointment


def dropped(sam: Visitor, one: Appointment, /, day: date = WEDNESDAY, at: str = "09:30", **more: Any) -> TestResponse:
    fields = {"appointment": one.id, "revision": one.revision, "date": day.isoformat(), "time": at, **more}
    return sam.post("/console/calendar/moves", data=fields, headers=HTMX)


def undone(sam: Visitor, appointment: Appointment, revision: int | None = None) -> TestResponse:
    fields = {"appointment": appointment.id, "revision": appointment.revision if revision is None else revision}
    return sam.post("/console/calendar/returns", data=fields, headers=HTMX)


def kinds(appointment: Appointment) -> list[tuple[str, str]]:
    return [(message.kind, message.state.name) for message in appointment.messages]


# dropping


def test_it_is_where_it_was_dropped_and_the_message_waits_as_long_as_it_can_be_undone(sam: Visitor, shop: Shop) -> None:
    appointment = gone(a_drop_off(shop, TUESDAY))
    answer = dropped(sam, appointment)
    assert answer.status_code == 200
    assert "Maria Lopez moved to Wed, May 14, 9:30 AM." in answer.text
    assert "A text goes out in 20 seconds." in answer.text
    assert "Undo" in answer.text
    assert answer.headers["HX-Trigger"] == "refresh"
    assert (appointment.date, appointment.time) == (WEDNESDAY, time(9, 30))
    assert kinds(appointment) == [("booking", "sent"), ("moved", "planned")]
    assert appointment.messages[-1].due_at == local("2025-05-12 08:15") + UNDO


def test_nobody_having_undone_it_the_message_goes(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    appointment = gone(a_drop_off(shop, TUESDAY))
    dropped(sam, appointment)
    at("2025-05-12 08:16", "America/Chicago")
    plan.wake()
    assert kinds(appointment)[-1] == ("moved", "queued")


def test_on_a_day_without_a_time_it_has_none(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop, TUESDAY)
    dropped(sam, appointment, at="")
    assert (appointment.date, appointment.time) == (WEDNESDAY, None)


def test_dropped_where_it_was_nothing_happens(sam: Visitor, shop: Shop) -> None:
    appointment = gone(a_drop_off(shop, TUESDAY))
    assert "It stays where it was." in dropped(sam, appointment, TUESDAY, "09:00").text
    assert (appointment.revision, kinds(appointment)) == (0, [("booking", "sent")])


def test_a_stale_tab_does_not_move_what_somebody_else_moved(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop, TUESDAY)
    appointment.move(WEDNESDAY, time(14), by=SAM)
    answer = dropped(sam, appointment, date(2025, 5, 15), revision=0)
    assert answer.status_code == 422
    assert "Somebody else moved this appointment meanwhile." in answer.text
    assert (appointment.date, appointment.time) == (WEDNESDAY, time(14))


@pytest.mark.parametrize("end", ["check_in", "cancel"])
def test_what_is_over_can_not_be_picked_up_and_not_be_dropped(sam: Visitor, shop: Shop, end: str) -> None:
    appointment = a_drop_off(shop, TUESDAY)
    appointment_page = "/console/calendar?view=week&date=2025-05-13"
    assert "data-revision" in sam.get(appointment_page).text
    getattr(appointment, end)(by=Actor("staff", "Sam Ortiz"))
    assert "data-revision" not in sam.get(appointment_page).text
    assert "This appointment is over and can" in dropped(sam, appointment).text


def test_what_is_past_can_not_be_picked_up(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    a_drop_off(shop, TUESDAY)
    at("2025-05-14 08:15", "America/Chicago")
    page = sam.get("/console/calendar?view=week&date=2025-05-13").text
    assert "Maria Lopez" in page
    assert "data-revision" not in page


def test_who_may_not_book_can_not_move(client: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop, TUESDAY)
    signed_in(client, a_member(shop, "mechanic"))
    assert dropped(client, appointment).status_code == 403


def test_another_shops_is_not_there(sam: Visitor) -> None:
    appointment = a_drop_off(a_shop("elm"), TUESDAY)
    assert dropped(sam, appointment).status_code == 404
    assert undone(sam, appointment).status_code == 404


@pytest.mark.parametrize("fields", [{"appointment": "x"}, {"day": TUESDAY, "at": "noon"}, {"date": "soon"}, {"revision": ""}])
def test_nonsense_is_refused_in_words(sam: Visitor, shop: Shop, fields: dict[str, Any]) -> None:
    appointment = a_drop_off(shop, TUESDAY)
    assert dropped(sam, appointment, **fields).status_code in {404, 422}
    assert appointment.date == TUESDAY


# asking


def test_what_the_shop_warns_of_is_asked_in_a_dialog_and_done_when_somebody_says_so(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop, TUESDAY)
    answer = dropped(sam, appointment, at="07:00")
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#move-question")
    assert "Move Maria Lopez to Wed, May 14, 7:00 AM?" in answer.text
    assert "Outside opening hours, which are 8:00" in answer.text
    assert appointment.date == TUESDAY
    assert dropped(sam, appointment, at="07:00", accept_warnings=1).status_code == 200
    assert (appointment.date, appointment.time) == (WEDNESDAY, time(7))


def test_a_full_day_is_asked_about_too(sam: Visitor, shop: Shop) -> None:
    shop.location.capacity = 1
    lena = a_customer(shop, "Lena", "Berg", phones=[], emails=["lena@mail.example"])
    a_vehicle(lena)
    a_drop_off(shop, WEDNESDAY, preference="email", customer=lena)
    answer = dropped(sam, a_drop_off(shop, TUESDAY))
    assert "That day is full: 1 of 1 drop-offs are booked." in answer.text


def test_what_the_shop_refuses_stays_where_it_was_with_a_sentence(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop, TUESDAY)
    answer = dropped(sam, appointment, SATURDAY)
    assert answer.status_code == 422
    assert "HX-Retarget" not in answer.headers
    assert "The shop is closed on that weekday." in answer.text
    assert appointment.date == TUESDAY


def test_in_the_customers_night_somebody_says_whether_the_message_waits(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    at("2025-05-12 22:40", "America/Chicago")
    appointment = gone(a_drop_off(shop, date(2025, 5, 15)))
    question = dropped(sam, appointment)
    assert "It is 10:40 PM where Maria Lopez lives." in question.text
    assert appointment.revision == 0
    answer = dropped(sam, appointment, tell="morning")
    assert appointment.messages[-1].due_at == local("2025-05-13 08:00")
    assert "Goes to Maria Lopez at 8:00 AM" in answer.text


def test_warnings_are_not_lost_behind_the_question_of_the_hour(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    at("2025-05-12 22:40", "America/Chicago")
    appointment = a_drop_off(shop, TUESDAY)
    question = dropped(sam, appointment, at="07:00").text
    assert "Outside opening hours" in question
    assert "Move, tell at 8:00 AM" in question


def test_who_prefers_the_phone_is_to_be_called(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop, TUESDAY, preference="phone")
    assert "The customer prefers the phone: call." in dropped(sam, appointment).text
    assert kinds(appointment) == []


# undoing


def test_a_call_that_was_due_is_due_again_after_undo(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    appointment = a_drop_off(shop, TUESDAY, preference="phone")
    at("2025-05-12 11:00", "America/Chicago")
    assert appointment.standing is Standing.call
    dropped(sam, appointment)
    undone(sam, appointment)
    assert appointment.standing is Standing.call


def test_undone_in_time_nobody_hears_of_it_and_what_was_said_counts_again(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    appointment = gone(a_drop_off(shop, TUESDAY))
    appointment.confirm(by=CUSTOMER)
    dropped(sam, appointment)
    assert appointment.confirmation is None
    answer = undone(sam, appointment)
    assert "Back where it was: Tomorrow, 9:00 AM." in answer.text
    assert (appointment.date, appointment.time, appointment.revision) == (TUESDAY, time(9), 2)
    assert appointment.confirmation
    assert kinds(appointment) == [("booking", "sent"), ("moved", "cancelled")]
    assert appointment.latest_message is appointment.messages[0]
    assert appointment.messages[1].held_by == "The appointment is over or was changed since."
    at("2025-05-12 08:20", "America/Chicago")
    plan.wake()
    assert kinds(appointment)[-1] == ("moved", "cancelled")


def test_undone_too_late_the_customer_is_told_the_earlier_date_again(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    appointment = gone(a_drop_off(shop, TUESDAY))
    dropped(sam, appointment)
    at("2025-05-12 08:16", "America/Chicago")
    plan.wake()
    gone(appointment)
    assert "The customer knew already" in undone(sam, appointment).text
    assert kinds(appointment) == [("booking", "sent"), ("moved", "sent"), ("moved", "queued")]
    assert appointment.date == TUESDAY


def test_a_request_that_the_move_closed_is_open_again(sam: Visitor, shop: Shop) -> None:
    appointment = gone(a_drop_off(shop, TUESDAY))
    appointment.request_reschedule("Friday", by=CUSTOMER)
    dropped(sam, appointment)
    assert appointment.open_request is None
    undone(sam, appointment)
    assert appointment.open_request
    assert appointment.open_request.wishes == "Friday"


def test_a_message_that_the_move_called_off_goes_after_all(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop, TUESDAY)
    dropped(sam, appointment)
    undone(sam, appointment)
    assert kinds(appointment) == [("booking", "cancelled"), ("moved", "cancelled"), ("booking", "queued")]


def test_on_a_clock_that_runs_all_that_the_move_ended_is_taken_up_too(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago", ticks=True)
    appointment = a_drop_off(shop, TUESDAY)
    appointment.request_reschedule("Friday", by=CUSTOMER)
    dropped(sam, appointment)
    undone(sam, appointment)
    assert appointment.open_request
    assert kinds(appointment) == [("booking", "cancelled"), ("moved", "cancelled"), ("booking", "queued")]


def test_undone_twice_or_after_another_move_it_stays(sam: Visitor, shop: Shop) -> None:
    appointment = gone(a_drop_off(shop, TUESDAY))
    dropped(sam, appointment)
    moved = appointment.revision
    undone(sam, appointment, moved)
    answer = undone(sam, appointment, moved)
    assert (answer.status_code, appointment.date) == (422, TUESDAY)
    assert "It stays where it is now." in answer.text
    assert undone(sam, appointment).status_code == 422


def test_a_place_that_somebody_took_meanwhile_is_not_taken_back(sam: Visitor, shop: Shop) -> None:
    shop.location.capacity, shop.location.capacity_policy = 1, Policy.refuse
    appointment = gone(a_drop_off(shop, TUESDAY))
    dropped(sam, appointment)
    lena = a_customer(shop, "Lena", "Berg", phones=[], emails=["lena@mail.example"])
    a_vehicle(lena)
    a_drop_off(shop, TUESDAY, preference="email", customer=lena)
    assert "That day is full" in undone(sam, appointment).text
    assert appointment.date == WEDNESDAY


def test_a_late_one_moved_by_a_slip_comes_back_though_its_time_is_past(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    appointment = gone(a_drop_off(shop, TUESDAY))
    at("2025-05-13 09:30", "America/Chicago")
    dropped(sam, appointment)
    undone(sam, appointment)
    assert (appointment.date, appointment.time) == (TUESDAY, time(9))
