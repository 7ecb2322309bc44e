"""The way to addresses that somebody of a shop typed: none leads into our own network, and nobody there holds a worker for long.

A name is looked up once for each connection, what it leads to is looked at, and exactly that is called; a name server that would say
something else a moment later is not asked again. Name, certificate and ``Host`` stay those of the name.
"""

import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Lock, Timer

from flask import current_app

from jobs.gateways import domain_names
from settings import LOOPBACK, Settings

MOST = 3  # addresses that are tried
TRANSLATED = IPv6Network("64:ff9b::/96")  # an IPv4 address is the end of these (RFC 6052)
ROUNDABOUT = (IPv6Network("64:ff9b:1::/48"), IPv6Network("2002::/16"))  # whoever's IPv4 (RFC 8215, 3056): nobody's server is there


class Inside(Exception):
    """There is such a name, and it leads into our own network alone."""


class Nowhere(OSError):
    """There is no such name, or nothing that it leads to."""


def addresses_of(host: str) -> list[str]:
    """What may be called, of a name or an address. Raises Inside, Nowhere, domain_names.Silent."""
    try:
        found = [str(ip_address(host))]
    except ValueError:
        found = domain_names.addresses_of(host)
    if not found:
        raise Nowhere(host)
    within = allowed(found)
    if not within:
        raise Inside(host)
    return within


def allowed(addresses: Iterable[str]) -> list[str]:
    """Those on the internet; this machine itself only where the whole installation is on it."""
    settings: Settings = current_app.extensions["settings"]
    here = settings.host in LOOPBACK
    return [one for one in addresses if is_outside(one) or (here and ip_address(one).is_loopback)][:MOST]


def is_outside(address: str) -> bool:
    """Whether it is a machine on the internet; so must be an IPv4 address that stands in one of IPv6."""
    ip = ip_address(address)
    inner = _inner(ip) if isinstance(ip, IPv6Address) else None
    other = isinstance(ip, IPv6Address) and (ip.is_site_local or any(ip in network for network in ROUNDABOUT))
    return not other and all(one.is_global and not one.is_multicast for one in (ip, inner) if one is not None)


def _inner(ip: IPv6Address) -> IPv4Address | None:
    end = int(ip) & 0xFFFFFFFF
    return ip.ipv4_mapped or (IPv4Address(end) if ip in TRANSLATED or int(ip) == end else None)


def connected(host: str, port: int, timeout: float) -> socket.socket:
    """A connection to exactly an address that was looked at. Raises Inside, domain_names.Silent, OSError; to be used ``within`` a time."""
    problem: OSError = Nowhere(host)
    for address in addresses_of(host):
        try:
            line = socket.create_connection((address, port), timeout)
        except OSError as refused:
            problem = refused
            continue
        watch(line)
        return line
    raise problem


class _Deadline:
    """Holds the lines by descriptors of its own: through them it cuts whatever is spoken over a line, a TLS handshake too.

    A line that is closed meanwhile stays open to the other side until the end; who means its end to be heard shuts it down.
    """

    def __init__(self, seconds: float) -> None:
        self._lock, self._lines, self.over = Lock(), list[socket.socket](), False
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def watch(self, line: socket.socket) -> None:
        with self._lock:
            self._lines.append(socket.socket(line.family, line.type, line.proto, fileno=os.dup(line.fileno())))
        if self.over:
            self._cut()

    def end(self) -> None:
        self._timer.cancel()
        with self._lock:
            while self._lines:
                self._lines.pop().close()

    def _cut(self) -> None:
        self.over = True
        with self._lock:
            for line in self._lines:
                with suppress(OSError):  # the other side was first
                    line.shutdown(socket.SHUT_RDWR)


_present: ContextVar[_Deadline | None] = ContextVar("present", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """So long and no longer: then the connections that were made or watched in it are cut, however little at a time somebody sends.

    Raises TimeoutError at its end: half an answer looks like a whole one to some who read.
    """
    deadline = _Deadline(seconds)
    token = _present.set(deadline)
    try:
        yield
    finally:
        _present.reset(token)
        deadline.end()
    if deadline.over:
        raise TimeoutError(f"over after {seconds} s")


def watch(line: socket.socket) -> None:
    """This connection ends with the present time too."""
    if deadline := _present.get():
        deadline.watch(line)
