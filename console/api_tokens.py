"""Settings, Transfer: the tokens by which other systems push into this shop, and what came lately."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, done
from models import ApiToken, Refused, TransferPush, db
from models.api_token import SCOPES
from web import panel

PAGE, LIST, FORM, MADE, PUSHES = (f"console/api_tokens/{name}.html" for name in ("page", "_api_tokens", "_new", "_made", "_pushes"))


@bp.get("/settings/transfer")
@needs("settings")
def api_tokens() -> Response:
    return panel(PAGE, LIST, typed={}, errors={}, **_shown())


@bp.get("/settings/transfer/pushes")
@needs("settings")
def transfer_pushes() -> Response:
    return panel(PAGE, PUSHES, typed={}, errors={}, **_shown())


@bp.post("/settings/transfer/tokens")
@needs("settings")
def create_api_token() -> Any:
    """The answer itself shows the secret, once: it goes into no session, no address and no log."""
    scopes = request.form.getlist("scopes")
    try:
        system, note = request.form.get("system", ""), request.form.get("note", "")
        token, secret = ApiToken.make(g.shop, system, scopes, note=note, by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, **{**_shown(), "scopes": set(scopes)})
    answer = panel(PAGE, MADE, 201, typed={}, errors={}, token=token, secret=secret, **_shown())
    answer.headers["HX-Trigger"] = "refresh"
    return answer


@bp.post("/settings/transfer/tokens/<int:id>/revocation")
@needs("settings")
def create_api_token_revocation(id: int) -> Response:
    token = g.shop.api_token(id)
    token.revoke(by=g.actor)
    db.session.commit()
    return done(_("Revoked. Nothing comes in with it any more."), url_for("console.api_tokens"))


def _shown() -> dict[str, Any]:
    tokens = ApiToken.of(g.shop)
    return {
        "tokens": tokens,
        "systems": list(dict.fromkeys(token.system for token in tokens)),
        "pushes": TransferPush.newest(g.shop),
        "scopes": set(SCOPES),  # ticked to begin with
        "scopes_of_all": len(SCOPES),
        "nouns": {
            "customers": _("Customers"),
            "vehicles": _("Vehicles"),
            "appointments": _("Appointments"),
            "work_orders": _("Work orders"),
        },
    }
