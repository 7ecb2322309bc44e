"""What one row of one file said, kept with its vehicle and its visit: the car's own account of what was handed over, to whom, when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, db
from models.closing import Closing
from models.export_labels import LABELS
from models.export_partner import Partner
from models.export_run import ExportRun
from models.export_state import ExportState
from models.owned import ShopOwned
from models.visit import Visit
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.export_night import Judged

MOST = 100  # rows of a receipt


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One row as it went: to whom, when, and each field by its name with what it said."""

    partner: Partner
    day: date
    at: datetime
    values: list[tuple[str, str]]  # the field's name as people call it, and what it said


class ExportRecord(ShopOwned, Base):
    __tablename__ = "export_records"

    run_id: Mapped[int] = mapped_column(ForeignKey("export_runs.id"), index=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"), index=True)
    closing_id: Mapped[int] = mapped_column(ForeignKey("closings.id"), index=True)
    item: Mapped[int]  # the work item; 0: the order has none
    cells: Mapped[list[Any]]  # as in the file, in the order of the run's columns

    @classmethod
    def write(cls, run: ExportRun, going: "Sequence[Judged]", cells: Sequence[list[str]]) -> None:
        """In place of what an earlier try of the same run would have sent."""
        db.session.execute(delete(cls).where(cls.run_id == run.id))
        for one, texts in zip(going, cells, strict=True):
            row = one.row
            db.session.add(
                cls(shop_id=run.shop_id, run_id=run.id, vehicle_id=row.vehicle_id, closing_id=row.closing_id, item=row.item, cells=texts)
            )

    @classmethod
    def of(cls, run: ExportRun) -> "Sequence[ExportRecord]":
        return db.session.scalars(select(cls).where(cls.run_id == run.id).order_by(cls.id)).all()

    @classmethod
    def about(cls, visit: Visit) -> list[HandedOver]:
        """What was sent of this vehicle while it was this customer's, newest first: one query."""
        query = select(cls, ExportRun).join(ExportRun).join(Closing, Closing.id == cls.closing_id)
        query = query.join(WorkOrder, WorkOrder.id == Closing.work_order_id).join(Visit, Visit.id == WorkOrder.visit_id)
        mine = query.where(cls.vehicle_id == visit.vehicle_id, Visit.customer_id == visit.customer_id)
        # a file that was kept was made for the partner: who took it from there is not known to us
        gone = mine.where(ExportRun.state.in_((ExportState.delivered, ExportState.kept)))
        return [row._told(run) for row, run in db.session.execute(gone.order_by(cls.id.desc()).limit(MOST))]

    def _told(self, run: ExportRun) -> HandedOver:
        labels = [str(LABELS[name]) for name, _heading in run.columns]
        values = [(label, text) for label, text in zip(labels, self.cells, strict=True) if text]
        return HandedOver(run.partner, run.day, run.ended_at or run.created_at, values)
