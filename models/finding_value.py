"""What a mechanic reads at a point: a number, a date or words; and what a number says by itself, where the sheet's words are plain."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from models.refused import Refused
from models.sheet_line import Reading

if TYPE_CHECKING:
    from models.finding import Finding

IN_INCHES = frozenset({"US"})  # countries that measure tread in 1/32 in, pressure in psi
IN_MILES = frozenset({"US", "GB"})
# a sheet's measure → what is written behind the number: where miles and inches are used, and elsewhere
UNITS = {
    "mi or km": ("mi", "km"),
    "mm (1/32 in)": ("/32 in", "mm"),
    "psi or bar": ("psi", "bar"),
    "deg c": ("°C", "°C"),
    "percent": ("%", "%"),
    "percent cca": ("%", "%"),
    "mm and finish": ("mm", "mm"),
}
_INCHES = re.compile(r"^(?P<metric>.*?)\s*\((?P<inches>[^()]*)\)$")

LONGEST_VALUE, LONGEST_REMARK = 120, 1000  # characters
_NUMBER = r"-?\d{1,7}(?:[.,]\d{1,3})?"
_NUMBERS = re.compile(rf"{_NUMBER}(?:\s*/\s*{_NUMBER}){{0,3}}")  # one, or one a wheel: 32 / 32 / 30 / 31
# how sheets say where good ends and bad begins
_BOUNDS = (
    (re.compile(r"(?P<limit>\d+(?:\.\d+)?)(?: and up|\+)"), ">="),
    (re.compile(r"(?P<limit>\d+(?:\.\d+)?) or less"), "<="),
    (re.compile(r"(?:under|below) (?P<limit>\d+(?:\.\d+)?)"), "<"),
    (re.compile(r"over (?P<limit>\d+(?:\.\d+)?)"), ">"),
)


def checked_value(finding: "Finding", text: str) -> str:
    """As it is kept: "4,5" as "4.5". Raises Refused: too long, or not what the point asks for."""
    text = " ".join(text.split())
    if not text:
        return ""
    if finding.reading is Reading.none:
        raise Refused(_("“%(point)s” asks for no reading.", point=finding.name), field="value")
    fault(text, LONGEST_VALUE, "value")
    if finding.reading is Reading.number:
        if not _NUMBERS.fullmatch(text):
            raise Refused(_("Give a number, like 4.5; one for each wheel like 32 / 32 / 30 / 31."), field="value")
        return " / ".join(one.strip().replace(",", ".") for one in text.split("/"))
    if finding.reading is Reading.date:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise Refused(_("Give a date."), field="value") from None
    return text


def checked_remark(text: str) -> str:
    """Raises Refused: too long."""
    text = "\n".join(line.strip() for line in text.strip().splitlines())
    fault(text.replace("\n", " "), LONGEST_REMARK, "remark")
    return text


def fault(text: str, longest: int, field: str) -> None:
    if len(text) > longest:
        raise Refused(_("Please keep it under %(count)s characters.", count=longest), field=field)
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text):
        raise Refused(_("There is a character in it that can't be kept."), field=field)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a number says by itself: ``fine`` like ">=6", ``limit`` like "<3"; in between it is recommended."""

    fine: str
    limit: str

    @classmethod
    def of(cls, finding: "Finding") -> "Bounds | None":
        """Where the sheet's words are two plain bounds that leave no doubt; else None, and the mechanic judges."""
        if finding.reading is not Reading.number or not finding.recommended:
            return None
        fine, limit = _bound(finding.in_unit(finding.ok)), _bound(finding.in_unit(finding.necessary))
        return cls(fine, limit) if fine and limit and fine[0] != limit[0] else None


def _bound(words: str) -> str:
    for pattern, sign in _BOUNDS:
        if found := pattern.fullmatch(words.strip()):
            return f"{sign}{found['limit']}"
    return ""


def unit_of(measure: str, country: str) -> str:
    """What stands behind a number of that measure, as people there are used to it."""
    there, elsewhere = UNITS.get(measure.casefold(), (measure, measure))
    return there if country in (IN_MILES if there == "mi" else IN_INCHES) else elsewhere


def half(words: str, measure: str, unit: str) -> str:
    """Of what says it in millimetres and, in brackets, in 1/32 in, the half in that unit."""
    both = _INCHES.match(words) if measure.casefold() == "mm (1/32 in)" else None
    return words if both is None else both["inches" if unit == "/32 in" else "metric"]


def ended(words: str) -> str:
    """With a full stop, so that another sentence can follow."""
    return words if not words or words[-1] in ".!?" else f"{words}."
