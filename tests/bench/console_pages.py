"""The console's pages in a busy shop after a year: how often each asks the database, and what it costs (spec/quality: console pages)."""

import statistics
import time
from collections.abc import Iterator

from tests.bench.figure import Figure, Row
from tests.bench.growth import a_usual_day
from tests.bench.population import lives_of, settle
from tests.bench.search import fill
from tests.ground import valkey
from tests.ground.client import Visitor
from tests.ground.databases import NAMES, Apps, entered, settings_for
from tests.ground.makers import a_member, a_shop, signed_in
from tests.ground.queries import counted

CUSTOMERS, MOST, TRIES = 6_000, 12, 5  # with two visits each


def measure() -> Iterator[Figure | Row]:
    apps, found = Apps(), {}
    try:
        with valkey.serving(settings_for("sqlite://")):
            for database in NAMES:
                with entered(apps.empty(database)) as app:
                    shop = a_shop()
                    settle(shop, CUSTOMERS, lives_of(shop.today(), 0, 1))
                    fill(shop)
                    pages = a_usual_day(shop)
                    staff = signed_in(Visitor(app, app.response_class, use_cookies=True), a_member(shop))
                    for page, address in pages.items():
                        row = {"database": database, "page": page, **_looked_at(staff, address)}
                        found[database, page] = row["queries"]
                        yield row
    finally:
        apps.close()
    most = max(found, key=lambda one: found[one])
    yield Figure("console pages after a year, queries at most", found[most], MOST, beside=f"{most[1]}, of {len(found)} pages")


def _looked_at(staff: Visitor, address: str) -> Row:
    staff.get(address)
    with counted() as asked:
        answer = staff.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status}"
    took = []
    for _ in range(TRIES):
        begun = time.process_time()
        staff.get(address)
        took.append((time.process_time() - begun) * 1000)
    return {"queries": len(asked), "cpu_ms": round(statistics.median(took), 1), "bytes": len(answer.data)}
