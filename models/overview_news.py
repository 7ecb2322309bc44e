"""What customers did with their overviews since a moment, of orders that are open: for the screens of the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload, undefer_group

from models.base import db
from models.overview import Overview
from models.overview_lists import GROUP
from models.reply import Reply
from models.visit import Visit
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.shop import Shop

MOST = 10


@dataclass(frozen=True, slots=True)
class OverviewNews:
    key: str  # the same wherever it is told
    number: int  # of the work order
    name: str
    vehicle: str
    answered: bool  # else it was opened
    answered_count: int
    asked_count: int

    @classmethod
    def since(cls, shop: "Shop", after: datetime) -> Sequence["OverviewNews"]:
        """Oldest first. One query."""
        order = joinedload(Overview.order, innerjoin=True).joinedload(WorkOrder.visit, innerjoin=True)
        people = order.options(joinedload(Visit.customer, innerjoin=True), joinedload(Visit.vehicle, innerjoin=True))
        query = select(Overview, Reply.id).join(WorkOrder, WorkOrder.id == Overview.work_order_id)
        query = query.outerjoin(Reply, and_(Reply.overview_id == Overview.id, Reply.at > after)).options(people, undefer_group(GROUP))
        query = query.where(
            WorkOrder.shop_id == shop.id, WorkOrder.closed_at.is_(None), or_(Overview.opened_at > after, Reply.id.is_not(None))
        )
        found = db.session.execute(query.order_by(Reply.id.desc(), Overview.opened_at.desc()).limit(MOST)).all()
        return [cls._of(overview, reply_id) for overview, reply_id in reversed(found)]

    @classmethod
    def _of(cls, overview: Overview, reply_id: int | None) -> "OverviewNews":
        visit = overview.order.visit
        return cls(
            key=f"reply-{reply_id}" if reply_id else f"opened-{overview.id}",
            number=overview.order.number,
            name=overview.to_name,
            vehicle=visit.vehicle.description,
            answered=reply_id is not None,
            answered_count=overview.answered_count,
            asked_count=overview.asked_count,
        )
