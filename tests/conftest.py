"""The fixtures, in the order in which a test would want them.

| fixture | gives |
| --- | --- |
| ``app`` | our app on an empty, migrated database, its context pushed; on SQLite or PostgreSQL, see below |
| ``session`` | ``db.session`` in that context |
| ``client`` | a visitor: what the test made is committed before each request, and what it holds is read anew after it |
| ``visitors`` | ``visitors()`` makes another visitor, with cookies of their own |
| ``settings`` | the settings of ``app`` |
| ``with_csrf`` | forms need their token in this test |
| ``make_app`` | ``make_app(PUBLIC_BASE_URL="https://visit.example.com")``: another app on the test's database, with other settings |
| ``queue`` | a client of the queue server, emptied before each test |
| ``work`` | ``work()`` does here and now what was handed to the worker, until nothing is left; a job's mistake is raised |
| ``at`` | ``at("2025-05-15 09:00", "America/Chicago")`` stops the clock there until the test ends; again to move it |
| ``running`` | the real processes: ``.address``, ``.data()`` (a context to fill and look in), ``.log(…)``, ``.kill(…)``, ``.start(…)`` |
| ``windows`` | opens windows of Chromium on ``running``, each another person: ``windows.phone()``, ``windows.desktop(locale="es")`` |
| ``phone``, ``desktop`` | one such window; addresses are relative: ``phone.goto("/v/…")`` |
| ``axe`` | ``axe(page)`` lists what axe-core finds wrong with it, one line each |
| ``rounds`` | how often a test that is left to chance tries: 20, or ``WL_ROUNDS`` |

``running`` lives as long as the process that runs the tests, and its data with it: a test makes a shop of its own there. A test that kills
or floods starts its own by ``with tests.ground.running.running("name", "postgresql")``.

A test runs on one of the two databases, always the same one, half of a module's tests on each, so that every statement meets both. On both
run the tests of what each database does in its own way while no statement fails: races (whatever uses ``together``), and modules that are
marked ``both_databases`` (search, chains of hashes over what was read back, bulk loading, raw rows). A module that is marked
``one_database`` runs on SQLite alone: its subject is no question to a database. ``WL_TEST_DATABASE=sqlite`` (or ``postgresql``) runs all
on that one. Warnings are errors, and only this machine can be reached. A test in a browser that fails is tried once more, and listed.
"""

import gc
import os
import signal
from collections.abc import Callable, Iterator
from datetime import datetime
from zlib import crc32
from zoneinfo import ZoneInfo

import pytest
import redis
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session, scoped_session

from jobs.start import end_sessions
from models import db, password
from settings import Settings
from tests.ground import browser as browsers
from tests.ground import folder, postgres, valkey
from tests.ground.client import Visitor
from tests.ground.databases import NAMES, Apps, app_for, entered, settings_for
from tests.ground.running import Running
from tests.ground.running import running as all_running
from tests.ground.work import do_all
from web import limiter

DATABASES = [name for name in NAMES if name == os.environ.get("WL_TEST_DATABASE", name)]

# The clock may be stopped and the databases are real: time says nothing here, and one app serves many examples.
hypothesis_settings.register_profile(
    "wrenchline",
    deadline=None,
    max_examples=int(os.environ.get("WL_ROUNDS", "40")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
hypothesis_settings.load_profile("wrenchline")

# A password takes 0.2 s of a core to hash, as it should; with a member of staff in every other test that would be most of their time.
password._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the first process, before it starts the parallel ones
        folder.make()
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a run that is told to end ends what it started


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        end_sessions(folder.noted())
        postgres.stop()
        folder.remove()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "app" in metafunc.fixturenames:
        metafunc.parametrize("app", _databases_of(metafunc.definition), indirect=True)


def _databases_of(test: pytest.Function) -> list[str]:
    if test.get_closest_marker("one_database") is not None:
        return DATABASES[:1]
    if test.get_closest_marker("both_databases") is not None or "together" in test.fixturenames:
        return DATABASES
    return [DATABASES[crc32(test.nodeid.encode()) % len(DATABASES)]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("browser") is not None:
            item.add_marker(pytest.mark.flaky(reruns=1))  # a browser that got no share of the machine; the closing line counts them
    items.sort(key=lambda item: item.get_closest_marker("long") is None)  # else one process would be left alone with it at the end


def pytest_collection_finish() -> None:
    """What is there by now stays: looking through it for rubbish again and again took a twentieth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def apps() -> Iterator[Apps]:
    apps = Apps()
    yield apps
    apps.close()


@pytest.fixture(scope="session")
def queue_server() -> Iterator[redis.Redis]:
    with valkey.serving(settings_for("sqlite://")) as client:
        yield client


@pytest.fixture
def queue(queue_server: redis.Redis) -> redis.Redis:
    queue_server.flushall()
    forget_limits()
    return queue_server


def forget_limits() -> None:
    """What was counted in memory while a test's queue server was away; the clock may stand still, so that it would never come back."""
    limiter._storage_dead = False
    if limiter._fallback_limiter:
        limiter._fallback_limiter.storage.reset()


@pytest.fixture
def app(request: pytest.FixtureRequest, apps: Apps, queue: redis.Redis) -> Iterator[Flask]:
    with entered(apps.empty(request.param)) as app:
        yield app


@pytest.fixture
def session(app: Flask) -> scoped_session[Session]:
    return db.session


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.extensions["settings"]
    return found


@pytest.fixture
def visitors(app: Flask) -> Callable[[], Visitor]:
    return lambda: Visitor(app, app.response_class, use_cookies=True)


@pytest.fixture
def client(visitors: Callable[[], Visitor]) -> Visitor:
    return visitors()


@pytest.fixture
def with_csrf(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def make_app(settings: Settings) -> Iterator[Callable[..., Flask]]:
    made: list[Flask] = []

    def make(**environ: str) -> Flask:
        made.append(app_for(settings_for(settings.database_url, **environ)))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def work(app: Flask) -> Callable[[], int]:
    return lambda: do_all(app)


@pytest.fixture
def at() -> Iterator[Callable[..., None]]:
    stopped: list[time_machine.travel] = []

    def move(local: str, zone: str = "UTC", *, ticks: bool = False) -> None:
        while stopped:
            stopped.pop().stop()
        moment = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).timestamp()
        stopped.append(time_machine.travel(moment, tick=ticks))
        stopped[-1].start()

    yield move
    for travel in stopped:
        travel.stop()


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    with all_running("running") as everything:
        yield everything


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with browsers.chromium_running() as browser:
        yield browser


@pytest.fixture
def windows(chromium: Browser, running: Running) -> Iterator[browsers.Windows]:
    windows = browsers.Windows(chromium, running.address)
    yield windows
    windows.close()
    assert windows.errors == []


@pytest.fixture
def phone(windows: browsers.Windows) -> Page:
    return windows.phone()


@pytest.fixture
def desktop(windows: browsers.Windows) -> Page:
    return windows.desktop()


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    return browsers.violations


@pytest.fixture
def rounds() -> int:
    return int(os.environ.get("WL_ROUNDS", "20"))
