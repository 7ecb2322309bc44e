"""Quick replies: chosen in the Messages window, where they join what is typed; written in the settings."""

from typing import Any

from flask import abort, g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, done, gone_to
from console.thread_window import ThreadWindow
from console.threads import joined
from models import QuickReply, Refused, db
from models.customer import LANGUAGES
from models.quick_reply import FIELDS
from web import panel

LIST, LIST_PAGE = "console/quick_replies/_quick_replies.html", "console/quick_replies/page.html"
FORM, FORM_PAGE = "console/quick_replies/_quick_reply.html", "console/quick_replies/one.html"


@bp.post("/threads/<int:id>/quick-replies/<int:position>")
@needs("messages")
def use_quick_reply(id: int, position: int) -> Response:
    window = ThreadWindow(g.shop.thread(id), request.form)
    return joined(window, window.filled_in(_at(position)))


@bp.get("/settings/quick-replies")
@needs("settings")
def quick_replies() -> Response:
    return panel(LIST_PAGE, LIST, replies=QuickReply.of(g.shop))


@bp.get("/settings/quick-replies/new")
@needs("settings")
def new_quick_reply() -> str:
    return render_template(FORM_PAGE, reply=None, typed={}, errors={}, languages=_languages(), fields=FIELDS)


@bp.post("/settings/quick-replies")
@needs("settings")
def create_quick_reply() -> Any:
    try:
        reply = QuickReply.add(g.shop, *_typed(), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(FORM_PAGE, FORM, refused, reply=None, languages=_languages(), fields=FIELDS)
    return gone_to(url_for("console.quick_replies"), _("“%(title)s” can be chosen now.", title=reply.title))


@bp.get("/settings/quick-replies/<int:position>")
@needs("settings")
def quick_reply(position: int) -> str:
    reply = _at(position)
    typed = {"title": reply.title, **{f"body_{language}": reply.bodies.get(language, "") for language in LANGUAGES}}
    return render_template(FORM_PAGE, reply=reply, typed=typed, errors={}, languages=_languages(), fields=FIELDS)


@bp.post("/settings/quick-replies/<int:position>")
@needs("settings")
def update_quick_reply(position: int) -> Any:
    QuickReply.own(g.shop)
    reply = _at(position)
    try:
        reply.change(g.shop, *_typed(), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(FORM_PAGE, FORM, refused, reply=_at(position), languages=_languages(), fields=FIELDS)
    return gone_to(url_for("console.quick_replies"), _("Saved."))


@bp.post("/settings/quick-replies/<int:position>/retirement")
@needs("settings")
def create_quick_reply_retirement(position: int) -> Response:
    QuickReply.own(g.shop)
    reply = _at(position)
    reply.retire(by=g.actor)
    db.session.commit()
    undo = url_for("console.create_quick_reply_return", id=reply.id)
    return done(_("“%(title)s” is no longer offered.", title=reply.title), url_for("console.quick_replies"), undo)


@bp.post("/settings/quick-replies/retired/<int:id>/return")
@needs("settings")
def create_quick_reply_return(id: int) -> Response:
    """Undo a retirement."""
    g.shop.quick_reply(id).bring_back(by=g.actor)
    db.session.commit()
    return done(_("Offered again."), url_for("console.quick_replies"))


def _at(position: int) -> QuickReply:
    return next((reply for reply in QuickReply.of(g.shop) if reply.position == position), None) or abort(404)


def _typed() -> tuple[str, dict[str, str]]:
    bodies = {language: request.form.get(f"body_{language}", "").replace("\r\n", "\n").replace("\0", "") for language in LANGUAGES}
    return request.form.get("title", "").replace("\0", ""), bodies


def _languages() -> list[str]:
    """The shop's own first: the others may be left empty."""
    return sorted(LANGUAGES, key=lambda language: language != g.shop.language)
