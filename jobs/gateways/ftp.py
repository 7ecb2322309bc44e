"""Files to a partner's server over FTP: by TLS wherever the server speaks it, its certificate checked; never half a file in sight.

A file goes under a temporary name that tells its content, so that after a broken connection it goes on where it stopped; only whole it gets
its final name. Between the two the caller writes down that it is whole: if then the temporary name is gone, it was renamed.
"""

import ftplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from jobs.gateways import Undelivered, domain_names, outside

TIMEOUT = 30.0  # seconds for an answer
LONGEST = 480.0  # seconds for all of it, however little at a time the server takes or says; a job may last ten minutes
PIECE = 64 * 1024  # bytes
A_TRIAL = 45.0  # seconds for all of a trial: a person waits for it
SECURED, IN_CLEAR, UPLOADED, RENAMED = "secured", "in_clear", "uploaded", "renamed"  # the steps of a hand-over
ENTERED, REMOVED, LEFT = "entered", "removed", "left"  # those that a trial has besides
_LATER = {"421": "later", "425": "data", "426": "cut", "452": "full"}
_NEVER = {"550": "denied", "552": "full", "553": "denied"}


@dataclass(frozen=True, slots=True)
class Place:
    host: str
    port: int
    user_name: str
    password: str = field(repr=False)
    directory: str = ""
    passive: bool = True
    needs_tls: bool = False  # nothing goes in the clear, whatever the server says


@dataclass(frozen=True, slots=True)
class Parcel:
    content: bytes = field(repr=False)
    name: str
    temporary: str
    stale: str = ""  # the temporary name of an earlier try with another content
    uploaded: bool = False  # an earlier try had it there whole
    on_trial: bool = False  # taken away again in the end


class NotTaken(Undelivered):
    """``code`` is a word of ``models.export_failure``, ``said`` what the server answered."""

    def __init__(self, code: str, said: object = "") -> None:
        super().__init__(code, permanent=False)
        self.said = " ".join(str(said).split())


def hand_over(place: Place, parcel: Parcel) -> Iterator[str]:
    """The steps as they are done, for the caller to keep; after the last one the file is there. Raises NotTaken."""
    with _trouble(), outside.within(A_TRIAL if parcel.on_trial else LONGEST), _connected(place) as ftp:
        yield SECURED if ftp.is_secure else IN_CLEAR
        _enter(ftp, place)
        if parcel.on_trial:
            yield ENTERED
        if not parcel.uploaded:
            _upload(ftp, parcel)
            yield UPLOADED
        _rename(ftp, parcel)
        yield RENAMED
        if parcel.on_trial:
            yield REMOVED if _remove(ftp, parcel.name) else LEFT


def try_out(place: Place, name: str) -> Iterator[str]:
    """All steps of a hand-over with a tiny file, as they are done. Raises NotTaken."""
    yield from hand_over(place, Parcel(b"Wrenchline tried the connection.\r\n", name, f"{name}.part", on_trial=True))


class _Ftp(ftplib.FTP_TLS):
    """Takes the control connection's TLS session for the file's too, as many servers demand."""

    is_secure = False

    def call(self, host: str, port: int) -> None:
        """``connect``, to an address that was looked at; passive files then come from the same one."""
        self.host, self.port = host, port  # what the certificate must be for
        self.sock = outside.connected(host, port, TIMEOUT)
        self.af = self.sock.family
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()

    def secure(self) -> None:
        self.auth()
        self.is_secure = True

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)  # noqa: S321 (partners take nothing else)
        outside.watch(connection)
        if self.is_secure:
            session = self.sock.session if isinstance(self.sock, ssl.SSLSocket) else None
            connection = self.context.wrap_socket(connection, server_hostname=self.host, session=session)
        return connection, size


@contextmanager
def _connected(place: Place) -> Iterator[_Ftp]:
    ftp = _Ftp(context=ssl.create_default_context(), timeout=TIMEOUT)  # the library's own default checks no certificate
    ftp.set_pasv(place.passive)
    try:
        _connect(ftp, place)
        _secure(ftp, place)
        _log_in(ftp, place)
        yield ftp
        with suppress(*ftplib.all_errors):
            ftp.quit()
    finally:
        ftp.close()


def _connect(ftp: _Ftp, place: Place) -> None:
    """The name is an administrator's word, and our own network is not asked for it."""
    try:
        ftp.call(place.host, place.port)
    except (domain_names.Silent, outside.Nowhere) as problem:
        raise NotTaken("no_such_host") from problem
    except outside.Inside as problem:
        raise NotTaken("inside") from problem
    except TimeoutError as problem:
        raise NotTaken("silent") from problem
    except ConnectionRefusedError as problem:
        raise NotTaken("refused") from problem


