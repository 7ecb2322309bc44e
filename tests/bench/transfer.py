"""Another system's push: how long a thousand records take in batches of a hundred, and how soon one is on a receptionist's board."""

import json
import statistics
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

from playwright.sync_api import Page, expect

from models import ApiToken, db
from models.api_token import SCOPES
from tests.bench.figure import Row
from tests.ground.browser import Windows, chromium_running, opened
from tests.ground.makers import SAM, a_member, a_shop, a_texting_number
from tests.ground.running import Running, running

RECORDS, TOGETHER, PUSHES = 1000, 100, 20


def measure() -> Iterator[Row]:
    for database in ("sqlite", "postgresql"):
        yield _on(database)


def _on(database: str) -> Row:
    with running("bench-transfer", database) as wrenchline:
        with wrenchline.data():
            shop = a_shop(texting_number=a_texting_number())
            member = a_member(shop)
            secret = ApiToken.make(shop, "Protractor", SCOPES, by=SAM)[1]
            db.session.commit()
            email = member.email
        pushing = Pushing(wrenchline, secret)
        row: Row = {"database": database}
        for noun, records in _records().items():
            row[f"{noun}_s"] = pushing.batches(noun, records)
        row["customers_again_s"] = pushing.batches("customers", _records()["customers"])
        with chromium_running() as browser:
            windows = Windows(browser, wrenchline.address)
            took = _seen(opened(windows.desktop(), email, "/console/board"), pushing)
            windows.close()
        return {**row, "board_p50_ms": round(statistics.median(took)), "board_p95_ms": round(sorted(took)[int(len(took) * 0.95) - 1])}


def _records() -> dict[str, list[dict[str, Any]]]:
    numbers = range(RECORDS)
    names = [{"external_id": f"C{each}", "first_name": "Pat", "last_name": f"Stone {each}"} for each in numbers]
    return {
        "customers": [{**one, "phones": [f"+1312{2000000 + each}"]} for each, one in enumerate(names)],
        "vehicles": [
            {"external_id": f"V{each}", "customer": f"C{each}", "year": 2019, "make": "Ford", "model": "Escape", "plate": f"B {each}"}
            for each in numbers
        ],
        "work-orders": [
            {"external_id": f"H{each}", "vehicle": f"V{each}", "closed_on": time.strftime("%Y-%m-%d", time.gmtime()), "notify": False}
            for each in numbers
        ],
    }


class Pushing:
    def __init__(self, wrenchline: Running, secret: str) -> None:
        self._connection = HTTPConnection("localhost", wrenchline.settings.port, timeout=120)
        self._headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}

    def send(self, method: str, path: str, body: Any) -> dict[str, Any]:
        self._connection.request(method, f"/api/v1/{path}", json.dumps(body), self._headers)
        answer = self._connection.getresponse()
        said: dict[str, Any] = json.loads(answer.read())
        assert answer.status < 300, said
        assert not said.get("refused"), said
        return said

    def batches(self, noun: str, records: list[dict[str, Any]]) -> float:
        """Seconds that all take, one batch after another."""
        started = time.perf_counter()
        for first in range(0, len(records), TOGETHER):
            self.send("POST", noun, {"records": records[first : first + TOGETHER]})
        return round(time.perf_counter() - started, 2)


def _seen(page: Page, pushing: Pushing) -> list[float]:
    """Milliseconds from the begin of a push until the board shows the vehicle."""
    took = []
    for each in range(PUSHES):
        number = 900_000 + each
        started = time.perf_counter()
        pushing.send("PUT", f"work-orders/N{each}", {"vehicle": f"V{each}", "number": number})
        page.wait_for_function("number => document.querySelector('#board').textContent.includes(number)", arg=str(number), polling=5)
        took.append((time.perf_counter() - started) * 1000)
        expect(page.locator("#live-state")).to_contain_text("Live")
    return took
