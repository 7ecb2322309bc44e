"""What waits for somebody of a shop: counted beside the pages where it is dealt with, on every page, so asked in one question."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, literal, select, union_all

from models.base import db
from models.inspection_lists import news_count
from models.reschedule_request import RescheduleRequest
from models.stop_alarm import KINDS, StopAlarm
from models.thread import Thread

if TYPE_CHECKING:
    from models.shop import Shop


INSPECTED = "#inspected"  # no phone number


@dataclass(frozen=True, slots=True)
class Waiting:
    """``requests``: reschedule requests that are open. ``inspected``: inspections that are complete and that the
    desk has not seen. ``unread``: texts that nobody has read, by number.

    ``alarms``: what may mean stop and nobody has decided, by number: the words of the alarm.
    """

    requests: int = 0
    inspected: int = 0
    unread: dict[str, int] = field(default_factory=dict)
    alarms: dict[str, str] = field(default_factory=dict)

    @property
    def texts(self) -> int:
        return sum(self.unread.values())

    def alarm(self, numbers: Iterable[str]) -> str:
        """What is to be decided about any of these numbers, in words; empty if nothing is."""
        return self.alarms.get(self.alarmed(numbers), "")

    def alarmed(self, numbers: Iterable[str]) -> str:
        """The first of these numbers about which something is to be decided; empty if there is none."""
        return next((number for number in numbers if number in self.alarms), "")

    @classmethod
    def at(cls, shop: "Shop") -> "Waiting":
        open_ones = RescheduleRequest.shop_id == shop.id, RescheduleRequest.settled_at.is_(None)
        requests = select(literal("").label("number"), literal("").label("kind"), func.count().label("count"))
        requests = requests.select_from(RescheduleRequest).where(*open_ones)
        unread = select(Thread.number, literal(""), Thread.unread).where(Thread.shop_id == shop.id, Thread.unread > 0)
        alarms = select(StopAlarm.number, func.max(StopAlarm.kind), literal(0)).group_by(StopAlarm.number)
        alarms = alarms.where(StopAlarm.shop_id == shop.id, StopAlarm.decided_at.is_(None))  # of two kinds "stop", which says more
        inspected = select(literal(INSPECTED), literal(""), news_count(shop).scalar_subquery())
        found = list(db.session.execute(union_all(requests, unread, alarms, inspected)))
        counts = {number: count for number, kind, count in found if not kind}
        return cls(
            counts.pop("", 0), counts.pop(INSPECTED, 0), counts, {number: str(KINDS[kind]) for number, kind, _count in found if kind}
        )
