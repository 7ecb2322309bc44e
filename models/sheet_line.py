"""What one point of an inspection sheet says: the same texts in the editor's form, in a file, and frozen into an inspection."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.refused import Refused

LONGEST = {"section": 60, "point": 120, "measure": 40, "ok": 200, "recommended": 200, "necessary": 200, "job": 20}  # characters
MOST_REMARKS, LONGEST_REMARK = 10, 300


class Reading(StrEnum):
    """What the mechanic gives besides the answer."""

    none = "none"
    number = "number"
    words = "words"
    date = "date"

    @property
    def label(self) -> str:
        return str(_READINGS[self])


class Category(StrEnum):
    """As what a bad answer reaches the customer."""

    by_answer = "by_answer"  # recommended or necessary, as the mechanic answered
    recommended = "recommended"
    necessary = "necessary"

    @property
    def label(self) -> str:
        return str(_CATEGORIES[self])


_READINGS = {
    Reading.none: _l("Nothing, only the answer"),
    Reading.number: _l("A number"),
    Reading.words: _l("Words"),
    Reading.date: _l("A date"),
}
_CATEGORIES = {
    Category.by_answer: _l("As answered"),
    Category.recommended: _l("Always recommended"),
    Category.necessary: _l("Always necessary"),
}


@dataclass(frozen=True, slots=True)
class SheetLine:
    """``point`` is empty for a section that has no points. An answer without words is not offered."""

    section: str
    point: str = ""
    measure: str = ""
    reading: Reading = Reading.none
    ok: str = ""
    recommended: str = ""
    necessary: str = ""
    remarks: tuple[str, ...] = ()
    category: Category = Category.by_answer
    job: str = ""

    @classmethod
    def read(cls, typed: Mapping[str, str]) -> "SheetLine":
        """What was typed, tidied. Raises Refused naming each field that can't be taken."""
        errors: dict[str, Any] = {}
        words = {name: one_line(typed.get(name, "")) for name in LONGEST}
        words["job"] = words["job"].upper()
        for name, text in words.items():
            if fault := _fault(text, LONGEST[name]):
                errors[name] = fault
        if not words["section"]:
            errors["section"] = _("Give the section a name.")
        if " " in words["job"] and "job" not in errors:
            errors["job"] = _("A job code has no spaces.")
        remarks = tuple(line for line in map(one_line, typed.get("remarks", "").splitlines()) if line)
        if len(remarks) > MOST_REMARKS:
            errors["remarks"] = _("Keep it to %(count)s remarks.", count=MOST_REMARKS)
        elif fault := next(filter(None, (_fault(remark, LONGEST_REMARK) for remark in remarks)), ""):
            errors["remarks"] = fault
        choices = {"reading": _choice(Reading, typed, errors), "category": _choice(Category, typed, errors)}
        if errors:
            raise Refused.at(**errors)
        return cls(remarks=remarks, **words, **choices)  # type: ignore[arg-type]

    @property
    def texts(self) -> dict[str, Any]:
        """All but the section, as the columns of a point."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name not in {"section", "point"}} | {
            "name": self.point,
            "remarks": list(self.remarks),
        }


def one_line(text: str) -> str:
    """Words without breaks and double spaces."""
    return " ".join(text.split())


def _fault(text: str, longest: int) -> str:
    if len(text) > longest:
        return str(_("Please keep it under %(count)s characters.", count=longest))
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text):
        return str(_("There is a character in it that can't be kept."))
    return ""


def _choice(kind: type[StrEnum], typed: Mapping[str, str], errors: dict[str, Any]) -> StrEnum:
    name = kind.__name__.lower()
    text = typed.get(name, "").strip().lower().replace(" ", "_") or next(iter(kind)).value
    if text in kind.__members__:
        return kind(text)
    errors[name] = _("“%(word)s” is none of %(known)s.", word=text[:40], known=", ".join(kind.__members__))
    return next(iter(kind))
