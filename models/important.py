"""What the desk must not overlook on a work order: remarks that nobody has read yet, and work that somebody pinned."""

from models.remark import Remark
from models.work import Work
from models.work_order import WorkOrder


class Important:
    """``work`` is the order's, which the page has asked for already."""

    def __init__(self, order: WorkOrder, work: Work) -> None:
        self.remarks = Remark.of(order)
        self.pinned = [item for item in work.items if item.is_pinned]

    @property
    def open(self) -> list[Remark]:
        return [remark for remark in self.remarks if not remark.is_read]

    @property
    def read(self) -> list[Remark]:
        return [remark for remark in self.remarks if remark.is_read]
