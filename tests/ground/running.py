"""The real processes on a free port of this machine, for browsers and for tests that kill."""

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import mkdtemp

import redis
from flask import Flask

from jobs.start import commands, end_sessions, environment, prepare
from models import db
from settings import Settings
from tests.ground import databases, folder, postgres

ROOT = Path(__file__).resolve().parents[2]
MAIL = 25  # the built-in phone catches mail at PORT + 25


def free_port() -> int:
    """A port of this machine that is free now, and the mail catcher's beside it.

    It is none of those that the system gives away by itself: one of them would be some connection's before its server has started.
    """
    while True:
        port = random.randrange(10_000, 32_000)
        with suppress(OSError):
            for wanted in (port, port + MAIL):
                socket.create_server(("127.0.0.1", wanted)).close()
            return port


class Running:
    """Wrenchline as an operator runs it: every process of the Procfile, its own data folder, its own database, empty."""

    def __init__(self, name: str, database: str = "sqlite", **environ: str) -> None:
        port = free_port()
        data_dir = Path(mkdtemp(prefix=f"{name}-", dir=folder.own()))
        self.address = f"http://localhost:{port}"
        self.environ = {
            "PORT": str(port),
            "PUBLIC_BASE_URL": self.address,
            "DATA_DIR": str(data_dir),
            "DATABASE_URL": self._empty_database(database, data_dir),
            "LOG_LEVEL": "WARNING",
            **environ,
        }
        self.settings = Settings.from_environment(self.environ)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._app: Flask | None = None

    @staticmethod
    def _empty_database(database: str, data_dir: Path) -> str:
        if database == "postgresql":
            postgres.start()
            folder.once("pg-template", lambda _: databases.migrate(postgres.create("template_wrenchline")))
            return postgres.create(f"{folder.own().name}_{data_dir.name}", "template_wrenchline")
        template = folder.once("template.db", lambda path: databases.migrate(f"sqlite:///{path}"))
        shutil.copyfile(template, data_dir / "wrenchline.db")
        return f"sqlite:///{data_dir / 'wrenchline.db'}"

    @contextmanager
    def data(self) -> Iterator[Flask]:
        """An app on the same database and queue, its context pushed, for the test to put data in and to look; commit what is to be seen."""
        if self._app is None:
            self._app = databases.app_for(self.settings)
        with databases.entered(self._app):
            yield self._app

    def fill(self) -> None:
        """Fill in the demo's shops and people, and start everything."""
        self.start("valkey")
        prepare(self.settings)
        self.start(*(name for name in commands(self.settings) if name != "valkey"))

    def start(self, *names: str) -> None:
        """Start these processes (all without names); returns when the queue and the pages answer."""
        wanted = commands(self.settings)
        env = {**environment(self.settings), **self.environ}
        for name in names or tuple(wanted):
            with (self.settings.data_dir / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    wanted[name], shell=True, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
                )
            folder.note(self.processes[name].pid)
            if name == "valkey":
                self._wait_for("valkey", self._queue_answers)
        if "web" in (names or wanted):
            self._wait_for("web", self._pages_answer)

    def kill(self, name: str) -> None:
        """End a process and all that it started, at once, as a crash would; ``start(name)`` brings it back."""
        process = self.processes.pop(name)
        end_sessions({process.pid})
        process.wait(timeout=60)

    def tell_to_end(self, *names: str) -> dict[str, int]:
        """Ask processes to end, as a process runner does, and wait for them; returns their exit codes."""
        for name in names:
            os.killpg(self.processes[name].pid, signal.SIGTERM)
        return {name: self.processes[name].wait(timeout=60) for name in names}

    def stop(self) -> None:
        """End everything; nothing of it is kept."""
        for name in reversed(list(self.processes)):
            self.kill(name)
        if self._app is not None:
            with self._app.app_context():
                db.engine.dispose()

    def log(self, name: str) -> str:
        """What a process has printed so far."""
        return (self.settings.data_dir / f"{name}.log").read_text(errors="replace")

    def _wait_for(self, name: str, answers: Callable[[], bool]) -> None:
        end = time.monotonic() + 90  # a busy machine may take its time
        while time.monotonic() < end:
            if self.processes[name].poll() is not None:
                break
            if answers():
                return
            time.sleep(0.05)
        raise AssertionError(f"{name} did not start:\n{self.log(name)}")

    def _queue_answers(self) -> bool:
        with suppress(redis.RedisError), redis.Redis.from_url(self.settings.queue_url) as client:
            return bool(client.ping())
        return False

    def _pages_answer(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.settings.port, timeout=30)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


@contextmanager
def running(name: str, database: str = "sqlite", *only: str, **environ: str) -> Iterator[Running]:
    """All of Wrenchline's processes, or ``only`` these, for as long as the block lasts; ``environ`` changes its settings."""
    everything = Running(name, database, **environ)
    try:
        everything.start(*only)
        yield everything
    finally:
        everything.stop()
