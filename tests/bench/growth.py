"""What a million customers on file do to the pages that staff and customers open all day (spec/quality: growth), on PostgreSQL."""

import statistics
import time
from collections.abc import Iterator, Mapping
from datetime import time as hour
from urllib.parse import urlsplit

from sqlalchemy import insert

from models import Customer, Delivery, Message, Shop, Thread, clock, db
from tests.bench.figure import Figure, Row
from tests.bench.population import lives_of, settle
from tests.ground import valkey
from tests.ground.client import Visitor
from tests.ground.databases import Apps, entered, settings_for
from tests.ground.makers import a_customer, a_drop_off, a_member, a_shop, a_work_order, next_open_day, signed_in

SIZES, TRIES = (1_000, 1_000_000), 15
MOST = 1.5
CARS = 20  # expected today, in the shop, and booked for the next days: a usual day
DATABASE = "postgresql"


def measure() -> Iterator[Figure | Row]:
    apps = Apps()
    try:
        with valkey.serving(settings_for("sqlite://")):
            few, many = (_of(size, apps) for size in SIZES)
    finally:
        apps.close()
    for page, ms in few.items():
        yield Figure(f"growth: {page}", round(many[page] / ms, 2), MOST, "×", beside=f"{ms} ms and {many[page]} ms")


def _of(size: int, apps: Apps) -> dict[str, float]:
    with entered(apps.empty(DATABASE)) as app:
        shop = a_shop()
        settle(shop, size, lives_of(shop.today(), 0, 1))
        pages = a_usual_day(shop)
        staff = signed_in(Visitor(app, app.response_class, use_cookies=True), a_member(shop))
        return {name: _time(staff, address) for name, address in pages.items()}


def a_usual_day(shop: Shop) -> Mapping[str, str]:
    """Some customers who come; gives the addresses of the pages."""
    for number in range(CARS):
        who = a_customer(shop, f"Nora{number}", "Berg", phones=[f"+1312555{1000 + number}"])
        visit = a_drop_off(shop, next_open_day(shop, 1 + number % 3), hour(9 + number % 6), customer=who).visit
        a_work_order(shop, a_customer(shop, f"Ivo{number}", "Stahl", phones=[f"+1312555{2000 + number}"]))
    return {
        "today": "/console/",
        "board": "/console/board",
        "search: first name": "/console/customers/find?q=maria",
        "search: both names": "/console/customers/find?q=maria+lopez7",
        "search: number": "/console/customers/find?q=312+200+07",
        "search: last digits": "/console/customers/find?q=0777",
        "search: plate": "/console/customers/find?q=WL77",
        "customers": "/console/customers",
        "customer": f"/console/customers/{who.id}",
        "thread": f"/console/threads/{_a_thread(shop, who)}",
        "messages": "/console/messages",
        "calendar": "/console/calendar?view=week",
        "customer's page": urlsplit(visit.link.url).path,
    }


def _a_thread(shop: Shop, customer: Customer) -> int:
    """Twenty texts to and fro."""
    assert customer.phone
    thread = Thread.at(shop, customer.phone.number)
    one = {"shop_id": shop.id, "channel": "text", "direction": "in", "kind": "received", "address": thread.number, "due_at": clock.now()}
    db.session.execute(insert(Message), [one | {"body": f"Line {number}", "state": Delivery.delivered} for number in range(20)])
    db.session.commit()
    return thread.id


def _time(visitor: Visitor, address: str) -> float:
    """The best of five times the median of some requests, in milliseconds."""
    return round(min(statistics.median(_request(visitor, address) for _try in range(TRIES)) for _run in range(5)), 1)


def _request(visitor: Visitor, address: str) -> float:
    begun = time.perf_counter()
    answer = visitor.get(address)
    taken = (time.perf_counter() - begun) * 1000
    assert answer.status_code == 200, f"{address}: {answer.status}"
    return taken
