"""A plate service over HTTP: one POST of JSON with a key, as docs/operating.md describes it. No two providers speak alike; this is ours."""

import json
import socket
import ssl
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import structlog

from jobs.gateways import domain_names, outside
from models import vin
from models.plate_lookup import Outcome

TIMEOUT = 5.0  # seconds to connect, and again for the whole answer
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
# an address may have letters that no request carries
TROUBLE = (OSError, HTTPException, UnicodeError, domain_names.Silent, outside.Inside)
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
    except TROUBLE as problem:
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
    try:
        with outside.within(TIMEOUT):
            connection.sock = _connected(host, port, parts.scheme)
        with outside.within(TIMEOUT):  # one byte every four seconds would go on for ever
            outside.watch(connection.sock)
            connection.request("POST", parts.path or "/", body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read(ENOUGH)
    finally:
        connection.close()


def _connected(host: str, port: int, scheme: str) -> socket.socket:
    plain = outside.connected(host, port, TIMEOUT)
    if scheme != "https":
        return plain
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise
