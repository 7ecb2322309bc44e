"""Fifty shops with ten consoles each: from a customer's POST to the changed panel on the ten screens of the shop, and a console's memory.

A console here is what a browser's tab is to the server: a stream, and for each topic that it hears the panels of the page that wait for it.
"""

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape

from models import db
from tests.bench.fetching import Connection
from tests.bench.figure import Figure, Row, of_all
from tests.bench.watching import cpu, memory
from tests.ground.makers import a_customer, a_drop_off, a_member, a_shop, a_texting_number, signed_in
from tests.ground.running import Running, running

SHOPS, CONSOLES = 50, 10
ANSWERS = 3  # customers of each shop who confirm
PAUSE = 0.25  # seconds from one answer to the next: twenty times as many as fifty shops get on their busiest morning
PATIENCE = 30.0  # seconds
PANEL = re.compile(r'<[^>]* hx-get="([^"]+)"[^>]* hx-trigger="([^"]+)"')
MOST_MS, MOST_KB = 250, 150


@dataclass
class Place:
    """One shop: the cookie of its receptionist, the links of its customers."""

    cookie: str
    links: list[str]
    panels: list[tuple[str, set[str]]] = field(default_factory=list)  # address, topics


def measure() -> Iterator[Figure | Row]:
    for count in (1, SHOPS):  # one shop alone tells what the many cost
        with running("bench-live", "sqlite", "valkey", "web") as wrenchline:
            with wrenchline.data() as app:
                places = [_a_place(app, number) for number in range(count)]
            row, took = asyncio.run(_watched(wrenchline, places))
        yield row
        if count == 1:
            alone = row
    beside = f"p50 {row['p50_ms']} ms; ten consoles alone: p50 {alone['p50_ms']} ms, p99 {alone['p99_ms']} ms; {len(took)} panels seen"
    yield Figure(f"live: customer's POST to changed panel, p99, {SHOPS * CONSOLES} consoles", row["p99_ms"], MOST_MS, "ms", beside=beside)
    yield Figure("live: memory of an idle console", row["kB_each"], MOST_KB, "kB")


def _a_place(app: object, number: int) -> Place:
    shop = a_shop(f"shop-{number}", texting_number=a_texting_number())
    links = []
    for each in range(ANSWERS + 1):
        customer = a_customer(shop, f"Nora{each}", "Berg", phones=[f"+1312555{number:02}{each:02}"])
        links.append(a_drop_off(shop, day=shop.today() if shop.is_open(shop.today()) else None, at=None, customer=customer).visit.link.path)
    client = signed_in(app.test_client(), a_member(shop, email=f"desk@shop-{number}.example"))  # type: ignore[attr-defined]
    db.session.commit()
    return Place(f"session={client.get_cookie('session').value}", links)


async def _watched(wrenchline: Running, places: list[Place]) -> tuple[Row, list[float]]:
    port, web = wrenchline.settings.port, wrenchline.processes["web"].pid
    for place in places:
        await _learn_panels(port, place)
        await _answer(port, place, place.links[-1])
    await _warm(port, places[0])
    before = memory(web)
    consoles = [Console(port, place) for place in places for _ in range(CONSOLES)]
    streams = [asyncio.create_task(console.listen()) for console in consoles]
    await _until(lambda: all(console.refreshed for console in consoles))
    row: Row = {"consoles": len(consoles), "kB_each": round((memory(web) - before) / len(consoles))}
    began, began_cpu, took = time.perf_counter(), cpu(web), []
    for each in range(ANSWERS if len(places) > 1 else 1):
        for place in places:
            took += await _seen(port, place, place.links[each], [one for one in consoles if one.place is place])
            await asyncio.sleep(PAUSE)
    row |= {"p50_ms": round(of_all(took, 0.5)), "p99_ms": round(of_all(took, 0.99)), "worst_ms": round(max(took))}
    row |= {"cpu_per_s": round((cpu(web) - began_cpu) / (time.perf_counter() - began), 2)}
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)
    return row, took


