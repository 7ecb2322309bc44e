"""A shop with as many customers on file as wanted: copies of one that the domain's own verbs made, laid down by the database itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, String, Table, cast, insert, literal, select, text
from sqlalchemy.sql.elements import ColumnElement

from models import Appointment, Base, Category, Shop, WorkOrder, clock, db
from models.base import UTCDateTime
from models.customer_key import EMAIL, NAME, PHONE, PHONE_END, PLATE
from tests.ground.letters import JOHN
from tests.ground.makers import SAM, a_customer, a_vehicle, next_open_day
from tests.ground.overviews import an_item

FIRST = 1000  # the ids of copies begin behind those of what was made by verbs
AT_ONCE = 20_000
NUMBER = 2_000_000  # the last seven digits of the first copy's telephone number
COPIED = (  # owners before what they own
    *("customers", "customer_phones", "customer_emails", "customer_addresses", "vehicles", "visits", "appointments", "no_shows"),
    *("work_orders", "work_items", "closings", "deferred_items", "last_invoices", "customer_keys"),
)


@dataclass(frozen=True, slots=True)
class Life:
    """What differs from customer to customer; ``missed``: the appointment, ``put_off``: work of the visit before it."""

    invoiced_on: date
    appointment_on: date
    missed: bool = False
    put_off: bool = False


def settle(shop: Shop, size: int, life: Callable[[int], Life]) -> None:
    """So many customers, each with a vehicle, a visit that was invoiced and an appointment; ``life`` of the number of each."""
    _the_first(shop)
    patterns = {name: _patterns(name) for name in COPIED}
    numbers = _numbers(shop, size, life)
    for name, found in patterns.items():
        for pattern in found:
            _copy(Base.metadata.tables[name], pattern, patterns, numbers)
    numbers.drop(db.session.connection())
    db.session.commit()
    _settled()


def _the_first(shop: Shop) -> None:
    """Whom all others are copies of."""
    day = shop.today() - timedelta(days=800)
    with clock.at(clock.instant(day, time(9), shop.tz)):
        maria = a_customer(shop, addresses=[JOHN])
        vehicle = a_vehicle(maria)
        order = WorkOrder.walk_in(maria, vehicle, by=SAM)
        an_item(order, "Wiper blades", Category.recommended)
    with clock.at(clock.instant(day, time(16), shop.tz)):
        order.close(by=SAM)
        missed = Appointment.book(maria, vehicle, next_open_day(shop, 20), time(9), "email", by=SAM)
        db.session.commit()
    with clock.at(clock.instant(missed.date, time(12), shop.tz)):
        missed.mark_no_show(by=SAM)
        db.session.commit()


def _patterns(name: str) -> list[dict[str, Any]]:
    table = Base.metadata.tables[name]
    return [dict(row) for row in db.session.execute(select(table).order_by(table.c.id)).mappings()]


def _numbers(shop: Shop, size: int, life: Callable[[int], Life]) -> Table:
    """One row a customer, with what the rows of their life say."""
    days = [Column(name, Date) for name in ("invoiced_on", "appointment_on")]
    moments = [Column(name, UTCDateTime) for name in ("opened_at", "closed_at", "starts_at", "booked_at")]
    flags = [Column(name, Boolean) for name in ("missed", "put_off")]
    columns = Column("n", Integer, primary_key=True), Column("backwards", String), *days, *moments, *flags
    numbers = Table("numbers", Base.metadata, *columns, prefixes=["TEMPORARY"], extend_existing=True)
    Base.metadata.remove(numbers)
    numbers.create(db.session.connection())
    rows = (_row(shop, n, life(n)) for n in range(size))
    if db.engine.dialect.name == "postgresql":
        _copied_in(numbers, rows)
    else:
        while part := list(islice(rows, AT_ONCE)):
            db.session.execute(insert(numbers), part)
    return numbers


def _copied_in(numbers: Table, rows: Iterator[dict[str, Any]]) -> None:
    cursor: Any = db.session.connection().connection.cursor()
    with cursor, cursor.copy(f"COPY numbers ({', '.join(numbers.c.keys())}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] for name in numbers.c.keys()])  # noqa: SIM118


def _row(shop: Shop, n: int, one: Life) -> dict[str, Any]:
    opened, starts = (clock.instant(day, time(9), shop.tz) for day in (one.invoiced_on, one.appointment_on))
    times = {"opened_at": opened, "closed_at": opened + timedelta(hours=7), "starts_at": starts, "booked_at": starts - timedelta(days=60)}
    kept = {"invoiced_on": one.invoiced_on, "appointment_on": one.appointment_on, "missed": one.missed, "put_off": one.put_off}
    return {"n": n, "backwards": str(NUMBER + n)[::-1], **times, **kept}


def _copy(table: Table, pattern: dict[str, Any], patterns: dict[str, list[dict[str, Any]]], numbers: Table) -> None:
    values = {column.name: _value(table, column, pattern, patterns, numbers) for column in table.columns}
    found = select(*values.values()).select_from(numbers)
    only = {"no_shows": numbers.c.missed, "deferred_items": numbers.c.put_off}.get(table.name)
    db.session.execute(insert(table).from_select(list(values), found if only is None else found.where(only)))


def _value(
    table: Table, column: "Column[Any]", pattern: dict[str, Any], patterns: dict[str, list[dict[str, Any]]], numbers: Table
) -> ColumnElement[Any]:
    """The pattern's own; ids move on with the number, what must differ does."""
    owner = next(iter(column.foreign_keys)).column.table.name if column.foreign_keys else table.name if column.name == "id" else None
    if owner in patterns and pattern[column.name] is not None:
        siblings = [row["id"] for row in patterns[owner]]
        return numbers.c.n * len(siblings) + (FIRST + siblings.index(pattern[column.name]))
    own = _OWN.get((table.name, column.name)) or _KEYS.get((column.name, pattern.get("kind"), pattern.get("key")))
    return own(numbers) if own else literal(pattern[column.name], column.type)


