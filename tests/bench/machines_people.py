"""Who stands before the two machines: a shop with its staff, its customers, and many of them at once."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from threading import Event, Lock, Thread
from typing import Any

import psycopg
import urllib3
from sqlalchemy import func, select

from models import Appointment, Confirmation, Message, Opening, Shop, db, reading
from tests.ground.machines import Machines
from tests.ground.machines_outside import until
from tests.ground.makers import PASSWORD, a_customer, a_drop_off, a_member, a_shop, a_vehicle, next_open_day
from tests.ground.people import Person

CONFIRM = "Confirm appointment"
numbers = count(1)


class Trial:
    def __init__(self, wrenchline: Machines) -> None:
        self.wrenchline = wrenchline
        self.pool = urllib3.PoolManager(ssl_context=wrenchline.tls, maxsize=50)
        with wrenchline.data():
            shop = a_shop(texting_number="+13125550100")
            a_member(shop, email="sam@harbour.example")
            self.shop_id = shop.id
        person = self.person()
        form = re.search(r'name="csrf_token" value="([^"]+)"', person.get("/console/sign-in").data.decode())
        assert form
        fields = {"csrf_token": form[1], "email": "sam@harbour.example", "password": PASSWORD}
        answer = person.ask(
            "POST", "/console/sign-in", headers={"Referer": f"{wrenchline.address}/"}, fields=fields, encode_multipart=False
        )
        assert answer.status == 303, answer.data
        self.cookies = person.cookies

    def person(self, machine: str = "") -> Person:
        """Who comes by the proxy, or straight to a machine, as the proxy would hand it over."""
        if not machine:
            return Person(self.wrenchline.address, self.pool)
        host = self.wrenchline.address.removeprefix("https://")
        said = {"Host": host, "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": host}
        return Person(f"http://127.0.0.1:{self.wrenchline.ports[machine]}", self.pool, said, origin=self.wrenchline.address)

    def staff(self, machine: str = "") -> Person:
        person = self.person(machine)
        person.cookies.update(self.cookies)
        return person

    def token(self, person: Person) -> dict[str, str]:
        """What htmx says with each request of the console."""
        found = re.search(r'"X-CSRFToken": "([^"]+)"', person.get("/console/").data.decode())
        assert found
        return {"X-CSRFToken": found[1], "Referer": f"{self.wrenchline.address}/"}

    def book(self, number: int) -> dict[str, int]:
        """So many drop-offs: their ids by their customers' paths."""
        with self.wrenchline.data():
            shop = db.session.get_one(Shop, self.shop_id)
            return dict(self._booked(shop) for _ in range(number))

    @staticmethod
    def _booked(shop: Shop) -> tuple[str, int]:
        number = next(numbers)
        customer = a_customer(shop, "Maria", f"Lopez {number}", phones=[f"+1312{5560000 + number}"], emails=[])
        a_vehicle(customer)
        drop_off = a_drop_off(shop, next_open_day(shop), preference="phone", customer=customer)
        return drop_off.visit.link.path, drop_off.id

    def confirmed(self, ids: list[int]) -> Counter[int]:
        with self.wrenchline.data(), reading():
            return Counter(db.session.scalars(select(Confirmation.appointment_id).where(Confirmation.appointment_id.in_(ids))))

    def confirmed_from(self, id: int) -> str:
        with self.wrenchline.data(), reading():
            visit_id = db.session.get_one(Appointment, id).visit_id
            return db.session.scalars(select(Opening.ip).where(Opening.visit_id == visit_id, Opening.evidence == "opened")).one()

    def write(self, number: int) -> list[int]:
        """Ids of so many queued texts."""
        with self.wrenchline.data():
            shop = db.session.get_one(Shop, self.shop_id)
            texts = [
                Message.reply(shop, f"+1312557{one:04}", "help_reply", f"Text {one}", once_key=f"trial{one}", language="en")
                for one in range(number)
            ]
            db.session.commit()
            return [text.id for text in texts]

    def states(self, ids: list[int]) -> dict[str, int]:
        with self.wrenchline.data(), reading():
            rows = db.session.execute(select(Message.state, func.count()).where(Message.id.in_(ids)).group_by(Message.state)).all()
            return {state.name: number for state, number in rows}

    @contextmanager
    def held(self, table: str) -> Iterator[None]:
        """Nobody writes into it."""
        with psycopg.connect(self.wrenchline.settings.database_url.replace("+psycopg", "")) as connection:
            connection.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")  # type: ignore[call-overload]
            yield
            connection.rollback()

    @contextmanager
    def stream(self, machine: str = "") -> Iterator[Callable[[str], int]]:
        """A console's live stream, opened again when it ends: how often it has heard a topic."""
        heard: Counter[str] = Counter()
        ended = Event()

        def listen() -> None:
            while not ended.is_set():
                with suppress(urllib3.exceptions.HTTPError):
                    answer = self.staff(machine).get("/console/live", preload_content=False)
                    for line in lines(answer, ended):
                        if line.startswith("event: "):
                            heard[line.removeprefix("event: ")] += 1
                ended.wait(1)

        thread = Thread(target=listen, daemon=True)
        thread.start()
        until(lambda: heard["refresh"], 30)
        yield lambda topic: heard[topic]
        ended.set()


