"""How far the inspections of several orders are: one question for a whole board."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import func, select

from models.base import db
from models.finding import Finding, Result
from models.inspection import Inspection
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.shop import Shop


@dataclass(slots=True)
class InspectionProgress:
    completed_at: datetime | None
    completed_by: str
    is_news: bool  # complete, and the desk has not seen it yet
    counts: dict[Result | None, int] = field(default_factory=dict)

    @property
    def points(self) -> int:
        return sum(self.counts.values())

    @property
    def answered(self) -> int:
        return self.points - self.counts.get(None, 0)

    @property
    def bad(self) -> int:
        return self.counts.get(Result.necessary, 0) + self.counts.get(Result.recommended, 0)

    @property
    def words(self) -> str:
        """ "41 of 63"; once it is complete, what came of it."""
        if self.completed_at is None:
            return _("%(answered)s of %(points)s", answered=self.answered, points=self.points)
        necessary, recommended = self.counts.get(Result.necessary, 0), self.counts.get(Result.recommended, 0)
        parts = [
            _("%(count)s necessary", count=necessary) if necessary else "",
            _("%(count)s recommended", count=recommended) if recommended else "",
        ]
        return ", ".join(filter(None, parts)) or _("all in order")

    @classmethod
    def of(cls, order_ids: Iterable[int]) -> "dict[int, InspectionProgress]":
        """By the order's id; an order without an inspection is left out."""
        query = select(Inspection, Finding.result, func.count()).join(Finding, Finding.inspection_id == Inspection.id)
        query = query.where(Inspection.work_order_id.in_(order_ids)).group_by(Inspection.id, Finding.result)
        found: dict[int, InspectionProgress] = {}
        for inspection, result, count in db.session.execute(query):
            is_news = inspection.is_complete and inspection.taken_on_at is None
            progress = cls(inspection.completed_at, inspection.completed_by, is_news)
            found.setdefault(inspection.work_order_id, progress).counts[result] = count
        return found

    @classmethod
    def news(cls, shop: "Shop") -> list[tuple[WorkOrder, "InspectionProgress"]]:
        """The vehicles in the shop whose inspection is complete and that the desk has not seen yet, first come first."""
        fresh = select(WorkOrder).join(Inspection, Inspection.work_order_id == WorkOrder.id).options(*WorkOrder.loaded())
        fresh = fresh.where(WorkOrder.shop_id == shop.id, WorkOrder.closed_at.is_(None))
        fresh = fresh.where(Inspection.completed_at.is_not(None), Inspection.taken_on_at.is_(None)).order_by(Inspection.completed_at)
        orders = list(db.session.scalars(fresh))
        progress = cls.of([order.id for order in orders]) if orders else {}
        return [(order, progress[order.id]) for order in orders]