def _numbered(before: str, begins: int = 0) -> Callable[[Table], ColumnElement[Any]]:
    return lambda numbers: literal(before, String).concat(cast(numbers.c.n + begins, String))


_OWN: dict[tuple[str, str], Callable[[Table], ColumnElement[Any]]] = {
    ("customers", "last_name"): _numbered("Lopez"),
    ("customers", "search_words"): _numbered("maria lopez"),
    ("customer_phones", "number"): _numbered("+1312", NUMBER),
    ("customer_emails", "address"): lambda numbers: _numbered("maria")(numbers).concat("@mail.example"),
    ("vehicles", "plate"): _numbered("WL "),
    ("vehicles", "plate_key"): _numbered("wl"),
    ("appointments", "uid"): _numbered("bench-"),
    ("appointments", "date"): lambda numbers: numbers.c.appointment_on,
    ("appointments", "starts_at"): lambda numbers: numbers.c.starts_at,
    ("appointments", "booked_at"): lambda numbers: numbers.c.booked_at,
    ("appointments", "agreed_at"): lambda numbers: numbers.c.booked_at,
    ("appointments", "follow_up_at"): lambda numbers: literal(None, UTCDateTime),
    ("work_orders", "number"): lambda numbers: numbers.c.n + FIRST * 10,
    ("work_orders", "opened_at"): lambda numbers: numbers.c.opened_at,
    ("work_orders", "closed_at"): lambda numbers: numbers.c.closed_at,
    ("closings", "at"): lambda numbers: numbers.c.closed_at,
    ("closings", "invoiced_on"): lambda numbers: numbers.c.invoiced_on,
    ("last_invoices", "on"): lambda numbers: numbers.c.invoiced_on,
}
_KEYS: dict[tuple[str, Any, Any], Callable[[Table], ColumnElement[Any]]] = {
    ("key", NAME, "lopez"): _numbered("lopez"),
    ("key", PHONE, "13125550142"): _numbered("1312", NUMBER),
    ("key", PHONE, "3125550142"): _numbered("312", NUMBER),
    ("key", PHONE_END, "24105552131"): lambda numbers: numbers.c.backwards.concat("2131"),
    ("key", EMAIL, "maria@mail.example"): lambda numbers: _numbered("maria")(numbers).concat("@mail.example"),
    ("key", PLATE, "demo101"): _numbered("wl"),
}


def _settled() -> None:
    """What a database does by itself overnight: it learns how its tables are filled. PostgreSQL's counters learn which ids are taken."""
    if db.engine.dialect.name == "postgresql":
        for name in COPIED:
            db.session.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"))
        db.session.commit()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    else:
        db.session.execute(text("ANALYZE"))
        db.session.commit()


def lives_of(tonight: date, nights: int, due: int) -> Callable[[int], Life]:
    """Of the first customers so many are due in each of the nights, by five kinds of letters; nothing is due of anybody else."""
    return lambda n: _due(n % 5, tonight + timedelta(days=n // due)) if n < nights * due else _quiet(n, tonight)


def _due(kind: int, night: date) -> Life:
    """Reminder 2 (7 days), No Show (1), Thank You (3), Deferred (60), Inactive (90), as ``DAYS`` of the bench has them."""
    long_ago, far = night - timedelta(days=700), night + timedelta(days=200)
    match kind:
        case 0:
            return Life(long_ago, night + timedelta(days=7))
        case 1:
            return Life(long_ago, night - timedelta(days=1), missed=True)
        case 2:
            return Life(night - timedelta(days=3), far)
        case 3:
            return Life(night - timedelta(days=60), far, put_off=True)
        case _:
            return Life(night - timedelta(days=90), far)


def _quiet(n: int, tonight: date) -> Life:
    ago, ahead = timedelta(days=400 + n % 3000), timedelta(days=100 + n % 700)
    if n % 3:
        return Life(tonight - ago, tonight + ahead)
    return Life(tonight - ago, tonight - timedelta(days=30 + n % 700), missed=True, put_off=True)
