"""What gives reason for a follow-up letter on which day: asked of the database by what became due, never by walking over customers.

Each source is a query with the same columns, so that a list asks all of them in one question (``due_letters``).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, Integer, Select, and_, cast, exists, null, select

from models import clock
from models.appointment import Appointment
from models.base import UTCDateTime, db
from models.closing import Closing
from models.customer import Customer
from models.deferred_item import DeferredItem
from models.last_invoice import LastInvoice
from models.letter_kind import AT, LetterKind
from models.letter_rules import LetterRules
from models.no_show import NoShow
from models.visit import Visit
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from models.shop import Shop

DAY = timedelta(days=1)
FEW = 20  # steps of inactive letters; of more, those are asked about that somebody can have reached
LONGEST_CLOSED = 366  # days; a shop that is closed for longer sends no letters


@dataclass(frozen=True, slots=True)
class Occasion:
    kind: LetterKind
    on: date  # the calendar day that the rule gives
    key: str  # of the letter: there is one for each, whatever the channel and however often it is planned
    customer_id: int
    vehicle_id: int | None
    last_day: date  # from then on it would come too late
    appointment_id: int | None = None
    revision: int | None = None
    work_order_id: int | None = None
    visit_on: date | None = None  # the date that it speaks of: of the next visit, the missed one, the last service

    def due_at(self, shop: "Shop") -> datetime | None:
        """The hour of letters on its day, or of the next open one; None: there is none in time."""
        day = self.on
        for _step in range(LONGEST_CLOSED):
            if day > self.last_day:
                return None
            if shop.is_open(day):
                return clock.instant(day, AT, shop.tz)
            day += DAY
        return None


Reader = Callable[[Any], Iterator[Occasion]]


@dataclass(frozen=True, slots=True)
class Source:
    rows: "Select[Any]"  # customer_id, vehicle_id, day, thing_id, revision, work_order_id, agreed_at, follow_up_at, invoiced_on, since
    read: Reader  # what a row gives reason for


def occasions(rules: LetterRules, kind: LetterKind, first: date, last: date, of: int | None = None) -> Iterator[Occasion]:
    """All of this kind whose day lies between these two, both included; ``of``: of one customer alone."""
    for source in sources(rules, kind, first, last, of):
        for row in db.session.execute(source.rows.order_by("day", "thing_id")):
            yield from source.read(row)


def sources(rules: LetterRules, kind: LetterKind, first: date, last: date, of: int | None = None) -> Iterator[Source]:
    """Where they are found."""
    if rules.days(kind) and first <= last:
        yield from _SOURCES[kind](rules, kind, first, last, of)


def _columns(customer: Any, vehicle: Any, day: Any, thing: Any, **more: Any) -> "list[Any]":
    """The same of every source; what it has nothing for is none."""
    types: dict[str, Any] = {"revision": Integer(), "work_order_id": Integer(), "agreed_at": UTCDateTime(), "follow_up_at": UTCDateTime()}
    types |= {"invoiced_on": Date(), "since": UTCDateTime()}
    found = {"customer_id": customer, "vehicle_id": vehicle, "day": day, "thing_id": thing}
    found |= {name: more.get(name, cast(null(), type_)) for name, type_ in types.items()}
    return [column.label(name) for name, column in found.items()]


def _reminders(rules: LetterRules, kind: LetterKind, first: date, last: date, of: int | None) -> Iterator[Source]:
    ahead = timedelta(days=rules.days(kind))
    yield _of_appointments(rules, kind, first + ahead, last + ahead, ahead, of)
    yield _of_advice(rules, kind, first + ahead, last + ahead, ahead, of)


def _of_appointments(rules: LetterRules, kind: LetterKind, first: date, last: date, ahead: timedelta, of: int | None) -> Source:
    its = Appointment
    more = {"revision": its.revision, "agreed_at": its.agreed_at, "follow_up_at": its.follow_up_at, "since": its.starts_at}
    query = select(*_columns(Visit.customer_id, Visit.vehicle_id, its.date, its.id, **more)).join(its.visit)
    query = query.where(its.shop_id == rules.shop_id, its.date.between(first, last), _stands(), _whose(of))

    def read(row: Any) -> Iterator[Occasion]:
        on = row.day - ahead
        agreed_on, follow_up_on = (rules.shop.local(moment).date() if moment else None for moment in (row.agreed_at, row.follow_up_at))
        # who has just agreed on the date needs no letter about it, and its own follow-up wins
        if (agreed_on and on <= agreed_on) or on == follow_up_on:
            return
        key = f"letter:{kind}:appointment:{row.thing_id}:{row.revision}"
        more: dict[str, Any] = {"appointment_id": row.thing_id, "revision": row.revision, "visit_on": row.day}
        yield Occasion(kind, on, key, row.customer_id, row.vehicle_id, row.day - DAY, **more)

    return Source(query, read)


def _of_advice(rules: LetterRules, kind: LetterKind, first: date, last: date, ahead: timedelta, of: int | None) -> Source:
    """The visit that was recommended at closing, unless it was booked, or the vehicle came, meanwhile."""
    query = _closings(rules.shop_id, Closing.next_visit_on).where(Closing.next_visit_on.between(first, last), _whose(of))

    def read(row: Any) -> Iterator[Occasion]:
        on, key = row.day - ahead, f"letter:{kind}:advice:{row.thing_id}"
        if on > row.invoiced_on:
            more: dict[str, Any] = {"work_order_id": row.work_order_id, "visit_on": row.day}
            yield Occasion(kind, on, key, row.customer_id, row.vehicle_id, row.day - DAY, **more)

    return Source(query, read)


def _missed(rules: LetterRules, kind: LetterKind, first: date, last: date, of: int | None) -> Iterator[Source]:
    after, its = timedelta(days=rules.days(kind)), Appointment
    missed = exists().where(NoShow.appointment_id == its.id, NoShow.revision == its.revision)
    columns = _columns(Visit.customer_id, Visit.vehicle_id, its.date, its.id, revision=its.revision, since=its.starts_at)
    query = select(*columns).join(its.visit).where(its.shop_id == rules.shop_id, its.date.between(first - after, last - after))

    def read(row: Any) -> Iterator[Occasion]:
        on, key = row.day + after, f"letter:{kind}:appointment:{row.thing_id}:{row.revision}"
        more: dict[str, Any] = {"appointment_id": row.thing_id, "revision": row.revision, "visit_on": row.day}
        yield Occasion(kind, on, key, row.customer_id, row.vehicle_id, on + timedelta(days=rules.late(kind)), **more)

    yield Source(query.where(missed, _whose(of)), read)


def _thanks(rules: LetterRules, kind: LetterKind, first: date, last: date, of: int | None) -> Iterator[Source]:
    yield _after_closing(rules, kind, first, last, _whose(of))


def _after_closing(rules: LetterRules, kind: LetterKind, first: date, last: date, *only: "ColumnElement[bool]") -> Source:
    after = timedelta(days=rules.days(kind))
    query = _closings(rules.shop_id, Closing.invoiced_on).where(Closing.invoiced_on.between(first - after, last - after), *only)

    def read(row: Any) -> Iterator[Occasion]:
        on, key = row.day + after, f"letter:{kind}:order:{row.work_order_id}"
        more: dict[str, Any] = {"work_order_id": row.work_order_id, "visit_on": row.day}
        yield Occasion(kind, on, key, row.customer_id, row.vehicle_id, on + timedelta(days=rules.late(kind)), **more)

    return Source(query, read)


def _left_over(rules: LetterRules, kind: LetterKind, first: date, last: date, of: int | None) -> Iterator[Source]:
    """So many days after the visit; what the customer, or the desk, set a day for: on that day."""
    mine = and_(DeferredItem.work_order_id == Closing.work_order_id, DeferredItem.returned_at.is_(None))
    undated = exists().where(mine, DeferredItem.due_on.is_(None), DeferredItem.due_odometer.is_(None))
    yield _after_closing(rules, kind, first, last, undated, _whose(of))
    item = DeferredItem
    query = select(*_columns(item.customer_id, item.vehicle_id, item.due_on, item.id, work_order_id=item.work_order_id))
    query = query.where(item.shop_id == rules.shop_id, item.due_on.between(first, last), item.returned_at.is_(None))

    def read(row: Any) -> Iterator[Occasion]:
        key, last_day = f"letter:{kind}:order:{row.work_order_id}:{row.day}", row.day + timedelta(days=rules.late(kind))
        yield Occasion(kind, row.day, key, row.customer_id, row.vehicle_id, last_day, work_order_id=row.work_order_id)

    yield Source(query.where(*_only(item.customer_id, of)), read)


def _quiet(rules: LetterRules, kind: LetterKind, first: date, last: date, of: int | None) -> Iterator[Source]:
    """Counted from the customer's last invoice; every step of the rule asks for the customers of its own days."""
    steps = list(islice(rules.inactive_days(), FEW))
    oldest = LastInvoice.oldest(rules.shop_id) if len(steps) == FEW else None  # there may be no end of them
    for days in rules.inactive_days() if oldest else steps:
        after = timedelta(days=days)
        if oldest and last - after < oldest:
            return
        query = select(*_columns(LastInvoice.customer_id, LastInvoice.vehicle_id, LastInvoice.on, LastInvoice.id))
        query = query.where(LastInvoice.shop_id == rules.shop_id, LastInvoice.on.between(first - after, last - after))
        yield Source(query.where(*_only(LastInvoice.customer_id, of)), _quiet_for(rules, kind, days))


