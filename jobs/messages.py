"""Sending: one job drains all that is due, each message claimed by itself, several at a time."""

import contextvars
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import structlog
from flask import Flask, current_app

from jobs.gateways import FateUnknown, Undelivered, mail, texts
from models import Message, clock, db, later

log = structlog.get_logger()

SENDERS = 4  # providers take tenths of a second to answer
BATCH = 100
LONGEST = 300  # seconds before a drain makes room for other jobs
BACK_OFF = (30, 120, 600, 1800, 3600)  # seconds until the next attempt


def drain() -> None:
    """Send all that is due. Any number of drains may run at once: each message is claimed by one of them."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    app.extensions["queues"].begun_draining()
    tried: set[int] = set()
    ends = time.monotonic() + LONGEST
    with ThreadPoolExecutor(SENDERS) as senders:
        while (ids := _untried(tried)) and time.monotonic() < ends:
            tried.update(ids)
            # each sender in a copy of this context, so that all go by the same clock
            list(senders.map(lambda id: contextvars.copy_context().run(_deliver_safely, app, id), ids))
    if _untried(tried):
        later("jobs.messages.drain")
        db.session.commit()


def _untried(tried: set[int]) -> Sequence[int]:
    ids = [id for id in Message.due_ids(BATCH + len(tried)) if id not in tried]
    db.session.commit()
    return ids[:BATCH]


def _deliver_safely(app: Flask, message_id: int) -> None:
    with app.app_context():
        try:
            deliver(message_id)
        except Exception:  # one message's trouble must not keep the others from going
            db.session.rollback()
            log.exception("message not handled", message=message_id)


def deliver(message_id: int) -> None:
    """Ask the rules once more, claim, send, record. Killed anywhere, it leaves a state that tells how far it got."""
    message = db.session.get(Message, message_id)
    if message is None:
        return
    message.submit()
    db.session.commit()
    if not message.claim():
        return
    gateway = texts if message.channel == "text" else mail
    outgoing = gateway.outgoing(message)
    db.session.commit()  # no transaction is open while the provider is called
    try:
        provider_id = gateway.send(outgoing)
    except Undelivered as problem:
        if problem.permanent:
            message.refused(problem.code)
        else:
            message.try_again(clock.now() + timedelta(seconds=problem.retry_after or _pause(message.attempts)), problem.code)
    except FateUnknown:
        message.lost()
    else:
        message.accepted(provider_id)
    db.session.commit()


def _pause(attempts: int) -> int:
    return BACK_OFF[min(attempts, len(BACK_OFF)) - 1]


def look_up(message_id: int) -> None:
    """Ask the provider what it knows of a text whose fate is unknown; what it can't tell is left to a person."""
    message = db.session.get(Message, message_id)
    if message is None or message.channel != "text" or message.state != "unknown":
        return
    sought = texts.outgoing(message)
    claimed_at = message.claimed_at
    db.session.commit()
    if claimed_at and (provider_id := texts.find(sought, claimed_at)) and not Message.knows(provider_id):
        message.accepted(provider_id)
        db.session.commit()
