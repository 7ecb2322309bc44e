"""Pages ask the database at most twelve times, however many rows they show."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, time

import pytest
from sqlalchemy import event

from models import Actor, Appointment, Customer, Shop, Vehicle, db
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_member, a_shop, consenting, signed_in

MOST = 12
CUSTOMER = Actor("customer", "Maria Lopez", ip="127.0.0.1")


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")


@contextmanager
def counted() -> Iterator[list[str]]:
    asked: list[str] = []

    def ask(connection, cursor, statement, *rest):  # type: ignore[no-untyped-def]
        if statement != "BEGIN":  # SQLite is told by a statement what PostgreSQL's driver says by itself
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", ask)
    yield asked
    event.remove(db.engine, "before_cursor_execute", ask)


def busy(shop: Shop, rows: int) -> Appointment:
    """A day with so many of everything: drop-offs, requests, messages that failed, calls to make, people who did not come."""
    shop.location.capacity = None
    for number in range(rows):
        phones = [f"+1312555{100 + number % 100:04}", f"+1773555{100 + number % 100:04}"]
        customer = Customer.add(shop, by=SAM, last_name=f"Berg {number}", phones=phones, emails=[f"berg{number}@mail.example"])
        vehicle = Vehicle.add(customer, by=SAM, make="Ford", model=f"F-{number}", year=2015)
        consenting(customer)
        asked = Appointment.book(customer, vehicle, date(2025, 5, 13), time(9), "text", by=SAM)
        asked.request_reschedule("Friday", by=CUSTOMER)
        asked.confirm(by=SAM)
        failed = Appointment.book(customer, vehicle, date(2025, 5, 13), time(10), "text", by=SAM)
        failed.messages[0].advance("claim")
        failed.messages[0].refused("30006")
        Appointment.book(customer, vehicle, date(2025, 5, 13), time(11), "phone", by=SAM)
        missed = Appointment.book(customer, vehicle, date(2025, 5, 12), time(9), "email", by=SAM)
        missed.check_in(by=SAM) if number % 2 else None
    db.session.commit()
    return asked


ADDRESSES = (
    "",
    "?day=2025-05-13",
    "reschedule-requests/count",
    "appointments/{appointment}",
    "appointments/new?customer={customer}",
    "appointments/day?date=2025-05-13",
    "customers",
    "customers?q=berg",
    "customers/find?q=berg",
    "customers/pick?who=berg",
    "customers/{customer}",
    "customers/{customer}/edit",
    "customers/{customer}/merges/new?who=berg",
    "customers/look?who=berg",
    "customers/new?who=berg",
    "walk-ins/new?customer={customer}",
    "vehicles?q=ford",
    "vehicles/{vehicle}/owner?who=berg",
    "vehicles",
    "vehicles/{vehicle}",
    "messages",
    "messages?state=failed",
    "queue",
    "board",
    "board?q=berg",
    "work-orders/{order}",
    "work-orders/{order}/status",
    "work-orders/{order}/status-history",
)


def queries(client: Visitor, ids: dict[str, int]) -> dict[str, int]:
    found = {}
    for address in ADDRESSES:
        with counted() as asked:
            assert client.get(f"/console/{address.format(**ids)}").status_code == 200
        found[address] = len(asked)
    return found


def test_no_page_asks_more_than_twelve_times_or_more_often_for_more_rows(client: Visitor, at: Callable[..., None]) -> None:
    counts = []
    for slug, rows in (("few", 2), ("many", 14)):
        shop = a_shop(slug)
        appointment = busy(shop, rows)
        ids = {"appointment": appointment.id, "customer": appointment.customer.id, "vehicle": appointment.vehicle.id, "order": 1001}
        signed_in(client, a_member(shop))
        at("2025-05-13 12:00", "America/Chicago")
        counts.append(queries(client, ids))
        at("2025-05-12 08:15", "America/Chicago")
    few, many = counts
    assert few == many
    assert {address: number for address, number in many.items() if number > MOST} == {}
