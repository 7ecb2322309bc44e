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
from models.letter import Letter
from models.letter_forecast import ForeseenLetter, foreseen_letters, senders
from models.letter_kind import LetterKind
from models.message import Message
from models.word_filter import fits

if TYPE_CHECKING:
    from models.shop import Shop

AHEAD = 30  # days that "due" looks ahead
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
    def __init__(self, shop: "Shop", wanted: Wanted, before: int | None = None, limit: int = PAGE) -> None:
        self.shop, self.wanted, self.before, self.limit = shop, wanted, before, limit

    @cached_property
    def due(self) -> list[ForeseenLetter]:
        """What will be written in the days ahead, each with what its rules will say."""
        until = clock.now() + timedelta(days=AHEAD)
        found = [one for rules in senders(self.shop) for one in foreseen_letters(rules, until)]
        return sorted(found, key=lambda one: (one.at, one.message.dedupe_key or ""))

    @cached_property
    def written(self) -> Sequence[Letter]:
        """What was written, newest first; a page of it."""
        query = self.query.where(Letter.id < self.before) if self.before else self.query
        customer = joinedload(Letter.customer, innerjoin=True)
        loaded = (joinedload(Letter.message, innerjoin=True), customer, joinedload(Letter.vehicle), joinedload(Letter.shop))
        return db.session.scalars(query.options(*loaded).order_by(Letter.id.desc()).limit(self.limit)).all()

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
