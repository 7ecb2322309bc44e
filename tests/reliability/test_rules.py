"""What may be sent, and how far it got, whatever happens in whatever order."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from models import Appointment, Consent, ConsentFact, Message, Shop, StopAlarm, clock, db, rule_sentences, sending_rules
from models.delivery import TRANSITIONS, Delivery, after
from models.follow_up import QuietHours, due_at
from tests.ground.makers import MARIA, SAM, a_customer, a_drop_off, a_shop, consenting, local

ENDS = {Delivery.delivered, Delivery.failed, Delivery.cancelled}
UNSENT = {Delivery.planned, Delivery.held, Delivery.queued}
REPORTS = ("accept", "deliver", "refuse", "lose")  # what workers and the provider may say in any order, any number of times
RANK = {Delivery.sending: 0, Delivery.unknown: 1, Delivery.sent: 2, Delivery.delivered: 3, Delivery.failed: 3}
ZONES = ["America/Chicago", "America/New_York", "Europe/Amsterdam", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham", "UTC"]

events, states, zones = (
    st.sampled_from(sorted(TRANSITIONS)),
    st.sampled_from(list(Delivery)),
    st.sampled_from([ZoneInfo(zone) for zone in ZONES]),
)
by_themselves = events.filter(lambda event: event != "renew")  # that one is a person's: a postcard is printed after all
clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
instants = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("tried", "country", "words"),
    [
        (("consent", False, MARIA), "US", "No consent to text this number: (312) 555-0142."),
        (("consent", False, MARIA), "NL", "No consent to text this number: +1 312-555-0142."),
        (("address", True, "maria@mail.example"), "US", "There is an e-mail address: maria@mail.example."),
        (("quiet_hours", False, "21:00–08:00"), "US", "Quiet hours of the recipient: 21:00–08:00."),
        (("not_skipped", False, "Sam Ortiz"), "US", "Skipped by Sam Ortiz."),
        (("address", False, ""), "US", "There is no e-mail address."),
    ],
)
def test_what_a_rule_found_is_one_sentence_with_numbers_as_people_write_them(
    app: Flask, tried: tuple[str, bool, str], country: str, words: str
) -> None:
    assert rule_sentences.sentence(*tried, country) == words


# how far it got


@given(states, events)
def test_every_event_has_an_answer_in_every_state(state: Delivery, event: str) -> None:
    assert after(state, event) in Delivery


@given(st.sampled_from(sorted(ENDS)), st.lists(by_themselves.filter(lambda event: event != "bounce")))
def test_an_end_is_never_undone(end: Delivery, happenings: list[str]) -> None:
    state = end
    for event in happenings:
        state = after(state, event)
    assert state is end


@given(st.sampled_from(["sending", "sent", "unknown", "delivered"]), st.lists(by_themselves))
def test_mail_that_came_back_has_failed_whatever_is_said_before_or_after(begun: str, happenings: list[str]) -> None:
    state = after(Delivery(begun), "bounce")
    for event in happenings:
        state = after(state, event)
    assert state is Delivery.failed


@given(st.lists(st.sampled_from(REPORTS)))
def test_reports_never_take_a_message_back(happenings: list[str]) -> None:
    state = Delivery.sending
    for event in happenings:
        assert RANK[after(state, event)] >= RANK[state]
        state = after(state, event)


@given(st.permutations(["accept", "accept", "deliver", "lose"]))
def test_delivered_is_delivered_in_whatever_order_it_was_told(happenings: list[str]) -> None:
    state = Delivery.sending
    for event in happenings:
        state = after(state, event)
    assert state is Delivery.delivered


@given(
    st.lists(by_themselves.filter(lambda event: event not in {"retry", "again"})),
    st.sampled_from(["sending", "sent", "unknown", "delivered", "failed"]),
)
def test_what_may_have_gone_is_never_queued_again(happenings: list[str], begun: str) -> None:
    """Only a worker that knows for certain that it did not go may try it again, and only from where it holds the claim; and, after the
    provider took it, a carrier that says that it did not arrive."""
    state = Delivery(begun)
    for event in happenings:
        state = after(state, event)
        assert state not in UNSENT
    assert [one for one in Delivery if after(one, "retry") is not one] == [Delivery.sending]
    assert [one for one in Delivery if after(one, "again") is not one] == [Delivery.sent, Delivery.unknown]
    assert [one for one in Delivery if after(one, "renew") is not one] == [Delivery.failed, Delivery.cancelled]


# what may be sent


@dataclass
class World:
    """An appointment's message in any circumstances, without a database."""

    kind: str = "booking"
    channel: str = "text"
    address: str = MARIA
    preference: str = "text"
    may_confirm: bool = True
    revision: int = 0
    confirmed: bool = False
    asked: bool = False
    has_number: bool = True
    remind_confirmed: bool = True
    others: list[Any] = field(default_factory=list)

    def message(self) -> Any:
        quiet = QuietHours(time(21), time(8), ZoneInfo("America/Chicago"))
        zone = ZoneInfo("America/Chicago")
        shop = SimpleNamespace(
            id=1,
            texting_number="+13125550100" if self.has_number else None,
            email="desk@harbour.example",
            tz=zone,
            location=SimpleNamespace(remind_confirmed=self.remind_confirmed, quiet_from=time(21), quiet_until=time(8), spoken_consent=True),
            local=lambda instant: instant.astimezone(zone),
        )
        appointment = SimpleNamespace(
            preference=self.preference,
            may_confirm=self.may_confirm,
            revision=0,
            open_request=object() if self.asked else None,
            confirmation=object() if self.confirmed else None,
            messages=self.others,
            skips=[],
            recipient_quiet=quiet,
            starts_at=clock.now() + timedelta(days=2),
            date=(clock.now() + timedelta(days=2)).date(),
        )
        message = Message(kind=self.kind, channel=self.channel, address=self.address, revision=self.revision)
        return SimpleNamespace(
            **{
                name: getattr(message, name)
                for name in (
                    *("kind", "channel", "address", "revision", "dedupe_key"),
                    *("needs_consent", "clock_started", "instead_of", "instead_of_id"),
                )
            },
            shop=shop,
            appointment=appointment,
            letter=None,
        )