async def _warm(port: int, place: Place) -> None:
    """Templates and queries are compiled at their first use, in each of the processes."""
    connections = [Connection(port, place.cookie) for _ in range(CONSOLES)]
    for address, _topics in place.panels * 2:
        await asyncio.gather(*(connection.get(address, "HX-Request: true\r\n") for connection in connections))
    for connection in connections:
        connection.close()


async def _learn_panels(port: int, place: Place) -> None:
    """Which parts of Today wait for what, read off the page as a browser does."""
    connection = Connection(port, place.cookie)
    connection.headers = connection.headers.replace("Accept-Encoding: gzip, br\r\n", "")
    _head, page = await connection.get("/console/")
    connection.close()
    for address, trigger in PANEL.findall(page.decode()):
        topics = set(re.findall(r"(\w+) from:#live", trigger))
        if topics:
            place.panels.append((unescape(address), topics))
    assert any("appointments" in topics for _address, topics in place.panels), page[:400]


async def _seen(port: int, place: Place, link: str, consoles: "list[Console]") -> list[float]:
    """Milliseconds from the customer's tap until each console has the panels that say so."""
    for console in consoles:
        console.changed.clear()
    begun = await _answer(port, place, link)
    await _until(lambda: all(console.changed for console in consoles))
    await _until(lambda: all(console.at_rest for console in consoles))
    return [(console.changed[0] - begun) * 1000 for console in consoles]


async def _answer(port: int, place: Place, link: str) -> float:
    """The page is read before the clock runs; what counts is the tap, whose moment is returned."""
    customer = Connection(port)
    customer.headers = customer.headers.replace("Accept-Encoding: gzip, br\r\n", "")
    _head, page = await customer.get(link)
    nonce = re.search(rb'name="nonce" value="([^"]+)"', page)
    revision = re.search(rb'name="revision" value="([^"]+)"', page)
    assert nonce, page[:400]
    assert revision
    form = f"nonce={nonce[1].decode()}&revision={revision[1].decode()}"
    tapped = time.perf_counter()
    head, _body = await customer.post(f"{link}/confirmation", form, "Sec-Fetch-Site: same-origin\r\nHX-Request: true\r\n")
    assert b" 200 " in head[:20], head
    customer.close()
    return tapped


async def _until(happened: object) -> None:
    async with asyncio.timeout(PATIENCE):
        while not happened():  # type: ignore[operator]
            await asyncio.sleep(0.002)


class Console:
    def __init__(self, port: int, place: Place) -> None:
        self.place, self.port = place, port
        self.refreshed, self.changed = False, list[float]()
        self._fetching: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    @property
    def at_rest(self) -> bool:
        return not self._fetching

    async def listen(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(f"GET /console/live HTTP/1.1\r\nHost: localhost:{self.port}\r\nCookie: {self.place.cookie}\r\n\r\n".encode())
            while line := await reader.readline():
                if line == b"event: refresh\n":
                    self.refreshed = True
                elif line.startswith(b"event: "):
                    self._hear(line[7:-1].decode())
        finally:
            writer.close()

    def _hear(self, topic: str) -> None:
        for address, topics in self.place.panels:
            if topic in topics:
                self._fetch(address)

    def _fetch(self, address: str) -> None:
        """As htmx does: what is asked for while an answer is under way is asked again after it."""
        if address in self._fetching:
            self._again.add(address)
            return
        self._fetching[address] = asyncio.create_task(self._panel(address))

    async def _panel(self, address: str) -> None:
        connection = Connection(self.port, self.place.cookie)
        with suppress(ConnectionError):
            head, _body = await connection.get(address, "HX-Request: true\r\n")
            assert b" 200 " in head[:20], head
        connection.close()
        if address == "/console/":  # Today itself, whose line of the drop-off now says that it is confirmed
            self.changed.append(time.perf_counter())
        del self._fetching[address]
        if address in self._again:
            self._again.discard(address)
            self._fetch(address)
