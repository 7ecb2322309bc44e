"""From each revision to the newest, with data: on one walk up every table gets a row at every step; none is lost or unreadable."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import JSON, Column, Connection, Enum, MetaData, Table, func, insert, select, text

from models import Base, Customer, db, message_search
from tests.conftest import DATABASES
from tests.ground import postgres
from tests.ground.databases import app_for, settings_for

# What migrations read, or what every row of its kind has to be so that our own code can read it.
PLAUSIBLE: dict[str, Any] = {
    "zone": "America/Chicago",
    "country": "US",
    "currency": "USD",
    "language": "en",
    "direction": "out",
    "channel": "text",
    "kind": "person",
    "vin": "1ZZDM5A14JD000101",
    "make": "Honda",
    "plate": "DEMO 101",
    "odometer": 68_412,
}


@pytest.mark.long
@pytest.mark.parametrize("database", DATABASES)
def test_data_of_every_revision_arrives_at_the_newest_one(database: str, tmp_path: Path) -> None:
    app = app_for(settings_for(_empty(database, tmp_path)))
    with app.app_context():
        laid_down: Counter[str] = Counter()
        for generation, revision in enumerate(_revisions(app), 1):
            flask_migrate.upgrade(revision=revision)
            with db.engine.begin() as connection:
                laid_down.update(_a_row_in_each_table(connection, generation))
        with db.engine.connect() as connection:
            kept = {name: connection.scalar(select(func.count()).select_from(Base.metadata.tables[name])) for name in Base.metadata.tables}
            if database == "sqlite":
                assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
                assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        lost = {name: (count, kept.get(name, 0)) for name, count in laid_down.items() if name in kept and kept[name] < count}
        assert lost == {}
        assert laid_down["customers"] == len(_revisions(app)), "one of each revision"
        for mapper in Base.registry.mappers:
            rows = db.session.scalars(select(mapper.class_)).all()
            assert len(rows) == kept[mapper.local_table.name], "all of them can be read"
        assert {customer.shop.zone for customer in db.session.scalars(select(Customer))} == {"America/Chicago"}
        db.session.remove()
        db.engine.dispose()


def _empty(database: str, place: Path) -> str:
    if database == "sqlite":
        return f"sqlite:///{place / 'walk.db'}"
    postgres.start()
    return postgres.create("upgrades")


def _revisions(app: Flask) -> list[str]:
    """From the first to the newest."""
    scripts = ScriptDirectory.from_config(app.extensions["migrate"].migrate.get_config())
    return [script.revision for script in scripts.walk_revisions()][::-1]


def _a_row_in_each_table(connection: Connection, generation: int) -> list[str]:
    """One that the tables as they are at this revision take, pointing at the others of its own generation; names the tables."""
    found, filled = MetaData(), dict[str, int]()
    found.reflect(connection, only=lambda name, _metadata: not name.startswith((message_search.INDEX, "alembic_")))
    for table in found.sorted_tables:
        values = {column.name: _value(table, column, generation, filled) for column in table.columns if not _is_own_id(column)}
        inserted = connection.execute(insert(table).values({name: value for name, value in values.items() if value is not None}))
        filled[table.name] = inserted.inserted_primary_key[0] if inserted.inserted_primary_key else 0
    return list(filled)


def _is_own_id(column: Column[Any]) -> bool:
    return column.primary_key and column.name == "id" and not column.foreign_keys


def _value(table: Table, column: Column[Any], generation: int, filled: dict[str, int]) -> Any:
    """Something that the column takes, another one in each generation; None where it would point at what is not there."""
    for key in column.foreign_keys:
        return filled.get(key.column.table.name)
    if column.name in PLAUSIBLE and not _enumerated(table, column):
        return PLAUSIBLE[column.name]
    if choices := _enumerated(table, column):
        return choices[0]
    if isinstance(column.type, JSON):
        return _empty_json(table, column)
    python = column.type.python_type
    if python is str and column.name in {"number", "sender", "texting_number"}:
        return f"+1312555{generation:04}"
    if python is str:
        return f"{column.name} {generation}"[: getattr(column.type, "length", None)]
    made: dict[type, Any] = {
        int: generation,
        bool: False,
        float: float(generation),
        Decimal: Decimal(generation),
        bytes: b"bytes",
        date: date(2026, 1, 1) + timedelta(days=generation),
        datetime: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=generation),
        time: time(8),
    }
    return made[python]


def _today(table: Table, column: Column[Any]) -> Column[Any] | None:
    """The column as the models have it now."""
    newest = Base.metadata.tables.get(table.name)
    return None if newest is None else newest.columns.get(column.name)


def _enumerated(table: Table, column: Column[Any]) -> list[str]:
    now = _today(table, column)
    return list(now.type.enums) if now is not None and isinstance(now.type, Enum) else []


def _empty_json(table: Table, column: Column[Any]) -> Any:
    now = _today(table, column)
    default = now.default.arg if now is not None and now.default is not None else None
    return default(None) if callable(default) else {}
