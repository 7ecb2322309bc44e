"""A partner's FTP server (pyftpdlib) on this machine: plain or with TLS, and with the troubles that servers have."""

import errno
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it uses asyncore, which Python 3.11 warns of; for later ones it brings its own
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import DTPHandler, FTPHandler
    from pyftpdlib.ioloop import IOLoop
    from pyftpdlib.servers import FTPServer

USER, PASSWORD = "harbour", "night-shift-7"


@dataclass
class Partner:
    """``cut_after``: bytes of a file after which the connection breaks, once; ``full``: no room for any file; ``tls``: its certificate."""

    folder: Path
    tls: ssl.SSLContext | None = None
    cut_after: int | None = None
    full: bool = False
    keeps_names: bool = False  # will not put one file in place of another
    renames: bool = True
    port: int = 0
    meanwhile: dict[str, Callable[[], None]] = field(default_factory=dict)  # done once, when a file has come (STOR) or gets its name (RNTO)
    heard: list[str] = field(default_factory=list)  # the commands, without their arguments but of STOR, REST and RNTO

    @property
    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file()}

    def now(self, command: str) -> None:
        self.meanwhile.pop(command, lambda: None)()

    def stored(self) -> int:
        return sum(line.startswith("STOR") for line in self.heard)


class _Unhurried(ssl.SSLSocket):
    """Says like any socket that there is nothing yet, and gives all that it has, since nobody asks again for what it holds."""

    def recv(self, size: int = 1024, flags: int = 0) -> bytes:
        data = self._tried(super().recv, size)
        while data and self.pending():
            data += super().recv(self.pending())
        return data

    def send(self, data: Any, flags: int = 0) -> int:
        return int(self._tried(super().send, data))

    def _tried(self, do: Any, what: Any) -> Any:
        try:
            return do(what)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError) as later:
            raise BlockingIOError(errno.EAGAIN, "later") from later
        except ssl.SSLError as end:
            raise ConnectionResetError(errno.ECONNRESET, "the other side hung up") from end


class _Data(DTPHandler):
    ac_in_buffer_size = 1024

    def __init__(self, sock: Any, cmd_channel: Any) -> None:
        super().__init__(sock, cmd_channel)
        if cmd_channel.protects:
            self.socket = cmd_channel.partner.tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)

    def recv(self, size: int) -> bytes:
        data: bytes = super().recv(size)
        room = self.cmd_channel.partner.cut_after
        return data if room is None else data[: room - self.tot_bytes_received]

    def handle_read_event(self) -> None:
        super().handle_read_event()
        partner = self.cmd_channel.partner
        if partner.cut_after is not None and self.tot_bytes_received >= partner.cut_after:
            partner.cut_after = None
            self.cmd_channel.close()


class _Handler(FTPHandler):
    partner: Partner
    dtp_handler = _Data
    auth_failed_timeout = 0
    protects = False
    use_sendfile = False
    proto_cmds: ClassVar[dict[str, Any]] = {
        **FTPHandler.proto_cmds,
        **{name: {"perm": None, "auth": False, "arg": True, "help": ""} for name in ("AUTH", "PBSZ", "PROT")},
    }

    def pre_process_command(self, line: str, cmd: str, arg: str) -> None:
        self.partner.heard.append(line if cmd in {"STOR", "REST", "RNTO"} else cmd)
        super().pre_process_command(line, cmd, arg)

    def ftp_AUTH(self, line: str) -> None:  # noqa: N802
        if self.partner.tls is None:
            self.respond('500 Command "AUTH" not understood.')
            return
        self.respond("234 Go ahead.")
        self.socket = self.partner.tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def ftp_PBSZ(self, line: str) -> None:  # noqa: N802
        self.respond("200 Fine.")

    def ftp_PROT(self, line: str) -> None:  # noqa: N802
        self.protects = True
        self.respond("200 Private.")

    def ftp_STOR(self, file: str, mode: str = "w") -> Any:  # noqa: N802
        if self.partner.full:
            self.respond("552 Quota exceeded.")
            return None
        return super().ftp_STOR(file, mode)

    def on_file_received(self, file: str) -> None:
        self.partner.now("STOR")

    def ftp_RNFR(self, path: str) -> Any:  # noqa: N802
        if not self.partner.renames:
            self.respond("550 Not enough privileges.")
            return None
        return super().ftp_RNFR(path)

    def ftp_RNTO(self, path: str) -> Any:  # noqa: N802
        self.partner.now("RNTO")
        if self.partner.keeps_names and Path(path).exists():
            self.respond("553 There is one already.")
            return None
        return super().ftp_RNTO(path)


@contextmanager
def serving(folder: Path, tls: ssl.SSLContext | None = None, **trouble: Any) -> Iterator[Partner]:
    """A server for as long as the block lasts; ``trouble`` as ``Partner`` has it."""
    partner = Partner(folder, tls, **trouble)
    if tls:
        tls.sslsocket_class = _Unhurried
    authorizer = DummyAuthorizer()
    authorizer.add_user(USER, PASSWORD, str(folder), perm="elradfmw")
    handler = type("Handler", (_Handler,), {"partner": partner, "authorizer": authorizer})
    loop, ended = IOLoop(), threading.Event()
    server = FTPServer(("127.0.0.1", 0), handler, ioloop=loop)
    partner.port = server.address[1]

    def run() -> None:
        while not ended.is_set():
            loop.loop(timeout=0.02, blocking=False)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield partner
    finally:
        ended.set()
        thread.join()
        server.close_all()
