"""The rows of a file, tried or loaded part by part: with each part it is kept how far that was, so that whoever goes on begins there.

The dry run does the very same as the load, by the same records and verbs, and takes each part back to a savepoint. What only the rows
of an earlier part would have changed is not seen by it. Rows that change nothing on file are taken together (``ahead``); where the
database then refuses them, each of that part is taken by itself.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy.exc import DataError, IntegrityError

from models import clock
from models.actor import Actor
from models.ahead import Ahead
from models.base import db
from models.first_load import ROWS, FirstLoad
from models.handover import touch, unsaid
from models.load_fault import LoadFault
from models.load_progress import Stage
from models.load_row import LoadRow, Rows, TakenBack, Told, keys_of
from models.transfer import Transfer
from models.transfer_ahead import look_ahead

FEWEST, FIRST, MOST = 25, 50, 500  # rows in one transaction
LONGEST = 0.2  # seconds that one lasts: on SQLite everybody else's writing waits for it


@dataclass
class Part:
    """What came of some rows."""

    rows: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    faults: list[Told] = field(default_factory=list)

    def note(self, results: dict[str, str], told: list[Told]) -> None:
        self.rows += 1
        self.faults += told
        for noun, result in {**results, "rows": next((name for name in ROWS if name in results.values()), "bad")}.items():
            of = self.counts.setdefault(noun, {})
            of[result] = of.get(result, 0) + 1


class Work:
    """One worker's way through a file. Another one who comes to it meanwhile is noticed by what it has done, and left to it."""

    def __init__(self, load: FirstLoad) -> None:
        self.load_id, self.stage, self.done = load.id, load.stage, load.done
        self.transfer = Transfer(load.shop, load.system, Actor("system", load.system))
        self.rows = Rows(load.id, load.reader, load.headings)
        self.file, self.waiting, self.most = load.rows(), deque[LoadRow](), FIRST

    def parts(self) -> Iterator[None]:
        """Do part after part, as long as there are any and it is to go on; the caller commits after each."""
        with closing(self.file):
            yield from self._parts()

    def _parts(self) -> Iterator[None]:
        if not self._counted():
            return
        yield
        for row in islice(self.file, self.done):
            self.rows.pass_by(row)
        while self._read():
            if (load := self._held()) is None:
                return
            self._do(load)
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

    def _read(self) -> bool:
        """The rows of the next part, while nobody waits for us."""
        missing = min(self.most, MOST) - len(self.waiting)
        self.waiting += self.rows.read(self.transfer, islice(self.file, max(missing, 0)))
        return bool(self.waiting)

    def _held(self) -> FirstLoad | None:
        """Locked; None: it was stopped, or somebody else has done rows of it."""
        db.session.expunge_all()  # else memory would grow with the rows
        load = db.session.get_one(FirstLoad, self.load_id)
        load.hold()
        return load if load.is_under_way and load.file_id and (load.stage, load.done) == (self.stage, self.done) else None

    def _do(self, load: FirstLoad) -> None:
        began = time.perf_counter()
        try:
            part = self._tried(load, self._together)
        except (DataError, IntegrityError):  # of which row, nobody knows
            part = self._tried(load, self._one_by_one)
        for _each in range(part.rows):
            self.rows.met |= keys_of(self.waiting.popleft().made)
        took = time.perf_counter() - began
        self.most = max(FEWEST, min(MOST, 2 * part.rows, round(part.rows * LONGEST / took)))
        self._keep(db.session.get_one(FirstLoad, self.load_id), part, round(took * 1000))

    def _tried(self, load: FirstLoad, how: Callable[[Transfer, Part], None]) -> Part:
        part, checking = Part(), self.stage is Stage.checking
        transfer = Transfer(load.shop, load.system, self.transfer.by)
        try:
            with unsaid() if checking else nullcontext(), db.session.begin_nested():
                how(transfer, part)
                if checking:
                    raise TakenBack
        except TakenBack:
            db.session.expunge_all()
        return part

    def _together(self, transfer: Transfer, part: Part) -> None:
        """Until time is over: what is taken is written after it."""
        end = time.perf_counter() + LONGEST / 2
        rows = list(islice(self.waiting, self.most))
        with look_ahead(transfer.shop, transfer.system, [record for one in rows for record in one.right]).in_force() as ahead:
            for one in rows:
                part.note(*self._taken(ahead, transfer, one))
                if part.rows >= FEWEST and time.perf_counter() > end:
                    break

    def _taken(self, ahead: Ahead, transfer: Transfer, one: LoadRow) -> tuple[dict[str, str], list[Told]]:
        if all(transfer.changes_nothing(record) for record in one.right):
            return self.rows.take(transfer, one)
        with ahead.at_once():
            return self.rows.take(transfer, one)

    def _one_by_one(self, transfer: Transfer, part: Part) -> None:
        end = time.perf_counter() + LONGEST
        for one in islice(self.waiting, self.most):
            with db.session.no_autoflush:
                part.note(*self.rows.take(transfer, one))
            if time.perf_counter() > end:
                break

    def _keep(self, load: FirstLoad, part: Part, took: int) -> None:
        counts = {noun: dict(of) for noun, of in load.counts.items()}
        for noun, of in part.counts.items():
            for result, count in of.items():
                counts.setdefault(noun, {})[result] = counts.get(noun, {}).get(result, 0) + count
        self.done += part.rows
        load.counts, load.done, load.worked_at, load.took = counts, self.done, clock.now(), load.took + took
        LoadFault.keep(load, part.faults)
        touch(load.shop_id, "settings")
