"""Who works with Wrenchline during a soak: a desk that books and sends overviews, customers who answer, and consoles that are open."""

import asyncio
import queue
import random
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from html import unescape
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.exc import SQLAlchemyError

from jobs.gateways.phone import line
from models import Shop, db
from tests.ground.makers import a_customer, a_drop_off, a_member, a_shop, a_work_order, consenting, signed_in
from tests.ground.overviews import an_item, rules, sent
from tests.reliability.crew import Crew

SHOPS = ("harbour", "northgate", "lakeside", "westend")
SCREENS = 8  # of the consoles that also fetch the page whenever they hear of something
PERSON = {"User-Agent": "Mozilla/5.0 (Linux; Android 15) Chrome/150 Mobile", "Content-Type": "application/x-www-form-urlencoded"}
Task = tuple[str, str, int]  # what to do, the link or number, the id of the noun


class Desk:
    """Books a drop-off for a new customer every now and then, and sends every third one an overview."""

    def __init__(self, crew: Crew, pause: float) -> None:
        self.crew, self.pause, self.over = crew, pause, threading.Event()
        self.tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
        self.booked = self.refused = 0
        with crew.running.data() as app:
            shops = [a_shop(slug, texting_number=f"+1312556000{place}") for place, slug in enumerate(SHOPS)]
            for shop in shops:
                rules(shop)
            self.shop_ids = [shop.id for shop in shops]
            self.cookies = [signed_in(app.test_client(), a_member(shop)).get_cookie("session").value for shop in shops]

    def run(self) -> None:
        with self.crew.running.data():
            while not self.over.wait(self.pause):
                try:
                    self._book()
                except SQLAlchemyError:  # somebody else had the database for too long, as a person at a desk is told
                    db.session.rollback()
                    self.refused += 1
                db.session.remove()

    def _book(self) -> None:
        number = self.booked = self.booked + 1
        shop = db.session.get_one(Shop, self.shop_ids[number % len(self.shop_ids)])
        customer = a_customer(shop, f"Nora{number}", phones=[f"+1{312 + number // 7000}55{number % 7000 + 20000:05}"], emails=[])
        if number % 3 == 0:
            order = a_work_order(shop, consenting(customer))
            an_item(order, "Front brake pads", price=30_000)
            overview = sent(order)
            self.tasks.put(("overview", order.visit.link.path, overview.id))
            return
        appointment = a_drop_off(shop, customer=customer)
        self.tasks.put(("move" if number % 5 == 0 else "confirm", appointment.visit.link.path, appointment.id))
        if customer.phone:
            self.tasks.put(("text", f"{customer.phone.number} {shop.texting_number}", number))


class Customers:
    """Do what the desk waits for, over the network, and again until they are told that it is done, as people do."""

    def __init__(self, crew: Crew, desk: Desk) -> None:
        self.crew, self.desk, self.over = crew, desk, threading.Event()
        self.said: list[Task] = []
        self.again = 0

    def run(self) -> None:
        while not self.over.is_set():
            with suppress(queue.Empty):
                task = self.desk.tasks.get(timeout=0.5)
                while not self._done(*task):
                    self.again += 1
                    if self.over.wait(1):
                        return
                self.said.append(task)

    def _done(self, what: str, place: str, id: int) -> bool:
        if what == "text":
            number, shop = place.split()
            line.answer(self.crew.provider.phone, number, shop, f"Question {id}")  # its carrier tells us, until we have heard
            return True
        try:
            return self._answered(place) if what == "overview" else self._tapped(place, what)
        except (OSError, HTTPException):
            return False

    def _tapped(self, place: str, what: str) -> bool:
        """Two taps, as of a thumb that trembles."""
        to = f"{place}/{'confirmation' if what == 'confirm' else 'reschedule-request'}"
        form = _form(self._ask("GET", place)[1], to)
        taps = [self._ask("POST", to, form)[0] for _tap in range(2)]
        return taps == [303, 303]

    def _answered(self, place: str) -> bool:
        status, page = self._ask("GET", f"{place}/overview")
        item = re.search(r'name="(item-\d+)"', page)
        if status == 200 and not item:
            return "/receipt" in page or "A1" in page  # an answer of before, whose reply got lost on its way
        chosen = {item[1]: random.choice(("repair", "contact"))} if item else {}
        for _look in range(2):  # without a script the sum comes back to be looked at first
            status, page = self._ask("POST", f"{place}/answers", {**_hidden(page), **chosen, "name": "Nora Lopez"})
            if status == 303:
                return True
        return False

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        settings = self.crew.running.settings
        connection = HTTPConnection("127.0.0.1", settings.port, timeout=30)
        try:
            body = urlencode(form) if form is not None else None
            connection.request(method, path, body, {**PERSON, "Host": f"localhost:{settings.port}"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


def _form(page: str, to: str) -> dict[str, str]:
    """The hidden fields of the form that goes there."""
    found = re.search(rf'<form[^>]*action="[^"]*{re.escape(to)}".*?</form>', page, re.DOTALL)
    return _hidden(found[0]) if found else {}


def _hidden(page: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)}


class Consoles:
    """So many live streams, each opened again whenever it ends; some of them on screens that fetch what changed."""

    def __init__(self, crew: Crew, cookies: list[str], count: int) -> None:
        self.port, self.cookies, self.count = crew.running.settings.port, cookies, count
        self.open_now = self.opened = self.nudges = self.pages = self.failed = 0

    @contextmanager
    def open(self) -> Iterator[None]:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_until_complete, args=(self._all(),))
        thread.start()
        try:
            yield
        finally:
            loop.call_soon_threadsafe(self._end.set)
            thread.join()
            loop.close()

    def seen(self) -> dict[str, Any]:
        return {"open": self.open_now, "nudges": self.nudges, "opened": self.opened, "pages": self.pages, "failed": self.failed}

    async def _all(self) -> None:
        self._end = asyncio.Event()
        streams = [asyncio.create_task(self._stream(number)) for number in range(self.count)]
        await self._end.wait()
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)

    async def _stream(self, number: int) -> None:
        cookie, heard = self.cookies[number % len(self.cookies)], asyncio.Event()
        screen = asyncio.create_task(self._screen(cookie, heard)) if number < SCREENS else None
        try:
            while True:
                with suppress(OSError, asyncio.IncompleteReadError):
                    await self._listen(cookie, heard)
                await asyncio.sleep(random.uniform(0.5, 3))
        finally:
            if screen:
                screen.cancel()

    async def _listen(self, cookie: str, heard: asyncio.Event) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(self._head("/console/live", cookie))
            if b" 200 " not in await reader.readline():
                return
            self.open_now += 1
            self.opened += 1
            try:
                while line := await reader.readline():
                    if line.startswith(b"event: ") and b"beat" not in line:
                        self.nudges += 1
                        heard.set()
            finally:
                self.open_now -= 1
        finally:
            writer.close()

    async def _screen(self, cookie: str, heard: asyncio.Event) -> None:
        while True:
            await heard.wait()
            heard.clear()
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(
                    self._head(random.choice(("/console/", "/console/board", "/console/messages")), cookie, "Connection: close\r\n")
                )
                answer = await reader.read()
                writer.close()
                self.pages += b" 200 " in answer[:20]
                self.failed += b" 200 " not in answer[:20]
            except OSError:
                self.failed += 1
            await asyncio.sleep(random.uniform(1, 3))

    def _head(self, path: str, cookie: str, more: str = "") -> bytes:
        return f"GET {path} HTTP/1.1\r\nHost: localhost:{self.port}\r\nCookie: session={cookie}\r\n{more}\r\n".encode()
