"""What came with a text, fetched from the provider and deleted there. Addresses come in webhooks: only the provider's own are called."""

import time
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from flask import current_app

from models import Credentials
from models.media_content import INCOMING_MB, MEGABYTE

API_HOST = "api.twilio.com"
# where the API leads to for the bytes themselves; what a host of somebody's storage is called alone says nothing
MEDIA_HOSTS = ("media.twiliocdn.com", "mms.twiliocdn.com", "mcs.us1.twilio.com")
STORAGE = (("s3-external-1.amazonaws.com", "/media.twiliocdn.com/"), ("s3.amazonaws.com", "/media.twiliocdn.com/"))
LARGEST = INCOMING_MB * MEGABYTE  # bytes
TIMEOUT = (5.0, 15.0)  # seconds: to connect, and between two pieces
LONGEST = 90.0  # seconds, for all of it
MOST_REDIRECTS = 3
PIECE = 64 * 1024  # bytes


class Unfetched(Exception):
    """It is not here. ``permanent``: trying again would not help; ``reason`` is a word of ``models.media_content``."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason, self.permanent = reason, permanent


def fetch(url: str, account: Credentials) -> bytes:
    """The bytes behind the address that a webhook gave. Raises Unfetched."""
    if not _is_api(url):
        raise Unfetched("stranger", permanent=True)
    ends = time.monotonic() + LONGEST
    try:
        for _hop in range(MOST_REDIRECTS + 1):
            with _asked("GET", url, account) as answer:
                if not answer.is_redirect:
                    return _read(answer, ends)
                url = urljoin(url, answer.headers["Location"])
                if not (_is_api(url) or _is_media(urlsplit(url))):
                    raise Unfetched("stranger", permanent=True)
    except requests.RequestException as problem:
        raise Unfetched("not_fetched", permanent=False) from problem
    raise Unfetched("stranger", permanent=True)


def delete(url: str, account: Credentials) -> bool:
    """Let the provider keep it no longer; whether it is gone there."""
    if not _is_api(url):
        return True  # not theirs: there is nothing to delete
    try:
        with _asked("DELETE", url, account) as answer:
            return answer.status_code in {200, 204, 404, 410}
    except requests.RequestException:
        return False


def _asked(method: str, url: str, account: Credentials) -> requests.Response:
    """One request, redirects not followed. The account's token goes to the API alone, nothing of this machine's ``.netrc`` to anybody."""
    who = requests.auth.HTTPBasicAuth(account.account_sid, account.token) if _is_api(url) else lambda request: request
    return requests.request(method, url, auth=who, timeout=TIMEOUT, stream=True, allow_redirects=False)


def _read(answer: requests.Response, ends: float) -> bytes:
    if answer.status_code in {404, 410}:
        raise Unfetched("gone", permanent=answer.status_code == 410)  # it may take a moment until it is everywhere at the provider
    if answer.status_code != 200:
        raise Unfetched("not_fetched", permanent=False)
    content = bytearray()
    for piece in answer.iter_content(PIECE):
        content += piece
        if len(content) > LARGEST:
            raise Unfetched("media_size", permanent=True)
        if time.monotonic() > ends:
            raise Unfetched("not_fetched", permanent=False)
    return bytes(content)


def _is_api(url: str) -> bool:
    """Scheme, host and port, and nothing that one may be tricked by before the host."""
    base = current_app.extensions["settings"].twilio_api_base
    try:
        parts, ours = urlsplit(url), urlsplit(base)
        plain = parts.username is None and parts.password is None and "\\" not in url
        known = {("https", API_HOST, 443), (ours.scheme, ours.hostname, ours.port or _port(ours))}
        return plain and (parts.scheme, parts.hostname, parts.port or _port(parts)) in known
    except ValueError:
        return False


def _is_media(parts: SplitResult) -> bool:
    if parts.scheme != "https" or parts.username is not None or parts.port not in {None, 443}:
        return False
    return parts.hostname in MEDIA_HOSTS or any(parts.hostname == host and parts.path.startswith(path) for host, path in STORAGE)


def _port(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80
