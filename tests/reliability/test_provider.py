"""What the text provider may do to us, and the right end of it each time. It counts what it took: never twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep

import pytest
from flask import Flask
from sqlalchemy import select

from jobs.gateways import Undelivered, texts
from jobs.gateways.phone import Alone
from jobs.messages import deliver, look_up
from jobs.tick import sweep
from models import Appointment, Consent, DeliveryReport, Message, clock, db
from models.message import STUCK
from models.opt_out import opt_out
from tests.ground.makers import MARIA, SAM, a_customer, a_drop_off, a_shop
from tests.reliability.conftest import sending_to

pytestmark = pytest.mark.usefixtures("app")
Work = Callable[[], int]


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "TIMEOUT", 0.4)


def booked() -> Message:
    """Maria's first message, queued."""
    appointment: Appointment = a_drop_off(a_shop())
    message = appointment.messages[0]
    assert message.state == "queued"
    return message


def later(**amount: float) -> datetime:
    return datetime.now(UTC) + timedelta(**amount)


def report(message: Message, status: str, sid: str = "SM1", code: str = "") -> None:
    """The provider's report, worked on."""
    if kept := DeliveryReport.take(message.uid, sid, status, code, {}):
        kept.work()
    db.session.commit()


def test_what_was_taken_is_sent_and_keeps_the_providers_id(provider: Alone, work: Work) -> None:
    message = booked()
    work()
    assert (message.state, message.failure, message.attempts) == ("sent", "", 1)
    assert message.provider_id == provider.store.messages()[0].sid
    assert provider.store.accepted() == {(MARIA, message.body): 1}


def test_a_slow_provider_is_waited_for(provider: Alone, work: Work) -> None:
    provider.make_trouble(hold=0.2)
    message = booked()
    work()
    assert message.state == "sent"


def test_too_many_requests_wait_as_long_as_the_provider_asks_then_go_once(provider: Alone, work: Work) -> None:
    provider.make_trouble(fate="429", retry_after=77)
    message = booked()
    work()
    assert (message.state, message.failure, provider.store.accepted().total()) == ("queued", "20429", 0)
    assert timedelta(seconds=70) < message.due_at - datetime.now(UTC) <= timedelta(seconds=77)
    with clock.at(later(seconds=60)):
        deliver(message.id)
    assert message.state == "queued", "not before the hour that the provider named, whoever asks"
    with clock.at(later(seconds=78)):
        deliver(message.id)
    assert (message.state, message.failure, provider.store.accepted().total()) == ("sent", "", 1)


def test_a_provider_that_asks_for_eternity_is_asked_again_after_a_day() -> None:
    asked = [Undelivered("20429", permanent=False, retry_after=seconds).retry_after for seconds in (None, 0, 77, 10**13)]
    assert asked == [None, 0, 77, 24 * 3600]


def test_too_many_requests_without_an_hour_wait_longer_each_time(provider: Alone) -> None:
    message, pauses = booked(), []
    provider.make_trouble(fate="429", retry_after=0, times=3)
    for _ in range(3):
        with clock.at(message.due_at):
            deliver(message.id)
            pauses.append((message.due_at - clock.now()).total_seconds())
    assert pauses == [30, 120, 600]


@pytest.mark.parametrize("fate", ["500", "503"])
@pytest.mark.parametrize("took", ["yes", "no"])
def test_an_error_of_the_providers_leaves_the_fate_unknown_and_is_never_sent_again(
    fate: str, took: str, provider: Alone, work: Work
) -> None:
    provider.make_trouble(fate=fate, accepted=took)
    message = booked()
    work()
    assert message.state == "unknown"
    assert message.failure_words.startswith("We can't tell whether this went out.")
    for hours in (0.5, 1, 5):
        with clock.at(later(hours=hours)):
            sweep()
            db.session.commit()
            work()
    assert provider.store.accepted().total() == (took == "yes")


@pytest.mark.parametrize("fate", ["timeout", "drop"])
def test_an_answer_that_got_lost_is_found_in_the_providers_list(fate: str, provider: Alone, work: Work) -> None:
    provider.make_trouble(fate=fate, hold=1)
    message = booked()
    work()
    assert message.state == "unknown"
    with clock.at(later(seconds=31)):
        look_up()
    assert (message.state, message.failure) == ("sent", "")
    assert message.provider_id == provider.store.messages()[0].sid


