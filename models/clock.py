"""The one clock: rules and sending ask it, so that any moment can be tried."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from models.refused import Refused

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """The present instant in UTC, or the pretended one."""
    return _pretended.get() or datetime.now(UTC)


def pretending() -> bool:
    return _pretended.get() is not None


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within it, it is ``moment`` (an aware instant)."""
    token = _pretended.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pretended.reset(token)


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The UTC instant at which the clock on the wall shows this; of two (autumn) the first; in the gap (spring) the moment after."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def agreed_instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Like ``instant``, for a time that people agree on.

    Raises Refused: when clocks go forward and no clock will ever show this time.
    """
    moment = instant(day, clock, zone)
    if moment.astimezone(zone).time() != clock:
        raise Refused(_l("Clocks go forward that night: this time does not exist on that day."), field="time")
    return moment


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The UTC instants at which this day begins and ends in the zone (23, 24 or 25 hours apart)."""
    return instant(day, time(0), zone), instant(day + timedelta(days=1), time(0), zone)
