"""What happened up to the present, in the order in which it did. What would come later has not happened: so it is right at any hour."""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import count

from models import clock, db

OPENED = timedelta(days=430)  # when the demo's shops began to use Wrenchline: before the oldest visit that it tells of


class History:
    def __init__(self) -> None:
        self.now = clock.now()
        self._ahead: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()  # what happens at the same instant happens as it was told
        self._told: datetime | None = None

    @property
    def today(self) -> date:
        return self.now.date()

    @contextmanager
    def opening_day(self) -> Iterator[None]:
        with clock.at(self.now - OPENED):
            yield
            db.session.flush()

    def at(self, moment: datetime, happens: Callable[[], None]) -> None:
        """Let it happen at that moment, or at once if that is over; not at all if it is still to come."""
        moment = max(moment, self._told or moment)
        if moment <= self.now:
            heapq.heappush(self._ahead, (moment, next(self._order), happens))

    def unfold(self) -> None:
        while self._ahead:
            self._told, _, happens = heapq.heappop(self._ahead)
            with clock.at(self._told):
                happens()

    @contextmanager
    def soon(self, seconds: float) -> Iterator[None]:
        """A few seconds on from the moment that is being told, but not beyond the present."""
        with clock.at(min(clock.now() + timedelta(seconds=seconds), self.now)):
            yield
