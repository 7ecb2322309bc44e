"""Who may use the phone: somebody at this machine, from the phone's own pages or from a script."""

from urllib.parse import urlsplit

from flask import Response, abort, current_app, request

from settings import LOOPBACK

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def loopback_only() -> None:
    """Refuses peers of other machines and requests that another site made a browser send. There is no CSRF token to lean on.

    Whoever stands behind a proxy on this machine counts as the client that the proxy names; a foreign ``Host`` means DNS rebinding.
    """
    forwarded = [peer.strip() for peer in request.headers.get("X-Forwarded-For", "").split(",") if peer.strip()]
    hosts = {*LOOPBACK, urlsplit(current_app.extensions["phone"].settings.public_base_url).hostname}
    host = request.host.removeprefix("[").partition("]")[0] if request.host.startswith("[") else request.host.partition(":")[0]
    led_here = request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"} and request.method != "GET"
    if not LOOPBACK.issuperset([request.remote_addr or "", *forwarded]):
        abort(403, "The built-in phone answers this machine only.")
    if host.lower() not in hosts or led_here:
        abort(403, "The built-in phone answers its own pages only.")


def guard(response: Response) -> Response:
    """The headers of every page of the phone. It frames its own mails, which the product's policy would forbid."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "strict-origin")
    response.headers.setdefault("Cache-Control", "no-store")
    return response
