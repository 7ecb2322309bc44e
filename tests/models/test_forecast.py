"""What will go out: the same rules, run forward, and what really goes when the clock gets there."""

import json
from collections.abc import Callable
from datetime import date, time

import pytest
from flask import Flask

from models import Actor, Appointment, Consent, Delivery, Refused, Shop, Skip, db, plan
from models.day import Day
from models.forecast import Forecast
from models.standing import Standing
from tests.ground.makers import MARIA, SAM, a_drop_off, a_shop, local

CUSTOMER = Actor("customer", "Maria Lopez", ip="127.0.0.1")
THURSDAY = date(2025, 5, 15)


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


def sent(appointment: Appointment) -> Appointment:
    """The customer has the booking message."""
    for message in appointment.messages:
        message.claim()
        message.accepted(f"SM{message.id}")
    db.session.commit()
    return appointment


def rules_of(shop: Shop) -> dict[str, bool]:
    (line,) = Forecast(shop, 7).lines
    return {rule: passed for rule, passed, _sentence in line.rules}


def test_a_reminder_is_foreseen_at_its_moment_with_its_rules(shop: Shop) -> None:
    sent(a_drop_off(shop, THURSDAY, time(14)))
    (line,) = Forecast(shop, 7).lines
    assert (line.at, line.kind, line.channel, line.to) == (local("2025-05-14 14:00"), "follow_up", "text", MARIA)
    assert line.allowed
    assert ("consent", True, "The customer agreed to texts at this number: (312) 555-0142.") in line.rules


def test_what_goes_now_comes_first_and_what_lies_beyond_is_not_in_it(shop: Shop) -> None:
    a_drop_off(shop, THURSDAY, time(14))
    assert [line.kind for line in Forecast(shop, 7).lines] == ["booking", "follow_up"]
    assert [line.kind for line in Forecast(shop, 1).lines] == ["booking"]


def test_looking_ahead_changes_nothing(shop: Shop) -> None:
    appointment = a_drop_off(shop, THURSDAY, time(14))
    before = (len(appointment.messages), appointment.messages[0].state)
    assert len(Forecast(None, 30).lines) == 2
    assert [*db.session.dirty, *db.session.new] == []
    assert before == (len(appointment.messages), appointment.messages[0].state)


def test_what_a_rule_will_stop_is_foreseen_with_the_rule(shop: Shop) -> None:
    sent(a_drop_off(shop, THURSDAY)).request_reschedule("Friday", by=CUSTOMER)
    (line,) = Forecast(shop, 7).lines
    assert not line.allowed
    assert line.stopped_by == "The customer asked for another date, and nobody has dealt with it yet."


def test_who_may_not_be_texted_any_more_is_foreseen_as_stopped(shop: Shop) -> None:
    sent(a_drop_off(shop, THURSDAY))
    Consent.note(shop, MARIA, given=False, source="keyword", by=CUSTOMER, wording="STOP", version="test")
    assert rules_of(shop)["consent"] is False


def test_who_confirmed_is_reminded_if_the_shop_wants_that(shop: Shop) -> None:
    sent(a_drop_off(shop, THURSDAY)).confirm(by=CUSTOMER)
    assert rules_of(shop)["not_confirmed_or_wanted"] is True
    shop.location.remind_confirmed = False
    assert rules_of(shop)["not_confirmed_or_wanted"] is False


def test_who_prefers_the_phone_is_to_be_called_that_day(shop: Shop) -> None:
    a_drop_off(shop, THURSDAY, preference="phone")
    (line,) = Forecast(shop, 7).lines
    assert (line.channel, line.to, line.allowed) == ("call", MARIA, True)
    assert line.rules[0][2] == "The customer prefers the phone: somebody calls."


def test_a_reminder_put_off_to_the_morning_keeps_another_from_going_that_day(shop: Shop, at: Callable[..., None]) -> None:
    at("2025-05-13 22:30", "America/Chicago")
    appointment = sent(a_drop_off(shop, THURSDAY, time(9)))
    appointment.remind(by=SAM, morning=True)
    lines = Forecast(shop, 7).lines
    assert [(line.at, line.what.split(":")[3], line.allowed) for line in lines] == [
        (local("2025-05-14 08:00"), "remind", True),
        (local("2025-05-14 09:00"), "follow_up", False),
    ]
    assert lines[1].stopped_by == "A reminder went today already."


