"""Under a shop's own name: its customers' pages, and nothing else of this installation."""

from typing import Any

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

from models import NotFound, reading
from models.own_host import proof
from portal import bp
from portal.doorkeeper import here, named
from portal.links import answer_unknown

# An address tells by its token or the shop's short name whose it is. These hold nothing of any shop, and a file's code is looked into
# by its own view.
OF_CODES = ("message_media", "show_subscription", "end_subscription", "follow_letter_link")
NOBODYS = {f"portal.{name}" for name in ("show_plain_stylesheet", "show_script", "show_unknown", *OF_CODES)}


def install(app: Flask) -> None:
    app.before_request(_find_customers_pages_only)
    app.after_request(_promise_for_this_name_alone)


@bp.get("/healthz/<code>")
def prove_host(code: str) -> Response:
    """For our own look whether a name leads here."""
    return Response(proof(named(request.environ), code[:64]), mimetype="text/plain", headers={"Cache-Control": "no-store"})


def _find_customers_pages_only() -> Any:
    """Under a shop's own name there is no console, no webhook, no other shop; what can't say whose it is, is not there either."""
    place = here()
    if place is None:
        return None
    about = request.view_args or {}
    if request.blueprint == bp.name and ("token" in about or about.get("slug") == place.slug or request.endpoint in NOBODYS):
        return None
    g.is_turned_away = True  # whoever else would put the answer into words of their own leaves it as it is
    with reading():
        return answer_unknown(NotFound("Link"))


def _promise_for_this_name_alone(answer: Response) -> Response:
    """HTTPS for good, but not for the names below it: those are the shop's, and we don't know what it does with them."""
    if here() and current_app.extensions["settings"].secure:
        answer.headers["Strict-Transport-Security"] = "max-age=31536000"
    return answer
