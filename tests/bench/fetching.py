"""Asking a server again and again over connections that are kept alive, as a proxy before it does, at little cost of our own."""

import asyncio
import statistics
import time
from dataclasses import dataclass

from tests.bench.figure import of_all
from tests.bench.watching import cpu

AGENT = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/150.0.0.0 Mobile Safari/537.36"


@dataclass(frozen=True, slots=True)
class Rate:
    """How many answers a second, how long they took, and what each cost the server in milliseconds of a core."""

    per_s: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float


class Connection:
    """One kept-alive connection; ``get`` and ``post`` give the answer's head and body."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port = port
        self.headers = f"Host: localhost:{port}\r\nUser-Agent: {AGENT}\r\nAccept-Encoding: gzip, br\r\n"
        self.headers += f"Cookie: {cookie}\r\n" if cookie else ""
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, more: str = "") -> tuple[bytes, bytes]:
        return await self._ask(f"GET {path} HTTP/1.1\r\n{self.headers}{more}\r\n")

    async def post(self, path: str, form: str, more: str = "") -> tuple[bytes, bytes]:
        length = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
        return await self._ask(f"POST {path} HTTP/1.1\r\n{self.headers}{length}{more}\r\n{form}")

    async def _ask(self, request: str) -> tuple[bytes, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._streams
        writer.write(request.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        lowered = head.lower()
        if b"transfer-encoding: chunked" in lowered:
            body = b""
            while size := int(await reader.readline(), 16):
                body += (await reader.readexactly(size + 2))[:-2]
            await reader.readline()
        else:
            body = await reader.readexactly(int(lowered.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0))
        return head, body

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()


def rate(port: int, path: str, leader: int, *, seconds: float = 4.0, at_once: int = 8) -> Rate:
    """How often this path is answered; ``leader`` leads the server's session."""
    return asyncio.run(_rate(port, path, leader, seconds, at_once))


async def _rate(port: int, path: str, leader: int, seconds: float, at_once: int) -> Rate:
    took: list[float] = []
    before, begun = cpu(leader), time.perf_counter()

    async def one_after_another() -> None:
        connection = Connection(port)
        while time.perf_counter() - begun < seconds:
            asked = time.perf_counter()
            head, _body = await connection.get(path)
            assert b" 200 " in head[:20], head
            took.append((time.perf_counter() - asked) * 1000)
        connection.close()

    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    passed = time.perf_counter() - begun
    each = (cpu(leader) - before) * 1000 / len(took)
    return Rate(round(len(took) / passed), round(statistics.median(took), 1), round(of_all(took, 0.99), 1), round(each, 3))
