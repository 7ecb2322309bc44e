"""What gives reason for a follow-up letter on which day: asked of the database by what became due, never by walking over customers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, select, true

from models import clock
from models.appointment import Appointment
from models.base import db
from models.closing import Closing
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


def occasions(rules: LetterRules, kind: LetterKind, first: date, last: date, of: int | None = None) -> Iterator[Occasion]:
    """All of this kind whose day lies between these two, both included; ``of``: of one customer alone."""
    if rules.days(kind) and first <= last:
        yield from _SOURCES[kind](rules, kind, first, last, of)


def _reminders(rules: LetterRules, kind: LetterKind, first: date, last: date, of: int | None) -> Iterator[Occasion]:
    ahead = timedelta(days=rules.days(kind))
    yield from _of_appointments(rules, kind, first + ahead, last + ahead, ahead, of)
    yield from _of_advice(rules, kind, first + ahead, last + ahead, ahead, of)


def _of_appointments(rules: LetterRules, kind: LetterKind, first: date, last: date, ahead: timedelta, of: int | None) -> Iterator[Occasion]:
    query = select(Appointment, Visit.customer_id, Visit.vehicle_id).join(Appointment.visit)
    query = query.where(Appointment.shop_id == rules.shop_id, Appointment.date.between(first, last), _stands(), _whose(of))
    for appointment, customer_id, vehicle_id in db.session.execute(query.order_by(Appointment.date, Appointment.id)):
        on = appointment.date - ahead
        agreed_on, follow_up_on = (
            rules.shop.local(moment).date() if moment else None for moment in (appointment.agreed_at, appointment.follow_up_at)
        )
        # who has just agreed on the date needs no letter about it, and its own follow-up wins
        if (agreed_on and on <= agreed_on) or on == follow_up_on:
            continue
        key = f"letter:{kind}:appointment:{appointment.id}:{appointment.revision}"
        more: dict[str, Any] = {"appointment_id": appointment.id, "revision": appointment.revision, "visit_on": appointment.date}
        yield Occasion(kind, on, key, customer_id, vehicle_id, appointment.date - DAY, **more)


def _of_advice(rules: LetterRules, kind: LetterKind, first: date, last: date, ahead: timedelta, of: int | None) -> Iterator[Occasion]:
    """The visit that was recommended at closing, unless it was booked, or the vehicle came, meanwhile."""
    query = _closings(rules.shop_id).where(Closing.next_visit_on.between(first, last), _whose(of))
    for closing, customer_id, vehicle_id in db.session.execute(query.order_by(Closing.next_visit_on, Closing.id)):
        on, key = closing.next_visit_on - ahead, f"letter:{kind}:advice:{closing.id}"
        if on > closing.invoiced_on:
            more: dict[str, Any] = {"work_order_id": closing.work_order_id, "visit_on": closing.next_visit_on}
            yield Occasion(kind, on, key, customer_id, vehicle_id, closing.next_visit_on - DAY, **more)


def _missed(rules: LetterRules, kind: LetterKind, first: date, last: date, of: int | None) -> Iterator[Occasion]:
    after = timedelta(days=rules.days(kind))
    missed = exists().where(NoShow.appointment_id == Appointment.id, NoShow.revision == Appointment.revision)
    query = select(Appointment, Visit.customer_id, Visit.vehicle_id).join(Appointment.visit)
    query = query.where(Appointment.shop_id == rules.shop_id, Appointment.date.between(first - after, last - after), missed, _whose(of))
    for appointment, customer_id, vehicle_id in db.session.execute(query.order_by(Appointment.date, Appointment.id)):
        on, key = appointment.date + after, f"letter:{kind}:appointment:{appointment.id}:{appointment.revision}"
        more: dict[str, Any] = {"appointment_id": appointment.id, "revision": appointment.revision, "visit_on": appointment.date}
        yield Occasion(kind, on, key, customer_id, vehicle_id, on + timedelta(days=rules.late(kind)), **more)


def _thanks(rules: LetterRules, kind: LetterKind, first: date, last: date, of: int | None) -> Iterator[Occasion]:
    yield from _after_closing(rules, kind, first, last, _whose(of))


def _after_closing(rules: LetterRules, kind: LetterKind, first: date, last: date, *only: "ColumnElement[bool]") -> Iterator[Occasion]:
    after = timedelta(days=rules.days(kind))
    query = _closings(rules.shop_id).where(Closing.invoiced_on.between(first - after, last - after), *only)
    for closing, customer_id, vehicle_id in db.session.execute(query.order_by(Closing.invoiced_on, Closing.id)):
        on, key = closing.invoiced_on + after, f"letter:{kind}:order:{closing.work_order_id}"
        more: dict[str, Any] = {"work_order_id": closing.work_order_id, "visit_on": closing.invoiced_on}
        yield Occasion(kind, on, key, customer_id, vehicle_id, on + timedelta(days=rules.late(kind)), **more)


def _left_over(rules: LetterRules, kind: LetterKind, first: date, last: date, of: int | None) -> Iterator[Occasion]:
    """So many days after the visit; what the customer, or the desk, set a day for: on that day."""
    mine = and_(DeferredItem.work_order_id == Closing.work_order_id, DeferredItem.returned_at.is_(None))
    undated = exists().where(mine, DeferredItem.due_on.is_(None), DeferredItem.due_odometer.is_(None))
    yield from _after_closing(rules, kind, first, last, undated, _whose(of))
    query = select(DeferredItem).where(DeferredItem.shop_id == rules.shop_id, DeferredItem.due_on.between(first, last))
    for item in db.session.scalars(
        query.where(DeferredItem.returned_at.is_(None), *_only(DeferredItem.customer_id, of)).order_by(DeferredItem.due_on, DeferredItem.id)
    ):
        on = item.due_on
        assert on
        key, last_day = f"letter:{kind}:order:{item.work_order_id}:{on}", on + timedelta(days=rules.late(kind))
        yield Occasion(kind, on, key, item.customer_id, item.vehicle_id, last_day, work_order_id=item.work_order_id)


def _quiet(rules: LetterRules, kind: LetterKind, first: date, last: date, of: int | None) -> Iterator[Occasion]:
    """Counted from the customer's last invoice; every step of the rule asks for the customers of its own days."""
    oldest = db.session.scalar(select(LastInvoice.on).where(LastInvoice.shop_id == rules.shop_id).order_by(LastInvoice.on).limit(1))
    for days in rules.inactive_days():
        after = timedelta(days=days)
        if oldest is None or last - after < oldest:  # also where the letters never stop
            return
        query = select(LastInvoice).where(
            LastInvoice.shop_id == rules.shop_id, LastInvoice.on.between(first - after, last - after), *_only(LastInvoice.customer_id, of)
        )
        for invoice in db.session.scalars(query.order_by(LastInvoice.on, LastInvoice.id)):
            on, key = invoice.on + after, f"letter:{kind}:customer:{invoice.customer_id}:{invoice.on}:{days}"
            last_day = on + timedelta(days=rules.late(kind))
            yield Occasion(kind, on, key, invoice.customer_id, invoice.vehicle_id, last_day, visit_on=invoice.on)


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


def _closings(shop_id: int) -> Any:
    """Those that stand, with whose visit and which vehicle it was."""
    query = select(Closing, Visit.customer_id, Visit.vehicle_id).join(WorkOrder, WorkOrder.id == Closing.work_order_id)
    return query.join(Visit, Visit.id == WorkOrder.visit_id).where(Closing.shop_id == shop_id, Closing.reopened_at.is_(None))


def _whose(customer_id: int | None) -> "ColumnElement[bool]":
    return and_(true(), *_only(Visit.customer_id, customer_id))


def _only(column: Any, customer_id: int | None) -> "list[ColumnElement[bool]]":
    return [] if customer_id is None else [column == customer_id]
