"""A message as it will be: looks to the rules of sending like one that is written, and is never kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from models import clock, sending_rules
from models.delivery import Delivery
from models.message import Message
from models.message_standing import CLOCK_STARTED
from models.rule_sentences import sentence

if TYPE_CHECKING:
    from models.appointment import Appointment
    from models.shop import Shop


# which of the forecast's kinds a message counts among, by its own; others are sent at once, and nobody can look ahead to them
KINDS = {"booking": "booking", "moved": "booking", "follow_up": "follow_up", "remind": "follow_up"}


class AsItWillBe:
    """The appointment, with messages that are yet to go in place of those that wait."""

    def __init__(self, appointment: "Appointment") -> None:
        self.appointment = appointment
        self.messages: list[Message | Prospect] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.appointment, name)


@dataclass(eq=False)
class Prospect:
    appointment: AsItWillBe
    kind: str
    channel: str
    address: str
    dedupe_key: str
    at: datetime
    is_written: bool
    revision: int | None
    state: Delivery = Delivery.planned
    sent_at: datetime | None = None
    claimed_at: datetime | None = None
    trace: sending_rules.Trace = field(default_factory=list)
    instead_of: Message | None = None
    instead_of_id: int | None = None
    letter: None = None  # those have a forecast of their own

    @property
    def shop(self) -> "Shop":
        shop: Shop = self.appointment.shop
        return shop

    @property
    def shop_id(self) -> int:
        return self.shop.id

    @property
    def needs_consent(self) -> bool:
        return self.channel == "text"

    @property
    def clock_started(self) -> bool:
        return self.kind in CLOCK_STARTED

    @property
    def is_on_its_way(self) -> bool:
        return self.state in {Delivery.planned, Delivery.queued}

    @property
    def rules(self) -> Sequence[tuple[str, bool, str]]:
        tried = [(str(rule), bool(passed), str(note)) for rule, passed, note in self.trace]
        return [(rule, passed, sentence(rule, passed, note, self.shop.country)) for rule, passed, note in tried]

    def come(self, verdict: sending_rules.Verdict) -> None:
        """Its moment has come: it is queued, waits for another, or stays."""
        if not self.is_written and self.appointment.starts_at <= clock.now():
            self.state = Delivery.cancelled  # nobody writes it any more
            return
        self.is_written = True
        self._obey(verdict, Delivery.queued)

    def go(self, verdict: sending_rules.Verdict) -> None:
        """A worker takes it, if the rules still let it."""
        if self.at <= clock.now():
            self._obey(verdict, Delivery.sent)

    def _obey(self, verdict: sending_rules.Verdict, onward: Delivery) -> None:
        self.trace = verdict.trace
        if verdict.until:
            self.at, self.state = verdict.until, Delivery.planned
        else:
            self.state = onward if verdict.allowed else Delivery.cancelled if verdict.outdated else Delivery.held
        if self.state is Delivery.sent:
            self.sent_at = clock.now()


def foreseen(appointment: "Appointment", now: datetime, follow_up: bool) -> list[Prospect]:
    """What waits to go about the appointment, and the follow-up if one is to be written; in the order of a tick."""
    imagined = AsItWillBe(appointment)
    found = [_unwritten(imagined, now)] if follow_up else []
    for message in appointment.messages:
        if message.kind in KINDS and message.state in {Delivery.planned, Delivery.queued}:
            found.append(_written(imagined, message, now))
        else:
            imagined.messages.append(message)
    imagined.messages += found
    return found


def _unwritten(imagined: AsItWillBe, now: datetime) -> Prospect:
    appointment = imagined.appointment
    assert appointment.follow_up_at is not None
    channel = "call" if appointment.preference == "phone" else appointment.preference
    address, key = Message.address_of(appointment, channel), Message.key_of(appointment, "follow_up")
    return Prospect(imagined, "follow_up", channel, address, key, max(appointment.follow_up_at, now), False, appointment.revision)


def _written(imagined: AsItWillBe, message: Message, now: datetime) -> Prospect:
    at, key = max(message.due_at, now), message.dedupe_key or ""
    return Prospect(imagined, message.kind, message.channel, message.address, key, at, True, message.revision, message.state)
