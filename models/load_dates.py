"""Days and times as other systems write them, in the form that the records take."""

import re
from collections.abc import Iterable
from datetime import date, time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.refused import Refused

ORDERS = {"mdy": _l("Month, day, year (11/24/2026)"), "dmy": _l("Day, month, year (24-11-2026)")}
EXAMPLES = {"mdy": "11/24/2026", "dmy": "24-11-2026"}
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_BETWEEN = r"[-/. ,]+"
_DAY = re.compile(rf"(\d{{1,4}}|[a-z]{{3,9}}){_BETWEEN}(\d{{1,2}}|[a-z]{{3,9}}){_BETWEEN}(\d{{4}}|\d{{1,2}})(?!\d)", re.IGNORECASE)
_TIME = re.compile(r"[T ,]*(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*(?:([ap])\.?m\.?)?\s*(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE)
_HOUR = re.compile(r"\s*(\d{1,2})\s*([ap])\.?m\.?", re.IGNORECASE)


def likely_order(cells: Iterable[str], country: str) -> str:
    """What the cells themselves show (no month is above 12), else what is usual in the shop's country."""
    for cell in cells:
        if (found := _DAY.match(cell.strip())) and found[1].isdecimal() and found[2].isdecimal() and len(found[1]) < 3:
            if int(found[1]) > 12:
                return "dmy"
            if int(found[2]) > 12:
                return "mdy"
    return "mdy" if country == "US" else "dmy"


def day(text: str, order: str) -> str:
    """ISO 8601. Raises Refused: it is no day."""
    return _day(text, order)[0].isoformat()


def moment(text: str, order: str) -> str:
    """ISO 8601; a day alone where there is no time, or midnight, which programs write where there is none. Raises Refused."""
    on, rest = _day(text, order)
    at, offset = clock(rest) if rest.strip() else (time(), "")
    return f"{on.isoformat()}T{at:%H:%M}{offset}" if at != time() or offset else on.isoformat()


def clock(text: str) -> tuple[time, str]:
    """A time of day, and its offset if it says one. Raises Refused."""
    found, hour = _TIME.fullmatch(text.strip()), _HOUR.fullmatch(text)
    try:
        if found:
            hours = _hours(int(found[1]), found[4])
            return time(hours, int(found[2])), _offset(found[5] or "")
        if hour:
            return time(_hours(int(hour[1]), hour[2])), ""
    except ValueError:
        pass
    raise Refused(_("Write a time like 08:30 or 8:30 AM."))


def _hours(hours: int, half: str | None) -> int:
    if half and not 1 <= hours <= 12:
        raise ValueError
    return hours % 12 + (12 if half in {"p", "P"} else 0) if half else hours


def _offset(text: str) -> str:
    return f"{text[:3]}:{text[-2:]}" if len(text) > 1 else text.upper()


def _day(text: str, order: str) -> tuple[date, str]:
    found = _DAY.match(text.strip())
    try:
        if not found:
            raise ValueError
        return date(*_parts(found[1], found[2], found[3], order)), text.strip()[found.end() :]
    except (ValueError, KeyError):
        raise Refused(_("Write a day like %(example)s, or 2026-11-24.", example=EXAMPLES[order])) from None


def _parts(first: str, second: str, third: str, order: str) -> tuple[int, int, int]:
    if not first.isdecimal():  # Nov 24, 2026
        return _year(third), _MONTHS[first[:3].casefold()], int(second)
    if not second.isdecimal():  # 24-Nov-2026
        return _year(third), _MONTHS[second[:3].casefold()], int(first)
    if len(first) > 2:
        return int(first), int(second), int(third)
    return (_year(third), int(first), int(second)) if order == "mdy" else (_year(third), int(second), int(first))


def _year(text: str) -> int:
    """Two digits are of this century up to 69, as databases have it."""
    return int(text) if len(text) > 2 else int(text) + (2000 if int(text) < 70 else 1900)
