"""Whether a form was sent from our own page behind this link: a signed moment instead of a session, so that no cookie is needed."""

from typing import TYPE_CHECKING

from flask import current_app, request
from itsdangerous import BadSignature, TimestampSigner

from portal.doorkeeper import here

if TYPE_CHECKING:
    from models import Link

LIFETIME = 48 * 3600  # seconds: a page may lie open on a phone over a night and a day


def nonce(link: "Link") -> str:
    """For the forms of the page behind this link, and no other."""
    return _signer().sign(link.digest).decode().removeprefix(f"{link.digest}.")


def trusted(link: "Link") -> bool:
    """Whether the request in hand comes from our page behind this link, and not from a stranger's or from one left open too long."""
    try:
        _signer().unsign(f"{link.digest}.{request.form.get('nonce', '')}", max_age=LIFETIME)
    except BadSignature:
        return False
    return _same_site()


def _same_site() -> bool:
    # browsers of before 2023 send no Sec-Fetch-Site; "null" is what privacy settings make of an origin
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in {"same-origin", "none"}
    public, place = current_app.extensions["settings"].public_base_url, here()
    # a proxy that ends TLS may leave us at http: what links begin with tells how a browser writes it
    own = f"{public.partition(':')[0]}://{request.host}" if place else public
    return request.headers.get("Origin", "null") in {"null", own, request.host_url.rstrip("/")}


def _signer() -> TimestampSigner:
    return TimestampSigner(current_app.extensions["settings"].secret_key, salt="portal form")
