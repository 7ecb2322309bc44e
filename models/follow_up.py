"""When the reminder before a drop-off goes out: business days back, out of quiet hours, never in the past."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models import clock

MINUTE = timedelta(minutes=1)


def business_days_before(day: date, count: int, is_open: Callable[[date], bool]) -> date | None:
    """The day that lies ``count`` business days before; None where the shop is hardly ever open (no such day within a year)."""
    for _ in range(366):
        if count == 0:
            return day
        day -= timedelta(days=1)
        count -= is_open(day)
    return None


def due_at(
    day: date,
    at: time | None,
    *,
    days_before: int,
    morning: time,
    is_open: Callable[[date], bool],
    zone: ZoneInfo,
    quiet: "QuietHours",
) -> datetime | None:
    """The instant of the follow-up for a drop-off on ``day``, or None: it is turned off (0 days) or that moment is past.

    It comes at the drop-off's own clock time; without one, in the morning.
    """
    if not days_before:
        return None
    reminder_day = business_days_before(day, days_before, is_open)
    if reminder_day is None:
        return None
    moment = quiet.last_allowed(clock.instant(reminder_day, at or morning, zone))
    return moment if moment > clock.now() else None


class QuietHours:
    """From ``start`` to ``end`` on the recipient's own clock nothing is sent that only the clock asks for; equal times: never quiet."""

    def __init__(self, start: time, end: time, zone: ZoneInfo) -> None:
        self.start, self.end, self.zone = start, end, zone

    def __contains__(self, moment: datetime) -> bool:
        at = moment.astimezone(self.zone).time()
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def last_allowed(self, moment: datetime) -> datetime:
        """The moment itself, or the last minute before the quiet hours that it falls into."""
        if moment not in self:
            return moment
        local = moment.astimezone(self.zone)
        day = local.date() if local.time() >= self.start else local.date() - timedelta(days=1)
        return self._outside(min(clock.instant(day, self.start, self.zone), moment), -MINUTE)

    def next_allowed(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours that it falls into."""
        if moment not in self:
            return moment
        local = moment.astimezone(self.zone)
        day = local.date() if local.time() < self.end else local.date() + timedelta(days=1)
        return self._outside(max(clock.instant(day, self.end, self.zone), moment), MINUTE)

    def _outside(self, moment: datetime, step: timedelta) -> datetime:
        """The moment, or the first minute from it on that is not quiet: the night of a clock change lacks an hour, or has it twice."""
        while moment in self:
            moment += step
        return moment