def _quiet_for(rules: LetterRules, kind: LetterKind, days: int) -> Reader:
    def read(row: Any) -> Iterator[Occasion]:
        on, key = row.day + timedelta(days=days), f"letter:{kind}:customer:{row.customer_id}:{row.day}:{days}"
        last_day = on + timedelta(days=rules.late(kind))
        yield Occasion(kind, on, key, row.customer_id, row.vehicle_id, last_day, visit_on=row.day)

    return read


_SOURCES = {
    LetterKind.reminder_1: _reminders,
    LetterKind.reminder_2: _reminders,
    LetterKind.no_show: _missed,
    LetterKind.thank_you: _thanks,
    LetterKind.deferred: _left_over,
    LetterKind.inactive: _quiet,
}


def _stands() -> "ColumnElement[bool]":
    missed = exists().where(NoShow.appointment_id == Appointment.id, NoShow.revision == Appointment.revision)
    return and_(~Appointment.is_cancelled, ~Appointment.is_checked_in, ~missed)


def _closings(shop_id: int, day: Any) -> "Select[Any]":
    """Those that stand, with whose visit and which vehicle it was."""
    more = {"work_order_id": Closing.work_order_id, "invoiced_on": Closing.invoiced_on, "since": WorkOrder.closed_at}
    query = select(*_columns(Visit.customer_id, Visit.vehicle_id, day, Closing.id, **more)).select_from(Closing)
    query = query.join(WorkOrder, WorkOrder.id == Closing.work_order_id).join(Visit, Visit.id == WorkOrder.visit_id)
    return query.where(Closing.shop_id == shop_id, Closing.reopened_at.is_(None))


def _whose(customer_id: int | None) -> "ColumnElement[bool]":
    erased = exists().where(Customer.id == Visit.customer_id, Customer.erased_at.is_not(None))
    return and_(~erased, *_only(Visit.customer_id, customer_id))


def _only(column: Any, customer_id: int | None) -> "list[ColumnElement[bool]]":
    return [] if customer_id is None else [column == customer_id]
