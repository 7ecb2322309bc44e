"""An inspection sheet as a file: written so that a spreadsheet runs nothing of it, read back word for word, or refused line by line."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, replace

from flask_babel import gettext as _

from models.inspection_sheet import MOST_POINTS, MOST_SECTIONS
from models.refused import Refused
from models.sheet_line import SheetLine

COLUMNS = tuple(field.name for field in fields(SheetLine))
NEEDED = frozenset({"section", "point"})
LARGEST = 1024 * 1024  # bytes
MOST_ERRORS = 50
# what spreadsheets take for the beginning of a formula; the apostrophe is our mark for such a cell, so it is marked itself
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")
BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b")


@dataclass(frozen=True, slots=True)
class Fault:
    line: int  # as an editor counts them, from 1
    reason: str


@dataclass(slots=True)
class SheetFile:
    """What a file holds; it may be taken over if there are no faults."""

    lines: list[SheetLine] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    more_faults: int = 0
    encoding: str = "utf-8"

    def fault(self, line: int, reason: str) -> None:
        if len(self.faults) < MOST_ERRORS:
            self.faults.append(Fault(line, reason))
        else:
            self.more_faults += 1


def write(lines: Iterable[SheetLine]) -> bytes:
    """UTF-8 with a byte-order mark (so that spreadsheets know), every cell in quotes, none of them a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows([_safe(cell) for cell in _cells(line)] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def read(content: bytes) -> SheetFile:
    """Its lines and faults. Raises Refused (field ``file``): too large, empty, or no table of text at all."""
    if len(content) > LARGEST:
        raise Refused(_("This file is larger than %(size)s MB.", size=LARGEST // 1024 // 1024), field="file")
    found = SheetFile()
    text, found.encoding = _decoded(content)
    rows = _rows(text, found)
    _line, heads = next(rows, (1, []))
    columns = [head.strip().casefold() for head in heads]
    if not _heads_are_good(columns, found):
        return found
    seen: dict[tuple[str, str], int] = {}
    for line, cells in rows:
        _take(found, line, dict(zip(columns, cells, strict=False)), cells[len(columns) :], seen)
    _count(found)
    return found


def _cells(line: SheetLine) -> Iterator[str]:
    for name in COLUMNS:
        value = getattr(line, name)
        yield "\n".join(value) if name == "remarks" else str(value)


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def _decoded(content: bytes) -> tuple[str, str]:
    """The text, and what it was taken for. Files from older spreadsheets are in the Western alphabet of Windows, which takes any bytes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif content.startswith(BINARY) or b"\x00" in content:
        raise Refused(_("This is no CSV file. Open it in your spreadsheet and save it as “CSV UTF-8”."), field="file")
    else:
        encodings = ("utf-8-sig", "cp1252", "latin-1")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.strip("\ufeff \r\n\t\x00"):
            return text.removeprefix("\ufeff"), encoding.removesuffix("-sig")
        raise Refused(_("There is nothing in this file."), field="file")
    raise Refused(_("This is no CSV file. Open it in your spreadsheet and save it as “CSV UTF-8”."), field="file")


def _rows(text: str, found: SheetFile) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins; what can't be cut into cells ends the reading there."""
    head = text.lstrip().split("\n", 1)[0]
    delimiter = max((",", ";", "\t"), key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, [_plain(cell) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error:
        found.fault(begins, _("The quotation marks don't match from here on, or a cell is endlessly long."))


def _heads_are_good(columns: list[str], found: SheetFile) -> bool:
    missing = [name for name in COLUMNS if name in NEEDED and name not in columns]
    unknown = [name for name in columns if name and name not in COLUMNS]
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if missing:
        found.fault(1, _("The first line must name the columns; missing: %(names)s.", names=", ".join(missing)))
    if unknown:
        found.fault(1, _("Unknown column: %(names)s. We know %(known)s.", names=", ".join(unknown)[:120], known=", ".join(COLUMNS)))
    if twice:
        found.fault(1, _("Named twice: %(names)s.", names=", ".join(twice)))
    return not found.faults


def _take(found: SheetFile, number: int, typed: dict[str, str], beyond: list[str], seen: dict[tuple[str, str], int]) -> None:
    if any(cell.strip() for cell in beyond):
        found.fault(number, _("There are more cells than columns. Is a cell with a comma in it without quotation marks?"))
        return
    try:
        line = SheetLine.read(typed)
    except Refused as refused:
        for name, sentence in refused.errors.items():
            found.fault(number, f"{name}: {sentence}")
        return
    if not line.point and line != SheetLine(line.section):
        found.fault(number, f"point: {_('Give the point a name.')}")
        return
    first = seen.setdefault((line.section.casefold(), line.point.casefold()), number)
    if first == number:
        found.lines.append(line)
    else:
        found.fault(number, _("“%(point)s” is in this section already, on line %(line)s.", point=line.point or line.section, line=first))


def _count(found: SheetFile) -> None:
    """The sheet as a whole: its sections each in one piece, and no more of anything than fits."""
    sections: dict[str, list[SheetLine]] = {}
    names: dict[str, str] = {}
    for line in found.lines:
        name = names.setdefault(line.section.casefold(), line.section)
        sections.setdefault(name, []).append(line)
    points = sum(bool(line.point) for line in found.lines)
    if not sections and not found.faults:
        found.fault(1, _("There is no point in this file."))
    if len(sections) > MOST_SECTIONS or points > MOST_POINTS:
        found.fault(1, _("A sheet can have %(sections)s sections and %(points)s points.", sections=MOST_SECTIONS, points=MOST_POINTS))
    found.lines = [replace(line, section=name) for name, group in sections.items() for line in group if line.point or len(group) == 1]
