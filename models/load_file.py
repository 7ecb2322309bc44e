"""A table that another system wrote out: in whichever letters, with whatever between its columns, damaged here and there.

It is read line by line, so that memory does not grow with it; a row that can't be cut into cells is one bad row, and the next line goes on.
"""

import csv
import io
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.refused import Refused
from models.sheet_file import BINARY, FORMULA

LARGEST = 50 * 1024 * 1024  # bytes
LONGEST_LINE = 256 * 1024  # characters
MOST_COLUMNS = 200
SAMPLE = 128 * 1024  # bytes that are looked at to see what is between the columns
PIECE = 1024 * 1024
ENCODINGS = {
    "utf-8": _l("UTF-8"),
    "cp1252": _l("Windows, Western Europe (1252)"),
    "utf-16": _l("UTF-16"),
    "cp850": _l("DOS, Western Europe (850)"),
    "mac_roman": _l("Macintosh"),
}
DELIMITERS = {",": _l("Comma"), ";": _l("Semicolon"), "\t": _l("Tab"), "|": _l("Vertical bar")}
UNREADABLE = "\ufffd"  # what stands for bytes that are no letter in the chosen encoding
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class Form:
    encoding: str
    delimiter: str


@dataclass(frozen=True, slots=True)
class Row:
    line: int  # on which it begins, as an editor counts them, from 1
    cells: list[str]
    fault: str = ""  # why it can't be cut into cells
    uncut: str = ""  # its first line then


def detect(file: BinaryIO) -> Form:
    """How it seems to be written. Raises Refused (field ``file``): empty, or no table of text at all."""
    file.seek(0)
    sample = file.read(SAMPLE)
    if sample.startswith(WORKBOOKS):
        sentence = _("This is a workbook, whatever its name says. Open it in your spreadsheet and save it as “CSV UTF-8”.")
        raise Refused(sentence, field="file")
    encoding = _encoding(file, sample)
    head = sample.decode(_codec(encoding, sample), "replace").lstrip("\ufeff")
    if sample.startswith(BINARY) or "\0" in head.split("\n", 1)[0]:
        raise Refused(_("This is no CSV file. Export it from the other system as CSV, or as text with separators."), field="file")
    if not head.strip("\ufeff \r\n\t\0"):
        raise Refused(_("There is nothing in this file."), field="file")
    return Form(encoding, _delimiter(head))


def rows(file: BinaryIO, form: Form) -> Generator[Row, None, None]:
    """Every row that says something, the headings first."""
    file.seek(0)
    codec = _codec(form.encoding, file.read(2))
    file.seek(0)
    lines = _Lines(io.TextIOWrapper(file, encoding=codec, errors="replace", newline=""))
    try:
        yield from _cut(lines, form.delimiter)
    finally:
        lines.leave()


def _cut(lines: "_Lines", delimiter: str) -> Iterator[Row]:
    width = 0
    while True:
        begins = lines.begin()
        try:
            cells = next(csv.reader(lines, delimiter=delimiter, strict=True))
        except StopIteration:
            return
        except csv.Error:
            row = _broken(lines, begins)
        except _TooLong:
            row = Row(begins, [], str(_("This line is too long to be a row: a quotation mark may be missing.")))
        else:
            if len(lines.taken) > 1 and width and len(cells) != width:  # a mark that was never closed has swallowed the next lines
                row = _broken(lines, begins)
            elif not any(cell.strip() for cell in cells) or (not width and lines.taken[0].casefold().startswith("sep=")):
                continue
            else:
                row = Row(begins, [_plain(cell) for cell in cells])
        width = width or len(row.cells)
        yield row


def _broken(lines: "_Lines", begins: int) -> Row:
    lines.put_back()
    sentence = _("The quotation marks of this line don't match, or a cell is endlessly long. Within a cell, a mark is written twice.")
    return Row(begins, [], str(sentence), lines.taken[0].strip())


def _plain(cell: str) -> str:
    """Without the apostrophe by which our own files keep spreadsheets from taking a cell for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


class _TooLong(Exception):
    pass


class _Lines:
    """The lines of a text, with their numbers; those of a row that can't be read are put back, but for the first."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text, self._back, self.number = text, deque[str](), 0
        self.taken: list[str] = []

    def begin(self) -> int:
        self.taken = []
        return self.number + 1

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._text.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        if len(line) >= LONGEST_LINE and not line.endswith(("\n", "\r")):
            self._skip_the_rest()
            if len(self.taken) == 1:
                raise _TooLong
            raise csv.Error
        return line

    def _skip_the_rest(self) -> None:
        while (piece := self._text.readline(LONGEST_LINE)) and not piece.endswith(("\n", "\r")):
            pass

    def put_back(self) -> None:
        self._back.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken[1:])

    def leave(self) -> None:
        """The file is whose it was."""
        self._text.detach()


def _codec(encoding: str, begins: bytes) -> str:
    if encoding == "utf-16" and not begins.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16-le"  # without its mark, as Windows writes it
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _encoding(file: BinaryIO, sample: bytes) -> str:
    """By its mark, by its zeros, else UTF-8 if every byte of it fits; what older programs of Windows write takes any bytes."""
    if sample.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or sample[1:2000:2].count(0) * 3 > len(sample[1:2000:2]) > 0:
        return "utf-16"
    if sample.startswith(BOM_UTF8):
        return "utf-8"
    decoder = getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while piece := file.read(PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _delimiter(head: str) -> str:
    """What cuts most of the first lines into as many cells as the headings are; the more of them the better."""
    said = head[4:5] if head.casefold().startswith("sep=") else ""
    return said if said in DELIMITERS else max(DELIMITERS, key=lambda delimiter: _fits(head, delimiter))


def _fits(head: str, delimiter: str) -> tuple[float, int]:
    widths: list[int] = []
    reader: Any = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            widths += [len(cells)] if any(cell.strip() for cell in cells) else []
            if len(widths) > 100:
                break
    except csv.Error:
        pass
    if not widths or widths[0] == 1:
        return 0, 0
    return round(widths.count(widths[0]) / len(widths), 1), widths[0]
