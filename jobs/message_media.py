"""Fetch what came with a text from the provider; once it is ours, have the provider delete it."""

from io import BytesIO

import structlog

from jobs.gateways import incoming_media
from jobs.gateways.incoming_media import Unfetched
from models import Credentials, MessageMedia, db
from models.media_content import MediaContent
from models.photo import Unusable

log = structlog.get_logger()


def fetch(media_id: int) -> None:
    """Claim it and do what is next for it. Killed anywhere, it is begun again by whoever comes next."""
    media = db.session.get(MessageMedia, media_id)
    if media is None or not media.provider_url or not media.claim():
        return
    url, account, attempt = media.provider_url, Credentials.of(media.shop), media.attempts
    was_ready = media.is_ready
    db.session.commit()  # no transaction is open while the provider is asked
    if was_ready:
        _delete(media, url, account, attempt)
    else:
        _fetch(media, url, account, attempt)


def _fetch(media: MessageMedia, url: str, account: Credentials, attempt: int) -> None:
    content = problem = None
    try:
        content = MediaContent.kept(media.shop_id, BytesIO(incoming_media.fetch(url, account)))
    except Unusable as unusable:
        problem = Unfetched("media_kind" if unusable.reason == "media_unknown" else unusable.reason, permanent=True)
    except Unfetched as unfetched:
        problem = unfetched
        log.info("media not fetched", media=media.id, attempt=attempt, reason=problem.reason)
    if not media.is_mine(attempt):
        if content:
            content.discard()
    elif content:
        media.keep(content)
    elif problem and problem.permanent:
        media.refuse(problem.reason)
    elif problem:
        media.put_off(problem.reason)
    db.session.commit()


def _delete(media: MessageMedia, url: str, account: Credentials, attempt: int) -> None:
    gone = incoming_media.delete(url, account)
    if media.is_mine(attempt):
        if gone:
            media.forgotten()
        else:
            media.put_off("not_fetched")
    db.session.commit()
