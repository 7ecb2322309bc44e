"""A name server of a test's own, on loopback: it says what it was told, or nothing at all."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import BaseRequestHandler, ThreadingUDPServer

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass
class NameServer:
    """``records`` are TXT records by name, ``addresses`` IP addresses; a name in neither does not exist. ``silent``: it answers nothing."""

    address: str = ""
    records: dict[str, list[str]] = field(default_factory=dict)
    addresses: dict[str, list[str]] = field(default_factory=dict)
    silent: bool = False
    asked: list[str] = field(default_factory=list)

    def answer(self, query: dns.message.Message) -> dns.message.Message:
        name = query.question[0].name
        self.asked.append(name.to_text(omit_final_dot=True))
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        kind = dns.rdatatype.to_text(query.question[0].rdtype)
        texts, addresses = self.records.get(self.asked[-1]), self.addresses.get(self.asked[-1])
        if texts is None and addresses is None:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        found = {
            "TXT": [_quoted(text) for text in texts or ()],
            "A": [address for address in addresses or () if ":" not in address],
            "AAAA": [address for address in addresses or () if ":" in address],
        }
        if found[kind]:
            reply.answer.append(dns.rrset.from_text_list(name, 60, "IN", kind, found[kind]))
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