def test_one_shops_messages_are_not_anothers(shop: Shop) -> None:
    sent(a_drop_off(a_shop("elm", "America/Phoenix"), THURSDAY))
    assert Forecast(shop, 7).lines == []
    assert [line.shop.slug for line in Forecast(None, 7).lines] == ["elm"]


# skipping


def test_what_somebody_skips_is_called_off_when_its_moment_comes_and_says_by_whom(shop: Shop, at: Callable[..., None]) -> None:
    appointment = sent(a_drop_off(shop, THURSDAY))
    (line,) = Forecast(shop, 7).lines
    Skip.of(appointment, line.what, by=SAM)
    Skip.of(appointment, line.what, by=SAM)
    (line,) = Forecast(shop, 7).lines
    assert (line.is_skipped, line.stopped_by) == (True, "Skipped by Sam Ortiz.")
    at("2025-05-14 09:00", "America/Chicago")
    plan.follow_ups()
    message = appointment.messages[-1]
    assert (message.kind, message.state, message.held_by) == ("follow_up", Delivery.cancelled, "Skipped by Sam Ortiz.")
    assert Day(shop, shop.today()).troubles == []


def test_undone_in_time_it_goes_after_all(shop: Shop, at: Callable[..., None]) -> None:
    appointment = sent(a_drop_off(shop, THURSDAY))
    what = Forecast(shop, 7).lines[0].what
    Skip.of(appointment, what, by=SAM)
    Skip.undo(appointment, what, by=SAM)
    Skip.undo(appointment, what, by=SAM)
    at("2025-05-14 09:00", "America/Chicago")
    plan.follow_ups()
    assert appointment.messages[-1].state is Delivery.queued


def test_too_late_is_said_instead_of_done(shop: Shop, at: Callable[..., None]) -> None:
    appointment = sent(a_drop_off(shop, THURSDAY))
    what = Forecast(shop, 7).lines[0].what
    at("2025-05-14 09:00", "America/Chicago")
    plan.follow_ups()
    sent(appointment)
    with pytest.raises(Refused, match="Its moment is past"):
        Skip.of(appointment, what, by=SAM)


def test_of_a_date_that_is_moved_nothing_is_skipped_any_more(shop: Shop) -> None:
    appointment = sent(a_drop_off(shop, THURSDAY))
    Skip.of(appointment, Forecast(shop, 7).lines[0].what, by=SAM)
    appointment.move(date(2025, 5, 16), time(9), by=SAM)
    sent(appointment)
    assert [line.allowed for line in Forecast(shop, 7).lines] == [True]


def test_a_call_that_is_skipped_is_on_no_list(shop: Shop, at: Callable[..., None]) -> None:
    appointment = a_drop_off(shop, THURSDAY, preference="phone")
    Skip.of(appointment, Forecast(shop, 7).lines[0].what, by=SAM)
    db.session.commit()
    at("2025-05-14 08:00", "America/Chicago")
    assert Day(shop, shop.today()).calls == []
    assert appointment.standing is Standing.not_due


# the command


def test_the_command_gives_other_programs_what_they_rely_on(app: Flask, shop: Shop) -> None:
    sent(a_drop_off(shop, THURSDAY))
    sent(a_drop_off(a_shop("elm", "America/Phoenix"), THURSDAY))
    run = app.test_cli_runner().invoke
    (line,) = json.loads(run(args=["forecast", "--days", "7", "--shop", "harbour", "--json"]).output)
    rules = line.pop("rules")
    assert line == {
        "at": "2025-05-14T09:00:00-05:00",
        "kind": "follow_up",
        "channel": "text",
        "customer": "Maria Lopez",
        "to": MARIA,
        "shop": "harbour",
        "allowed": True,
    }
    assert {"rule": "still_stands", "passed": True, "sentence": "The appointment stands as the message says."} in rules
    assert len(json.loads(run(args=["forecast", "--days", "7", "--json"]).output)) == 2


def test_without_json_it_is_a_table_to_read_and_an_unknown_shop_is_named(app: Flask, shop: Shop) -> None:
    sent(a_drop_off(shop, THURSDAY)).request_reschedule("Friday", by=CUSTOMER)
    run = app.test_cli_runner().invoke
    table = run(args=["forecast"]).output
    assert "2025-05-14T09:00  harbour" in table
    assert "will not go: The customer asked for another date" in table
    wrong = run(args=["forecast", "--shop", "nowhere"])
    assert wrong.exit_code != 0
    assert "nowhere" in wrong.output
