"""The page behind a customer's link: how often two processes serve it, and a bare view of the same bytes and queries beside it."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from jobs.start import commands, end_sessions, environment
from models import Appointment, db
from tests.bench.fetching import AGENT, Rate, rate
from tests.bench.figure import Figure, Row
from tests.ground import folder
from tests.ground.makers import a_drop_off, a_shop
from tests.ground.running import ROOT, Running, free_port, running

RUNS = 5
QUERIES = 6


def measure() -> Iterator[Figure | Row]:
    with running("bench-page", "sqlite", "valkey", "web") as wrenchline:
        path, queries = _prepare(wrenchline)
        with _bare(wrenchline) as (port, leader):
            web = wrenchline.processes["web"].pid
            rate(wrenchline.settings.port, path, web, seconds=2)  # templates and queries are compiled at their first use
            rate(port, "/page", leader, seconds=2)
            runs = [(rate(wrenchline.settings.port, path, web), rate(port, "/page", leader)) for _ in range(RUNS)]
    ours, bare = (min(column, key=lambda one: one.cpu_ms) for column in zip(*runs, strict=True))
    for name, found in (("customer page", ours), ("bare view", bare)):
        yield {"view": name, "per_s": found.per_s, "p50_ms": found.p50_ms, "p99_ms": found.p99_ms, "cpu_ms": found.cpu_ms}
    best = max(one.per_s for one, _bare in runs)
    yield Figure("customer page, requests/s (SQLite, warm)", best, 400, at_least=True, beside=_beside(ours, bare))
    yield Figure("customer page, CPU ÷ bare Flask + Jinja view", round(ours.cpu_ms / bare.cpu_ms, 2), 2, "×", beside=_beside(ours, bare))
    yield Figure("customer page, queries", queries, QUERIES)


def _beside(ours: Rate, bare: Rate) -> str:
    return f"{ours.cpu_ms} ms of a core each; bare {bare.per_s:g}/s, {bare.cpu_ms} ms"


def _prepare(wrenchline: Running) -> tuple[str, int]:
    """The page's address and number of queries; what the bare view needs is put beside the data."""
    asked: list[tuple[str, tuple[object, ...]]] = []
    with wrenchline.data() as app:
        appointment: Appointment = a_drop_off(a_shop(texting_number="+13125550123"))
        path = appointment.visit.link.path
        client = app.test_client()
        client.get(path, headers={"User-Agent": AGENT, "Host": f"localhost:{wrenchline.settings.port}"})
        db.session.remove()
        with db.engine.connect() as connection:
            listener = event.listens_for(connection.engine, "before_cursor_execute")
            listener(lambda _c, _cursor, statement, values, *_more: asked.append((statement, values)))
        page = client.get(path, headers={"User-Agent": AGENT, "Host": f"localhost:{wrenchline.settings.port}"})
        assert page.status_code == 200, page.status
    queries = [one for one in asked if one[0].startswith("SELECT")]
    (folder.own() / "bare.html").write_bytes(page.data)
    (folder.own() / "bare.json").write_text(json.dumps(queries))
    return path, len(queries)


@contextmanager
def _bare(wrenchline: Running) -> Iterator[tuple[int, int]]:
    port = free_port()
    command = commands(wrenchline.settings)["web"].replace("wsgi:app", "tests.bench.bare:app")
    env = {**environment(wrenchline.settings), **wrenchline.environ, "PORT": str(port)}
    env |= {"BARE_PAGE": str(folder.own() / "bare.html"), "BARE_QUERIES": str(folder.own() / "bare.json")}
    process = subprocess.Popen(command, shell=True, cwd=ROOT, env=env, start_new_session=True)
    folder.note(process.pid)
    try:
        _answers(port, process.pid)
        yield port, process.pid
    finally:
        end_sessions({process.pid})
        process.wait()


def _answers(port: int, leader: int) -> None:
    for attempt in range(200):
        try:
            rate(port, "/page", leader, seconds=0.01, at_once=1)
        except OSError:
            if attempt == 199:
                raise
            time.sleep(0.1)
        else:
            return
