"""A name server of a test's own, on loopback: it says what it was told, or nothing at all."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import BaseRequestHandler, ThreadingUDPServer

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


@dataclass
class NameServer:
    """``records`` are TXT records by name; a name that is not there does not exist. ``silent``: it answers nothing."""

    address: str = ""
    records: dict[str, list[str]] = field(default_factory=dict)
    silent: bool = False
    asked: list[str] = field(default_factory=list)

    def answer(self, query: dns.message.Message) -> dns.message.Message:
        name = query.question[0].name
        self.asked.append(name.to_text(omit_final_dot=True))
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        found = self.records.get(self.asked[-1])
        if found is None:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif found:
            reply.answer.append(dns.rrset.from_text_list(name, 60, "IN", "TXT", [_quoted(text) for text in found]))
        return reply


@contextmanager
def serving() -> Iterator[NameServer]:
    it = NameServer()

    class Answer(BaseRequestHandler):
        def handle(self) -> None:
            question, socket = self.request
            if not it.silent:
                socket.sendto(it.answer(dns.message.from_wire(question)).to_wire(), self.client_address)

    with ThreadingUDPServer(("127.0.0.1", 0), Answer) as server:
        it.address = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield it
        server.shutdown()
        thread.join()


def _quoted(text: str) -> str:
    """In pieces of 255 bytes, as DNS carries them."""
    pieces = [text[start : start + 255] for start in range(0, len(text), 255)] or [""]
    return " ".join('"' + piece.replace("\\", "\\\\").replace('"', '\\"') + '"' for piece in pieces)
