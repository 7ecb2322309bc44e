"""A plate service over HTTP: one POST of JSON with a key, as docs/operating.md describes it. No two providers speak alike; this is ours."""

import json
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from threading import Timer
from urllib.parse import urlsplit

import structlog
from flask import current_app

from jobs.gateways import domain_names
from models import vin
from models.plate_lookup import Outcome
from settings import LOOPBACK, Settings

TIMEOUT = 5.0  # seconds to connect, and again for the whole answer
MOST = 3  # addresses that are tried
ENOUGH = 16 * 1024  # bytes of an answer
MOST_UNITS = 1000
MEANINGS = {
    400: Outcome.odd,
    401: Outcome.refused,
    402: Outcome.unpaid,
    403: Outcome.refused,
    404: Outcome.none,
    408: Outcome.silent,
    422: Outcome.none,
    429: Outcome.busy,
}
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sought:
    address: str
    key: str = field(repr=False)
    plate: str
    region: str
    country: str
    reference: str  # the same for the same look-up, so that a provider can tell a repetition


def look_up(sought: Sought) -> tuple[Outcome, str, int]:
    """How it ended, the VIN if one was found, and what the provider counted for it. Never raises for what a provider does."""
    try:
        status, body = _asked(sought)
    except (OSError, HTTPException, UnicodeError, domain_names.Silent) as problem:  # an address may have letters that no request carries
        log.info("plate service silent", host=urlsplit(sought.address).netloc, problem=type(problem).__name__)
        return Outcome.silent, "", 0
    if status != 200:
        return MEANINGS.get(status, Outcome.broken if status >= 500 else Outcome.odd), "", 0
    return _read(body)


def _read(body: bytes) -> tuple[Outcome, str, int]:
    try:
        said = json.loads(body)
        number, units = vin.normalised(str(said["vin"] or "")), int(said.get("units", 1))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return Outcome.odd, "", 0
    units = min(max(units, 0), MOST_UNITS)
    return (Outcome.found, number, units) if vin.is_possible(number) else (Outcome.odd if number else Outcome.none, "", units)


def _asked(sought: Sought) -> tuple[int, bytes]:
    """Status and the beginning of the answer. Redirects are not followed: the key is for this address alone."""
    parts = urlsplit(sought.address)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    body = json.dumps({"plate": sought.plate, "region": sought.region, "country": sought.country})
    headers = {
        "Host": parts.netloc,
        "Authorization": f"Bearer {sought.key}",
        "Idempotency-Key": sought.reference,
        "Content-Type": "application/json",
        "Accept": "application/json",
        "User-Agent": "Wrenchline",
        "Connection": "close",
    }
    connection = HTTPConnection(host, port, timeout=TIMEOUT)
    connection.sock = _connected(host, port, parts.scheme)
    overall = Timer(TIMEOUT, _hang_up, [connection.sock])  # one byte every four seconds would go on for ever
    overall.start()
    try:
        connection.request("POST", parts.path or "/", body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read(ENOUGH)
    finally:
        overall.cancel()
        connection.close()


def _connected(host: str, port: int, scheme: str) -> socket.socket:
    """To exactly an address that was looked at before: the provider's name is a shop's word, and our own network is not for shops."""
    problem: OSError = ConnectionError("nothing there that may be asked")
    for address in _allowed(host):
        try:
            plain = socket.create_connection((address, port), TIMEOUT)
        except OSError as refused:
            problem = refused
            continue
        if scheme != "https":
            return plain
        try:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        except OSError as refused:
            plain.close()
            problem = refused
    raise problem


def _allowed(host: str) -> list[str]:
    """Those on the internet; this machine itself only where the whole installation is on it. Raises domain_names.Silent."""
    settings: Settings = current_app.extensions["settings"]
    try:
        found = [str(ip_address(host))]
    except ValueError:
        found = domain_names.addresses_of(host)
    here = settings.host in LOOPBACK
    return [one for one in found if ip_address(one).is_global or (here and ip_address(one).is_loopback)][:MOST]


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
