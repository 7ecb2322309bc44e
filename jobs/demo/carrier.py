"""Stands in for provider and mail server of the past: history's messages arrive, or don't, without a word to the outside."""

import random
from datetime import datetime

from sqlalchemy import select

from jobs.demo.history import History
from models import Delivery, Message, clock, db, plan

LANDLINE = "30006"


class Carrier:
    def __init__(self, history: History) -> None:
        self.history = history
        self.landlines: set[str] = set()  # their texts are refused
        self.out_of_order: set[str] = set()  # whether their reminder was taken, nobody knows
        self.silent: set[str] = set()  # their phone is off: the text was taken, nothing more
        self._rng = random.Random("carrier")  # noqa: S311 (the demo shall be the same each time)
        self._reminding: set[datetime] = set()

    def carry(self) -> None:
        """Take all that is queued to where it belongs."""
        for message in db.session.scalars(select(Message).where(Message.state == Delivery.queued).order_by(Message.id)):
            with self.history.soon(1):
                message.advance("claim", claimed_at=clock.now(), attempts=1)
            with self.history.soon(2):
                self._hand_over(message)

    def remind(self, moment: datetime | None) -> None:
        """Let the clock write the reminders of that moment when it comes."""
        if moment and moment not in self._reminding:
            self._reminding.add(moment)
            self.history.at(moment, self._remind)

    def _remind(self) -> None:
        plan.follow_ups()
        self.carry()

    def _hand_over(self, message: Message) -> None:
        if message.channel == "email":
            message.accepted(f"<{message.uid}@wrenchline.example>")
        elif message.address in self.out_of_order and message.kind == "follow_up":
            message.lost()
        else:
            message.accepted(f"SM{self._rng.getrandbits(128):032x}")
            with self.history.soon(self._rng.uniform(1, 6)):
                self._report(message)

    def _report(self, message: Message) -> None:
        if message.address in self.landlines:
            message.refused(LANDLINE)
        elif message.address not in self.silent:
            message.arrived()
