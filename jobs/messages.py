"""Sending: one job drains all that is due, each message claimed by itself, several at a time."""

import contextvars
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import structlog
from flask import Flask, current_app
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from jobs.gateways import FateUnknown, Undelivered, mail, texts
from jobs.queues import Queues
from models import Message, clock, db, later, reading

log = structlog.get_logger()

SENDERS = 4  # providers take tenths of a second to answer
BATCH = 100
LONGEST = 10.0  # seconds before a drain makes room for other jobs
LOOK = 0.2  # seconds between two looks for something urgent
BACK_OFF = (30, 120, 600, 1800, 3600)  # seconds until the next attempt
WRITE_AGAIN = (0.1, 0.5, 2, 5, 15, 30)  # seconds: what the provider said must not be lost to a database that is locked or restarts

Outcome = Callable[[Message], None]


class Shift:
    """How long a drain may go on: until its time is up, or something waits that is more urgent."""

    def __init__(self, queues: Queues) -> None:
        self.queues, self.over = queues, False
        self.begun = self.looked = time.monotonic()

    def goes_on(self) -> bool:
        now = time.monotonic()
        if not self.over and now - self.looked > LOOK:
            self.looked = now
            self.over = now - self.begun > LONGEST or self.queues.has_urgent()
        return not self.over


def drain() -> None:
    """Send all that is due. Any number of drains may run at once: each message is claimed by one of them."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    shift, tried, mistakes = Shift(app.extensions["queues"]), set[int](), list[Exception]()

    def send(context: contextvars.Context, id: int) -> None:
        if shift.goes_on():
            try:
                context.run(_deliver_in, app, id)
            except Exception as mistake:  # one message's trouble must not keep the others from going
                log.exception("message not handled", message=id)
                mistakes.append(mistake)

    with ThreadPoolExecutor(SENDERS) as senders:
        while shift.goes_on() and (ids := _untried(tried)):
            tried.update(ids)
            # each in a copy of this context, so that all go by the same clock
            list(senders.map(send, [contextvars.copy_context() for _ in ids], ids))
    for gateway in (texts, mail):
        gateway.hang_up()
    if shift.over:
        later("jobs.messages.drain")
        db.session.commit()
    if mistakes:
        raise mistakes[0]


def _untried(tried: set[int]) -> Sequence[int]:
    ids = [due for due in Message.due_ids(BATCH + len(tried)) if due not in tried]
    db.session.commit()
    return ids[:BATCH]


def _deliver_in(app: Flask, message_id: int) -> None:
    with app.app_context():
        deliver(message_id)


def deliver(message_id: int) -> None:
    """Claim, send, record. Killed anywhere, it leaves a state that tells how far it got."""
    message = db.session.get(Message, message_id)
    if message is None or not message.claim():
        db.session.rollback()
        return
    outcome = _attempt(message)
    for pause in WRITE_AGAIN:
        try:
            _record(message_id, outcome)
        except OperationalError:
            log.exception("outcome not written yet", message=message_id)
            db.session.rollback()
            time.sleep(pause)
        else:
            return
    _record(message_id, outcome)


def _record(message_id: int, outcome: Outcome) -> None:
    message = db.session.get(Message, message_id)
    if message:
        outcome(message)
        db.session.commit()


def _attempt(message: Message) -> Outcome:
    """Call the provider, with no transaction open meanwhile; what is to be recorded of it."""
    gateway = texts if message.channel == "text" else mail
    try:
        with reading():
            outgoing = gateway.outgoing(message)
            db.session.commit()
    except SQLAlchemyError:
        log.exception("database away", message=message.id)
        return _undelivered(Undelivered(message.failure, permanent=False))
    except Exception:
        log.exception("message not put together", message=message.id)
        return _undelivered(Undelivered("unwritable", permanent=True))
    try:
        provider_id = gateway.send(outgoing)
    except Undelivered as problem:
        return _undelivered(problem)
    except FateUnknown:
        return Message.lost
    except Exception:
        log.exception("answer not understood", message=message.id)
        return Message.lost
    return lambda message: message.accepted(provider_id)


def _undelivered(problem: Undelivered) -> Outcome:
    if problem.permanent:
        return lambda message: message.refused(problem.code)
    return lambda message: message.try_again(clock.now() + timedelta(seconds=problem.retry_after or _pause(message)), problem.code)


def _pause(message: Message) -> int:
    return BACK_OFF[min(message.attempts, len(BACK_OFF)) - 1]


def look_up(message_id: int) -> None:
    """Ask the provider what it knows of a text whose fate is unknown; what it can't tell is left to a person."""
    message = db.session.get(Message, message_id)
    if message is None or message.channel != "text" or message.state != "unknown" or message.claimed_at is None:
        return
    sought, claimed_at = texts.outgoing(message), message.claimed_at
    db.session.commit()
    found = (sid for sid in texts.find(sought, claimed_at) if not Message.knows(sid))
    if provider_id := next(found, None):
        message.accepted(provider_id)
    else:
        message.asked_in_vain()
    db.session.commit()
