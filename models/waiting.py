"""What waits for somebody of a shop: counted beside the pages where it is dealt with, on every page, so asked in one question."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, literal, select, union_all

from models.base import db
from models.reschedule_request import RescheduleRequest
from models.thread import Thread

if TYPE_CHECKING:
    from models.shop import Shop


@dataclass(frozen=True, slots=True)
class Waiting:
    """``requests``: reschedule requests that are open. ``unread``: texts that nobody has read, by number."""

    requests: int = 0
    unread: dict[str, int] = field(default_factory=dict)

    @property
    def texts(self) -> int:
        return sum(self.unread.values())

    @classmethod
    def at(cls, shop: "Shop") -> "Waiting":
        nobody = literal("")
        open_ones = RescheduleRequest.shop_id == shop.id, RescheduleRequest.settled_at.is_(None)
        requests = select(nobody.label("number"), func.count().label("count")).select_from(RescheduleRequest).where(*open_ones)
        unread = select(Thread.number, Thread.unread).where(Thread.shop_id == shop.id, Thread.unread > 0)
        found = {row.number: row[1] for row in db.session.execute(union_all(requests, unread))}
        return cls(found.pop("", 0), found)
