"""The overview that counts of each order in a list, and how far it has come: it comes with the order, so that no list asks for it."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, column_property, foreign, joinedload, undefer_group
from sqlalchemy.orm.strategy_options import _AbstractLoad

from models.answer import Answer
from models.authorisation import Authorisation
from models.message import Message
from models.overview import Overview
from models.overview_item import ASKED, OverviewItem
from models.remark import Remark
from models.reply import Reply
from models.work_item import WorkItem
from models.work_order import WorkOrder

GROUP = "step"


def newest_of_order() -> ColumnElement[bool]:
    """Joins an order to the version that counts."""
    every = aliased(Overview)
    newest = select(func.max(every.version)).where(every.work_order_id == WorkOrder.id).correlate_except(every).scalar_subquery()
    return and_(foreign(Overview.work_order_id) == WorkOrder.id, Overview.version == newest)


def newest_overview(via: InstrumentedAttribute[Any] | None = None, *message: InstrumentedAttribute[Any]) -> _AbstractLoad:
    """Loads it with its step in the same question as the order, to which ``via`` leads; of its message the state, and what is named."""
    load = joinedload(via).joinedload(WorkOrder.newest_overview) if via else joinedload(WorkOrder.newest_overview)
    return load.options(undefer_group(GROUP), joinedload(Overview.message).load_only(Message.state, *message))


_item = OverviewItem.__table__.alias().c  # an alias of the class would have the mappers look for each other while they are being read in
_of_item = or_(Answer.overview_item_id == _item.id, Answer.overview_item_id == _item.answered_as_id)
_thumb = exists().where(Authorisation.work_item_id == _item.work_item_id, Authorisation.undone_at.is_(None), Authorisation.at >= Reply.at)
_undecided = exists().where(
    _of_item,
    Reply.id == Answer.reply_id,
    WorkItem.id == _item.work_item_id,
    WorkItem.removed_at.is_(None),
    ~_thumb.correlate_except(Authorisation),
)


def _counting(*which: ColumnElement[bool]) -> Any:
    mine = select(func.count(_item.id)).where(_item.overview_id == Overview.id, _item.category.in_(ASKED), *which)
    return column_property(mine.correlate(Overview).scalar_subquery(), deferred=True, group=GROUP)


_replied = select(func.max(Reply.at)).where(Reply.overview_id == Overview.id).correlate(Overview).scalar_subquery()
_remark = Remark.__table__.alias().c
_unread = select(func.count(_remark.id)).where(_remark.work_order_id == Overview.work_order_id, _remark.read_at.is_(None))

Overview.asked_count = _counting()
Overview.answered_count = _counting(exists().where(_of_item).correlate_except(Answer))
Overview.undecided_count = _counting(_undecided.correlate_except(Answer, Reply, WorkItem))
Overview.replied_at = column_property(_replied, deferred=True, group=GROUP)
Overview.open_remarks = column_property(_unread.correlate(Overview).scalar_subquery(), deferred=True, group=GROUP)  # of its order
