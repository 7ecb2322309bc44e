"""The demo as a newcomer finds it on a Monday morning, filled once in a run; whoever wants it gets a copy."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask

from jobs.demo import fill
from models import clock, db
from tests.ground import folder
from tests.ground.databases import SQLiteStore, app_for, entered, settings_for

MONDAY = datetime(2025, 5, 19, 10, 30, tzinfo=ZoneInfo("America/Chicago"))


@contextmanager
def demo(name: str) -> Iterator[Flask]:
    """An app on a copy of that ``name``; its files are everybody's, the queue is our own."""
    with entered(_opened(SQLiteStore(name, folder.once("demo.db", _make)))) as app:
        yield app
        db.session.remove()
        db.engine.dispose()


def _opened(store: SQLiteStore) -> Flask:
    kept, queue = folder.shared() / "demo", settings_for("sqlite://").queue_url
    return app_for(settings_for(store.url, DATA_DIR=str(kept), REDIS_URL=queue))


def _make(path: Path) -> None:
    store = SQLiteStore("making-demo")
    with entered(_opened(store)), clock.at(MONDAY):
        fill()
        db.engine.dispose()
    store.path.rename(path)