def _secure(ftp: _Ftp, place: Place) -> None:
    """By TLS if the server offers it. A certificate that is not right ends it: going on in the clear would be worse."""
    try:
        ftp.secure()
    except ftplib.error_perm as problem:  # it does not know the command
        if place.needs_tls:
            raise NotTaken("no_tls", problem) from problem
    except ssl.SSLCertVerificationError as problem:
        raise NotTaken("certificate", problem.verify_message) from problem
    except (ssl.SSLError, ftplib.error_temp, EOFError) as problem:
        raise NotTaken("tls", problem) from problem


def _log_in(ftp: _Ftp, place: Place) -> None:
    try:
        ftp.login(place.user_name, place.password, secure=False)  # it is secured already, or was found not to be
    except ftplib.error_perm as problem:
        raise NotTaken("login", problem) from problem
    if ftp.is_secure:
        ftp.prot_p()


def _enter(ftp: _Ftp, place: Place) -> None:
    if place.directory:
        try:
            ftp.cwd(place.directory)
        except ftplib.error_perm as problem:
            raise NotTaken("directory", problem) from problem
    ftp.voidcmd("TYPE I")


def _upload(ftp: _Ftp, parcel: Parcel) -> None:
    """What is missing of it, under its temporary name."""
    if parcel.stale != parcel.temporary:
        _remove(ftp, parcel.stale)
    whole, there = len(parcel.content), _size(ftp, parcel.temporary) or 0
    if there > whole:
        _remove(ftp, parcel.temporary)
        there = 0
    if there < whole or not whole:
        connection, begun = _opened(ftp, parcel.temporary, there)
        _send(connection, memoryview(parcel.content)[begun:])
        ftp.voidresp()
    arrived = _size(ftp, parcel.temporary)
    if arrived is not None and arrived != whole:
        _remove(ftp, parcel.temporary)
        raise NotTaken("size", f"{arrived} of {whole} bytes")


def _opened(ftp: _Ftp, name: str, there: int) -> tuple[socket.socket, int]:
    """A connection for the file, and how much of it the server has already; a server that can't go on begins anew."""
    if there:
        with suppress(ftplib.error_perm):
            return ftp.transfercmd(f"STOR {name}", rest=there), there
    return ftp.transfercmd(f"STOR {name}"), 0


def _send(connection: socket.socket, content: memoryview) -> None:
    with connection:
        for start in range(0, len(content), PIECE):
            connection.sendall(content[start : start + PIECE])
        if isinstance(connection, ssl.SSLSocket):
            with suppress(OSError):  # many servers end without a word; the size tells whether all is there
                connection.unwrap()
        connection.shutdown(socket.SHUT_WR)  # the end of the file; closing alone is none, as long as somebody watches the line too


def _rename(ftp: _Ftp, parcel: Parcel) -> None:
    """In place of an earlier edition, if there is one; servers that replace nothing are helped."""
    try:
        ftp.sendcmd(f"RNFR {parcel.temporary}")
    except ftplib.error_perm as problem:
        if parcel.uploaded and _size(ftp, parcel.temporary) is None:  # an earlier try renamed it, and did not live to say so
            return
        raise NotTaken("rename", problem) from problem
    try:
        ftp.voidcmd(f"RNTO {parcel.name}")
    except ftplib.error_perm:
        _remove(ftp, parcel.name)
        try:
            ftp.rename(parcel.temporary, parcel.name)
        except ftplib.error_perm as problem:
            raise NotTaken("rename", problem) from problem


def _size(ftp: _Ftp, name: str) -> int | None:
    """None: it is not there, or the server does not tell."""
    try:
        return ftp.size(name)
    except ftplib.error_perm:
        return None


def _remove(ftp: _Ftp, name: str) -> bool:
    """Whether it is gone."""
    if name:
        with suppress(ftplib.error_perm):
            ftp.delete(name)
            return True
    return False


@contextmanager
def _trouble() -> Iterator[None]:
    """What breaks on the way, as one of our own words."""
    try:
        yield
    except ftplib.error_temp as problem:
        raise NotTaken(_LATER.get(str(problem)[:3], "later"), problem) from problem
    except ftplib.error_perm as problem:
        raise NotTaken(_NEVER.get(str(problem)[:3], "protocol"), problem) from problem
    except ftplib.Error as problem:
        raise NotTaken("protocol", problem) from problem
    except ssl.SSLError as problem:
        raise NotTaken("tls", problem) from problem
    except (OSError, EOFError) as problem:
        raise NotTaken("cut", problem) from problem
