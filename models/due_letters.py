"""What gives reason for letters in the days ahead, asked in one question however many there are. Nothing is kept.

What the rules of sending will ask of each (did the customer come or book meanwhile, do they want letters at all) comes with it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, exists, func, literal, or_, select, union_all

from models import clock
from models.appointment import Appointment
from models.base import db
from models.bounced_address import BouncedAddress
from models.customer_contact import CustomerEmail
from models.do_not_mail import DoNotMail
from models.letter_kind import EMAIL, POSTCARD, LetterKind
from models.letter_planning import window
from models.letter_rules import LetterRules
from models.merge_fields import parts
from models.message import Message
from models.occasion import Occasion, Source, sources
from models.visit import Visit
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from sqlalchemy.sql.selectable import Subquery

    from models.shop import Shop

Narrowed = Callable[["Subquery"], ColumnElement[bool]]
MOST = 100  # queries that one question is put together of
KEYS = 5000  # that are asked about at once


@dataclass(frozen=True, slots=True)
class Due:
    rules: LetterRules
    occasion: Occasion
    at: datetime  # when its hour comes
    barred: bool  # the customer is on Do Not Mail
    overtaken: bool  # by a visit or a booking: its reason is gone

    @property
    def order(self) -> tuple[datetime, str]:
        return self.at, self.occasion.key


class DueLetters:
    """Of one shop. ``both``: its rules of either channel, or those of a dry run; ``sending``: whose letters are asked for.

    ``of``: to one customer alone. ``narrowed``: by the columns customer_id and vehicle_id of what is found.
    """

    def __init__(
        self,
        shop: "Shop",
        both: Mapping[str, LetterRules],
        until: datetime,
        *,
        sending: Sequence[LetterRules],
        kind: LetterKind | None = None,
        of: int | None = None,
        narrowed: Narrowed | None = None,
    ) -> None:
        self.shop, self.both, self.until, self.sending, self.kind, self.of = shop, both, until, sending, kind, of
        self.narrowed = narrowed

    @cached_property
    def all(self) -> list[Due]:
        """In the order in which they go, without those that were written already."""
        found = {due.order: due for due in self._found()}
        written: set[str | None] = set()
        for keys in parts((key for _at, key in found), KEYS):
            written |= set(db.session.scalars(select(Message.dedupe_key).where(Message.dedupe_key.in_(keys))))
        return [found[order] for order in sorted(found) if order[1] not in written]

    def _found(self) -> Iterator[Due]:
        now, today = clock.now(), self.shop.today()
        for asked in parts(self._sources(), MOST):
            for row in db.session.execute(self._question([source for _rules, source in asked])):
                rules, source = asked[row.place]
                for occasion in source.read(row) if self._goes(rules, row) else ():
                    at = occasion.due_at(self.shop)
                    if at and at <= self.until and today <= occasion.last_day:
                        at = max(at, now)
                        yield Due(rules, occasion, at, row.barred, self._is_overtaken(occasion, row, at))

    def _sources(self) -> Iterator[tuple[LetterRules, Source]]:
        today, last = self.shop.today(), self.shop.local(self.until).date()
        for rules in self.sending:
            for kind in (self.kind,) if self.kind else LetterKind:
                for source in sources(rules, kind, window(rules, kind, today)[0], last, self.of):
                    yield rules, source

    def _question(self, asked: Sequence[Source]) -> Any:
        each = (source.rows.subquery() for source in asked)
        found = union_all(*(select(literal(place).label("place"), *rows.c) for place, rows in enumerate(each))).subquery()
        barred, here = exists().where(DoNotMail.customer_id == found.c.customer_id), _is_here(found)
        flags = {"barred": barred, "here": here, "came": _came(found), "ahead": _ahead(found)}
        mail = exists().where(CustomerEmail.customer_id == found.c.customer_id)
        rested = exists().where(BouncedAddress.shop_id == self.shop.id, BouncedAddress.address == func.lower(CustomerEmail.address))
        flags |= {"mails": mail, "mailed": mail.where(~rested)}
        query = select(*found.c, *(flag.label(name) for name, flag in flags.items()))
        return query.where(self.narrowed(found)) if self.narrowed else query

    def _goes(self, rules: LetterRules, row: Any) -> bool:
        """Whether these rules are the ones by which it gets to the customer (as ``address_for`` of the planner)."""
        if rules.channel == EMAIL:
            return row.mailed or (row.mails and not self.both[POSTCARD].sends)
        return not (row.mailed and self.both[EMAIL].sends)

    def _is_overtaken(self, occasion: Occasion, row: Any, at: datetime) -> bool:
        """As ``Letter.stands`` will find it then; what else a reason needs, its source has asked."""
        if occasion.kind is LetterKind.inactive:
            return bool(row.here)
        if occasion.kind is LetterKind.no_show or (occasion.kind.is_reminder and occasion.appointment_id is None):
            return bool(row.came) or (row.ahead is not None and row.ahead >= self.shop.local(at).date())
        return False


def _is_here(found: "Subquery") -> Any:
    """One of the customer's vehicles is in the shop."""
    return exists().where(WorkOrder.visit_id == Visit.id, Visit.customer_id == found.c.customer_id, WorkOrder.closed_at.is_(None))


def _came(found: "Subquery") -> Any:
    """The vehicle was checked in since what the letter speaks of."""
    return exists().where(WorkOrder.visit_id == Visit.id, Visit.vehicle_id == found.c.vehicle_id, WorkOrder.opened_at > found.c.since)


def _ahead(found: "Subquery") -> Any:
    """The last day for which the vehicle is booked, if it is; its own appointment is the one with a revision."""
    other = or_(found.c.revision.is_(None), Appointment.id != found.c.thing_id)
    booked = select(func.max(Appointment.date)).join(Visit, Visit.id == Appointment.visit_id).where(Visit.vehicle_id == found.c.vehicle_id)
    return booked.where(~Appointment.is_cancelled, ~Appointment.is_checked_in, other).scalar_subquery()
