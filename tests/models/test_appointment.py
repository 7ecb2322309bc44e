"""Booking, moving, answering (specification 1, points 1 to 7, 14 to 19)."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask

from models import (
    Actor,
    Appointment,
    ClosingDay,
    Consent,
    Delivery,
    Entry,
    Refused,
    RescheduleRequest,
    Stage,
    Standing,
    WorkOrder,
    db,
    plan,
)
from models.day import Day
from tests.ground.makers import SAM, a_customer, a_drop_off, a_shop, a_vehicle, consenting, local, next_open_day

MARIA = Actor("customer", "Maria Lopez", 1, "203.0.113.9")


def refusal(act: Callable[[], object]) -> dict[str | None, str]:
    with pytest.raises(Refused) as refused:
        act()
    return {field: str(words) for field, words in refused.value.errors.items()}


def test_text_needs_a_mobile_number_in_the_first_phone_field(app: Flask) -> None:
    shop = a_shop(country="NL", zone="Europe/Amsterdam")
    customer = a_customer(shop, phones=["020 123 4567", "06 12345678"])
    assert "mobile" in refusal(lambda: a_drop_off(shop, customer=customer))["preference"]


def test_text_needs_consent(app: Flask) -> None:
    customer = a_customer(a_shop())
    vehicle = a_vehicle(customer)
    errors = refusal(lambda: Appointment.book(customer, vehicle, next_open_day(customer.shop), time(9), "text", by=SAM))
    assert "permission" in errors["preference"]


def test_spoken_consent_is_not_enough_where_the_shop_wants_it_in_writing(app: Flask) -> None:
    shop = a_shop(spoken_consent=False)
    assert "preference" in refusal(lambda: a_drop_off(shop))
    customer = consenting(a_customer(shop, last_name="Ramos"), source="written")
    assert a_drop_off(shop, customer=customer).messages[0].state is Delivery.queued


def test_email_needs_an_address(app: Flask) -> None:
    shop = a_shop()
    customer = a_customer(shop, emails=[])
    assert "address" in refusal(lambda: a_drop_off(shop, customer=customer, preference="email"))["preference"]


def test_who_prefers_the_phone_gets_no_message_ever(app: Flask, at: Callable[..., None]) -> None:
    at("2025-05-12 10:00", "America/Chicago")
    appointment = a_drop_off(a_shop(), date(2025, 5, 16), preference="phone")
    at("2025-05-15 12:00", "America/Chicago")
    plan.follow_ups()
    assert appointment.messages == []


def test_who_prefers_the_phone_is_on_the_call_list_from_the_day_of_the_reminder(app: Flask, at: Callable[..., None]) -> None:
    at("2025-05-12 10:00", "America/Chicago")
    shop = a_shop()
    appointment = a_drop_off(shop, date(2025, 5, 16), preference="phone")
    assert Day(shop, shop.today()).calls == []
    at("2025-05-15 07:00", "America/Chicago")
    assert Day(shop, shop.today()).calls == [appointment]
    assert appointment.standing is Standing.call
    appointment.confirm(by=SAM, channel="phone")
    assert Day(shop, shop.today()).calls == []


@pytest.mark.parametrize(
    ("day", "at_time", "field"),
    [
        ("2025-05-13", "09:00", "date"),
        ("2025-05-18", "09:00", "date"),
        ("2025-05-26", "09:00", "date"),
        ("2025-05-16", "06:00", "time"),
        ("2025-05-16", "17:30", "time"),
    ],
)
def test_a_shop_refuses_the_past_closed_days_and_hours(app: Flask, at: Callable[..., None], day: str, at_time: str, field: str) -> None:
    at("2025-05-14 10:00", "America/Chicago")
    shop = a_shop(hours_policy="refuse")
    shop.closing_days.append(ClosingDay(shop_id=shop.id, date=date(2025, 5, 26), name="Memorial Day"))
    assert field in refusal(lambda: a_drop_off(shop, date.fromisoformat(day), time.fromisoformat(at_time)))


def test_what_the_shop_only_warns_of_can_be_accepted(app: Flask, at: Callable[..., None]) -> None:
    at("2025-05-14 10:00", "America/Chicago")
    shop = a_shop(closed_policy="warn", hours_policy="warn")
    customer = consenting(a_customer(shop))
    with pytest.raises(Refused) as refused:
        a_drop_off(shop, date(2025, 5, 18), time(9), customer=customer)
    assert refused.value.only_warnings
    assert a_drop_off(shop, date(2025, 5, 18), time(9), customer=customer, accept_warnings=True).standing is Standing.queued


def test_what_the_shop_refuses_can_not_be_accepted(app: Flask, at: Callable[..., None]) -> None:
    at("2025-05-14 10:00", "America/Chicago")
    shop = a_shop()
    assert "date" in refusal(lambda: a_drop_off(shop, date(2025, 5, 18), accept_warnings=True))


def test_a_time_that_no_clock_will_show_is_refused_whatever_the_shop_warns_of(app: Flask, at: Callable[..., None]) -> None:
    at("2026-03-01 10:00", "America/Chicago")
    shop = a_shop(closed_policy="warn", hours_policy="warn")
    assert "Clocks go forward" in refusal(lambda: a_drop_off(shop, date(2026, 3, 8), time(2, 30), accept_warnings=True))["time"]


def test_a_day_takes_no_more_than_its_capacity(app: Flask) -> None:
    shop = a_shop(capacity=1, capacity_policy="refuse")
    first = a_drop_off(shop)
    assert "full" in refusal(lambda: a_drop_off(shop, customer=first.customer, at=time(10)))["date"]
    first.cancel(by=SAM)
    assert a_drop_off(shop, customer=first.customer, at=time(10))


def test_moving_within_a_full_day_is_no_second_drop_off(app: Flask) -> None:
    shop = a_shop(capacity=1, capacity_policy="refuse")
    appointment = a_drop_off(shop)
    appointment.move(appointment.date, time(11), by=SAM)
    assert appointment.time == time(11)


def test_one_vehicle_is_booked_in_for_one_time_once(app: Flask) -> None:
    first = a_drop_off(a_shop(capacity=5))
    assert "already" in refusal(lambda: a_drop_off(first.shop, customer=first.customer))["date"]


def test_all_objections_are_told_at_once(app: Flask, at: Callable[..., None]) -> None:
    at("2025-05-14 10:00", "America/Chicago")
    shop = a_shop()
    customer = a_customer(shop, emails=[])
    assert set(refusal(lambda: a_drop_off(shop, date(2025, 5, 1), time(3), customer=customer, preference="email"))) == {
        "date",
        "time",
        "preference",
    }


def test_booking_sends_one_message_with_the_link(app: Flask) -> None:
    appointment = a_drop_off(a_shop())
    (message,) = appointment.messages
    assert (message.kind, message.state, message.channel) == ("booking", Delivery.queued, "text")
    assert appointment.visit.link.url in message.body
    assert message.segments == 1


def test_a_shop_may_turn_the_booking_message_off(app: Flask) -> None:
    assert a_drop_off(a_shop(booking_message=False)).messages == []


def test_the_follow_up_is_written_once_when_its_moment_comes(app: Flask, at: Callable[..., None]) -> None:
    at("2025-05-12 10:00", "America/Chicago")
    appointment = a_drop_off(a_shop(), date(2025, 5, 16))
    plan.follow_ups()
    assert [message.kind for message in appointment.messages] == ["booking"]
    at("2025-05-15 09:01", "America/Chicago")
    plan.follow_ups()
    plan.follow_ups()
    assert [message.kind for message in appointment.messages] == ["booking", "follow_up"]


def test_a_requested_reschedule_holds_the_follow_up_back_until_it_is_dealt_with(app: Flask, at: Callable[..., None]) -> None:
    at("2025-05-12 10:00", "America/Chicago")
    appointment = a_drop_off(a_shop(), date(2025, 5, 16))
    request = appointment.request_reschedule("", by=MARIA)
    at("2025-05-15 09:01", "America/Chicago")
    plan.follow_ups()
    assert appointment.messages[-1].state is Delivery.held
    assert "another date" in appointment.messages[-1].held_by
    request.settle(SAM)
    assert appointment.messages[-1].state is Delivery.queued


@pytest.mark.parametrize(("remind_confirmed", "state"), [(True, Delivery.queued), (False, Delivery.held)])
def test_a_confirmed_appointment_is_still_reminded_of_unless_the_shop_turns_that_off(
    app: Flask, at: Callable[..., None], remind_confirmed: bool, state: Delivery
) -> None:
    at("2025-05-12 10:00", "America/Chicago")
    appointment = a_drop_off(a_shop(remind_confirmed=remind_confirmed), date(2025, 5, 16))
    appointment.confirm(by=MARIA)
    at("2025-05-15 09:01", "America/Chicago")
    plan.follow_ups()
    assert appointment.messages[-1].state is state


def test_a_customer_gets_at_most_one_reminder_a_day(app: Flask, at: Callable[..., None]) -> None:
    at("2025-05-12 10:00", "America/Chicago")
    appointment = a_drop_off(a_shop(), date(2025, 5, 16))
    at("2025-05-15 08:30", "America/Chicago")
    appointment.remind(by=SAM).sent_at = local("2025-05-15 08:30")
    at("2025-05-15 09:01", "America/Chicago")
    plan.follow_ups()
    assert appointment.messages[-1].state is Delivery.held


def test_remind_goes_at_once_in_the_employees_name_even_in_quiet_hours(app: Flask, at: Callable[..., None]) -> None:
    at("2025-05-12 22:30", "America/Chicago")
    appointment = a_drop_off(a_shop(), date(2025, 5, 16))
    at("2025-05-12 22:45", "America/Chicago")
    message = appointment.remind(by=SAM)
    assert (message.state, message.actor_name) == (Delivery.queued, "Sam Ortiz")
    assert appointment.facts[-1].actor_name == "Sam Ortiz"


def test_remind_may_wait_for_the_recipients_morning(app: Flask, at: Callable[..., None]) -> None:
    at("2025-05-12 22:30", "America/Chicago")
    appointment = a_drop_off(a_shop(), date(2025, 5, 16))
    message = appointment.remind(by=SAM, morning=True)
    assert (message.state, message.due_at) == (Delivery.planned, local("2025-05-13 08:00"))


def test_a_double_click_on_remind_sends_one(app: Flask) -> None:
    appointment = a_drop_off(a_shop())
    assert appointment.remind(by=SAM) is appointment.remind(by=SAM)


def test_moving_ends_the_confirmation_keeps_the_link_and_sends_a_new_message(app: Flask) -> None:
    appointment = a_drop_off(a_shop())
    appointment.confirm(by=MARIA)
    token = appointment.visit.link.token
    appointment.move(next_open_day(appointment.shop, 5), time(10), by=SAM)
    assert appointment.confirmation is None
    assert appointment.earlier_confirmation
    assert appointment.visit.link.token == token
    assert [message.kind for message in appointment.messages if message.state is Delivery.queued] == ["moved"]
    assert appointment.messages[0].state is Delivery.cancelled


def test_moving_to_the_same_time_does_nothing(app: Flask) -> None:
    appointment = a_drop_off(a_shop())
    appointment.move(appointment.date, appointment.time, by=SAM)
    assert appointment.revision == 0


def test_moving_settles_the_request(app: Flask) -> None:
    appointment = a_drop_off(a_shop())
    appointment.request_reschedule("Fridays", by=MARIA)
    appointment.move(next_open_day(appointment.shop, 5), time(10), by=SAM)
    assert RescheduleRequest.count_open(appointment.shop) == 0


def test_saying_the_same_twice_is_one_fact_and_one_entry(app: Flask) -> None:
    appointment = a_drop_off(a_shop())
    for _ in range(3):
        appointment.confirm(by=MARIA)
        db.session.commit()
    assert len(appointment.confirmations) == 1
    assert [entry.verb for entry in appointment.facts].count("appointment.confirmed") == 1


def test_who_confirmed_can_request_and_who_requested_can_confirm_and_staff_see_both_in_order(app: Flask, at: Callable[..., None]) -> None:
    at("2025-05-12 10:00", "America/Chicago")
    appointment = a_drop_off(a_shop(), date(2025, 5, 16))
    for minute, act in enumerate(
        [lambda: appointment.confirm(by=MARIA), lambda: appointment.request_reschedule("", by=MARIA), lambda: appointment.confirm(by=MARIA)]
    ):
        at(f"2025-05-12 10:{minute + 1:02}", "America/Chicago")
        act()
        db.session.commit()
    assert [entry.verb for entry in appointment.facts[1:]] == [
        "appointment.confirmed",
        "appointment.reschedule_requested",
        "appointment.confirmed",
    ]
    assert appointment.standing is Standing.confirmed
    assert RescheduleRequest.count_open(appointment.shop) == 1


def test_who_wavers_waits_in_the_list_once_and_is_dealt_with_at_once(app: Flask, at: Callable[..., None]) -> None:
    at("2025-05-12 10:00", "America/Chicago")
    appointment = a_drop_off(a_shop(), date(2025, 5, 16))
    for minute in range(1, 7, 2):
        at(f"2025-05-12 10:{minute:02}", "America/Chicago")
        newest = appointment.request_reschedule(f"wish {minute}", by=MARIA)
        at(f"2025-05-12 10:{minute + 1:02}", "America/Chicago")
        appointment.confirm(by=MARIA)
        db.session.commit()
    assert RescheduleRequest.count_open(appointment.shop) == 1
    assert appointment.open_request is newest
    newest.settle(SAM)
    assert appointment.open_request is None


def test_a_request_moves_and_cancels_nothing(app: Flask) -> None:
    appointment = a_drop_off(a_shop())
    before = appointment.starts_at
    appointment.request_reschedule("next week", by=MARIA)
    assert (appointment.starts_at, appointment.is_cancelled) == (before, False)


def test_a_shop_that_does_not_offer_it_gets_no_request(app: Flask) -> None:
    appointment = a_drop_off(a_shop(reschedule_allowed=False))
    assert refusal(lambda: appointment.request_reschedule("", by=MARIA))


def test_a_wish_of_a_thousand_and_one_characters_is_refused(app: Flask) -> None:
    appointment = a_drop_off(a_shop())
    assert "wishes" in refusal(lambda: appointment.request_reschedule("x" * 1001, by=MARIA))


def test_check_in_opens_one_work_order_and_ends_answers(app: Flask) -> None:
    appointment = a_drop_off(a_shop())
    order = appointment.check_in(by=SAM)
    assert appointment.check_in(by=SAM) is order
    assert (order.number, appointment.visit.stage) == (1001, Stage.progress)
    assert refusal(lambda: appointment.confirm(by=MARIA))


def test_check_in_calls_off_what_has_not_gone_yet(app: Flask) -> None:
    appointment = a_drop_off(a_shop())
    appointment.check_in(by=SAM)
    assert appointment.messages[0].state is Delivery.cancelled


def test_work_orders_are_numbered_in_each_shop(app: Flask) -> None:
    first, second = a_shop("harbour"), a_shop("northgate")
    numbers = [a_drop_off(shop).check_in(by=SAM).number for shop in (first, second)]
    assert numbers == [1001, 1001]
    customer = a_customer(first, last_name="Walker")
    assert WorkOrder.walk_in(customer, a_vehicle(customer), by=SAM).number == 1002


def test_a_vehicle_that_is_in_the_shop_is_not_checked_in_again(app: Flask) -> None:
    customer = a_customer(a_shop())
    vehicle = a_vehicle(customer)
    order = WorkOrder.walk_in(customer, vehicle, by=SAM)
    assert "1001" in refusal(lambda: WorkOrder.walk_in(customer, vehicle, by=SAM))[None]
    order.close(by=SAM)
    assert WorkOrder.walk_in(customer, vehicle, by=SAM).number == 1002


@pytest.mark.parametrize(("wanted", "kinds"), [(True, ["booking", "cancelled"]), (False, ["booking"])])
def test_cancelling_tells_the_customer_if_the_shop_wants_that(app: Flask, wanted: bool, kinds: list[str]) -> None:
    appointment = a_drop_off(a_shop(cancel_message=wanted))
    appointment.cancel(by=SAM)
    appointment.cancel(by=SAM)
    assert [message.kind for message in appointment.messages] == kinds
    assert appointment.standing is Standing.cancelled


def test_a_drop_off_that_is_not_due_is_no_no_show(app: Flask) -> None:
    assert refusal(lambda: a_drop_off(a_shop()).mark_no_show(by=SAM))


def test_at_closing_time_who_did_not_come_is_marked_where_the_shop_wants_that(app: Flask, at: Callable[..., None]) -> None:
    at("2025-05-16 08:00", "America/Chicago")
    wanting, other = a_shop("harbour", no_show_automatic=True), a_shop("northgate")
    missed, left = a_drop_off(wanting, date(2025, 5, 16)), a_drop_off(other, date(2025, 5, 16))
    at("2025-05-16 17:31", "America/Chicago")
    plan.no_shows()
    plan.no_shows()
    assert (missed.standing, left.no_show) == (Standing.no_show, None)


def test_a_missed_appointment_can_be_moved_and_stands_again(app: Flask, at: Callable[..., None]) -> None:
    at("2025-05-16 08:00", "America/Chicago")
    appointment = a_drop_off(a_shop(), date(2025, 5, 16))
    at("2025-05-16 12:00", "America/Chicago")
    appointment.mark_no_show(by=SAM)
    appointment.move(date(2025, 5, 20), time(9), by=SAM)
    assert appointment.stands


def a_missed_one(at: Callable[..., None], **shop: Any) -> Appointment:
    """Confirmed, then asked to move, then marked by a slip: on a clock that runs, as outside of tests."""
    at("2025-05-16 08:00", "America/Chicago")
    appointment = a_drop_off(a_shop(**shop), date(2025, 5, 16))
    appointment.confirm(by=MARIA)
    appointment.request_reschedule("Friday", by=MARIA)
    at("2025-05-16 12:00", "America/Chicago", ticks=True)
    appointment.mark_no_show(by=SAM)
    return appointment


def test_a_no_show_by_a_slip_is_taken_back_and_what_the_customer_said_counts_again(app: Flask, at: Callable[..., None]) -> None:
    appointment = a_missed_one(at)
    assert (appointment.standing, appointment.open_request) == (Standing.no_show, None)
    appointment.take_back_no_show(by=SAM)
    appointment.take_back_no_show(by=SAM)
    assert appointment.stands
    assert appointment.confirmation
    assert appointment.open_request
    assert appointment.open_request.wishes == "Friday"
    assert (appointment.date, appointment.revision) == (date(2025, 5, 16), 1)
    assert [fact.verb for fact in appointment.facts].count("appointment.no_show_undone") == 1


def test_the_clock_does_not_mark_again_what_somebody_took_back(app: Flask, at: Callable[..., None]) -> None:
    appointment = a_missed_one(at, no_show_automatic=True)
    appointment.take_back_no_show(by=SAM)
    at("2025-05-16 17:31", "America/Chicago")
    plan.no_shows()
    assert appointment.stands
    appointment.mark_no_show(by=SAM)
    assert appointment.no_show


def test_who_came_late_is_checked_in_and_a_no_show_is_no_longer_taken_back(app: Flask, at: Callable[..., None]) -> None:
    appointment = a_missed_one(at)
    appointment.check_in(by=SAM)
    assert appointment.standing is Standing.checked_in
    assert "over" in refusal(lambda: appointment.take_back_no_show(by=SAM))[None]


def test_the_preference_can_change_and_what_waited_to_go_the_old_way_does_not_go(app: Flask) -> None:
    appointment = a_drop_off(a_shop())
    appointment.change(type_of_work="Brakes", shop_note="", customer_note="", preference="phone", by=SAM)
    assert appointment.messages[0].state is Delivery.cancelled


def test_withdrawn_consent_stops_what_is_queued(app: Flask) -> None:
    appointment = a_drop_off(a_shop())
    Consent.note(appointment.shop, "+13125550142", given=False, source="spoken", by=SAM)
    appointment.messages[0].submit()
    assert appointment.messages[0].state is Delivery.held
    assert appointment.standing is Standing.held


def test_an_appointment_without_a_time_is_expected_from_opening(app: Flask) -> None:
    appointment = a_drop_off(a_shop(), at=None)
    assert appointment.shop.local(appointment.starts_at).time() == time(8)
    assert "from opening" in appointment.messages[0].body


def test_in_a_spring_night_the_stored_instant_is_the_wall_time_after_the_change(app: Flask, at: Callable[..., None]) -> None:
    at("2026-03-05 10:00", "America/Chicago")
    appointment = a_drop_off(a_shop(), date(2026, 3, 9), time(9))
    assert appointment.starts_at == local("2026-03-09 09:00")
    assert appointment.starts_at - local("2026-03-06 09:00") == timedelta(days=3) - timedelta(hours=1)


def test_the_log_can_only_grow(app: Flask) -> None:
    appointment = a_drop_off(a_shop())
    entry = db.session.get(Entry, appointment.facts[0].id)
    assert entry
    entry.verb = "appointment.confirmed"
    with pytest.raises(RuntimeError, match="append-only"):
        db.session.flush()
    db.session.rollback()


def test_every_verb_has_a_sentence_for_people(app: Flask, at: Callable[..., None]) -> None:
    at("2025-05-12 10:00", "America/Chicago")
    appointment = a_drop_off(a_shop(), date(2025, 5, 16))
    appointment.request_reschedule("Fridays suit", by=MARIA)
    appointment.confirm(by=SAM, channel="phone")
    appointment.remind(by=SAM)
    appointment.move(date(2025, 5, 20), None, by=SAM)
    appointment.check_in(by=SAM)
    sentences = [entry.sentence for entry in appointment.facts]
    assert sentences[0].startswith("Booked for Fri, May 16, 2025, 9:00")
    assert sentences[1] == "Asked for another date: Fridays suit"
    assert sentences[2:4] == ["Confirmed, by phone", "Reminder asked for, by text"]
    assert sentences[4:] == ["Moved to Tue, May 20, 2025", "Checked in, work order 1001"]
