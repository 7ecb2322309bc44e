"""The customer's own page gives and withdraws permission to text: each kind by itself, in one tap, as a fact of its own."""

from typing import Any

from flask import g, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models import NotFound, db
from models.consent import SCOPES
from models.consent_wording import agreement, version
from models.opt_out import opt_in, opt_out
from portal import bp
from portal.nonce import trusted
from portal.page import Page
from portal.texts import Texts
from portal.visits import shown
from web import csrf

PART = "portal/consents/_texts.html"


@bp.get("/v/<token>/texts")
def show_texts(token: str) -> Response:
    """The page with that part open: for whoever comes back from a tap, without a script."""
    return shown(Page(g.link, texts_open=True))


@bp.post("/v/<token>/texts/<any(service,marketing):scope>")
@csrf.exempt
def create_agreement(token: str, scope: str) -> Response:
    texts = _texts()
    if objection := _objection(texts):
        return objection
    said: dict[str, Any] = {"wording": agreement(texts.shop, scope), "version": version(texts.shop)}
    opt_in(texts.shop, texts.number, source="web", scope=scope, by=g.actor, **said)
    db.session.commit()
    return _answered(scope)


@bp.post("/v/<token>/texts/<any(service,marketing):scope>/withdrawal")
@csrf.exempt
def create_withdrawal(token: str, scope: str) -> Response:
    texts = _texts()
    if objection := _objection(texts):
        return objection
    opt_out(texts.shop, texts.number, source="web", wording=str(SCOPES[scope]), by=g.actor, scopes=(scope,))
    db.session.commit()
    return _answered(scope)


@bp.get("/v/<token>/texts/<any(service,marketing):scope>")
@bp.get("/v/<token>/texts/<any(service,marketing):scope>/withdrawal")
def return_to_texts(token: str, scope: str) -> Response:
    """Somebody reloads the address that a button went to."""
    return redirect(Page(g.link).address("texts"), 303)


def _texts() -> Texts:
    """With the visit locked. Raises NotFound: no number, or the link is the calendar's, which gets shared."""
    g.link.visit.lock()
    texts = Page(g.link).texts
    if texts is None:
        raise NotFound("Texts")
    return texts


def _objection(texts: Texts) -> Response | None:
    if not trusted(g.link):
        wrong = _("This page had been open for too long. Please tap once more.")
    elif request.form.get("ends") != texts.ends:
        wrong = _("Your number was changed while this page was open. Please look at it again.")
    else:
        return None
    return shown(Page(g.link, texts_open=True, texts_wrong=wrong), 422, PART)


def _answered(scope: str) -> Response:
    if request.headers.get("HX-Request"):
        return shown(Page(g.link, texts_open=True, texts_answered=scope), partial=PART)
    return redirect(f"{Page(g.link).address('texts')}#texts", 303)
