"""An inspection sheet (DVI sheet): the sections and points that a mechanic goes through. What was inspected by it keeps its own words."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload
from sqlalchemy.sql.base import ExecutableOption

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.inspection_point import InspectionPoint, InspectionSection
from models.owned import ShopOwned
from models.refused import NotFound, Refused
from models.sheet_line import SheetLine, one_line

if TYPE_CHECKING:
    from models.shop import Shop

LONGEST = {"name": 80, "used_for": 200}  # characters
MOST_SHEETS, MOST_SECTIONS, MOST_POINTS = 40, 40, 300


class InspectionSheet(ShopOwned, Base):
    __tablename__ = "inspection_sheets"

    name: Mapped[str]
    used_for: Mapped[str] = mapped_column(default="")  # kinds of work, with commas between
    default_of: Mapped[int | None] = mapped_column(ForeignKey("shops.id"), unique=True, default=None)  # the shop whose default it is
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None] = mapped_column(default=None)

    all_sections: Mapped[list[InspectionSection]] = relationship(
        back_populates="sheet", order_by="InspectionSection.position, InspectionSection.id"
    )

    @property
    def is_default(self) -> bool:
        return self.default_of is not None

    @property
    def ordered_sections(self) -> list[InspectionSection]:
        """With the retired ones between their neighbours."""
        return sorted(self.all_sections, key=lambda section: (section.position, section.id))

    @property
    def sections(self) -> list[InspectionSection]:
        return [section for section in self.ordered_sections if section.retired_at is None]

    @property
    def points(self) -> list[InspectionPoint]:
        return [point for section in self.sections for point in section.points]

    @property
    def lines(self) -> list[SheetLine]:
        """The whole sheet as it stands; a section without points has a line of its own."""
        return [line for section in self.sections for line in ([point.line for point in section.points] or [SheetLine(section.name)])]

    @classmethod
    def make(cls, shop: "Shop", name: str, lines: Iterable[SheetLine] = (), *, by: Actor, used_for: str = "") -> "InspectionSheet":
        """A new sheet of these lines; the shop's first is its default. Raises Refused: as ``checked``, or there are too many."""
        shop.lock()
        others = cls.of(shop)
        if len(others) >= MOST_SHEETS:
            raise Refused(_("A shop can have %(count)s sheets. Remove one first.", count=MOST_SHEETS), field="name")
        sheet = cls(shop_id=shop.id, made_at=clock.now(), **cls.checked(shop, name, used_for))
        sheet.default_of = None if any(other.is_default for other in others) else shop.id
        sheet.all_sections = [
            InspectionSection(
                shop_id=shop.id,
                name=section,
                position=place,
                all_points=[
                    InspectionPoint(shop_id=shop.id, position=position, **line.texts) for position, line in enumerate(group) if line.point
                ],
            )
            for place, (section, group) in enumerate(groupby(lines, key=lambda line: line.section))
        ]
        db.session.add(sheet)
        db.session.flush()
        record(sheet, "inspection_sheet.made", by, name=sheet.name)
        return sheet

    @classmethod
    def checked(cls, shop: "Shop", name: str, used_for: str, besides: "InspectionSheet | None" = None) -> dict[str, str]:
        """Both, tidied. Raises Refused: no name, one that is taken, or too many words."""
        words = {"name": one_line(name), "used_for": ", ".join(filter(None, map(one_line, used_for.split(","))))}
        errors = {
            field: _("Please keep it under %(count)s characters.", count=LONGEST[field])
            for field, text in words.items()
            if len(text) > LONGEST[field]
        }
        if not words["name"]:
            errors["name"] = _("Give the sheet a name.")
        elif any(other.name.casefold() == words["name"].casefold() for other in cls.of(shop) if other is not besides):
            errors["name"] = _("There is a sheet of that name already.")
        if errors:
            raise Refused.at(**errors)
        return words

    @classmethod
    def of(cls, shop: "Shop", *options: ExecutableOption) -> list["InspectionSheet"]:
        """The sheets in use: the default first, then by name."""
        found = db.session.scalars(select(cls).where(cls.shop_id == shop.id, cls.retired_at.is_(None)).options(*options))
        return sorted(found, key=lambda sheet: (not sheet.is_default, sheet.name.casefold()))

    @classmethod
    def for_work(cls, shop: "Shop", type_of_work: str) -> "InspectionSheet | None":
        """The sheet that names this kind of work, else the shop's default; None: it has none."""
        sheets, work = cls.of(shop), type_of_work.casefold()
        named = (sheet for sheet in sheets if any(word.strip().casefold() in work for word in sheet.used_for.split(",") if word.strip()))
        return next(named, None) or next((sheet for sheet in sheets if sheet.is_default), None)

    @staticmethod
    def whole() -> ExecutableOption:
        return selectinload(InspectionSheet.all_sections).selectinload(InspectionSection.all_points)

    def section(self, id: int) -> InspectionSection:
        """Of those that there ever were. Raises NotFound."""
        found = next((section for section in self.all_sections if section.id == id), None)
        if found is None:
            raise NotFound("InspectionSection")
        return found

    def point(self, id: int) -> InspectionPoint:
        """Of those that there ever were. Raises NotFound."""
        found = next((point for section in self.all_sections for point in section.all_points if point.id == id), None)
        if found is None:
            raise NotFound("InspectionPoint")
        return found

    def describe(self, shop: "Shop", name: str, used_for: str, by: Actor) -> None:
        """Raises Refused: as ``checked``."""
        shop.lock()
        words = self.checked(shop, name, used_for, self)
        if (self.name, self.used_for) != (words["name"], words["used_for"]):
            self.name, self.used_for = words["name"], words["used_for"]
            self.changed(by)

    def add_section(self, name: str, by: Actor) -> InspectionSection:
        """At the end. Raises Refused: as ``InspectionSection.checked_name``, or there are too many."""
        name = InspectionSection.checked_name(self, name)
        if len(self.sections) >= MOST_SECTIONS:
            raise Refused(_("A sheet can have %(count)s sections.", count=MOST_SECTIONS), field="section")
        section = InspectionSection(shop_id=self.shop_id, name=name, position=len(self.all_sections), all_points=[])
        self.all_sections.append(section)
        db.session.flush()
        self.changed(by, section=name)
        return section

    def leave_room(self) -> None:
        """Raises Refused: no more points fit on the sheet."""
        if len(self.points) >= MOST_POINTS:
            raise Refused(_("A sheet can have %(count)s points.", count=MOST_POINTS), field="point")

    def make_default(self, shop: "Shop", by: Actor) -> None:
        """The one for all work that no other sheet names."""
        shop.lock()
        if self.is_default or self.retired_at is not None:
            return
        for other in self.of(shop):
            other.default_of = None
        db.session.flush()  # before there are two
        self.default_of = shop.id
        self.changed(by)

    def retire(self, by: Actor) -> None:
        """It is offered no more; what was inspected by it stays. Doing it twice does it once."""
        if self.retired_at is None:
            self.retired_at, self.default_of = clock.now(), None
            record(self, "inspection_sheet.retired", by, name=self.name)

    def bring_back(self, shop: "Shop", by: Actor) -> None:
        """Undo ``retire``; it is the default again if there is none. Raises Refused: another has taken its name."""
        shop.lock()
        if self.retired_at is None:
            return
        self.checked(shop, self.name, self.used_for, self)
        if not any(other.is_default for other in self.of(shop)):
            self.default_of = shop.id
        self.retired_at = None
        record(self, "inspection_sheet.returned", by, name=self.name)

    def changed(self, by: Actor, **what: str) -> None:
        record(self, "inspection_sheet.changed", by, name=self.name, **what)


@cache
def preset() -> list[SheetLine]:
    """The sheet of 63 points that the house ships."""
    from models.sheet_file import read

    return read((Path(__file__).parent / "presets" / "inspection_sheet.csv").read_bytes()).lines