def lines(answer: urllib3.BaseHTTPResponse, ended: Event) -> Iterator[str]:
    rest = b""
    while not ended.is_set() and (piece := answer.read1(4096)):
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line.decode() for line in whole)


class Load:
    """So many people at a time, each opening a page of their own and confirming, and staff who look at Today."""

    people = 8

    def __init__(self, trial: Trial) -> None:
        self.trial, self.paths = trial, trial.book(170)
        self.free, self.lock, self.ended = list(self.paths), Lock(), Event()
        self.done: Counter[str] = Counter()
        self.failures: list[str] = []
        self.tapped: list[int] = []
        self.slowest, self.tapping = 0.0, 0

    @contextmanager
    def running(self) -> Iterator[None]:
        threads = [Thread(target=self._customer) for _ in range(self.people)] + [Thread(target=self._staff) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.ended.set()
            for thread in threads:
                thread.join()

    def go_on(self, number: int) -> None:
        """Until each of so many more could have looked and confirmed."""
        wanted = self.done.total() + 2 * number
        until(lambda: self.done.total() >= wanted, 300)

    def rows(self, step: str) -> list[dict[str, Any]]:
        found = self.trial.confirmed(list(self.paths.values()))
        missing = sum(found[id] != 1 for id in self.tapped)
        asked = ", ".join(f"{number} {what}" for what, number in sorted(self.done.items()))
        wrong = ", ".join(f"{number} {why}" for why, number in Counter(self.failures).items()) or "none failed"
        note = f"{asked}; {wrong}; {missing} of {len(self.tapped)} taps not kept exactly once"
        slowest = round(self.slowest * 1000)
        return [{"step": step, "asked": self.done.total(), "failed": len(self.failures) + missing, "slowest_ms": slowest, "note": note}]

    def _customer(self) -> None:
        while not self.ended.is_set():
            with self.lock:
                path, fresh = (self.free.pop(), True) if self.free else (next(iter(self.paths)), False)
            person = self.trial.person()
            self._asked("page", lambda person=person, path=path: person.get(path).status == 200)  # type: ignore[misc]
            self.tapping += fresh  # everybody confirms once; who is left over only looks
            if fresh and self._asked("tap", lambda person=person, path=path: person.press(path, CONFIRM).status == 303):  # type: ignore[misc]
                self.tapped.append(self.paths[path])
            self.tapping -= fresh
            time.sleep(0.05)

    def _staff(self) -> None:
        person = self.trial.staff()
        while not self.ended.is_set():
            self._asked("today", lambda: person.get("/console/").status == 200)
            time.sleep(0.2)

    def _asked(self, what: str, ask: Callable[[], bool]) -> bool:
        begun, right, why = time.monotonic(), False, "another answer"
        try:
            right = ask()
        except Exception as problem:  # noqa: BLE001  whatever a person would see as a failure
            why = type(problem).__name__
        self.slowest = max(self.slowest, time.monotonic() - begun)
        self.done[what] += 1
        if not right:
            self.failures.append(f"{what}: {why}")
        return right
