"""The call list: about whom somebody is to call today, who is tried again another day, and what came of today's calls."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from models import clock
from models.appointment import Appointment
from models.base import db
from models.call import Call
from models.call_result import CallResult
from models.customer import Customer
from models.deferred_item import DeferredItem
from models.do_not_mail import DoNotMail
from models.last_invoice import LastInvoice
from models.letter import Letter
from models.letter_kind import LetterKind
from models.message import Message
from models.no_show import NoShow
from models.visit import Visit
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.shop import Shop

PAGE = 50  # calls
REMINDERS = (LetterKind.reminder_1, LetterKind.reminder_2)


class CallList:
    def __init__(self, shop: "Shop", after: int = 0) -> None:
        self.shop, self.after, self.today = shop, after, shop.today()

    @cached_property
    def due(self) -> list[Call]:
        """To be called now: those first whose call would come too late soonest."""
        return [call for call in self._page if self._is_due(call)]

    @cached_property
    def later(self) -> list[Call]:
        """Nobody answered: another day."""
        return [call for call in self._page if not self._is_due(call)]

    @property
    def count(self) -> int:
        """How many are to be called now."""
        due = self._open.where(Call.call_on <= self.today).with_only_columns(func.count())
        return db.session.scalar(due) or 0

    @property
    def is_full(self) -> bool:
        """There may be more of them on another page."""
        return len(self._page) == PAGE

    @cached_property
    def today_called(self) -> Sequence[CallResult]:
        """What was noted today and stands, newest first."""
        begins = clock.day_bounds(self.today, self.shop.tz)[0]
        mine = select(CallResult).where(CallResult.shop_id == self.shop.id, CallResult.at >= begins, CallResult.undone_at.is_(None))
        whose = joinedload(Call.customer, innerjoin=True), joinedload(Call.vehicle), selectinload(Call.results)
        call = joinedload(CallResult.call, innerjoin=True).options(*whose)
        return db.session.scalars(mine.options(call).order_by(CallResult.id.desc()).limit(PAGE)).all()

    @cached_property
    def letters(self) -> dict[int, Letter]:
        """By customer, the newest letter that went while somebody was to call."""
        since = min((call.created_at for call in self._page), default=clock.now())
        gone = select(Letter).join(Letter.message).where(Letter.customer_id.in_({call.customer_id for call in self._page}))
        gone = gone.where(Message.sent_at > since).options(contains_eager(Letter.message)).order_by(Letter.id)
        return {letter.customer_id: letter for letter in db.session.scalars(gone)}

    def letter(self, call: Call) -> Letter | None:
        """That went to the customer after somebody was to call."""
        found = self.letters.get(call.customer_id)
        return found if found and found.message.sent_at and found.message.sent_at > call.created_at else None

    @cached_property
    def _page(self) -> Sequence[Call]:
        """What is due before what waits for another day."""
        shown = (
            joinedload(Call.customer, innerjoin=True).selectinload(Customer.phones),
            joinedload(Call.vehicle),
            selectinload(Call.results),
        )
        query = self._open.options(*shown).order_by(Call.call_on > self.today, Call.last_day, Call.id)
        return db.session.scalars(query.offset(self.after).limit(PAGE)).all()

    @property
    def _open(self) -> "Select[Call]":
        barred = exists().where(DoNotMail.customer_id == Call.customer_id)
        mine = select(Call).where(Call.shop_id == self.shop.id, Call.call_on.is_not(None), Call.last_day >= self.today)
        return mine.where(~barred, stands(self.today))

    def _is_due(self, call: Call) -> bool:
        return call.call_on is not None and call.call_on <= self.today


def stands(today: date) -> ColumnElement[bool]:
    """Whether the reason for the call is still there: as of the letter of that kind, and nobody is called who has come or booked since."""
    appointment, item, invoice = aliased(Appointment), aliased(DeferredItem), aliased(LastInvoice)
    missed = exists().where(NoShow.appointment_id == appointment.id, NoShow.revision == appointment.revision)
    agreed = exists().where(
        *(appointment.id == Call.appointment_id, appointment.revision == Call.revision),
        *(~appointment.is_cancelled, ~appointment.is_checked_in, ~missed),
    )
    left = exists().where(item.work_order_id == Call.work_order_id, item.returned_at.is_(None))
    quiet = exists().where(invoice.customer_id == Call.customer_id, invoice.on == Call.visit_on)
    is_reminder, vehicle_stayed_away = Call.kind.in_(REMINDERS), ~_came_or_booked(Visit.vehicle_id == Call.vehicle_id, today)
    return or_(
        and_(is_reminder, Call.appointment_id.is_not(None), agreed),
        and_(is_reminder, Call.appointment_id.is_(None), vehicle_stayed_away),
        and_(Call.kind == LetterKind.no_show, vehicle_stayed_away),
        Call.kind == LetterKind.thank_you,
        and_(Call.kind == LetterKind.deferred, left, vehicle_stayed_away),
        and_(Call.kind == LetterKind.inactive, quiet, ~_came_or_booked(Visit.customer_id == Call.customer_id, today)),
    )


def _came_or_booked(theirs: ColumnElement[bool], today: date) -> ColumnElement[bool]:
    came = exists().where(WorkOrder.visit_id == Visit.id, theirs, WorkOrder.opened_at > Call.since)
    ahead = (Appointment.date >= today, ~Appointment.is_cancelled, ~Appointment.is_checked_in)
    other = or_(Call.appointment_id.is_(None), Appointment.id != Call.appointment_id)
    return or_(came, exists().where(Appointment.visit_id == Visit.id, theirs, *ahead, other))
