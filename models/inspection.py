"""An inspection: a mechanic goes through a sheet at a vehicle that is in the shop. The findings keep the sheet's words of that day."""

from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload
from sqlalchemy.sql.base import ExecutableOption

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.finding import Finding, Result
from models.handover import touch
from models.inspection_sheet import InspectionSheet
from models.owned import ShopOwned
from models.refused import NotFound, Refused

if TYPE_CHECKING:
    from models.work_order import WorkOrder


class Inspection(ShopOwned, Base):
    __tablename__ = "inspections"

    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"), unique=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("inspection_sheets.id"))
    sheet_name: Mapped[str]
    begun_at: Mapped[datetime]
    begun_by: Mapped[str]
    completed_at: Mapped[datetime | None] = mapped_column(default=None)
    completed_by: Mapped[str] = mapped_column(default="")
    taken_on_at: Mapped[datetime | None] = mapped_column(default=None)  # the desk has seen that it is complete
    taken_on_by: Mapped[str] = mapped_column(default="")

    order: Mapped["WorkOrder"] = relationship()
    findings: Mapped[list[Finding]] = relationship(order_by=(Finding.position, Finding.id), back_populates="inspection")

    # questions

    @classmethod
    def of(cls, order: "WorkOrder", *more: ExecutableOption) -> "Inspection | None":
        """The order's; None: nobody has begun one. ``more`` to load with it, like ``with_pictures``."""
        return db.session.scalars(select(cls).where(cls.work_order_id == order.id).options(*more)).first()

    @staticmethod
    def with_pictures() -> ExecutableOption:
        return selectinload(Inspection.findings).selectinload(Finding.attachments)

    @property
    def is_complete(self) -> bool:
        return self.completed_at is not None

    @property
    def sections(self) -> dict[str, list[Finding]]:
        """The findings by their section, in the sheet's order."""
        found: dict[str, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(finding.section, []).append(finding)
        return found

    @property
    def bad(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_bad]

    @property
    def checked_ok(self) -> dict[str, list[Finding]]:
        """What works properly, by section: fifty lines that a customer reads as nine."""
        sections = {name: [finding for finding in findings if finding.result is Result.ok] for name, findings in self.sections.items()}
        return {name: findings for name, findings in sections.items() if findings}

    def count(self, *results: Result | None) -> int:
        """How many points have one of these results; None: have none yet."""
        return sum(finding.result in results for finding in self.findings)

    def finding(self, id: int) -> Finding:
        """Raises NotFound: of another inspection, or none."""
        found = next((finding for finding in self.findings if finding.id == id), None)
        if found is None:
            raise NotFound("Finding")
        return found

    # verbs

    @classmethod
    def begin(cls, order: "WorkOrder", sheet: InspectionSheet, *, by: Actor) -> "Inspection":
        """Go through that sheet at the order's vehicle; begun twice, the first one goes on. Raises Refused: closed, or no points."""
        order.lock()
        if begun := cls.of(order):
            return begun
        order.must_be_open()
        if not sheet.points:
            raise Refused(_("This sheet has no points yet."), field="sheet")
        inspection = cls(shop_id=order.shop_id, order=order, sheet_id=sheet.id, sheet_name=sheet.name)
        inspection.begun_at, inspection.begun_by = clock.now(), by.name
        inspection.findings = [Finding.blank(point, position, order.visit.shop) for position, point in enumerate(sheet.points)]
        db.session.add(inspection)
        db.session.flush()
        inspection.note("begun", by, sheet=sheet.name)
        return inspection

    def note(self, verb: str, by: Actor, **details: str | int) -> None:
        """Write it into the order's log, and tell open screens."""
        record(self.order, f"inspection.{verb}", by, **details)
        touch(self.shop_id, "inspections")
