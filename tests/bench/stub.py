"""A text provider that takes everything at once and counts: ``python -m tests.bench.stub PORT``.

GET /count tells how much it took, and how much twice.
"""

import asyncio
import json
import sys
from collections import Counter
from urllib.parse import parse_qs

taken: Counter[tuple[str, str]] = Counter()


def _answer(method: str, body: bytes) -> tuple[int, dict[str, object]]:
    if method == "GET":
        return 200, {"taken": taken.total(), "twice": sum(count > 1 for count in taken.values())}
    form = parse_qs(body.decode())
    taken[form["To"][0], form["Body"][0]] += 1
    return 201, {"sid": f"SM{taken.total():032x}", "status": "queued"}


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while head := await reader.readuntil(b"\r\n\r\n"):
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        status, answer = _answer(head.split(b" ", 1)[0].decode(), await reader.readexactly(length))
        content = json.dumps(answer).encode()
        writer.write(f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content)
        await writer.drain()


async def _connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await _serve(reader, writer)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _main(port: int) -> None:
    server = await asyncio.start_server(_connection, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
