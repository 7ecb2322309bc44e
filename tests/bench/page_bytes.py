"""What the customer's page sends over the wire, in Chromium, as tests/portal/test_size.py limits it."""

from collections.abc import Iterator

from tests.bench.figure import Figure, Row
from tests.ground.browser import Windows, chromium_running
from tests.ground.running import running
from tests.portal.test_size import ALL, TO_READ, Meter
from tests.portal.test_visit_in_browser import Booked

LANGUAGES = ("en", "es", "nl")


def measure() -> Iterator[Figure | Row]:
    with running("bench-bytes", "sqlite", "valkey", "web") as wrenchline, chromium_running() as browser:
        windows, booked = Windows(browser, wrenchline.address), Booked(wrenchline, logo=True)
        page = windows.phone(extra_http_headers={"Accept-Encoding": "gzip, br"})
        meter, rows = Meter(page), []
        for language in LANGUAGES:
            meter.begin_anew()
            page.goto(f"{booked.link}?lang={language}", wait_until="load")
            sent = {kind: meter.sent(kind) for kind in ("document", "stylesheet", "script")}
            rows.append({"language": language, **sent, "requests": len(meter.kinds)})
            yield rows[-1]
        windows.close()
    read = max(row["document"] + row["stylesheet"] for row in rows)
    yield Figure("customer page, HTML + CSS as sent", read, TO_READ, "B")
    yield Figure("customer page, all with htmx as sent", read + max(row["script"] for row in rows), ALL, "B")
