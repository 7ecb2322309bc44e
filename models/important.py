"""What the desk must not overlook on a work order: remarks that nobody has read yet, and work that somebody pinned."""

from collections.abc import Sequence

from sqlalchemy import select

from models.base import db
from models.remark import Remark
from models.work_item import WorkItem
from models.work_order import WorkOrder


class Important:
    """Two queries for the remarks with their files, one for the work."""

    def __init__(self, order: WorkOrder) -> None:
        self.remarks: Sequence[Remark] = Remark.of(order)
        pinned = select(WorkItem).where(WorkItem.work_order_id == order.id, WorkItem.pinned_at.is_not(None), WorkItem.removed_at.is_(None))
        self.pinned = db.session.scalars(pinned.order_by(WorkItem.pinned_at, WorkItem.id)).all()

    @property
    def open(self) -> list[Remark]:
        return [remark for remark in self.remarks if not remark.is_read]

    @property
    def read(self) -> list[Remark]:
        return [remark for remark in self.remarks if remark.is_read]
