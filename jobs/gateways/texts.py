"""Texts through Twilio's own client, towards TWILIO_API_BASE, with time-outs and without its retries."""

import ssl
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app
from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError, ProxyError, SSLError

from jobs.gateways import FateUnknown, Undelivered
from models import Credentials, Message, MessageMedia
from settings import Settings

TIMEOUT = 15.0  # seconds; the client's own default is to wait for ever
TWILIO = "https://api.twilio.com"
OF_SERVICES = "https://messaging.twilio.com"
BUSY = {"20429", "21611", "30001"}  # never processed: safe to send again
SAME = timedelta(minutes=5)  # how far the provider's clock and ours may be apart
WITH_MEDIA = ("typed", "repair_order")  # what may carry files: nothing else is asked about them
_idle: defaultdict[tuple[Credentials, str], deque[Client]] = defaultdict(deque)


@dataclass(frozen=True, slots=True)
class OutgoingText:
    to: str
    sender: str
    body: str
    callback: str
    account: Credentials
    media: tuple[str, ...] = ()  # where the provider fetches what goes with it


class _HttpClient(TwilioHttpClient):  # type: ignore[misc]  # the library has no types
    """Sends to another base address, and keeps Retry-After, which the library's exceptions drop."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=TIMEOUT, pool_connections=True)
        self.base, self.retry_after = base, ""

    def request(self, method: str, url: str, *arguments: Any, **named: Any) -> Response:
        response = super().request(method, self._here(url), *arguments, **named)
        self.retry_after = str((response.headers or {}).get("Retry-After", ""))
        return response

    def _here(self, url: str) -> str:
        """The provider has a host for each of its products; what stands in for it has them all at one address."""
        return url if self.base == TWILIO else url.replace(TWILIO, self.base, 1).replace(OF_SERVICES, self.base, 1)


def outgoing(message: Message) -> OutgoingText:
    """What goes over the wire, read while the database is at hand."""
    settings: Settings = current_app.extensions["settings"]
    return OutgoingText(
        to=message.address,
        sender=message.shop.texting_number or "",
        body=message.body,
        callback=f"{settings.public_base_url}/hooks/twilio/status/{message.uid}",
        account=Credentials.of(message.shop),
        media=MessageMedia.addresses(message) if message.kind in WITH_MEDIA else (),
    )


def send(text: OutgoingText) -> str:
    """Hand the text to Twilio; its id for it. Raises Undelivered, or FateUnknown: it may have it or not."""
    if not text.account.complete:
        raise Undelivered("text_setup", permanent=False)
    service = text.account.service_sid
    sender = {"messaging_service_sid": service} if service else {"from_": text.sender}
    said = {"body": text.body} if text.body else {}
    files = {"media_url": list(text.media)} if text.media else {}
    with client_of(text.account) as client:
        try:
            sid = client.messages.create(to=text.to, status_callback=text.callback, **said, **files, **sender).sid
        except TwilioRestException as problem:
            raise _meaning(problem, client.http_client.retry_after) from problem
        except RequestException as problem:
            raise broken(problem) from problem
        except TwilioException as problem:
            raise FateUnknown from problem
    if not sid:
        raise FateUnknown
    return str(sid)


def find(text: OutgoingText, claimed_at: datetime) -> Sequence[str]:
    """Twilio's ids for texts like this one of about then; none if it has none, or can't be asked."""
    since = claimed_at.astimezone(UTC) - SAME  # the library writes any zone's time as if it were UTC
    if not text.account.complete:
        return []
    with client_of(text.account) as client:
        try:
            known = client.messages.list(to=text.to, date_sent_after=since, limit=50)
        except (RequestException, TwilioException):
            return []
    alike = (one for one in known if (one.body or "") == text.body and int(one.num_media or 0) == len(text.media))
    return [str(one.sid) for one in alike if one.date_created and one.date_created >= since]


def forget(sid: str, account: Credentials) -> bool:
    """Let Twilio delete its record of a text, in or out: numbers and words. Whether it is gone there; false: ask again later."""
    if not account.complete:
        return False
    with client_of(account) as client:
        try:
            return bool(client.messages(sid).delete())
        except TwilioRestException as problem:
            return bool(problem.status == 404)
        except (RequestException, TwilioException):
            return False


def hang_up() -> None:
    """Close the connections that are kept."""
    while _idle:
        _of, clients = _idle.popitem()
        for client in clients:
            client.http_client.session.close()


def _meaning(problem: TwilioRestException, retry_after: str) -> Undelivered | FateUnknown:
    code = str(problem.code or problem.status)
    if problem.status == 429 or code in BUSY:
        wait = int(retry_after) if retry_after.isdecimal() else None
        return Undelivered(code if code in BUSY else "20429", permanent=False, retry_after=wait)
    if problem.status >= 500 or problem.status == 408:
        return FateUnknown()  # an error of theirs tells nothing about how far they got
    return Undelivered(code, permanent=True)


def broken(problem: RequestException) -> Undelivered | FateUnknown:
    """Nothing was sent if there never was a connection; one that broke may have carried the text."""
    reason = getattr(problem.args[0] if problem.args else None, "reason", None)
    if isinstance(reason, SSLError) and isinstance(reason.args[0] if reason.args else None, ssl.SSLCertVerificationError):
        return Undelivered("certificate", permanent=False)
    if isinstance(problem, ConnectTimeout) or isinstance(reason, (NewConnectionError, ProxyError)):
        return Undelivered("unreachable", permanent=False)
    return FateUnknown()


@contextmanager
def client_of(account: Credentials) -> Iterator[Client]:
    """A client that nobody else uses meanwhile: the HTTP connection behind it is kept alive and not to be shared."""
    settings: Settings = current_app.extensions["settings"]
    of = account, settings.twilio_api_base
    try:
        client = _idle[of].pop()
    except IndexError:
        client = Client(account.account_sid, account.token, http_client=_HttpClient(settings.twilio_api_base))
    try:
        yield client
    finally:
        _idle[of].append(client)
