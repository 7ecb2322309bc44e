"""Many consoles held open while pages are served: what a page costs with and without them, how fast a change reaches all, and memory."""

import asyncio
import statistics
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from models import Appointment
from tests.ground.makers import a_drop_off, a_member, a_shop, signed_in
from tests.ground.running import Running, running

STREAMS = (0, 200, 500)
REQUESTS, AT_ONCE = 300, 4
CHANGES = 20


def measure() -> list[dict[str, Any]]:
    rows = []
    with running("bench-live") as wrenchline:
        cookie, token = _prepare(wrenchline)
        for path in (f"/v/{token}", "/console/"):
            asyncio.run(_pages(wrenchline.settings.port, cookie, path))  # templates and queries are compiled at their first use
        for streams in STREAMS:
            rows.append(asyncio.run(_with_streams(wrenchline, streams, cookie, token)))
    return rows


def _prepare(wrenchline: Running) -> tuple[str, str]:
    with wrenchline.data() as app:
        shop = a_shop()
        appointment: Appointment = a_drop_off(shop)
        client = signed_in(app.test_client(), a_member(shop))
        return f"session={client.get_cookie('session').value}", appointment.visit.link.token


async def _with_streams(wrenchline: Running, count: int, cookie: str, token: str) -> dict[str, Any]:
    port, before = wrenchline.settings.port, _memory(wrenchline)
    arrivals: list[float] = []
    streams = [asyncio.create_task(_listen(port, cookie, arrivals)) for _ in range(count)]
    while len(arrivals) < count:  # each begins with a refresh
        await asyncio.sleep(0.1)
    row = {"streams": count, "memory_kB_each": round((_memory(wrenchline) - before) / count) if count else 0}
    for name, path in (("customer_page", f"/v/{token}"), ("today", "/console/")):
        took = await _pages(port, cookie, path)
        row |= {f"{name}_p50_ms": _ms(statistics.median(took)), f"{name}_p99_ms": _ms(sorted(took)[int(len(took) * 0.99)])}
    if count:
        delays = [delay for _ in range(CHANGES) for delay in await _change(wrenchline, arrivals, count)]
        row |= {"nudge_p50_ms": _ms(statistics.median(delays)), "nudge_p99_ms": _ms(sorted(delays)[int(len(delays) * 0.99)])}
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)
    return row


async def _listen(port: int, cookie: str, arrivals: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET /console/live HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookie}\r\n\r\n".encode())
        while line := await reader.readline():
            if line in {b"event: refresh\n", b"event: appointments\n"}:
                arrivals.append(time.perf_counter())
    finally:
        writer.close()


async def _pages(port: int, cookie: str, path: str) -> list[float]:
    took: list[float] = []

    async def one_after_another() -> None:
        for _ in range(REQUESTS // AT_ONCE):
            started = time.perf_counter()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode())
            answer = await reader.read()
            writer.close()
            assert b" 200 " in answer[:20], answer[:200]
            took.append(time.perf_counter() - started)

    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    return took


async def _change(wrenchline: Running, arrivals: list[float], count: int) -> list[float]:
    """Seconds from a nudge until each of the streams has it."""
    arrivals.clear()
    started = time.perf_counter()
    with wrenchline.data() as app:
        app.extensions["nudges"].publish(1, "appointments")
    with suppress(TimeoutError):
        async with asyncio.timeout(5):
            while len(arrivals) < count:
                await asyncio.sleep(0.005)
    assert len(arrivals) >= count, f"{len(arrivals)} of {count} streams heard of it"
    return [arrival - started for arrival in arrivals]


def _memory(wrenchline: Running) -> int:
    """Kilobytes that the web server's processes hold."""
    session = wrenchline.processes["web"].pid
    pids = [path.name for path in Path("/proc").iterdir() if path.name.isdecimal() and _session_of(path) == session]
    return sum(int(line.split()[1]) for pid in pids for line in _lines(pid) if line.startswith("VmRSS"))


def _session_of(path: Path) -> int:
    with suppress(OSError):
        return int((path / "stat").read_text().rpartition(")")[2].split()[3])
    return 0


def _lines(pid: str) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/status").read_text().splitlines()
    return []


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
