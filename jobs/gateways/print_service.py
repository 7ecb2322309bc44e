"""Postcards by a print service's HTTP API (the shape of Lob's): a request a card, under a key that makes repeating it safe."""

import json
from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote

import requests
from requests.exceptions import RequestException

from jobs.gateways import FateUnknown, Undelivered, outside, outside_http
from jobs.gateways.texts import broken
from models import Money, Refused
from models.print_service import PrintAccount
from models.setup_check import Finding

TIMEOUT = (5.0, 30.0)  # seconds to connect, and to be answered: it stores two PDFs before it does
LONGEST = 60.0  # seconds for all of it, however little at a time it says
ENOUGH, PIECE = 256 * 1024, 16 * 1024  # bytes of an answer, and that are read of it at a time
MOST_SAID = 300  # characters of what the service says that are kept
SETUP = {301: "print_setup", 302: "print_setup", 307: "print_setup", 308: "print_setup", 404: "print_setup", 405: "print_setup"}
PASSING = {401: "print_key", 403: "print_key", 402: "print_money", 429: "print_busy", **SETUP}
_idle: defaultdict[PrintAccount, deque[requests.Session]] = defaultdict(deque)


class Refusal(Undelivered):
    """The service does not take the card, or none of this shop's just now; ``said`` is what it says to that."""

    def __init__(self, code: str, *, permanent: bool, retry_after: int | None = None, said: str = "") -> None:
        super().__init__(code, permanent=permanent, retry_after=retry_after)
        self.said = said


@dataclass(frozen=True, slots=True)
class OutgoingCard:
    account: PrintAccount
    key: str  # what it is told apart by: the same key never makes a second card
    fields: Mapping[str, str]
    front: bytes = field(repr=False)  # PDF, one page, without an address
    back: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Accepted:
    id: str
    price: Money | None = None  # where the service says what it charges
    expected_on: date | None = None


def send(card: OutgoingCard) -> Accepted:
    """Hand the card over. Raises Undelivered: it is not taken; FateUnknown: it may be, and the same key may be tried again."""
    files = {side: (f"{side}.pdf", pdf, "application/pdf") for side, pdf in (("front", card.front), ("back", card.back))}
    headers = {"Idempotency-Key": card.key}
    answer, made = _asked(card.account, "POST", "/v1/postcards", data=dict(card.fields), files=files, headers=headers)
    if answer.status_code not in {200, 201}:
        raise _meaning(answer, made)
    if not isinstance(made.get("id"), str) or not made["id"]:
        raise FateUnknown
    return Accepted(made["id"], _price(made), _day(made.get("expected_delivery_date")))


def find(account: PrintAccount, uid: str, besides: Collection[str] = ()) -> str | None:
    """The service's id for the card that carries our id; None: it has none. Raises Undelivered or FateUnknown: it can't be asked.

    ``besides``: its ids for cards of before, which were called off or came back.
    """
    answer, found = _asked(account, "GET", "/v1/postcards", params={"metadata[message]": uid, "limit": "10"})
    if answer.status_code != 200 or not isinstance(found.get("data"), list):
        raise _meaning(answer, found)
    cards = (one for one in found["data"] if isinstance(one, dict) and not one.get("deleted") and one.get("id") not in besides)
    return next((str(one["id"]) for one in cards if one.get("id") and (one.get("metadata") or {}).get("message") == uid), None)


def withdraw(account: PrintAccount, id: str) -> bool:
    """Take the card out of production; false: it is too late. Raises Undelivered or FateUnknown: ask again, it may be asked twice."""
    answer, said = _asked(account, "DELETE", f"/v1/postcards/{quote(id, safe='')}")
    if answer.status_code == 200 and said.get("deleted"):
        return True
    problem = _meaning(answer, said)
    if answer.status_code == 404 or (isinstance(problem, Undelivered) and problem.permanent):
        return False
    raise problem


def look(account: PrintAccount) -> Finding:
    """Whether the service answers and takes the key; reads there, changes nothing."""
    if not account.key:
        return Finding("service", "none")
    try:
        answer, body = _asked(account, "GET", "/v1/postcards", params={"limit": "1"})
    except Undelivered as problem:
        return Finding("service", problem.code)
    except FateUnknown:
        return Finding("service", "silent")
    if answer.status_code == 200 and isinstance(body.get("data"), list):
        return Finding("service", "good")
    meaning = _meaning(answer, body)
    if isinstance(meaning, Undelivered):
        return Finding("service", meaning.code, getattr(meaning, "said", ""))
    return Finding("service", "silent")


def hang_up() -> None:
    """Close the connections that are kept."""
    while _idle:
        _of, sessions = _idle.popitem()
        for session in sessions:
            session.close()


def _asked(account: PrintAccount, method: str, path: str, **more: Any) -> tuple[requests.Response, dict[str, Any]]:
    """The answer, and what stands in it: no more than a worker can carry, since the address is an administrator's word."""
    ask = {"method": method, "url": f"{account.address}{path}", "timeout": TIMEOUT, "allow_redirects": False, "stream": True, **more}
    try:
        with _session(account) as session, outside.within(LONGEST), session.request(**ask) as answer:
            return answer, _body(_begin_of(answer))
    except RequestException as problem:
        raise broken(problem) from None  # the library's own words could name the request's headers
    except TimeoutError:
        raise FateUnknown from None
    except outside.Inside:
        raise Undelivered("print_setup", permanent=False) from None


@contextmanager
def _session(account: PrintAccount) -> Iterator[requests.Session]:
    """A connection that is kept alive, and that nobody else uses meanwhile."""
    try:
        session = _idle[account].pop()
    except IndexError:
        session = outside_http.session(anywhere=not account.is_own_address)
        session.auth = account.key, ""
    try:
        yield session
    finally:
        _idle[account].append(session)


def _meaning(answer: requests.Response, body: Mapping[str, Any]) -> Undelivered | FateUnknown:
    error = body.get("error")
    said = " ".join(str(error.get("message", "")).split())[:MOST_SAID] if isinstance(error, dict) else ""
    status, wait = answer.status_code, answer.headers.get("Retry-After", "")
    if status in PASSING:
        return Refusal(PASSING[status], permanent=False, retry_after=int(wait) if wait.isdecimal() else None, said=said)
    if 400 <= status < 500 and status not in {408, 409}:
        return Refusal("print_refused", permanent=True, said=said)
    return FateUnknown()  # an error of theirs, or one who repeats us at this moment: it tells nothing about how far they got


def _begin_of(answer: requests.Response) -> bytes:
    content = b""
    for piece in answer.iter_content(PIECE):
        content += piece
        if len(content) > ENOUGH:
            break
    return content


def _body(content: bytes) -> dict[str, Any]:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _price(made: Mapping[str, Any]) -> Money | None:
    """Not all services say it: ``price`` in major units and ``currency``."""
    if not isinstance(made.get("price"), str | int | float) or not isinstance(made.get("currency"), str):
        return None
    try:
        return Money.of(Decimal(str(made["price"])), made["currency"].upper())
    except (InvalidOperation, Refused):
        return None


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