def test_what_the_provider_cannot_prove_is_left_to_a_person_and_asked_less_and_less_often(provider: Alone, work: Work) -> None:
    provider.make_trouble(fate="drop", accepted="no")
    message, asked = booked(), []
    work()
    for second in range(0, 3600, 5):
        with clock.at(later(seconds=second)):
            if message.id in Message.unclear_ids():
                asked.append(second)
                look_up()
    assert message.state == "unknown"
    assert len(asked) < 10
    pauses = [second - first for first, second in pairwise(asked)]
    assert pauses == sorted(pauses)
    with clock.at(later(days=1.1)):
        assert message.id not in Message.unclear_ids()
    message.settle_unknown(went=False, by=SAM)
    assert (message.state, message.failure_words) == ("failed", "A person found that it did not arrive.")


def test_two_alike_of_unknown_fate_are_not_proven_by_one_text(provider: Alone, work: Work) -> None:
    first = booked()
    work()
    second = first.appointment.remind(by=SAM)
    second.body = first.body
    provider.make_trouble(fate="drop", accepted="no")
    db.session.commit()
    work()
    with clock.at(later(seconds=31)):
        look_up()
    assert (first.state, second.state) == ("sent", "unknown")


def test_a_provider_that_cannot_be_reached_is_tried_again_without_harm(app: Flask, work: Work) -> None:
    message = booked()  # its app sends to a port that nobody listens on
    work()
    assert (message.state, message.failure) == ("queued", "unreachable")
    assert "could not be reached" in message.failure_words


def test_it_goes_when_the_provider_is_reachable_again(app: Flask, work: Work, tmp_path: Path) -> None:
    message = booked()
    work()
    with sending_to(app, replace(app.extensions["settings"], data_dir=tmp_path), carrier=False) as provider, clock.at(later(seconds=31)):
        deliver(message.id)
        assert (message.state, provider.store.accepted().total()) == ("sent", 1)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (21211, "The number does not exist"),
        (21614, "The number does not exist"),
        (21408, "Texts to this country are not switched on"),
        (21606, "The shop's texting is not set up"),
        (21635, "This is a landline"),
        (63999, "The provider reported error 63999"),
    ],
)
def test_a_refusal_is_final_and_said_in_plain_words(code: int, words: str, provider: Alone, work: Work) -> None:
    provider.make_trouble(fate="refused", code=code)
    message = booked()
    work()
    assert (message.state, provider.store.accepted().total()) == ("failed", 0)
    assert message.failure_words.startswith(words)


def test_an_opt_out_that_only_the_provider_knows_ends_consent_and_holds_what_is_queued(provider: Alone) -> None:
    shop = a_shop()
    maria = a_customer(shop, emails=[])
    first, second = (a_drop_off(shop, customer=maria, at=time(hour)).messages[0] for hour in (9, 10))
    provider.make_trouble(fate="refused", code=21610)
    deliver(first.id)
    db.session.refresh(second)
    assert (first.state, second.state) == ("failed", "held")
    assert second.held_by == "The customer opted out of texts after this was written."
    fact = Consent.of(shop, MARIA)
    assert fact is not None
    assert (fact.given, fact.source, fact.actor_name) == (False, "provider", "Twilio")


REPORTS = {
    "in order": (["queued", "sending", "sent", "delivered"], "delivered"),
    "out of order": (["delivered", "sent", "sending", "queued"], "delivered"),
    "repeated": (["sent", "sent", "delivered", "delivered", "sent"], "delivered"),
    "an end after another": (["undelivered", "delivered", "sent"], "failed"),
    "never the last": (["sent"], "sent"),
    "none": ([], "sent"),
}


@pytest.mark.parametrize("reply", ["first", "last", "lost"])
def test_reports_lead_to_the_same_end_in_whatever_order_they_come(reply: str) -> None:
    shop = a_shop()
    for case, (statuses, end) in REPORTS.items():
        message = Message.reply(shop, MARIA, "help_reply", "Call us.", once_key=case, language="en")
        db.session.commit()
        assert message.claim(), case
        if reply == "first":
            message.accepted(case)
        for status in statuses:
            report(message, status, case)
        if reply == "last":
            message.accepted(case)
        if reply == "lost":
            message.lost()
        nothing_heard = reply == "lost" and not statuses
        assert (message.state, message.provider_id) == (("unknown", None) if nothing_heard else (end, case)), case


def test_a_report_that_comes_before_the_reply_is_not_lost(calls_back: Alone, work: Work) -> None:
    calls_back.make_trouble(hold=0.35)
    message = booked()
    work()
    until(lambda: work() >= 0 and message.state == "delivered")
    assert (message.attempts, calls_back.store.accepted().total()) == (1, 1)


