"""Our app on each database, emptied before each test.

SQLite: a migrated file is copied over the last test's. PostgreSQL: what the last test filled is deleted.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol

import flask_migrate
from flask import Flask, current_app, has_app_context
from sqlalchemy import text

from models import db, handover, writing
from settings import Settings
from tests.ground import folder, postgres

NAMES = ("sqlite", "postgresql")
LIMITS = ("_storage", "_limiter", "_fallback_storage", "_fallback_limiter", "_storage_dead")  # where the last app made counts attempts
NOBODY = "9"  # a port that nobody listens on, so that a message sent by mistake goes nowhere


def settings_for(database_url: str, **environ: str) -> Settings:
    """The settings of a test's app: local, demo, its own data folder, other parties out of reach."""
    local = {"PORT": NOBODY, "PUBLIC_BASE_URL": "http://localhost", "DATA_DIR": str(folder.own()), "DATABASE_URL": database_url}
    return Settings.from_environment({**local, **environ})


def app_for(settings: Settings) -> Flask:
    """An app for tests: mistakes are raised, and forms need no token unless a test asks for it."""
    from web import limiter
    from wsgi import create_app  # all rooms at once: a test that needs no app does without them

    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.extensions["limits"] = {name: getattr(limiter, name) for name in LIMITS}
    return app


def migrate(database_url: str) -> None:
    """Bring a database to the newest revision, by the operator's own command."""
    app = app_for(settings_for(database_url))
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()


@contextmanager
def entered(app: Flask) -> Iterator[Flask]:
    """The app's context, in which work, nudges and limits go to its own queue: the house knows one a process, tests have several apps.

    A request that ran in the last test's own context may have left it with the manners of one that reads only.
    """
    _connect(app)
    writing.set(True)
    try:
        with app.app_context():
            yield app
    finally:
        if has_app_context():
            _connect(current_app)


def _connect(app: Flask) -> None:
    from web import limiter

    handover.connect(enqueue=app.extensions["queues"].enqueue, publish=app.extensions["nudges"].publish)
    vars(limiter).update(app.extensions["limits"])


class Store(Protocol):
    """A database that a test can have for itself."""

    url: str

    def empty(self, app: Flask) -> None: ...


class SQLiteStore:
    def __init__(self, name: str, template: Path | None = None) -> None:
        self.template = template or folder.once("template.db", lambda path: migrate(f"sqlite:///{path}"))
        self.path = folder.own() / f"{name}.db"
        self.url = f"sqlite:///{self.path}"
        self._copy()

    def empty(self, app: Flask) -> None:
        with app.app_context():
            db.engine.dispose()
        self._copy()

    def _copy(self) -> None:
        for tail in ("-wal", "-shm"):
            Path(f"{self.path}{tail}").unlink(missing_ok=True)
        shutil.copyfile(self.template, self.path)


class PostgresStore:
    def __init__(self, name: str) -> None:
        postgres.start()
        folder.once("pg-template", lambda _: migrate(postgres.create("template_wrenchline")))
        self.url = postgres.create(f"{folder.own().name}_{name}", "template_wrenchline")

    def empty(self, app: Flask) -> None:
        """Delete what the tables hold that hold something, and count anew: few rows are gone in a tenth of what a truncation takes."""
        with app.app_context(), db.engine.begin() as connection:
            filled = connection.scalars(text(_asked())).all()
            if filled:
                rows = "; ".join(f'DELETE FROM "{table}"' for table in filled)
                connection.exec_driver_sql(f"{_IN_ANY_ORDER}; {rows}; {_COUNT_ANEW}")


@cache
def _asked() -> str:
    """Names the tables that hold something."""
    return " UNION ALL ".join(f"(SELECT '{table.name}' FROM \"{table.name}\" LIMIT 1)" for table in db.metadata.sorted_tables)


_IN_ANY_ORDER = "SET LOCAL session_replication_role = replica"
_COUNT_ANEW = "SELECT setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences WHERE last_value IS NOT NULL"


STORES: dict[str, Callable[[str], Store]] = {"sqlite": SQLiteStore, "postgresql": PostgresStore}


@dataclass
class Apps:
    """One app and one store for each database, made when first asked for and kept for the whole run."""

    stores: dict[str, Store] = field(default_factory=dict)
    apps: dict[str, Flask] = field(default_factory=dict)

    def empty(self, name: str) -> Flask:
        """The app on an empty, migrated database."""
        if name not in self.apps:
            self.stores[name] = STORES[name]("tests")
            self.apps[name] = app_for(settings_for(self.stores[name].url))
        else:
            self.stores[name].empty(self.apps[name])
            self.apps[name].extensions["doorkeeper"].forget()
        return self.apps[name]

    def close(self) -> None:
        for app in self.apps.values():
            with app.app_context():
                db.engine.dispose()
