"""What the pages before the door have in common: links by e-mail, how often they may be tried, and what is said when one is over."""

from collections.abc import Callable
from typing import Any

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

import web
from models import AccountLink, NotFound, Refused, db
from models.account_link import Purpose

# Links that don't work only: who uses one that does is not counted.
TRIES = "30 per 5 minutes"

limited = web.limiter.limit(TRIES, deduct_when=lambda response: response.status_code == 404)


def account_link(token: str, purpose: Purpose) -> AccountLink | None:
    """None for one that never was."""
    try:
        return AccountLink.found(token, purpose)
    except NotFound:
        return None


def password_chosen(link: AccountLink | None, page: str, over: Callable[[AccountLink | None], Any]) -> Any:
    """None: the password that was typed is theirs now. Else what to show: the ``page`` with what is wrong, or that the link is ``over``."""
    try:
        if link is None or not link.choose_password(request.form.get("password", ""), web.ip()):
            return over(link)
    except Refused as refused:
        db.session.rollback()
        return shown(page, 422, link=link, errors=refused.errors)
    return None


def ended(heading: str, sentences: list[str], again: str = "") -> Response:
    """The link is over, and what to do now. ``again``: words for the way to a new link, where they may ask for one themselves."""
    return shown("console/gate/ended.html", 404, heading=heading, sentences=sentences, again=again)


def shown(page: str, status: int = 200, **context: Any) -> Response:
    """A page behind a link: nobody keeps it, nobody lists it."""
    response = make_response(render_template(page, **context), status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def too_often() -> tuple[str, int]:
    return render_template("console/gate/too_often.html"), 429
