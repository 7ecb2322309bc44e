"""A customer of whom something stands in every column that can hold words: generated from the tables, so that a new column is in it too."""

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Enum, Integer, LargeBinary, String, Table, Time, insert, inspect, select, text, update

from models import Communication, Customer, StoredFile, UTCDateTime, WorkOrder, clock, db
from models.money import Exact
from models.personal_rows import table_of
from models.personal_tables import HELD

MARK = "zqmark"  # no word of ours
NUMBER, MAIL = "+13125557301", "zqmark@mail.example"


def fill(customer: Customer, other: Customer, staff_id: int) -> None:
    """A row in every table that can be the customer's, each tied to the one before, marked in every column of words."""
    ids = {"customers": customer.id, "shops": customer.shop_id, "staff_members": staff_id}
    names = {column.name: _mark("customers", column) for column in table_of("customers").columns if _holds_words("customers", column)}
    db.session.execute(update(table_of("customers")).where(table_of("customers").c.id == customer.id).values(**names))
    for name in HELD:
        if name == "personal_values":
            continue  # written with their record
        if name == "communications":
            order = db.session.get_one(WorkOrder, ids["work_orders"])
            personal = {field: f"{MARK} {field}" for field in ("name", "contact", "ip", "comment", "agent")}
            ids[name] = Communication.write(order, "answered", facts={"version": 1}, personal=personal).id
        elif name != "customers":
            row = {column.name: _value(name, column, ids, other.id) for column in table_of(name).columns if column.name != "id"}
            ids[name] = db.session.execute(insert(table_of(name)).values(**row)).inserted_primary_key[0]
    db.session.commit()
    db.session.expire_all()


def marked(storage: Any) -> set[str]:
    """Where a marker is still to be read: ``table.column``, or a file of the storage."""
    return set(_in_tables()) | {
        f"file: {path.read_bytes()[:80]!r}" for path in storage.rglob("*") if path.is_file() and MARK.encode() in path.read_bytes()
    }


def _in_tables() -> Iterator[str]:
    for name in inspect(db.engine).get_table_names():
        for row in db.session.execute(text(f'SELECT * FROM "{name}"')).mappings():
            for column, value in row.items():
                words = str(value).lower()
                if any(mark in words for mark in (MARK, NUMBER, NUMBER[1:], NUMBER[::-1], NUMBER[:1:-1])):
                    yield f"{name}.{column}"


def _holds_words(table: str, column: Column[Any]) -> bool:
    is_words = isinstance(column.type, (String, JSON)) and not isinstance(column.type, Enum) and table in HELD
    return is_words and column.name not in HELD[table].words and not column.foreign_keys


def _value(table: str, column: Column[Any], ids: dict[str, int], other: int) -> Any:
    if column.foreign_keys:
        return _key(table, column, ids, other)
    if table in HELD and column.name in HELD[table].holds:
        return NUMBER
    if _holds_words(table, column):
        return _mark(table, column)
    if column.name in ("closed_at", "worked_at", "separated_at"):
        return clock.now()
    return None if column.nullable else _usual(table, column, ids)


def _key(table: str, column: Column[Any], ids: dict[str, int], other: int) -> int | None:
    target: Table = next(iter(column.foreign_keys)).column.table
    if column.name == "merged_id":
        return other
    if target.name == "stored_files":
        stored = StoredFile.keep(ids["shops"], f"{MARK} in {table}.{column.name}".encode(), "text/plain")
        return stored.id
    if target.name == table or (target.name in HELD and target.name not in ids):
        return None  # only what comes later in the list could be there, and what comes later points back
    return ids.get(target.name) or db.session.scalar(select(target.c.id).limit(1)) or _another(target, ids, other)


def _another(table: Table, ids: dict[str, int], other: int) -> int:
    """Of a table that holds nothing of the person: something of the shop's, for what points at it."""
    row = {column.name: _value(table.name, column, ids, other) for column in table.columns if column.name != "id"}
    return int(db.session.execute(insert(table).values(**row)).inserted_primary_key[0])


def _mark(table: str, column: Column[Any]) -> Any:
    word = f"{MARK} vehicles plate_key" if (table, column.name) == ("plate_lookups", "plate") else f"{MARK} {table} {column.name}"
    if table == "customer_phones" and column.name == "number":
        return NUMBER
    if column.name == "address" and table in ("customer_emails", "overviews"):
        return MAIL
    if isinstance(column.type, JSON):
        return {"note": word, "deep": [{"more": word}]}
    return word


def _usual(table: str, column: Column[Any], ids: dict[str, int]) -> Any:
    kinds = {UTCDateTime: clock.now(), Date: date(2025, 5, 1), Time: time(9), Boolean: False, LargeBinary: b"", JSON: {}}
    if isinstance(column.type, Enum):
        return next(iter(column.type.enum_class)) if column.type.enum_class else "x"
    for kind, value in kinds.items():
        if isinstance(column.type, kind):
            return value
    if isinstance(column.type, Exact):
        return Decimal(1)
    if isinstance(column.type, Integer):
        return ids["customers"] if column.name in ("subject_id", "actor_id") else 700
    return {
        "actor_kind": "customer",
        "subject": "customers",
        "verb": "customer.changed",
        "channel": "text",
        "direction": "in",
        "noun": "vehicles",
    }.get(column.name, f"{column.name} {table}")
