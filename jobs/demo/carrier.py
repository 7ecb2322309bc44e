"""Stands in for provider and mail server of the past: history's messages arrive, or don't, without a word to the outside."""

import random
from collections.abc import Iterable

from jobs.demo.history import History
from models import Delivery, Message, clock
from models.introduction import introduce

LANDLINE = "30006"


class Carrier:
    def __init__(self, history: History) -> None:
        self.history = history
        self.landlines: set[str] = set()  # their texts are refused
        self.out_of_order: set[str] = set()  # whether their reminder was taken, nobody knows
        self.silent: set[str] = set()  # their phone is off: the text was taken, nothing more
        self._rng = random.Random("carrier")  # noqa: S311 (the demo shall be the same each time)

    def carry(self, messages: Iterable[Message]) -> None:
        """Take those that are queued to where they belong."""
        for message in messages:
            if message.state is Delivery.queued:
                with self.history.soon(1):
                    message.advance("claim", claimed_at=clock.now(), attempts=1)
                    introduce([message])
                with self.history.soon(2):
                    self._hand_over(message)

    def _hand_over(self, message: Message) -> None:
        provider_id = f"SM{self._rng.getrandbits(128):032x}"
        if message.channel == "email":
            message.accepted(f"<{message.uid}@wrenchline.example>")
        elif message.address in self.out_of_order and message.kind == "follow_up":
            message.lost()
        elif message.address in self.landlines | self.silent:
            message.accepted(provider_id)
            if message.address in self.landlines:
                message.refused(LANDLINE)
        else:
            message.provider_id, message.sent_at = provider_id, clock.now()
            with self.history.soon(self._rng.uniform(1, 6)):
                message.arrived()
