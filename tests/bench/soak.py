"""The soak: ``python -m tests.bench soak --minutes 30 --database sqlite``. Consoles stay open, customers answer, processes are killed.

At the end it is counted that nothing was lost and nothing went twice; each minute is a line with what the processes hold in memory.
Ends with 1 if anything is missing.
"""

import argparse
import logging
import random
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from models import db
from tests.bench.soak_count import counted
from tests.bench.soak_memory import Memory
from tests.bench.soak_people import Consoles, Customers, Desk
from tests.ground import folder, postgres
from tests.reliability.crew import Crew, a_crew

PROCESSES = ("valkey", "web", "worker", "ticker")
CUSTOMERS = 4  # who answer at the same time
SLOW = 0.05  # seconds that the provider takes


def main(*arguments: str) -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.bench soak")
    asked.add_argument("--minutes", type=float, default=30)
    asked.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked.add_argument("--streams", type=int, default=200)
    asked.add_argument("--pause", type=float, default=1.5, help="seconds between two bookings")
    asked = asked.parse_args(arguments)
    folder.make()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # the provider's, which would tell of each text
    try:
        with a_crew("soak", asked.database, *PROCESSES, carrier=True) as crew:
            return soak(crew, asked.minutes * 60, asked.streams, asked.pause)
    finally:
        postgres.stop()
        folder.remove()


def soak(crew: Crew, seconds: float, streams: int, pause: float) -> int:
    with crew.running.data():
        desk = Desk(crew, pause)
        db.session.remove()
    crew.provider.make_trouble(hold=SLOW, times=100_000)
    consoles, customers, memory = Consoles(crew, desk.cookies, streams), Customers(crew, desk), Memory(crew)
    kills = Kills(crew, seconds)
    ends = (kills.over, desk.over, customers.over)
    with _working(ends, desk.run, kills.run, *[customers.run] * CUSTOMERS), consoles.open():
        for minute in range(1, round(seconds / 60) + 1):
            kills.over.wait(60)
            said = {"answers": len(customers.said), "texts": crew.provider.store.accepted().total(), "booked": desk.booked}
            memory.note(minute, **said, **consoles.seen(), kills=sum(kills.counts.values()), tries_again=customers.again)
    print(
        f"\nkilled: {kills.counts}\nheard: {consoles.seen()}, {customers.again} requests were made again, {desk.refused} writes of the desk"
    )
    memory.conclude()
    return counted(crew, customers.said, desk.shop_ids)


@contextmanager
def _working(ends: Sequence[threading.Event], *works: Callable[[], None]) -> Iterator[None]:
    """Each in a thread of its own; when the block is left, they are told to end."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for end in ends:
            end.set()
        for thread in threads:
            thread.join()


class Kills:
    """What dies, and when: forks of the worker all the time, the worker each minute, a web process every five; all of the web server, the
    ticker and the queue server once, half way. Every time by SIGKILL."""

    def __init__(self, crew: Crew, seconds: float) -> None:
        self.crew, self.seconds, self.over, self.chance = crew, seconds, threading.Event(), random.Random(8)
        self.counts: dict[str, int] = {}

    def run(self) -> None:
        begun, round_ = time.monotonic(), 0
        halves = {"web": 0.5, "valkey": 0.4, "ticker": 0.6}
        while not self.over.wait(self.chance.uniform(8, 12)):
            round_ += 1
            if round_ % 6 == 0:
                self._kill("worker")
            elif self.crew.kill_fork():
                self._count("fork")
            if round_ % 30 == 0:
                self._kill_youngest_of_the_web()
            for name, share in list(halves.items()):
                if time.monotonic() - begun > share * self.seconds:
                    del halves[name]
                    self._kill(name)

    def _kill(self, name: str) -> None:
        self.crew.running.kill(name)
        with suppress(AssertionError):  # it was started, and takes its time on a busy machine
            self.crew.running.start(name)
        self._count(name)

    def _kill_youngest_of_the_web(self) -> None:
        """The other one lives on, so that it can be seen whether it grows."""
        master = self.crew.running.processes["web"].pid
        listed = subprocess.run(["pgrep", "-n", "-P", str(master)], capture_output=True, text=True, check=False).stdout
        if listed.strip():
            subprocess.run(["kill", "-9", listed.strip()], check=False)
            self._count("web process")

    def _count(self, what: Any) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1


if __name__ == "__main__":
    import sys

    sys.exit(main(*sys.argv[1:]))
