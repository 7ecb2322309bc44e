"""Many records in one transaction: what their rules will ask is asked ahead in a few questions, and what they write is written together.

The verbs stay what they are. While one is in force, ``settle`` gives a row its id ahead instead of writing it at once, what was asked ahead
is answered from memory (anything else by the database), and what a refused record has made is taken back without a savepoint.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from itertools import count
from typing import Any

from sqlalchemy import event, func, insert, select
from sqlalchemy.orm import Session

from models.base import Base, db

AT_ONCE = 100  # ids taken from a sequence
UNKNOWN = object()  # nobody has asked it ahead
_in_force: ContextVar["Ahead | None"] = ContextVar("ahead", default=None)


class Ahead:
    """One transaction's. ``gathers``: writing is put off; else rows are written at once, and only look-ups are answered from memory."""

    def __init__(self) -> None:
        self.gathers = True
        self._answers: dict[Hashable, Any] = {}
        self._ids: dict[type[Base], Iterator[int]] = {}
        self._rows: dict[type[Base], list[Mapping[str, Any]]] = {}
        self._undo: list[Callable[[], object]] = []

    @contextmanager
    def in_force(self) -> "Iterator[Ahead]":
        """All is written in the end, unless something is raised."""
        token = _in_force.set(self)
        try:
            with db.session.no_autoflush:
                yield self
                self.write()
        finally:
            _in_force.reset(token)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What is done within changes what is on file, and may ask the database about itself: it is written at once, as ever."""
        self.write()
        self.gathers = False
        try:
            yield
        finally:
            self.gathers = True
            self._ids.clear()  # SQLite has counted on from the rows that are there

    def write(self) -> None:
        """What was put off."""
        if db.engine.dialect.name == "sqlite":  # rows whose ids it must tell are written one by one
            for row in db.session.new:
                self.number(row)
        db.session.flush()
        rows, self._rows = self._rows, {}
        for noun, values in rows.items():
            db.session.execute(insert(Base.metadata.tables[noun.__tablename__]), values)
        self._undo.clear()

    # what the verbs ask and say by the functions below

    def learn(self, question: Hashable, answer: Any) -> None:
        self._undo.append(partial(self._answers.__setitem__, question, self._answers.get(question, UNKNOWN)))
        self._answers[question] = answer

    def answer(self, question: Hashable) -> Any:
        return self._answers.get(question, UNKNOWN)

    def number(self, row: Base) -> None:
        noun = type(row)
        if noun not in self._ids:
            self._ids[noun] = _free_ids(noun)
        if row.id is None:
            row.id = next(self._ids[noun])

    def put_off(self, noun: type[Base], rows: list[dict[str, Any]]) -> None:
        waiting = self._rows.setdefault(noun, [])
        self._undo.append(partial(waiting.__delitem__, slice(len(waiting), None)))
        waiting += rows

    def noticed(self, row: Base) -> None:
        self._undo.append(partial(_take_out, row))

    @contextmanager
    def attempt(self) -> Iterator[None]:
        mark = len(self._undo)
        try:
            yield
        except BaseException:
            while len(self._undo) > mark:
                self._undo.pop()()
            raise


def settle(row: Base) -> None:
    """Write it and whatever else is new, so that it has an id; while records are gathered it gets one, and is written with the others."""
    ahead = _in_force.get()
    if ahead is None or not ahead.gathers:
        db.session.flush()
    else:
        ahead.number(row)


def is_gathered() -> bool:
    """Whether writing is put off at this moment."""
    ahead = _in_force.get()
    return ahead is not None and ahead.gathers


@contextmanager
def attempt() -> Iterator[None]:
    """All that is done within, or, if something is raised, nothing of it."""
    ahead = _in_force.get()
    if ahead is None:
        with db.session.begin_nested():
            yield
    elif ahead.gathers:
        with ahead.attempt():
            yield
    else:
        with ahead.attempt(), db.session.begin_nested():
            yield


def answered(question: Hashable) -> Any:
    """What was asked ahead; ``UNKNOWN``: the database has to be asked."""
    ahead = _in_force.get()
    return UNKNOWN if ahead is None else ahead.answer(question)


def learn(question: Hashable, answer: Any) -> None:
    """What is so from now on, for who asks later in this transaction."""
    if ahead := _in_force.get():
        ahead.learn(question, answer)


def put_down(noun: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert rows that nobody holds as objects."""
    ahead = _in_force.get()
    if ahead and ahead.gathers:
        ahead.put_off(noun, rows)
    else:
        db.session.execute(insert(noun), rows)


def _free_ids(noun: type[Base]) -> Iterator[int]:
    """From the sequence; SQLite has none, and nobody else writes while we do."""
    if db.engine.dialect.name == "sqlite":
        return count((db.session.scalar(select(func.max(noun.id))) or 0) + 1)
    return _from_sequence(noun)


def _from_sequence(noun: type[Base]) -> Iterator[int]:
    following = func.nextval(func.pg_get_serial_sequence(noun.__tablename__, "id"))
    while True:
        yield from db.session.scalars(select(following).select_from(func.generate_series(1, AT_ONCE).alias())).all()


def _take_out(row: Base) -> None:
    if row in db.session:
        db.session.expunge(row)


@event.listens_for(Session, "transient_to_pending")
def _notice(session: Session, row: Any) -> None:
    if ahead := _in_force.get():
        ahead.noticed(row)
