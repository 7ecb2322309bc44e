"""A server of a test's own, on loopback, that says what it was told to each who calls, as fast or slowly as it was told."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Scripted:
    """``heard``: the first that each caller sent; ``over``: set at the end, for those who would say something for ever."""

    port: int
    callers: int = 0
    heard: list[bytes] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def drip(self, line: socket.socket, begin: bytes = b"") -> None:
        """A byte at a time, without end."""
        line.sendall(begin)
        while not self.over.wait(0.05):
            line.sendall(b"x")


Script = Callable[[Scripted, socket.socket], None]


def says(answer: bytes) -> Script:
    """That, to every request of a caller."""

    def script(it: Scripted, line: socket.socket) -> None:
        while data := line.recv(65536):
            it.heard.append(data)
            line.sendall(answer)

    return script


@contextmanager
def serving(script: Script, tls: ssl.SSLContext | None = None) -> Iterator[Scripted]:
    """``tls``: the handshake comes before the script."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        it, threads = Scripted(server.getsockname()[1]), list[threading.Thread]()

        def one(line: socket.socket) -> None:
            with suppress(OSError), line:
                if tls is None:
                    script(it, line)
                    return
                with tls.wrap_socket(line, server_side=True) as secured:
                    script(it, secured)

        def accept() -> None:
            while not it.over.is_set():
                with suppress(OSError):
                    line, _of = server.accept()
                    if it.over.is_set():
                        line.close()
                        return
                    it.callers += 1
                    line.settimeout(15)
                    threads.append(threading.Thread(target=one, args=[line]))
                    threads[-1].start()

        threads.append(threading.Thread(target=accept))
        threads[0].start()
        try:
            yield it
        finally:
            it.over.set()
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", it.port)).close()
            for thread in threads:
                thread.join()
