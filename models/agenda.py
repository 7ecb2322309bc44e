"""What the calendar shows: the days of a month, a week or one day, their drop-offs, and how full they are."""

from datetime import date as Date
from datetime import time as Time
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from babel import Locale
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from models.agenda_day import AgendaDay
from models.appointment import Appointment
from models.base import db
from models.message import Message
from models.overview_lists import newest_overview
from models.standing import Standing
from models.visit import Visit
from models.wording import locale_of

if TYPE_CHECKING:
    from sqlalchemy.sql.base import ExecutableOption

    from models.shop import Shop

# How many drop-offs of a day each view draws; the rest are a number and a link. Facts are loaded for 500 rows at a
# time, so that none of these ever needs a second round of queries.
DRAWN = {"month": 4, "week": 60, "day": 500}
USUAL = range(8, 18)  # the hours drawn for a shop without opening hours


class Agenda:
    """The days of one view. ``view`` is month, week or day, the one that holds ``date``."""

    def __init__(self, shop: "Shop", view: str, date: Date) -> None:
        self.shop, self.view, self.date = shop, view, date

    @cached_property
    def first(self) -> Date:
        """The first day drawn: weeks begin as they do in the shop's country."""
        if self.view == "day":
            return self.date
        begin = self.date.replace(day=1) if self.view == "month" else self.date
        return begin - timedelta(days=(begin.weekday() - Locale.parse(locale_of(self.shop, "en")).first_week_day) % 7)

    @cached_property
    def last(self) -> Date:
        if self.view != "month":
            return self.first + timedelta(days=0 if self.view == "day" else 6)
        weeks = -(-((self.after - self.first).days) // 7)
        return self.first + timedelta(days=7 * weeks - 1)

    @property
    def before(self) -> Date:
        """A day of the view before this one."""
        if self.view == "month":
            return (self.date.replace(day=1) - timedelta(days=1)).replace(day=1)
        return self.date - timedelta(days=7 if self.view == "week" else 1)

    @property
    def after(self) -> Date:
        if self.view == "month":
            return (self.date.replace(day=1) + timedelta(days=31)).replace(day=1)
        return self.date + timedelta(days=7 if self.view == "week" else 1)

    @property
    def holds_today(self) -> bool:
        """Whether this is the view that *Today* leads to."""
        if self.view == "month":
            return (self.date.year, self.date.month) == (self.shop.today().year, self.shop.today().month)
        return self.first <= self.shop.today() <= self.last

    @cached_property
    def days(self) -> list[AgendaDay]:
        count = (self.last - self.first).days + 1
        counts, found = booked_between(self.shop, self.first, self.last), self._drop_offs
        dates = [self.first + timedelta(days=step) for step in range(count)]
        return [AgendaDay(self, day, found.get(day, []), *counts.get(day, (0, 0))) for day in dates]

    @property
    def standings(self) -> list[Standing]:
        """Which states are drawn, in the order of their table: the legend."""
        drawn = {drop_off.standing for day in self.days for drop_off in day.drop_offs}
        return [standing for standing in Standing if standing in drawn]

    @cached_property
    def hours(self) -> range:
        """The hours of the clock that week and day draw: opening hours, and whatever is booked outside of them."""
        opening = [hour for row in self.shop.hours for hour in (row.opens.hour, _last_hour(row.closes))]
        booked = [drop_off.time.hour for day in self.days for drop_off in day.drop_offs if drop_off.time]
        known = [*(opening or (USUAL.start, USUAL.stop - 1)), *booked]
        return range(min(known), max(known) + 1)

    @cached_property
    def _drop_offs(self) -> dict[Date, list[Appointment]]:
        span = (Appointment.shop_id == self.shop.id, Appointment.date.between(self.first, self.last))
        order = (Appointment.is_cancelled, Appointment.starts_at, Appointment.id)
        place = func.row_number().over(partition_by=Appointment.date, order_by=order).label("place")
        ranked = select(Appointment.id, place).where(*span).subquery()
        query = select(Appointment).join(ranked, ranked.c.id == Appointment.id).where(ranked.c.place <= DRAWN[self.view])
        found: dict[Date, list[Appointment]] = {}
        for drop_off in db.session.scalars(query.options(*with_mark()).order_by(ranked.c.place)):
            found.setdefault(drop_off.date, []).append(drop_off)
        return found


def booked_between(shop: "Shop", first: Date, last: Date) -> dict[Date, tuple[int, int]]:
    """For each day that has any: all its drop-offs, and those that are not cancelled."""
    query = select(Appointment.date, func.count(), func.count().filter(~Appointment.is_cancelled))
    query = query.where(Appointment.shop_id == shop.id, Appointment.date.between(first, last)).group_by(Appointment.date)
    return {day: (known, booked) for day, known, booked in db.session.execute(query)}


def _last_hour(closes: Time) -> int:
    """The last hour of the clock in which the shop is open."""
    return closes.hour if closes.minute else max(closes.hour - 1, 0)


def with_mark() -> "tuple[ExecutableOption, ...]":
    """Loads what a drop-off's name and state mark need: less than a page about it does, and no words of messages."""
    visit = joinedload(Appointment.visit).options(
        joinedload(Visit.customer), joinedload(Visit.vehicle), newest_overview(Visit.work_order), selectinload(Visit.openings)
    )
    shown = (Message.state, Message.state_at, Message.revision, Message.kind, Message.dedupe_key)
    messages = selectinload(Appointment.messages).load_only(*shown)
    facts = (Appointment.confirmations, Appointment.reschedule_requests, Appointment.no_shows)
    answers = (selectinload(fact) for fact in facts)
    return (visit, joinedload(Appointment.cancellation), joinedload(Appointment.follow_up_skip), messages, *answers)