worlds = st.builds(
    World,
    kind=st.sampled_from(["booking", "moved", "follow_up", "remind", "cancelled", "consent_reply"]),
    channel=st.just("text"),
    address=st.sampled_from([MARIA, "", "72345", "+31612345678"]),
    preference=st.sampled_from(["phone", "text", "email"]),
    may_confirm=st.booleans(),
    revision=st.integers(0, 1),
    confirmed=st.booleans(),
    asked=st.booleans(),
    has_number=st.booleans(),
    remind_confirmed=st.booleans(),
)


@given(worlds, st.sampled_from(["none", "withdrawn", "given"]), instants)
@example(World(), "given", datetime(2026, 6, 1, 18, tzinfo=UTC))
def test_without_consent_nothing_is_allowed_whatever_else_holds(world: World, consent: str, moment: datetime) -> None:
    fact = None if consent == "none" else ConsentFact(given=consent == "given", source="written", scope="service")
    with pytest.MonkeyPatch.context() as patched, clock.at(moment):
        patched.setattr(Consent, "of", lambda *_, **__: fact)
        patched.setattr(StopAlarm, "rings", lambda *_: False)
        message = world.message()
        verdict = sending_rules.judge(message)
        rules = [rule for rule, _passed, _note in verdict.trace]
        assert rules == sending_rules._concerning(message), "each rule that concerns it is listed, in order, also those after the first no"
        assert "consent" in rules
        if consent != "given":
            assert not verdict.allowed
            assert verdict.until is None
        if world == World() and consent == "given":
            assert verdict.allowed


@given(clocks, clocks, zones, instants)
def test_what_the_clock_starts_never_goes_in_quiet_hours_in_any_zone(start: time, end: time, zone: ZoneInfo, moment: datetime) -> None:
    world, quiet = World(kind="follow_up"), QuietHours(start, end, zone)
    with pytest.MonkeyPatch.context() as patched, clock.at(moment):
        patched.setattr(Consent, "of", lambda *_, **__: ConsentFact(given=True, source="written", scope="service"))
        patched.setattr(StopAlarm, "rings", lambda *_: False)
        message = world.message()
        message.appointment.recipient_quiet = quiet
        verdict = sending_rules.judge(message)
        assert verdict.allowed == (moment not in quiet)
        if verdict.until:
            assert verdict.until > moment
            assert verdict.until not in quiet


@given(st.dates(datetime(2026, 3, 1).date(), datetime(2026, 11, 30).date()), clocks, clocks, clocks, zones, st.integers(1, 7))
def test_a_follow_up_is_never_planned_into_quiet_hours(day, at: time, start: time, end: time, zone: ZoneInfo, days_before: int) -> None:
    quiet = QuietHours(start, end, zone)
    with clock.at(datetime(2026, 1, 1, tzinfo=UTC)):
        moment = due_at(day, at, days_before=days_before, morning=time(9), is_open=lambda _: True, zone=zone, quiet=quiet)
    assert moment is None or moment not in quiet


