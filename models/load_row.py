"""One row of a file being loaded: read before the transaction in which it is taken, all of it or nothing, with what is to be told of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import structlog
from flask_babel import gettext as _
from sqlalchemy.exc import DataError, IntegrityError

from models.ahead import attempt
from models.load_fields import BOTH
from models.load_file import Row
from models.load_rows import Made, Reader
from models.refused import NotFound
from models.transfer import Transfer
from models.transfer_record import Outcome, Record

Told = tuple[int, str, str, str, bool]
BROKEN = (DataError, IntegrityError, NotFound, OverflowError, ValueError)
log = structlog.get_logger()


class TakenBack(Exception):
    """Out of an attempt."""


@dataclass
class LoadRow:
    """``records``: as they are to be taken, or what is wrong with them by themselves."""

    row: Row
    made: list[Made]
    told: list[Told] = field(default_factory=list)
    records: list[Record | Outcome] = field(default_factory=list)

    @property
    def right(self) -> list[Record]:
        return [one for one in self.records if isinstance(one, Record)]


@dataclass
class Rows:
    """How the rows of one file are read and taken."""

    load_id: int
    reader: Reader
    headings: Sequence[str]
    seen: dict[str, int] = field(default_factory=dict)  # ids of what the file is about, with the line
    met: set[tuple[str, str]] = field(default_factory=set)  # records of earlier rows

    def pass_by(self, row: Row) -> None:
        """It was taken before."""
        made = self.reader.made(row.cells)
        self._is_twice(row.line, made)
        self.met |= keys_of(made)

    def read(self, transfer: Transfer, rows: Iterator[Row]) -> Iterator[LoadRow]:
        """As far as that needs no database."""
        for row in rows:
            one = LoadRow(row, self.reader.made(row.cells))
            if fault := row.fault or self._beyond(row) or self._is_twice(row.line, one.made):
                one.told.append(self._tell(row, None, fault))
            else:
                one.told += [self._tell(row, at, sentence) for made in one.made for at, sentence in made.faults]
            if not one.told:
                one.records = [transfer.read(made.noun, made.raw, strict=False) for made in one.made]
            yield one

    def take(self, transfer: Transfer, one: LoadRow) -> tuple[dict[str, str], list[Told]]:
        """What came of its records, by noun, and what is to be told."""
        told: list[Told] = []
        try:
            with attempt():
                results = self._push(transfer, one, told)
                if any(not taken for *_rest, taken in told):
                    raise TakenBack
        except TakenBack:
            told, results = [one for one in told if not one[-1]], {}
        except BROKEN:
            log.exception("row not loaded", load=self.load_id, line=one.row.line)
            sentence = str(_("This row can't be taken. It has been noted for whoever runs Wrenchline."))
            told, results = [self._tell(one.row, None, sentence)], {}
        return results, told

    def _push(self, transfer: Transfer, one: LoadRow, told: list[Told]) -> dict[str, str]:
        results: dict[str, str] = {}
        told += one.told
        for made, record in zip(one.made, one.records, strict=False):
            if isinstance(record, Record) and any(not taken for *_rest, taken in told):
                continue  # right by itself; what it belongs to is not
            outcome = transfer.take(record) if isinstance(record, Record) else record
            for faults, taken in ((outcome.errors, False), (outcome.warnings, True)):
                told += [self._tell(one.row, self.reader.column_of(made, fault.pointer), fault.detail, taken=taken) for fault in faults]
            # the dry run has taken back what an earlier row has made
            results[made.noun] = "unchanged" if outcome.result == "created" and keys_of([made]) <= self.met else outcome.result
        return results

    def _tell(self, row: Row, at: int | None, sentence: str, *, taken: bool = False) -> Told:
        typed = row.cells[at] if at is not None and at < len(row.cells) else ""
        return row.line, (self.headings[at] or str(at + 1)) if at is not None else "", typed, sentence, taken

    def _beyond(self, row: Row) -> str:
        if any(cell.strip() for cell in row.cells[len(self.headings) :]):
            return str(_("There are more cells than columns. Is a cell with a separator in it without quotation marks?"))
        return ""

    def _is_twice(self, line: int, made: list[Made]) -> str:
        """A customer may be on many lines with a vehicle each; what the file is about, once."""
        last = made[-1]
        key = last.raw.get("external_id", "")
        if not key or (self.reader.kind == BOTH and last.noun == "customers"):
            return ""
        first = self.seen.setdefault(key, line)
        return "" if first == line else str(_("“%(id)s” is in this file already, on line %(line)s.", id=key[:60], line=first))


def keys_of(made: list[Made]) -> set[tuple[str, str]]:
    return {(one.noun, str(one.raw.get("external_id"))) for one in made}
