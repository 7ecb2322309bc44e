"""A section of an inspection sheet, and a point in it. Neither is ever deleted: inspections that were made with it point here."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock, sequence
from models.actor import Actor
from models.base import Base, db
from models.owned import ShopOwned
from models.refused import Refused
from models.sheet_line import Category, Reading, SheetLine

if TYPE_CHECKING:
    from models.inspection_sheet import InspectionSheet


class InspectionSection(ShopOwned, Base):
    __tablename__ = "inspection_sections"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("inspection_sheets.id"), index=True)
    name: Mapped[str]
    position: Mapped[int]
    retired_at: Mapped[datetime | None] = mapped_column(default=None)

    sheet: Mapped["InspectionSheet"] = relationship(back_populates="all_sections")
    all_points: Mapped[list["InspectionPoint"]] = relationship(
        back_populates="section", order_by="InspectionPoint.position, InspectionPoint.id"
    )

    @property
    def points(self) -> list["InspectionPoint"]:
        return sorted((point for point in self.all_points if point.retired_at is None), key=lambda point: (point.position, point.id))

    def rename(self, name: str, by: Actor) -> None:
        """Raises Refused: no name, too long, or the sheet has a section of that name."""
        name = self.checked_name(self.sheet, name, self)
        if name != self.name:
            self.name = name
            self.sheet.changed(by, section=name)

    @staticmethod
    def checked_name(sheet: "InspectionSheet", name: str, besides: "InspectionSection | None" = None) -> str:
        line = SheetLine.read({"section": name})
        if any(other.name.casefold() == line.section.casefold() for other in sheet.sections if other is not besides):
            raise Refused(_("There is a section “%(name)s” already.", name=line.section), field="section")
        return line.section

    def step(self, steps: int, by: Actor) -> bool:
        """One place up (-1) or down (1); False: it stands at that end already."""
        moved = sequence.step(self.sheet.ordered_sections, self, steps, self.sheet.sections)
        if moved:
            self.sheet.changed(by, section=self.name)
        return moved

    def retire(self, by: Actor) -> None:
        """It and its points are asked no more; doing it twice does it once."""
        if self.retired_at is None:
            self.retired_at = clock.now()
            self.sheet.changed(by, section=self.name)

    def bring_back(self, by: Actor) -> None:
        """Undo ``retire``, in its old place. Raises Refused: another has taken its name."""
        if self.retired_at is not None:
            self.checked_name(self.sheet, self.name, self)
            self.retired_at = None
            self.sheet.changed(by, section=self.name)


class InspectionPoint(ShopOwned, Base):
    __tablename__ = "inspection_points"

    section_id: Mapped[int] = mapped_column(ForeignKey("inspection_sections.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    measure: Mapped[str] = mapped_column(default="")
    reading: Mapped[Reading] = mapped_column(default=Reading.none)
    ok: Mapped[str] = mapped_column(default="")
    recommended: Mapped[str] = mapped_column(default="")
    necessary: Mapped[str] = mapped_column(default="")
    remarks: Mapped[list[Any]] = mapped_column(default=list)
    category: Mapped[Category] = mapped_column(default=Category.by_answer)
    job: Mapped[str] = mapped_column(default="")  # a code of the catalogue, kept as text: a job may come later, or go
    retired_at: Mapped[datetime | None] = mapped_column(default=None)

    section: Mapped[InspectionSection] = relationship(back_populates="all_points")

    @property
    def line(self) -> SheetLine:
        """Its texts as they stand: what an inspection keeps, and a file."""
        texts = {name: getattr(self, name) for name in ("measure", "reading", "ok", "recommended", "necessary", "category", "job")}
        return SheetLine(section=self.section.name, point=self.name, remarks=tuple(self.remarks), **texts)

    @classmethod
    def add(cls, section: InspectionSection, line: SheetLine, by: Actor) -> "InspectionPoint":
        """At the end of the section. Raises Refused: as ``checked``."""
        section.sheet.leave_room()
        cls.checked(section, line)
        point = cls(shop_id=section.shop_id, position=len(section.all_points), **line.texts)
        section.all_points.append(point)
        db.session.flush()
        section.sheet.changed(by, point=point.name)
        return point

    def change(self, section: InspectionSection, line: SheetLine, by: Actor) -> None:
        """New texts, and perhaps another section, whose last point it becomes. Raises Refused: as ``checked``."""
        self.checked(section, line, self)
        before = self.line
        for name, value in line.texts.items():
            setattr(self, name, value)
        if section is not self.section:
            self._enter(section)
        if self.line != before:
            self.section.sheet.changed(by, point=self.name)

    @staticmethod
    def checked(section: InspectionSection, line: SheetLine, besides: "InspectionPoint | None" = None) -> None:
        """Raises Refused: the point has no name, or the section has one of that name."""
        if not line.point:
            raise Refused(_("Give the point a name."), field="point")
        if any(other.name.casefold() == line.point.casefold() for other in section.points if other is not besides):
            raise Refused(_("“%(section)s” has a point “%(name)s” already.", section=section.name, name=line.point), field="point")

    def step(self, steps: int, by: Actor) -> bool:
        """One place up (-1) or down (1), over the edge into the next section; False: there is no place further on."""
        moved = sequence.step(self._siblings(self.section), self, steps, self.section.points)
        if not moved:
            sections = self.section.sheet.sections
            there = sections.index(self.section) + steps
            if not 0 <= there < len(sections):
                return False
            self.checked(sections[there], self.line)
            self._enter(sections[there], first=steps > 0)
        self.section.sheet.changed(by, point=self.name)
        return True

    def retire(self, by: Actor) -> None:
        """It is asked no more; doing it twice does it once."""
        if self.retired_at is None:
            self.retired_at = clock.now()
            self.section.sheet.changed(by, point=self.name)

    def bring_back(self, by: Actor) -> None:
        """Undo ``retire``, in its old place. Raises Refused: another has taken its name."""
        if self.retired_at is not None:
            self.checked(self.section, self.line, self)
            self.retired_at = None
            self.section.sheet.changed(by, point=self.name)

    def _enter(self, section: InspectionSection, first: bool = False) -> None:
        self.section = section
        siblings = self._siblings(section)
        sequence.place(siblings, self, next((point for point in siblings if point is not self), None) if first else None)
        db.session.flush()

    @staticmethod
    def _siblings(section: InspectionSection) -> list["InspectionPoint"]:
        """With the retired ones between their neighbours, so that one that is brought back stands where it stood."""
        return sorted(section.all_points, key=lambda point: (point.position, point.id))
