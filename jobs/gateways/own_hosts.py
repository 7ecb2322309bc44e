"""Whether a shop's own name leads to this installation: what DNS says, and who answers at its address."""

import hmac
import secrets
import socket
import ssl
from collections.abc import Iterable, Iterator
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from flask import current_app

from jobs.gateways import domain_names, outside
from models.own_host import proof
from models.setup_check import Finding
from settings import LOOPBACK, Settings

TIMEOUT, LONGEST = 5.0, 10.0  # seconds to connect and for each piece of an answer, and for all of it
MOST = 3  # addresses that are tried
ENOUGH = 200  # bytes of an answer


def look(name: str) -> Iterator[Finding]:
    """Two findings: where DNS leads, and what is there. The name is an administrator's word: our own network is not asked for it."""
    try:
        addresses = domain_names.addresses_of(name)
    except domain_names.Silent:
        yield Finding("dns", "silent")
        return
    yield Finding("dns", "good" if addresses else "none", " ".join(addresses[:MOST]))
    within = allowed(addresses)
    if within:
        yield Finding("page", _answered(name, within), name)
    elif addresses:
        yield Finding("page", "inside", name)
    else:
        yield Finding("page", "nowhere", name)


def allowed(addresses: Iterable[str]) -> list[str]:
    """Those on the internet, and those that the installation's own name leads to as well."""
    settings: Settings = current_app.extensions["settings"]
    ours = set(LOOPBACK) if settings.host in LOOPBACK else set()
    inside = [address for address in addresses if not outside.is_outside(address)]
    if inside and not ours:
        try:
            ours = set(domain_names.addresses_of(settings.host))
        except domain_names.Silent:
            ours = set()
    return [address for address in addresses if address not in inside or address in ours][:MOST]


def _answered(name: str, addresses: Iterable[str]) -> str:
    """``good``, ``silent`` (nobody answers), ``certificate``, ``renamed`` (this installation, asked under its own name), ``elsewhere``."""
    code, found = secrets.token_hex(16), "silent"
    for address in addresses:
        try:
            with outside.within(LONGEST):
                answer = _asked(name, address, f"/healthz/{code}")
        except ssl.SSLError:
            found = "certificate"
        except (OSError, HTTPException):
            continue
        else:
            if hmac.compare_digest(answer, proof(name, code).encode()):
                return "good"
            settings: Settings = current_app.extensions["settings"]
            found = "renamed" if hmac.compare_digest(answer, proof(settings.host, code).encode()) else "elsewhere"
    return found


def _asked(name: str, address: str, path: str) -> bytes:
    """What is answered at exactly this address, which was looked at before; redirects are not followed."""
    main = urlsplit(current_app.extensions["settings"].public_base_url)
    port = main.port or (443 if main.scheme == "https" else 80)
    connection = HTTPConnection(name, port, timeout=TIMEOUT)
    try:
        connection.sock = socket.create_connection((address, port), TIMEOUT)
        outside.watch(connection.sock)
        if main.scheme == "https":
            connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=name)
        connection.request("GET", path, headers={"Host": f"{name}:{main.port}" if main.port else name, "Connection": "close"})
        return connection.getresponse().read(ENOUGH)
    finally:
        connection.close()
