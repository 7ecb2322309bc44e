"""Inspections as lists show them: with their orders in the same question, and how many points of each kind were counted by the database."""

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import column_property, joinedload, undefer_group
from sqlalchemy.sql.base import ExecutableOption

from models.base import db
from models.finding import Finding, Result
from models.inspection import Inspection
from models.overview import Overview
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.shop import Shop

COUNTS = "counts"


def _counted(*which: ColumnElement[bool]) -> ColumnElement[int]:
    mine = select(func.count()).where(Finding.inspection_id == Inspection.id, *which)
    return mine.correlate_except(Finding).scalar_subquery()


Inspection.points = column_property(_counted(), deferred=True, group=COUNTS)
Inspection.answered = column_property(_counted(Finding.result.is_not(None)), deferred=True, group=COUNTS)
Inspection.necessary = column_property(_counted(Finding.result == Result.necessary), deferred=True, group=COUNTS)
Inspection.recommended = column_property(_counted(Finding.result == Result.recommended), deferred=True, group=COUNTS)


def with_inspection() -> ExecutableOption:
    """Loader option for work orders that say how far their inspection is."""
    return joinedload(WorkOrder.inspection).undefer_group(COUNTS)


def with_counts() -> ExecutableOption:
    """Loader option for inspections that say how far they are."""
    return undefer_group(COUNTS)


def _news(shop: "Shop") -> ColumnElement[bool]:
    """Complete, of a vehicle that is here, and the desk has neither looked at it nor sent it on."""
    sent = exists().where(Overview.work_order_id == WorkOrder.id, Overview.sent_at >= Inspection.completed_at)
    here = and_(WorkOrder.shop_id == shop.id, WorkOrder.closed_at.is_(None))
    return and_(here, Inspection.completed_at.is_not(None), Inspection.taken_on_at.is_(None), ~sent)


def news_count(shop: "Shop") -> Select[int]:
    return select(func.count()).select_from(WorkOrder).join(WorkOrder.inspection).where(_news(shop))


def news(shop: "Shop") -> list[WorkOrder]:
    """The orders, with their inspections, first come first."""
    fresh = select(WorkOrder).join(WorkOrder.inspection).where(_news(shop)).options(*WorkOrder.loaded(), with_inspection())
    return list(db.session.scalars(fresh.order_by(Inspection.completed_at, Inspection.id)))
