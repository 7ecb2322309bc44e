"""The typed base of all nouns, the one column type for time, and how SQLite is spoken to."""

import enum
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, Enum, MetaData, Row, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.types import JSON, TypeDecorator

AT_ONCE = 500  # values in one question


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. SQLite forgets zones, so instants go in as UTC and come out aware; a naive one is a mistake of ours."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    # on the base class itself type_annotation_map raises once Flask-SQLAlchemy has taken it over, so it goes through the registry
    registry = registry(
        type_annotation_map={
            datetime: UTCDateTime,
            dict[str, Any]: JSON,
            list[Any]: JSON,
            enum.Enum: Enum(enum.Enum, native_enum=False, create_constraint=False, length=20),  # a new state needs no migration
        },
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
            }
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

writing: ContextVar[bool] = ContextVar("writing", default=True)


@contextmanager
def reading() -> Iterator[None]:
    """Within it SQLite transactions begin without the write lock (for what changes nothing)."""
    token = writing.set(False)
    try:
        yield
    finally:
        writing.reset(token)


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, record: Any) -> None:
    if connection.__class__.__module__.partition(".")[0] != "sqlite3":
        return
    connection.isolation_level = None  # we begin ourselves, see below
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    # a transaction that reads first and writes later can't wait for another writer on SQLite: it must ask for the lock at once
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")


def kept(row: Base) -> bool:
    """Add the row; false where its unique key is taken already, also by somebody who takes it at this very moment."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        return False
    return True


def chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """So many at a time that every database takes them in one question."""
    ordered = sorted(values)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def kept_of(noun: type[Base], rows: Sequence[dict[str, Any]]) -> Sequence[Row[Any]]:
    """Like ``kept`` for many rows with all their values, by one statement: gives back those that were added."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    added = insert(noun).on_conflict_do_nothing().returning(noun.__table__)
    return db.session.execute(added, rows).all()
