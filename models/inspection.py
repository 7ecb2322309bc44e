"""An inspection: a mechanic goes through a sheet at a vehicle that is in the shop. The findings keep the sheet's words of that day."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, MappedSQLExpression, mapped_column, relationship, selectinload
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
from models.visit import Visit
from models.work_order import WorkOrder

REMEMBERED = 5  # earlier inspections of a vehicle that are looked through


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was found at a point on an earlier visit."""

    finding: Finding

    @property
    def words(self) -> str:
        """ "3 mm", or how it was answered where nothing was read."""
        return self.finding.measured or (self.finding.result.label if self.finding.result else "")

    @property
    def at(self) -> datetime:
        assert self.finding.answered_at
        return self.finding.answered_at


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

    order: Mapped[WorkOrder] = relationship()
    if TYPE_CHECKING:  # counted by the database where lists ask for it, see ``inspection_lists``
        points: MappedSQLExpression[int]
        answered: MappedSQLExpression[int]
        necessary: MappedSQLExpression[int]
        recommended: MappedSQLExpression[int]
    findings: Mapped[list[Finding]] = relationship(order_by=(Finding.position, Finding.id), back_populates="inspection")

    # questions

    @classmethod
    def of(cls, order: WorkOrder, *more: ExecutableOption) -> "Inspection | None":
        """The order's; None: nobody has begun one. ``more`` to load with it, like ``with_pictures``."""
        return db.session.scalars(select(cls).where(cls.work_order_id == order.id).options(*more)).first()

    @classmethod
    def on(cls, order: WorkOrder, *more: ExecutableOption) -> "Inspection":
        """The order's. Raises NotFound: nobody has begun one."""
        found = cls.of(order, *more)
        if found is None:
            raise NotFound("Inspection")
        return found

    @staticmethod
    def with_pictures() -> ExecutableOption:
        return selectinload(Inspection.findings).selectinload(Finding.attachments)

    @property
    def is_complete(self) -> bool:
        return self.completed_at is not None

    @property
    def is_news(self) -> bool:
        """Complete, and nobody at the desk has said that they saw it."""
        return self.is_complete and self.taken_on_at is None

    @property
    def words(self) -> str:
        """ "41 of 63"; once it is complete, what came of it."""
        if not self.is_complete:
            return _("%(answered)s of %(points)s", answered=self.answered, points=self.points)
        necessary = _("%(count)s necessary", count=self.necessary) if self.necessary else ""
        recommended = _("%(count)s recommended", count=self.recommended) if self.recommended else ""
        return ", ".join(filter(None, (necessary, recommended))) or _("all in order")

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

    @property
    def open_points(self) -> int:
        return self.count(None)

    @property
    def language(self) -> str:
        """In which the customer reads."""
        return self.order.visit.customer.language or self.order.visit.shop.language

    @cached_property
    def last_time(self) -> dict[int, Earlier]:
        """What was found at the same points of the same vehicle before, by the id of today's finding: a reading, or something bad."""
        before = select(Inspection.id).join(WorkOrder).join(Visit).where(Visit.vehicle_id == self.order.visit.vehicle_id)
        before = before.where(Inspection.shop_id == self.shop_id, Inspection.begun_at < self.begun_at).order_by(Inspection.begun_at.desc())
        found = select(Finding).where(Finding.inspection_id.in_(before.limit(REMEMBERED).scalar_subquery()), Finding.result.is_not(None))
        earlier: dict[Any, Finding] = {}
        for one in db.session.scalars(found.order_by(Finding.answered_at, Finding.id)):
            if one.value or one.is_bad:
                earlier[one.point_id] = earlier[one.section.casefold(), one.name.casefold()] = one
        pairs = ((one, earlier.get(one.point_id) or earlier.get((one.section.casefold(), one.name.casefold()))) for one in self.findings)
        return {one.id: Earlier(was) for one, was in pairs if was}

    # verbs

    @classmethod
    def begin(cls, order: WorkOrder, sheet: InspectionSheet, *, by: Actor) -> "Inspection":
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
        inspection.note("begun", by, name=sheet.name)
        return inspection

    def complete(self, *, rest: bool, by: Actor) -> list[Finding]:
        """Every point has its answer; with ``rest``, what has none is not checked. Twice is once. Raises Refused: some have none.

        What is bad becomes work: see ``finding_items``.
        """
        if self.is_complete:
            return []
        left = [finding for finding in self.findings if finding.result is None]
        if left and not rest:
            sentence = ngettext("%(num)s point has no answer yet.", "%(num)s points have no answer yet.", len(left))
            raise Refused(sentence, field="complete")
        now = clock.now()
        for finding in left:
            finding.answer({"result": Result.not_checked.value}, by=by, at=now)
        self.completed_at, self.completed_by, self.taken_on_at, self.taken_on_by = now, by.name, None, ""
        self.note("completed", by, necessary=self.count(Result.necessary), recommended=self.count(Result.recommended))
        return left

    def resume(self, *, by: Actor) -> list[Finding]:
        """Not complete after all; the work items that came of it stay. Twice is once."""
        if self.is_complete:
            self.completed_at, self.completed_by = None, ""
            self.note("resumed", by)
        return []

    def take_on(self, *, by: Actor) -> None:
        """The desk has seen that it is complete. Twice is once."""
        if self.is_complete and self.taken_on_at is None:
            self.taken_on_at, self.taken_on_by = clock.now(), by.name
            self.note("taken_on", by)

    def lock(self) -> None:
        """Until this transaction ends, others who would say something of it, or of its order, wait; what is held is read anew."""
        self.order.lock()
        db.session.refresh(self)
        db.session.scalars(select(Finding).where(Finding.inspection_id == self.id).execution_options(populate_existing=True)).all()

    def note(self, verb: str, by: Actor, **details: str | int) -> None:
        """Write it into the order's log, and tell open screens."""
        record(self.order, f"inspection.{verb}", by, **details)
        touch(self.shop_id, "inspections")
