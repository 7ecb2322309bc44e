"""Follow-up lists: for every kind who is due, who was written to, who was held back and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from models import clock, csv_file
from models.base import db
from models.customer import Customer
from models.delivery import Delivery
from models.letter import Letter
from models.letter_forecast import ForeseenLetter, foreseen_letters, senders
from models.letter_kind import LetterKind
from models.message import Message
from models.money import Money

if TYPE_CHECKING:
    from models.shop import Shop

AHEAD = 30  # days that "due" looks ahead
PAGE, ENOUGH = 50, 2000  # letters on a page; that are looked through for words
STATES = {
    "sent": (Delivery.sent, Delivery.delivered, Delivery.sending, Delivery.queued),
    "held": (Delivery.held, Delivery.cancelled, Delivery.failed, Delivery.unknown),
}
COLUMNS = (
    *("kind", "channel", "day", "state", "reason", "mailing name", "street", "city", "region", "postal code", "country", "e-mail", "phone"),
    *("year", "make", "model", "plate", "deferred items", "amount deferred"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to. ``state``: due, sent or held."""

    state: str = "due"
    kind: LetterKind | None = None
    since: date | None = None
    until: date | None = None
    words: str = ""  # of the customer's name, or the vehicle

    def fits(self, letter: Letter) -> bool:
        vehicle = f"{letter.vehicle.description} {letter.vehicle.plate}" if letter.vehicle else ""
        return self.words.strip().casefold() in f"{letter.customer.name} {vehicle}".casefold()


class LetterList:
    def __init__(self, shop: "Shop", wanted: Wanted, before: int | None = None, limit: int = PAGE) -> None:
        self.shop, self.wanted, self.before, self.limit = shop, wanted, before, limit

    @cached_property
    def due(self) -> list[ForeseenLetter]:
        """What will be written in the days ahead, each with what its rules will say."""
        until = clock.now() + timedelta(days=AHEAD)
        found = [one for rules in senders(self.shop) for one in foreseen_letters(rules, until)]
        fitting = (one for one in found if self.wanted.kind in {None, one.letter.kind} and self.wanted.fits(one.letter))
        return sorted(fitting, key=lambda one: (one.at, one.message.dedupe_key or ""))

    @cached_property
    def written(self) -> Sequence[Letter]:
        """What was written, newest first; a page of it."""
        query = self._query().order_by(Letter.id.desc())
        query = query.where(Letter.id < self.before) if self.before else query
        looked_at = db.session.scalars(query.limit(max(self.limit, ENOUGH) if self.wanted.words else self.limit))
        return [letter for letter in looked_at if self.wanted.fits(letter)][: self.limit]

    def _query(self) -> Select[Letter]:
        customer = joinedload(Letter.customer, innerjoin=True).options(
            selectinload(Customer.addresses), selectinload(Customer.emails), selectinload(Customer.phones)
        )
        query = select(Letter).join(Letter.message).where(Letter.shop_id == self.shop.id)
        query = query.where(Message.state.in_(STATES.get(self.wanted.state, STATES["sent"])))
        if self.wanted.kind:
            query = query.where(Letter.kind == self.wanted.kind)
        if self.wanted.since:
            query = query.where(Letter.on >= self.wanted.since)
        if self.wanted.until:
            query = query.where(Letter.on <= self.wanted.until)
        return query.options(joinedload(Letter.message, innerjoin=True), customer, joinedload(Letter.vehicle), joinedload(Letter.shop))

    # for mail merge

    def as_csv(self) -> bytes:
        """Everything that the list holds, one letter a line, for a word processor's mail merge."""
        return csv_file.as_csv(COLUMNS, self._lines())

    def _lines(self) -> Iterator[list[str]]:
        if self.wanted.state == "due":
            for one in self.due:
                yield _cells(one.letter, one.message, one.stopped_by, self.shop.local(one.at).date())
            return
        for letter in self.written:
            yield _cells(letter, letter.message, letter.message.held_by, letter.on)


def _cells(letter: Letter, message: Message, reason: str, day: date) -> list[str]:
    customer, vehicle = letter.customer, letter.vehicle
    address = customer.addresses[0] if customer.addresses else None
    left = letter.left_over if letter.kind is LetterKind.deferred else ()
    prices = [item.price for item in left if item.price]
    return [
        *(letter.kind.label, message.channel, day.isoformat(), message.state.label if message.id else str(_("due")), reason),
        customer.mailing_name,
        *((address.street, address.city, address.region, address.postal_code, address.country) if address else [""] * 5),
        *(customer.email or "", customer.phone.number if customer.phone else ""),
        *((str(vehicle.year or ""), vehicle.make, vehicle.model, vehicle.plate) if vehicle else [""] * 4),
        "; ".join(item.title for item in left),
        str(Money.total(prices, prices[0].currency).amount) if prices else "",
    ]
