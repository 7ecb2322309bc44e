"""How the console answers an action: a sentence and a refresh, a page elsewhere, or the form again with what is wrong."""

from typing import Any

from flask import flash, g, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import home
from models import NotFound, Refused, db


def done(sentence: str, back: str, undo: str = "", tone: str = "good") -> Response:
    """Say it in a toast and let every panel of the page fetch itself; without htmx, go ``back`` and say it there.

    ``undo`` is the address that a button in the toast posts to. What is said in the ``tone`` "bad" stays until somebody has read it.
    """
    if not request.headers.get("HX-Request"):
        return gone_to(back, sentence, tone)
    response = make_response(render_template("console/_toast.html", tone=tone, sentence=sentence, undo=undo))
    response.headers["HX-Trigger"] = "refresh"
    return response


def gone_to(place: str, sentence: str = "", tone: str = "good") -> Response:
    """On to another page, which says the sentence."""
    if sentence:
        flash(sentence, tone)
    if not request.headers.get("HX-Request"):
        return redirect(place, 303)
    response = make_response("")
    response.headers["HX-Redirect"] = place
    return response


def again(page: str, partial: str, refused: Refused, **context: Any) -> tuple[str, int]:
    """The form as it was typed, each sentence beside its field; nothing was done."""
    db.session.rollback()
    template = partial if request.headers.get("HX-Request") else page
    return render_template(template, typed=request.form, errors=refused.errors, refused=refused, **context), 422


@bp.errorhandler(Refused)
def refuse(refused: Refused) -> tuple[str, int] | Response:
    """A verb without a form said no."""
    db.session.rollback()
    sentence = " ".join(str(words) for words in refused.errors.values())
    if request.headers.get("HX-Request"):
        return render_template("console/_toast.html", tone="bad", sentence=sentence), 422
    flash(sentence, "bad")
    return redirect(home(), 303)


@bp.errorhandler(403)
def not_allowed(problem: Any) -> tuple[str, int]:
    return _trouble(_("This is not part of your role here."), _("Ask an administrator of the shop if you need it."), 403)


@bp.errorhandler(NotFound)
@bp.errorhandler(404)
def not_here(problem: Any) -> tuple[str, int]:
    return _trouble(_("There is nothing at this address."), _("It may belong to another shop, or the link is incomplete."), 404)


def _trouble(heading: str, words: str, status: int) -> tuple[str, int]:
    if "shop" not in g or request.headers.get("HX-Request"):
        return heading, status
    return render_template("console/trouble/page.html", heading=heading, words=words, home=home), status
