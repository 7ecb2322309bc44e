"""Who may push and read what: a token of one shop, in its scope. No session, no cookie: nobody's browser can be made to call this."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g, request

from console.access import STRANGERS
from console.api import bp
from console.api.problems import deny
from models import ApiToken, NotFound, db, reading, writing
from web import counted, ip, limiter

TOKEN = "token"  # noqa: S105 (a policy: any valid one, whatever its scope)
LARGEST = 1024 * 1024  # bytes of a body
OFTEN = "300/minute"

View = TypeVar("View", bound=Callable[..., Any])


def needs_token(scope: str = TOKEN) -> Callable[[View], View]:
    """Only with a token that may do this (``models.api_token.SCOPES``)."""

    def declare(view: View) -> View:
        view.policy = scope  # type: ignore[attr-defined]
        return view

    return declare


def _secret() -> str:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.casefold() == "bearer" else ""


def _asked_with() -> str:
    """The token's hash: what counts requests keeps no secrets."""
    return counted(_secret())


# a program that went wild is slowed down by its token, guessing by the other side's address
limiter.shared_limit(lambda: OFTEN, scope="api", key_func=_asked_with)(bp)
limiter.shared_limit("60/minute", scope="wrong tokens", deduct_when=lambda answer: answer.status_code == 401)(bp)


@bp.before_request
def admit() -> None:
    """Let in what the view's policy lets in; a view without one lets in nobody. The body is not read before that."""
    request.max_content_length = LARGEST
    policy = getattr(current_app.view_functions[request.endpoint or ""], "policy", None)
    if policy == STRANGERS:
        return
    g.token = _token()
    g.shop = g.token.shop
    if policy is None or not (policy == TOKEN or g.token.may(policy)):
        challenge = f'Bearer error="insufficient_scope", scope="{policy}"'
        deny(403, f"This needs the scope {policy}.", WWW_Authenticate=challenge)
    _note_use(g.token)


def _token() -> ApiToken:
    """Asked without the lock that writers take: whoever knocks with a wrong one must keep nobody from working."""
    try:
        with reading():
            token = ApiToken.found(_secret())
            db.session.commit()
    except NotFound:
        return deny(401, WWW_Authenticate="Bearer")
    return token


def _note_use(token: ApiToken) -> None:
    if token.was_noted(ip()):
        return
    before = writing.set(True)
    token.note_use(ip())
    db.session.commit()
    writing.reset(before)
