"""A day of the calendar and its hours: what is booked, whether the shop is open, and whether a click may book there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import time as Time
from typing import TYPE_CHECKING

from models import clock
from models.appointment import Appointment
from models.closing_day import ClosingDay
from models.location import Policy

if TYPE_CHECKING:
    from models.agenda import Agenda
    from models.shop import Shop


@dataclass(frozen=True)
class AgendaDay:
    agenda: "Agenda"
    date: Date
    drop_offs: Sequence[Appointment]  # in the order of the clock, cancelled ones last
    known: int  # all drop-offs of the day, drawn or not
    booked: int  # without the cancelled ones: what takes up capacity

    @property
    def shop(self) -> "Shop":
        return self.agenda.shop

    @property
    def is_today(self) -> bool:
        return self.date == self.shop.today()

    @property
    def is_past(self) -> bool:
        return self.date < self.shop.today()

    @property
    def is_outside(self) -> bool:
        """Drawn to fill the week, but of another month."""
        return self.agenda.view == "month" and self.date.month != self.agenda.date.month

    @property
    def is_open(self) -> bool:
        return self.shop.is_open(self.date)

    @property
    def opens(self) -> Time | None:
        return self.shop.opens(self.date)

    @property
    def closing_day(self) -> ClosingDay | None:
        return self.shop.closing_day(self.date)

    @property
    def capacity(self) -> int | None:
        return self.shop.location.capacity

    @property
    def is_full(self) -> bool:
        return self.capacity is not None and self.booked >= self.capacity

    @property
    def not_drawn(self) -> int:
        return self.known - len(self.drop_offs)

    @property
    def takes_bookings(self) -> bool:
        """Whether a click may begin a booking here: nothing that the shop refuses speaks against the day."""
        location = self.shop.location
        against = (
            (self.is_past, location.past_policy),
            (not self.is_open, location.closed_policy),
            (self.is_full, location.capacity_policy),
        )
        return not any(objection and policy is Policy.refuse for objection, policy in against)

    @property
    def without_time(self) -> list[Appointment]:
        return [drop_off for drop_off in self.drop_offs if drop_off.time is None]

    @property
    def hours(self) -> list["AgendaHour"]:
        return [AgendaHour(self, hour) for hour in self.agenda.hours]


@dataclass(frozen=True)
class AgendaHour:
    day: AgendaDay
    hour: int

    @property
    def drop_offs(self) -> list[Appointment]:
        return [drop_off for drop_off in self.day.drop_offs if drop_off.time and drop_off.time.hour == self.hour]

    @property
    def on_the_clock(self) -> Time:
        return Time(self.hour)

    @property
    def begins(self) -> Time:
        """When a drop-off booked by a click begins: at the hour, or when the shop opens within it."""
        opens = self.day.shop.opens(self.day.date)
        return opens if opens and opens.hour == self.hour else Time(self.hour)

    @property
    def is_open(self) -> bool:
        opens, closes = self.day.shop.opens(self.day.date), self.day.shop.closes(self.day.date)
        return bool(self.day.is_open and opens and closes and opens <= self.begins < closes)

    @property
    def takes_bookings(self) -> bool:
        location = self.day.shop.location
        gone = clock.instant(self.day.date, self.begins, self.day.shop.tz) < clock.now()
        against = ((gone, location.past_policy), (not self.is_open, location.hours_policy))
        return self.day.takes_bookings and not any(objection and policy is Policy.refuse for objection, policy in against)
