"""Sending: one job drains all that is due, texts and mails side by side, so that neither waits for the other's provider."""

import contextvars
import time
from concurrent.futures import ThreadPoolExecutor

from flask import Flask, current_app

from jobs.each import each
from jobs.gateways import texts
from jobs.queues import Queues
from jobs.sending import GATEWAYS, Line
from models import Message, db, later

LONGEST = 3.0  # seconds before a drain makes room for other jobs; shorter than the patience of a process runner that ends us
LOOK = 0.2  # seconds between two looks for something urgent


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
    db.session.commit()  # what is open here would lock those out who work
    shift, lines = Shift(app.extensions["queues"]), [Line(channel) for channel in GATEWAYS]
    with ThreadPoolExecutor(len(lines)) as at_once:
        for line in lines:
            # in a copy of this context, so that all go by the same clock
            at_once.submit(contextvars.copy_context().run, _run, app, line, shift)
    if shift.over:
        later("jobs.messages.drain")
        db.session.commit()
    for line in lines:
        if line.mistakes:
            raise line.mistakes[0]


def _run(app: Flask, line: Line, shift: Shift) -> None:
    with app.app_context():
        line.run(shift.goes_on)


def deliver(message_id: int) -> None:
    """Claim, send and record one. Killed anywhere, it leaves a state that tells how far it got."""
    message = db.session.get(Message, message_id)
    if message and message.claim():
        with ThreadPoolExecutor(1) as sender:
            Line(message.channel).send([message], sender)


def look_up() -> None:
    """Ask the provider what it knows of texts whose fate is unknown; what it can't tell is left to a person."""
    shift = Shift(current_app.extensions["queues"])
    each(Message, Message.unclear_ids(), _look_up, shift.goes_on)
    texts.hang_up()
    if shift.over:
        later("jobs.messages.look_up")
        db.session.commit()


def _look_up(message: Message) -> None:
    if message.state != "unknown" or message.claimed_at is None:
        return
    sought, claimed_at = texts.outgoing(message), message.claimed_at
    db.session.commit()  # no transaction is open while the provider is called
    found = (sid for sid in texts.find(sought, claimed_at) if not Message.knows(sid))
    if provider_id := next(found, None):
        message.accepted(provider_id)
    else:
        message.asked_in_vain()
