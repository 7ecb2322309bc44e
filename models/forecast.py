"""What will go out, to whom, when and by which rule: the rules of sending, run forward over what is known now.

Each source is asked for its own kinds: appointments for booking and follow_up, the letters' planner for all of theirs.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from models import clock, sending_rules
from models.appointment import Appointment
from models.asked_at_once import asked_at_once
from models.base import db
from models.customer import Customer
from models.delivery import Delivery
from models.letter_forecast import foreseen_letters, senders
from models.letter_kind import LETTERS, LetterKind
from models.message import Message
from models.prospect import KINDS, Prospect, foreseen
from models.refused import NotFound
from models.visit import Visit

if TYPE_CHECKING:
    from sqlalchemy.sql.base import ExecutableOption

    from models.shop import Shop

WAITING = (Delivery.planned, Delivery.queued)


@dataclass(frozen=True, slots=True)
class Expected:
    """One message that will go, or one that its rules will stop, at the moment when they are asked."""

    at: datetime
    kind: str
    channel: str  # text, email, postcard, or call for who prefers the phone
    to: str  # number or address
    what: str  # its key: what a Skip names
    customer: Customer
    appointment: Appointment | None  # of a letter: the one that it speaks of, if any
    rules: Sequence[tuple[str, bool, str]]  # rule, passed, sentence

    @property
    def allowed(self) -> bool:
        return all(passed for _rule, passed, _sentence in self.rules)

    @property
    def letter(self) -> LetterKind | None:
        """Which follow-up letter it is; None: it is about an appointment."""
        return LetterKind(self.kind) if self.kind in LETTERS else None

    @property
    def is_skipped(self) -> bool:
        return any(rule == "not_skipped" and not passed for rule, passed, _sentence in self.rules)

    @property
    def stopped_by(self) -> str:
        """The sentence of what stops it; the skip first, since it can be undone."""
        broken = {rule: sentence for rule, passed, sentence in self.rules if not passed}
        return broken.get("not_skipped") or next(iter(broken.values()), "")

    @property
    def shop(self) -> "Shop":
        return self.customer.shop

    @property
    def for_others(self) -> dict[str, Any]:
        """For other programs: plain values, the moment on the shop's clock with its distance from UTC."""
        return {
            "at": self.shop.local(self.at).isoformat(timespec="seconds"),
            "kind": self.kind,
            "channel": self.channel,
            "customer": self.customer.name,
            "to": self.to,
            "shop": self.shop.slug,
            "allowed": self.allowed,
            "rules": [{"rule": rule, "passed": passed, "sentence": sentence} for rule, passed, sentence in self.rules],
        }


class Forecast:
    """Of one shop, or of all; for ``days`` times 24 hours from now."""

    def __init__(self, shop: "Shop | None", days: int) -> None:
        self.shop, self.now = shop, clock.now()
        self.until = self.now + timedelta(days=days)

    @cached_property
    def lines(self) -> list[Expected]:
        """In the order in which they go."""
        found = (line for source in (self._about_appointments, self._letters) for line in source())
        return sorted((line for line in found if line.at <= self.until), key=lambda line: (line.at, line.what))

    @property
    def by_day(self) -> list[tuple[date, list[Expected]]]:
        """The lines of each day on the shop's clock."""
        return [(day, list(lines)) for day, lines in groupby(self.lines, key=lambda line: line.shop.local(line.at).date())]

    def expected(self, what: str) -> Expected:
        """Raises NotFound: nothing of that name is to go."""
        for line in self.lines:
            if line.what == what:
                return line
        raise NotFound("Expected")

    def _about_appointments(self) -> Iterator[Expected]:
        appointments = self._appointments()
        prospects = {appointment: foreseen(appointment, self.now, self._needs_follow_up(appointment)) for appointment in appointments}
        everything: list[Any] = [one for found in prospects.values() for one in found]
        asked = asked_at_once(everything)
        for appointment, found in prospects.items():
            run_forward(found, self.until, asked)
            for one in found:
                if one.trace:
                    yield Expected(
                        one.at, KINDS[one.kind], one.channel, one.address, one.dedupe_key, appointment.customer, appointment, one.rules
                    )

    def _letters(self) -> Iterator[Expected]:
        for rules in senders(self.shop):
            for one in foreseen_letters(rules, self.until):
                message, letter = one.message, one.letter
                yield Expected(
                    one.at,
                    message.kind,
                    message.channel,
                    message.address,
                    message.dedupe_key or "",
                    letter.customer,
                    letter.appointment,
                    one.rules,
                )

    def _needs_follow_up(self, appointment: Appointment) -> bool:
        """Whether the clock will write one. A call is made of none: its day has come, or it is to come."""
        due = appointment.follow_up_at
        if due is None or due > self.until or (appointment.preference == "phone" and due <= self.now):
            return False
        return not any(one.kind == "follow_up" and one.revision == appointment.revision and one.dedupe_key for one in appointment.messages)

    def _appointments(self) -> Sequence[Appointment]:
        waiting = exists().where(
            Message.appointment_id == Appointment.id, Message.state.in_(WAITING), Message.due_at <= self.until, Message.direction == "out"
        )
        due = and_(Appointment.follow_up_at <= self.until, Appointment.starts_at > self.now)
        query = select(Appointment).where(or_(due, waiting), ~Appointment.is_cancelled, ~Appointment.is_checked_in)
        if self.shop:
            query = query.where(Appointment.shop_id == self.shop.id)
        return db.session.scalars(query.options(*_with_all_that_rules_ask()).order_by(Appointment.id)).unique().all()


def _with_all_that_rules_ask() -> "tuple[ExecutableOption, ...]":
    """Loads what the rules look at, in a number of queries that does not grow with the rows."""
    customer = joinedload(Visit.customer).options(joinedload(Customer.phones), joinedload(Customer.emails))
    visit = joinedload(Appointment.visit).options(customer, joinedload(Visit.vehicle), joinedload(Visit.work_order))
    facts = (Appointment.no_shows, Appointment.confirmations, Appointment.reschedule_requests, Appointment.messages, Appointment.skips)
    return (visit, joinedload(Appointment.cancellation), joinedload(Appointment.shop), *(selectinload(fact) for fact in facts))


def run_forward(prospects: Iterable[Prospect], until: datetime, asked: sending_rules.Rules) -> None:
    """Let the clock run to ``until`` over one appointment's messages: the rules are asked when each comes and again when it goes."""
    waiting = list(prospects)
    while waiting:
        moment = min(one.at for one in waiting)
        if moment > until:
            return
        due = [one for one in waiting if one.at == moment]
        with clock.at(moment):
            for ask in (Prospect.come, Prospect.go):
                verdicts = [(one, ask, sending_rules.judge(one, asked)) for one in due if one.is_on_its_way]  # type: ignore[arg-type]
                for one, answer, verdict in verdicts:
                    answer(one, verdict)
        waiting = [one for one in waiting if one.is_on_its_way]
