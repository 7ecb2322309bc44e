"""A worker in a process of its own that can be killed at any moment, and a provider in this process that counts what it took."""

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

import psycopg
from sqlalchemy import func, select

from jobs.gateways.phone import Alone, serve_alone, trouble
from jobs.messages import look_up
from jobs.tick import sweep
from models import Message, Shop, clock, db, reading
from models.message import STUCK
from tests.ground import folder
from tests.ground.makers import a_shop
from tests.ground.running import Running

PROCESSES = ("valkey", "worker")


@dataclass
class Crew:
    running: Running
    provider: Alone

    def write(self, slug: str, count: int) -> list[int]:
        """Ids of so many queued texts of a new shop, all different, handed over to the worker."""
        with self.running.data():
            shop: Shop = a_shop(slug, texting_number=None)
            shop.texting_number = f"+1312556{shop.id:04}"
            texts = [
                Message.reply(
                    shop, f"+1312{500 + shop.id}{number:04}", "help_reply", f"Text {number}", once_key=f"{slug}{number}", language="en"
                )
                for number in range(count)
            ]
            for text in texts:
                assert text.state == "queued", text.why
            db.session.commit()
            return [text.id for text in texts]

    def states(self, ids: list[int]) -> dict[str, int]:
        with self.running.data(), reading():
            rows = db.session.execute(select(Message.state, func.count()).where(Message.id.in_(ids)).group_by(Message.state)).all()
            return {state.name: number for state, number in rows}

    def went(self, ids: list[int]) -> dict[int, tuple[str, int]]:
        """Of each message: its state, and how often the provider took it."""
        taken = self.provider.store.accepted()
        with self.running.data(), reading():
            rows = db.session.execute(select(Message.id, Message.state, Message.address, Message.body).where(Message.id.in_(ids)))
            return {id: (state.name, taken[address, body]) for id, state, address, body in rows}

    def all_trouble_met(self) -> bool:
        with self.provider.store.reading() as phone:
            return not trouble.pending(phone)

    def sweep(self, **later: float) -> None:
        """What the ticker does, as if so much time had passed."""
        with self.running.data(), clock.at(datetime.now(UTC) + timedelta(**later)):
            sweep()
            db.session.commit()

    def give_up_waiting(self) -> None:
        """Let so much time pass that what hangs is unknown, and that the provider has been asked about it."""
        self.wait_until_idle()
        minutes = STUCK.total_seconds() / 60 + 1
        self.sweep(minutes=minutes)
        with self.running.data(), clock.at(datetime.now(UTC) + timedelta(minutes=minutes + 1)):
            while Message.unclear_ids():
                look_up()

    def wait_until_idle(self) -> None:
        """Until the worker has nothing to do for half a second: between taking a job and beginning it, nobody can tell."""
        with self.running.data() as app:
            idle_since, queue = time.monotonic(), app.extensions["queues"].queue("messages")
            while time.monotonic() - idle_since < 0.5:
                if queue.count or self.forks():
                    idle_since = time.monotonic()
                time.sleep(0.05)

    def forks(self) -> list[int]:
        """The processes in which the worker works on its jobs."""
        listed = subprocess.run(["pgrep", "-P", str(self.running.processes["worker"].pid)], capture_output=True, text=True, check=False)
        return [int(pid) for pid in listed.stdout.split()]

    @contextmanager
    def worker_paused(self) -> Iterator[None]:
        """It takes no job meanwhile."""
        worker = self.running.processes["worker"]
        worker.send_signal(signal.SIGSTOP)
        yield
        worker.send_signal(signal.SIGCONT)

    def kill_fork(self) -> bool:
        killed = False
        for pid in self.forks():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed = True
        until(lambda: not self.forks())
        return killed

    def kill_worker(self) -> None:
        """With everything that it started; another takes its place."""
        self.running.kill("worker")
        self.running.start("worker")

    @contextmanager
    def database_locked(self) -> Iterator[None]:
        """Nobody else can write."""
        url = self.running.settings.database_url
        if url.startswith("sqlite"):
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=10)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                yield
                connection.execute("ROLLBACK")
        else:
            with psycopg.connect(url.replace("+psycopg", "")) as connection:
                connection.execute("LOCK TABLE messages IN EXCLUSIVE MODE")
                yield
                connection.rollback()

    def shake_off_connections(self) -> None:
        """As when the database restarts; SQLite, which has none, is locked for longer than anybody's patience."""
        url = self.running.settings.database_url
        if url.startswith("sqlite"):
            with self.database_locked():
                time.sleep(5.8)
        else:
            with psycopg.connect(url.replace("+psycopg", "")) as connection:
                mine = "datname = current_database() AND pid <> pg_backend_pid()"
                connection.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}")  # type: ignore[call-overload]


@contextmanager
def a_crew(name: str, database: str, *processes: str, carrier: bool = False, **environ: str) -> Iterator[Crew]:
    running = Running(name, database, **environ)
    place = Path(mkdtemp(prefix="provider-", dir=folder.own()))  # the provider's disk is its own
    with serve_alone(replace(running.settings, data_dir=place), carrier=carrier) as provider:
        running.environ["TWILIO_API_BASE"] = provider.api_base
        running.settings = replace(running.settings, twilio_api_base=provider.api_base)
        try:
            running.start(*(processes or PROCESSES))
            yield Crew(running, provider)
        finally:
            running.stop()


def until(truth: Callable[[], object], seconds: float = 90.0) -> None:
    end = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.01)