def test_a_report_proves_what_a_lost_answer_left_open(calls_back: Alone, work: Work) -> None:
    calls_back.make_trouble(fate="timeout", hold=0.6, delay=0.5, duplicates=3, callbacks="reversed")
    message = booked()
    work()
    assert message.state == "unknown"
    until(lambda: work() >= 0 and message.state == "delivered")
    assert (message.failure, calls_back.store.accepted().total()) == ("", 1)
    assert message.sent_at


def test_a_failure_that_the_carrier_reports_is_said_in_plain_words(calls_back: Alone, work: Work) -> None:
    calls_back.make_trouble(fate="undelivered", code=30006)
    message = booked()
    work()
    until(lambda: work() >= 0 and message.state == "failed")
    assert message.failure_words == "This is a landline or can't be reached by text. Call, or use e-mail."


def test_a_report_about_a_queued_message_keeps_it_from_going_again(provider: Alone, work: Work) -> None:
    """As after the return of a backup that was made before it went."""
    message = booked()
    report(message, "sent")
    work()
    assert (message.state, provider.store.accepted().total()) == ("sent", 0)


def test_a_text_that_cannot_be_put_together_fails_and_keeps_no_other_from_going(provider: Alone, work: Work, monkeypatch) -> None:
    shop = a_shop()
    broken, other = (a_drop_off(shop, customer=a_customer(shop, phones=[number])).messages[0] for number in (MARIA, "+13125550143"))
    usual = texts.outgoing

    def outgoing(message: Message) -> texts.OutgoingText:
        if message.id == broken.id:
            raise ValueError("no words for this")
        return usual(message)

    monkeypatch.setattr(texts, "outgoing", outgoing)
    work()
    assert (broken.state, broken.failure, other.state) == ("failed", "unwritable", "sent")


def test_a_claim_whose_worker_died_becomes_unknown_and_is_not_sent_again(provider: Alone, work: Work) -> None:
    message = booked()
    assert message.claim()
    sweep()
    assert message.state == "sending", "it may still be talking to the provider"
    with clock.at(datetime.now(UTC) + STUCK + timedelta(seconds=1)):
        sweep()
    work()
    assert (message.state, provider.store.accepted().total()) == ("unknown", 0)


def until(truth: Callable[[], object], seconds: float = 60.0) -> None:
    end = monotonic() + seconds
    while not truth():
        assert monotonic() < end, "it did not come about in time"
        sleep(0.02)


@pytest.mark.parametrize("code", ["30003", "30008"])
def test_a_phone_that_is_out_of_reach_is_tried_once_more_then_it_goes_by_e_mail(provider: Alone, work: Work, code: str) -> None:
    message = booked()
    work()
    report(message, "undelivered", message.provider_id or "", code)
    assert (message.state, message.failure, message.provider_id) == ("queued", code, None)
    assert "It is tried once more at " in message.obstacle
    with clock.at(later(minutes=14)):
        deliver(message.id)
    assert message.state == "queued"
    with clock.at(later(minutes=16)):
        deliver(message.id)
    assert (message.state, provider.store.accepted().total()) == ("sent", 2)
    report(message, "undelivered", message.provider_id or "", code)
    assert (message.state, message.failure) == ("failed", code)
    assert "tried once more" not in message.obstacle
    assert db.session.scalars(select(Message).where(Message.instead_of_id == message.id)).one().channel == "email"


def test_what_is_told_of_the_first_attempt_says_nothing_of_the_second(provider: Alone, work: Work) -> None:
    message = booked()
    work()
    first = message.provider_id or ""
    report(message, "undelivered", first, "30003")
    report(message, "sent", first)
    report(message, "failed", first, "30003")
    assert message.state == "queued", "its second attempt is still to come"
    report(message, "delivered", first)
    assert (message.state, message.failure) == ("delivered", ""), "the carrier was wrong: it arrived, and nothing goes twice"
    with clock.at(later(minutes=16)):
        deliver(message.id)
    assert provider.store.accepted().total() == 1


def test_a_second_attempt_asks_the_rules_again(provider: Alone, work: Work) -> None:
    message = booked()
    work()
    report(message, "undelivered", message.provider_id or "", "30003")
    opt_out(message.shop, MARIA, source="stop", wording="STOP", by=SAM)
    with clock.at(later(minutes=16)):
        deliver(message.id)
    assert message.state == "cancelled", "it goes by e-mail"
    assert provider.store.accepted().total() == 1