@pytest.mark.parametrize("night", ["America/Chicago 2026-03-08", "America/Chicago 2026-11-01", "Australia/Lord_Howe 2026-04-05"])
@pytest.mark.parametrize("span", ["21:00 08:00", "21:00 01:30", "21:00 02:15", "01:30 05:00", "02:30 21:00", "03:00 02:45"])
def test_no_minute_of_a_night_in_which_clocks_change_breaks_the_quiet(night: str, span: str) -> None:
    zone, day = night.split()
    quiet = QuietHours(*(time.fromisoformat(at) for at in span.split()), ZoneInfo(zone))
    begin = local(f"{day} 00:00", zone).astimezone(UTC) - timedelta(hours=6)
    for minute in range(0, 1440, 3):
        moment = begin + timedelta(minutes=minute)
        before, after = quiet.last_allowed(moment), quiet.next_allowed(moment)
        assert before not in quiet
        assert after not in quiet
        assert before <= moment <= after


# one reminder an appointment and day


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop(days_before=1)


def a_due_follow_up(appointment: Appointment) -> Message:
    from models.plan import CLOCK

    message = Message.about(appointment, "follow_up", by=CLOCK)
    db.session.commit()
    return message


def at_ten(day: int) -> Any:
    return clock.at(local(f"2026-06-{day:02} 10:00"))


@pytest.mark.parametrize("state", ["queued", "sending", "sent", "delivered", "unknown"])
def test_a_reminder_that_went_or_goes_today_holds_the_clocks_back(shop: Shop, state: str) -> None:
    with at_ten(2):
        appointment = a_drop_off(shop, local("2026-06-05 09:00").date())
        reminder = appointment.remind(by=SAM)
        reminder.state = Delivery(state)
        reminder.claimed_at = None if state == "queued" else clock.now()
        reminder.sent_at = clock.now() if state in {"sent", "delivered"} else None
        db.session.commit()
        follow_up = a_due_follow_up(appointment)
    assert (follow_up.state, follow_up.held_by) == ("held", "A reminder went today already.")


@pytest.mark.parametrize("state", ["sent", "unknown", "failed", "held"])
def test_a_reminder_of_yesterday_does_not(shop: Shop, state: str) -> None:
    with at_ten(1):
        appointment = a_drop_off(shop, local("2026-06-05 09:00").date())
        reminder = appointment.remind(by=SAM)
        reminder.state, reminder.claimed_at = Delivery(state), clock.now()
        reminder.sent_at = clock.now() if state == "sent" else None
        db.session.commit()
    with at_ten(2):
        assert a_due_follow_up(appointment).state == "queued"


def test_the_day_is_the_shops_own(shop: Shop) -> None:
    """23:30 in Chicago is the next day in UTC."""
    with clock.at(local("2026-06-01 19:30")):
        appointment = a_drop_off(shop, local("2026-06-05 09:00").date())
        reminder = appointment.remind(by=SAM)
        reminder.state, reminder.sent_at = Delivery.sent, local("2026-06-01 23:30")
        db.session.commit()
    with at_ten(2):
        assert a_due_follow_up(appointment).state == "queued"


# what was held back


def test_a_held_text_waits_for_its_hour_when_consent_comes_in_the_night(shop: Shop) -> None:
    """And is not left lying with a reason that has gone."""
    with at_ten(2):
        appointment = a_drop_off(shop, local("2026-06-05 09:00").date())
        db.session.add(ConsentFact(shop_id=shop.id, number=MARIA, scope="service", given=False, source="written", actor_name="Sam"))
        follow_up = a_due_follow_up(appointment)
        assert follow_up.state == "held"
    with clock.at(local("2026-06-02 23:00")):
        consenting(a_customer(shop), "written")
        follow_up.reconsider()
        assert (follow_up.state, follow_up.due_at) == ("planned", local("2026-06-03 08:00"))
    with clock.at(local("2026-06-03 08:00")):
        follow_up.submit()
        assert follow_up.state == "queued"


def test_mail_from_a_shop_without_an_address_is_held_with_the_reason(app: Flask) -> None:
    message = a_drop_off(a_shop(email=""), preference="email").messages[0]
    assert (message.state, message.held_by) == ("held", "The shop has no e-mail address yet.")
