"""Time that counts: the open hours of a shop, and how a status shows what is left of its estimate. Nothing here ticks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from models import clock

if TYPE_CHECKING:
    from models.shop import Shop

HORIZON = timedelta(days=60)  # further ahead nobody looks: a shop that never opens again must not keep us searching
ZERO = timedelta()


class Tone(StrEnum):
    """What colour and sign say; the words say it too."""

    plain = "plain"  # the time is not tracked
    fine = "fine"
    soon = "soon"  # orange: little is left
    over = "over"  # red: it has run out


class OpenTime:
    """The hours in which the shop is open, closing days left out."""

    def __init__(self, shop: "Shop") -> None:
        self.shop = shop

    def spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """From ``start`` to ``end`` the stretches in which the shop is open, as UTC instants."""
        day, last = self.shop.local(start).date(), self.shop.local(end).date()
        while day <= last:
            opens, closes = self.shop.opens(day), self.shop.closes(day)
            if opens and closes and self.shop.closing_day(day) is None:
                begins = max(clock.instant(day, opens, self.shop.tz), start)
                ends = min(clock.instant(day, closes, self.shop.tz), end)
                if begins < ends:
                    yield begins, ends
            day += timedelta(days=1)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How long the shop was open between the two instants."""
        return sum((ends - begins for begins, ends in self.spans(start, end)), ZERO)

    def after(self, start: datetime, wait: timedelta) -> datetime | None:
        """The instant at which the shop will have been open for ``wait`` since ``start``; None: not within sixty days."""
        for begins, ends in self.spans(start, start + HORIZON):
            if wait <= ends - begins:
                return begins + wait
            wait -= ends - begins
        return None


@dataclass(frozen=True, slots=True)
class TimeDisplay:
    """What a tile shows of the time in a status; all durations count open hours only.

    ``elapsed`` is measured up to ``at``; ``soon_at`` and ``over_at`` are the instants at which the colour changes (None: never).
    """

    counts: str  # open, count_down or count_up
    at: datetime
    elapsed: timedelta
    wall: timedelta
    estimate: timedelta | None
    soon_at: datetime | None
    over_at: datetime | None

    @property
    def tone(self) -> Tone:
        if self.counts == "open":
            return Tone.plain
        if self.over_at and self.at >= self.over_at:
            return Tone.over
        return Tone.soon if self.soon_at and self.at >= self.soon_at else Tone.fine

    @property
    def left(self) -> timedelta | None:
        """Of a count down; negative when it has run out."""
        return self.estimate - self.elapsed if self.counts == "count_down" and self.estimate is not None else None


def margin(estimate: timedelta, percent: int, minutes: int) -> timedelta:
    """How much of an estimate is little: the longer of a share and a fixed time, at most half of the estimate."""
    return min(max(estimate * percent / 100, timedelta(minutes=minutes)), estimate / 2)
