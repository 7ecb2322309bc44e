"""The address of one file that goes with a text: for whoever holds it, for a while.

Its token is derived from the file's own seed, its end and our key, and stands in no row: the database alone can't make one.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from flask import current_app

from models import clock
from models.base import db
from models.refused import NotFound

if TYPE_CHECKING:
    from models.message_media import MessageMedia

LENGTH = 22  # characters of base64: 132 bits
FOR_CUSTOMERS = timedelta(days=14)  # the link in a text
FOR_CARRIERS = timedelta(hours=12)  # the provider keeps a text in its queue for up to ten hours, and fetches the files when it goes
_TOKEN = re.compile(r"([\w-]{22})\.([0-9a-f]{1,8})\.([0-9a-f]{8,9})", re.ASCII)


def url(media: "MessageMedia", lasts: timedelta = FOR_CUSTOMERS) -> str:
    """Where customers can fetch it until then. Ends in a letter or a digit, which every phone takes as part of a link."""
    return f"{media.shop.base_url}{_path(media, lasts)}"


def url_for_carriers(media: "MessageMedia") -> str:
    """Where the provider fetches it: like its webhooks at the installation's own address, whatever becomes of the shop's."""
    return f"{current_app.extensions['settings'].public_base_url}{_path(media, FOR_CARRIERS)}"


def _path(media: "MessageMedia", lasts: timedelta) -> str:
    ends = int((clock.now() + lasts).timestamp())
    return f"/m/{_code(media, ends)}.{media.id:x}.{ends:x}"


def found(token: str) -> "MessageMedia":
    """Raises NotFound: unknown, changed, expired, thrown away, all alike."""
    from models.message_media import MessageMedia

    if parts := _TOKEN.fullmatch(token):
        media = db.session.get(MessageMedia, min(int(parts[2], 16), 2**31 - 1))
        ends = int(parts[3], 16)
        if media and hmac.compare_digest(_code(media, ends), parts[1]) and clock.now() < datetime.fromtimestamp(ends, UTC):
            return media
    raise NotFound("MessageMedia")


def _code(media: "MessageMedia", ends: int) -> str:
    key = current_app.extensions["settings"].data_key.encode()
    words = f"media link:{media.id}:{media.seed}:{ends}".encode()
    return urlsafe_b64encode(hmac.digest(key, words, "sha256")).decode()[:LENGTH]
