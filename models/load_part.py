"""The rows of a file, tried or loaded part by part: with each part it is kept how far that was, so that whoever goes on begins there.

The dry run does the very same as the load, by the same records and verbs, and takes each part back to a savepoint. What only the rows
of an earlier part would have changed is not seen by it.
"""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice

import structlog
from flask_babel import gettext as _
from sqlalchemy.exc import DataError, IntegrityError

from models import clock
from models.actor import Actor
from models.base import db
from models.first_load import ROWS, FirstLoad, Stage
from models.handover import touch, unsaid
from models.load_fault import LoadFault
from models.load_fields import BOTH
from models.load_file import Row
from models.load_rows import Made
from models.refused import NotFound
from models.transfer import Transfer
from models.transfer_record import Outcome

MOST = 500  # rows in one transaction
LONGEST = 0.2  # seconds that one lasts: on SQLite everybody else's writing waits for it
Told = tuple[int, str, str, str, bool]
log = structlog.get_logger()


class _TakenBack(Exception):
    """Out of a savepoint."""


@dataclass
class Part:
    """What came of some rows."""

    rows: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    faults: list[Told] = field(default_factory=list)

    def count(self, noun: str, result: str) -> None:
        of = self.counts.setdefault(noun, {})
        of[result] = of.get(result, 0) + 1


class Work:
    """One worker's way through a file. Another one who comes to it meanwhile is noticed by what it has done, and left to it."""

    def __init__(self, load: FirstLoad) -> None:
        self.load_id, self.reader, self.headings = load.id, load.reader, load.headings
        self.stage, self.done, self.seen = load.stage, load.done, dict[str, int]()
        self.met: set[tuple[str, str]] = set()  # records of earlier rows
        self.rows = load.rows()

    def parts(self) -> Iterator[None]:
        """Do part after part, as long as there are any and it is to go on; the caller commits after each."""
        with closing(self.rows):
            yield from self._parts()

    def _parts(self) -> Iterator[None]:
        if not self._counted():
            return
        yield
        for row in islice(self.rows, self.done):
            made = self.reader.made(row.cells)
            self._is_twice(row.line, made)
            self.met |= _keys(made)
        while row_after := next(self.rows, None):
            if (load := self._held()) is None:
                return
            self._do(load, row_after)
            yield
        if load := self._held():
            load.ended(Stage.checked if self.stage is Stage.checking else Stage.loaded)
            yield

    def _counted(self) -> bool:
        load = db.session.get_one(FirstLoad, self.load_id)
        if not load.total:
            total = sum(1 for _row in load.rows())
            if (load := self._held()) is not None:  # type: ignore[assignment]
                load.total = total
        return load is not None

    def _held(self) -> FirstLoad | None:
        """Locked; None: it was stopped, or somebody else has done rows of it."""
        db.session.expunge_all()  # else memory would grow with the rows
        load = db.session.get_one(FirstLoad, self.load_id)
        load.hold()
        return load if load.is_under_way and load.file_id and (load.stage, load.done) == (self.stage, self.done) else None

    def _do(self, load: FirstLoad, first: Row) -> None:
        began, part = time.perf_counter(), Part()
        transfer = Transfer(load.shop, load.system, Actor("system", load.system))
        try:
            with unsaid() if self.stage is Stage.checking else db.session.no_autoflush, db.session.begin_nested():
                for row in chain([first], self.rows):
                    self._take(transfer, row, part)
                    if part.rows >= MOST or time.perf_counter() - began > LONGEST:
                        break
                if self.stage is Stage.checking:
                    raise _TakenBack
        except _TakenBack:
            db.session.expunge_all()
            load = db.session.get_one(FirstLoad, self.load_id)
        self._keep(load, part, round((time.perf_counter() - began) * 1000))

    def _keep(self, load: FirstLoad, part: Part, took: int) -> None:
        counts = {noun: dict(of) for noun, of in load.counts.items()}
        for noun, of in part.counts.items():
            for result, count in of.items():
                counts.setdefault(noun, {})[result] = counts.get(noun, {}).get(result, 0) + count
        self.done += part.rows
        load.counts, load.done, load.worked_at, load.took = counts, self.done, clock.now(), load.took + took
        LoadFault.keep(load, part.faults)
        touch(load.shop_id, "settings")

    # one row

    def _take(self, transfer: Transfer, row: Row, part: Part) -> None:
        """All of it or nothing."""
        part.rows += 1
        told: list[Told] = []
        made = self.reader.made(row.cells)
        try:
            with db.session.begin_nested():
                results = self._push(transfer, row, made, told)
                db.session.flush()
                if any(not taken for *_rest, taken in told):
                    raise _TakenBack
        except _TakenBack:
            told, results = [one for one in told if not one[-1]], {}
        except (DataError, IntegrityError, NotFound, OverflowError, ValueError):
            log.exception("row not loaded", load=self.load_id, line=row.line)
            told, results = [self._tell(row, None, str(_("This row can't be taken. It has been noted for whoever runs Wrenchline.")))], {}
        if results:
            self.met |= _keys(made)
        part.faults += told
        for noun, result in results.items():
            part.count(noun, result)
        part.count("rows", next((name for name in ROWS if name in results.values()), "bad"))

    def _push(self, transfer: Transfer, row: Row, made: list[Made], told: list[Told]) -> dict[str, str]:
        results: dict[str, str] = {}
        if fault := row.fault or self._beyond(row) or self._is_twice(row.line, made):
            told.append(self._tell(row, None, fault))
            return results
        for one in made:
            told += [self._tell(row, at, sentence) for at, sentence in one.faults]
        if told:
            return results
        for one in made:
            outcome = transfer.read(one.noun, one.raw, strict=False) if told else transfer.push(one.noun, one.raw, strict=False)
            if not isinstance(outcome, Outcome):
                continue  # right by itself; what it belongs to is not
            for faults, taken in ((outcome.errors, False), (outcome.warnings, True)):
                told += [self._tell(row, self.reader.column_of(one, fault.pointer), fault.detail, taken=taken) for fault in faults]
            # the dry run has taken back what an earlier row has made
            results[one.noun] = "unchanged" if outcome.result == "created" and _keys([one]) <= self.met else outcome.result
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


def _keys(made: list[Made]) -> set[tuple[str, str]]:
    return {(one.noun, str(one.raw.get("external_id"))) for one in made}
