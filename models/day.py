"""A day at the shop, and everything that needs a person now: one load for all that Today shows, whatever the number of rows."""

from datetime import date as Date
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import joinedload

from models import clock
from models.appointment import Appointment
from models.base import db
from models.delivery import Delivery
from models.message import Message
from models.no_show import NoShow
from models.overview_lists import newest_overview
from models.reschedule_request import RescheduleRequest
from models.visit import Visit

if TYPE_CHECKING:
    from models.shop import Shop

REMEMBERED = timedelta(days=7)  # how long one who did not come stays on the list
TROUBLE = (Delivery.failed, Delivery.unknown, Delivery.held)


class Day:
    def __init__(self, shop: "Shop", date: Date) -> None:
        self.shop, self.date = shop, date

    @property
    def before(self) -> Date:
        return self.date - timedelta(days=1)

    @property
    def after(self) -> Date:
        return self.date + timedelta(days=1)

    @property
    def is_today(self) -> bool:
        return self.date == self.shop.today()

    @cached_property
    def drop_offs(self) -> list[Appointment]:
        """In the order of the clock, cancelled ones last."""
        return sorted((one for one in self._all if one.date == self.date), key=lambda one: one.is_cancelled)

    @cached_property
    def expected(self) -> list[Appointment]:
        """Those of the day that still stand or have come."""
        return [one for one in self.drop_offs if not one.is_cancelled]

    @cached_property
    def requests(self) -> list[RescheduleRequest]:
        """Open reschedule requests, oldest first."""
        found = (one.open_request for one in self._all)
        return sorted((request for request in found if request), key=lambda request: request.at)

    @cached_property
    def troubles(self) -> list[Message]:
        """Messages that failed, hang or are held back, of dates that still stand and that nobody confirmed since; newest first."""
        standing = (one for one in self._all if one.stands and not one.is_past and not one.confirmation)
        found = (one.latest_message for one in standing)
        return sorted((message for message in found if message and message.state in TROUBLE), key=lambda message: -message.id)

    @cached_property
    def calls(self) -> list[Appointment]:
        """Who prefers the phone, from the day on which the reminder would have gone, until they have confirmed or asked to move."""
        _start, end = clock.day_bounds(self.shop.today(), self.shop.tz)
        due = (
            one
            for one in self._all
            if one.preference == "phone" and one.follow_up_at and one.follow_up_at < end and one.starts_at > clock.now()
        )
        return [one for one in due if one.stands and not (one.confirmation or one.open_request or one.follow_up_skip)]

    @cached_property
    def missed(self) -> list[Appointment]:
        """Who did not come lately: marked so, or of an earlier day and neither checked in nor called off. Latest first."""
        since = self.shop.today() - REMEMBERED
        found = (one for one in self._all if one.date >= since and not one.is_cancelled and (one.no_show or (one.is_past and one.stands)))
        return sorted(found, key=lambda one: one.starts_at, reverse=True)

    @property
    def is_calm(self) -> bool:
        """Nothing needs a person."""
        return not (self.requests or self.troubles or self.calls or self.missed)

    @cached_property
    def _all(self) -> list[Appointment]:
        query = select(Appointment).where(
            Appointment.shop_id == self.shop.id, or_(Appointment.date == self.date, *self._needing_a_person())
        )
        overview = joinedload(Appointment.visit).options(newest_overview(Visit.work_order))
        return list(db.session.scalars(query.options(*Appointment.whole(), overview).order_by(Appointment.starts_at, Appointment.id)))

    def _needing_a_person(self) -> tuple[ColumnElement[bool], ...]:
        today = self.shop.today()
        _start, end = clock.day_bounds(today, self.shop.tz)
        open_ = ~Appointment.is_cancelled & ~Appointment.is_checked_in
        asked = select(RescheduleRequest.appointment_id).where(
            RescheduleRequest.shop_id == self.shop.id, RescheduleRequest.settled_at.is_(None)
        )
        troubled = select(Message.appointment_id).where(
            Message.shop_id == self.shop.id, Message.state.in_(TROUBLE), Message.direction == "out"
        )
        absent = exists().where(NoShow.appointment_id == Appointment.id, NoShow.revision == Appointment.revision)
        return (
            Appointment.id.in_(asked),
            and_(Appointment.date >= today, Appointment.id.in_(troubled), open_),
            and_(Appointment.preference == "phone", Appointment.follow_up_at < end, Appointment.starts_at > clock.now(), open_),
            and_(Appointment.date >= today - REMEMBERED, Appointment.date < today, open_),
            and_(Appointment.date == today, absent, open_),
        )
