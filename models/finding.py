"""A finding: what was found at one point of a sheet. The point's texts are kept as they were: the sheet may change afterwards."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.actor import Actor
from models.base import Base
from models.finding_value import checked_remark, checked_value, ended, half, unit_of
from models.finding_words import sentence
from models.inspection_point import InspectionPoint
from models.owned import ShopOwned
from models.refused import Refused
from models.sheet_line import Category, Reading

if TYPE_CHECKING:
    from models.attachment import Attachment
    from models.inspection import Inspection
    from models.shop import Shop


class Result(StrEnum):
    ok = "ok"
    recommended = "recommended"
    necessary = "necessary"
    not_checked = "not_checked"

    @property
    def label(self) -> str:
        return str(_RESULTS[self])


_RESULTS = {
    Result.ok: _l("OK"),
    Result.recommended: _l("Recommended"),
    Result.necessary: _l("Necessary"),
    Result.not_checked: _l("Not checked"),
}
BAD = frozenset({Result.recommended, Result.necessary})


class Finding(ShopOwned, Base):
    __tablename__ = "findings"

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"), index=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("inspection_points.id"), index=True)
    position: Mapped[int]
    # the sheet's words of that day
    section: Mapped[str]
    name: Mapped[str]
    measure: Mapped[str]
    unit: Mapped[str]  # behind a number
    reading: Mapped[Reading]
    ok: Mapped[str]
    recommended: Mapped[str]
    necessary: Mapped[str]
    remarks: Mapped[list[Any]]
    category: Mapped[Category]
    job: Mapped[str]
    # what was found
    result: Mapped[Result | None] = mapped_column(default=None)  # None: not looked at yet
    value: Mapped[str] = mapped_column(default="")  # as typed
    remark: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_by: Mapped[str] = mapped_column(default="")
    said: Mapped[dict[str, Any]] = mapped_column(default=dict)  # by field: who had the last word, see ``InspectionChange``
    # how it became work
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"), index=True, default=None)  # whose item says this too
    item_version: Mapped[int | None] = mapped_column(default=None)  # of that item, as the inspection wrote it last
    told: Mapped[str] = mapped_column(default="")  # what the item says of this finding

    inspection: Mapped["Inspection"] = relationship(back_populates="findings")
    attachments: Mapped[list["Attachment"]] = relationship(back_populates="finding", order_by="Attachment.sent_at, Attachment.id")

    @classmethod
    def blank(cls, point: InspectionPoint, position: int, shop: "Shop") -> "Finding":
        """The point as it stands on the sheet now, not looked at yet."""
        line = point.line
        finding = cls(shop_id=shop.id, point_id=point.id, position=position, section=line.section, **line.texts)
        finding.unit = unit_of(line.measure, shop.country) if line.reading is Reading.number else ""
        return finding

    @property
    def is_bad(self) -> bool:
        return self.result in BAD

    @property
    def measured(self) -> str:
        """What was read, with its unit: "3 mm"; empty where nothing was."""
        if not self.value or not self.unit:
            return self.value
        return f"{self.value}{self.unit}" if self.unit in {"%", "/32 in"} else f"{self.value} {self.unit}"

    @property
    def limit(self) -> str:
        """What would be fine, in the sheet's words: "6 and up"."""
        return self.in_unit(self.ok)

    @property
    def verdict(self) -> str:
        """The sheet's words for what was answered: "under 3"; empty for a point that was not checked."""
        return self.in_unit(getattr(self, self.result)) if self.result and self.result is not Result.not_checked else ""

    def in_unit(self, words: str) -> str:
        """Of "4.0 and up (5+)", which says it in millimetres and in 1/32 in, the half that is measured in."""
        return half(words, self.measure, self.unit)

    @property
    def pictures(self) -> list["Attachment"]:
        """What can be shown of it, in the order in which it was taken."""
        return [picture for picture in self.attachments if picture.is_ready and not picture.removed_at]

    def words(self, language: str) -> str:
        """For the customer: what it is, what happens if it waits, how soon.

        A remark that the mechanic wrote comes first. One that was tapped is in the shop's language: where the library says the same in the
        customer's, that is what they read.
        """
        library, tapped = sentence(self.name, self.result or "", language), self.remark in self.remarks
        if tapped and (language[:2] == "en" or not library):
            return self.remark
        words = " ".join(filter(None, ("" if tapped else ended(self.remark), library)))
        return words or (f"{self.name}: {self.verdict}" if self.verdict else "")

    # verbs

    def answer(self, said: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
        """Write what was said of it: of result, value and remark those that are given. Raises Refused."""
        for field, given in said.items():
            if not isinstance(given, str | None):
                raise Refused(_("This change can't be read. Load the page again."))
            if field == "result":
                self.result = _result(given)
            else:
                setattr(self, field, CHECKS[field](self, given or ""))
        if said:
            self.answered_at, self.answered_by = at, by.name


CHECKS: dict[str, Callable[[Finding, str], str]] = {"value": checked_value, "remark": lambda _finding, text: checked_remark(text)}


def _result(given: str | None) -> Result | None:
    """Raises Refused: there is no such answer."""
    if given is None or given in Result.__members__:
        return Result(given) if given else None
    raise Refused(_("A point is OK, recommended, necessary or not checked."), field="result")
