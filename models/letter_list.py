"""Follow-up lists: for every kind who is due, who was written to, who was held back and why. Narrowed in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from models import clock
from models.base import db
from models.deferred_item import DeferredItem
from models.delivery import Delivery
from models.due_letters import Due, DueLetters
from models.letter import Letter
from models.letter_forecast import ForeseenLetter, foresee
from models.letter_kind import LetterKind
from models.letter_rules import LetterRules
from models.message import Message
from models.word_filter import fits

if TYPE_CHECKING:
    from sqlalchemy.sql.selectable import Subquery

    from models.shop import Shop

AHEAD = 30  # days that "due" looks ahead, if no other day is asked for
FARTHEST = timedelta(days=366)
PAGE = 50  # letters
STATES = {
    "sent": (Delivery.sent, Delivery.delivered, Delivery.sending, Delivery.queued),
    "held": (Delivery.held, Delivery.cancelled, Delivery.failed, Delivery.unknown),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to. ``state``: due, sent or held."""

    state: str = "due"
    kind: LetterKind | None = None
    channel: str = ""  # email or postcard; empty: both
    since: date | None = None
    until: date | None = None
    words: str = ""  # of the customer's name, or the vehicle
    at_least: int | None = None  # minor units: so much of the vehicle's work is put off and still open


def open_amount(vehicle_id: Any) -> ColumnElement[int]:
    """What is put off of that vehicle, in minor units; ``vehicle_id`` is a column of the list."""
    amount = select(func.coalesce(func.sum(DeferredItem.amount), 0))
    return amount.where(DeferredItem.vehicle_id == vehicle_id, DeferredItem.returned_at.is_(None)).scalar_subquery()


class LetterList:
    """``before``: of what was written, older than this id; of what is due, from this place on."""

    def __init__(self, shop: "Shop", wanted: Wanted, before: int | None = None) -> None:
        self.shop, self.wanted, self.before = shop, wanted, before

    @cached_property
    def both(self) -> dict[str, LetterRules]:
        return LetterRules.both(self.shop)

    @cached_property
    def all_due(self) -> list[Due]:
        """What gives reason to write in the days ahead, as far as it fits; in order."""
        wanted, today = self.wanted, self.shop.today()
        last = min(wanted.until or today + timedelta(days=AHEAD), today + FARTHEST)
        until = clock.day_bounds(last, self.shop.tz)[1]
        sending = [rules for rules in self.both.values() if rules.sends and wanted.channel in {"", rules.channel}]
        found = DueLetters(self.shop, self.both, until, sending=sending, kind=wanted.kind, narrowed=self._narrowed)
        return [due for due in found.all if wanted.since is None or self.shop.local(due.at).date() >= wanted.since]

    @cached_property
    def due(self) -> list[ForeseenLetter]:
        """A page of it, each with what its rules will say."""
        first = max(self.before or 0, 0)
        return foresee(self.all_due[first : first + PAGE], self.both, appointments=False)

    @cached_property
    def written(self) -> Sequence[Letter]:
        """What was written, newest first; a page of it."""
        query = self.query.where(Letter.id < self.before) if self.before else self.query
        customer = joinedload(Letter.customer, innerjoin=True)
        loaded = (joinedload(Letter.message, innerjoin=True), customer, joinedload(Letter.vehicle), joinedload(Letter.shop))
        return db.session.scalars(query.options(*loaded).order_by(Letter.id.desc()).limit(PAGE)).all()

    @property
    def next(self) -> int | None:
        """Where the next page begins, as ``before``; None: this is the last."""
        if self.wanted.state == "due":
            after = (self.before or 0) + PAGE
            return after if after < len(self.all_due) else None
        return self.written[-1].id if len(self.written) == PAGE else None

    def _narrowed(self, found: "Subquery") -> ColumnElement[bool]:
        fitting = fits(self.wanted.words, found.c.customer_id, found.c.vehicle_id)
        return fitting & (open_amount(found.c.vehicle_id) >= self.wanted.at_least) if self.wanted.at_least else fitting

    @property
    def query(self) -> "Select[Letter]":
        """All that was written and fits."""
        wanted, query = self.wanted, select(Letter).join(Letter.message).where(Letter.shop_id == self.shop.id)
        query = query.where(Message.state.in_(STATES.get(wanted.state, STATES["sent"])))
        if wanted.kind:
            query = query.where(Letter.kind == wanted.kind)
        if wanted.channel:
            query = query.where(Message.channel == wanted.channel)
        if wanted.since:
            query = query.where(Letter.on >= wanted.since)
        if wanted.until:
            query = query.where(Letter.on <= wanted.until)
        if wanted.at_least:
            query = query.where(open_amount(Letter.vehicle_id) >= wanted.at_least)
        return query.where(fits(wanted.words, Letter.customer_id, Letter.vehicle_id))
