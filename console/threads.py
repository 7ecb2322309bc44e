"""The Messages window: the texts with one number, and the box to answer in, for whoever may text there."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, gone_to
from console.thread_search import ThreadSearch
from console.thread_window import ThreadWindow
from models import Explanation, Refused, Thread, ThreadDraft, ThreadPresence, db, phone
from web import panel

INDEX = "console/threads/index.html"
PAGE, COMPOSER = "console/threads/page.html", "console/threads/_composer.html"


@bp.get("/messages")
@needs("messages")
def messages() -> Response:
    """The Message Manager: what waits to be read, what is open, and what is looked for."""
    try:
        found = ThreadSearch(request.args).list
        return panel(INDEX, "console/threads/_threads.html", threads=found, typed=request.args, errors={})
    except Refused as refused:
        return panel(INDEX, "console/threads/_threads.html", 422, threads=None, typed=request.args, errors=refused.errors)


@bp.get("/messages/count")
@needs("messages")
def count_unread() -> str:
    return render_template("console/threads/_count.html")


@bp.get("/threads/<int:id>")
@needs("messages")
def thread(id: int) -> Response:
    return panel(PAGE, "console/threads/_thread.html", window=ThreadWindow(g.shop.thread(id), request.args), typed={}, errors={})


@bp.post("/threads")
@needs("messages")
def create_thread() -> Response:
    """Open the window for a number: one of a customer's, or one that was typed."""
    number = phone.normalised(request.form.get("number", ""), g.shop.country, "number")
    opened = Thread.at(g.shop, number)
    db.session.commit()
    return gone_to(url_for("console.thread", id=opened.id, visit=request.form.get("visit") or None))


@bp.get("/threads/<int:id>/composer")
@needs("messages")
def composer(id: int) -> Response:
    return panel(PAGE, COMPOSER, window=ThreadWindow(g.shop.thread(id), request.args), typed={}, errors={})


@bp.post("/threads/<int:id>/texts")
@needs("messages")
def create_text(id: int) -> Any:
    window = ThreadWindow(g.shop.thread(id), request.form)
    try:
        window.typed_text.send(window.thread, by=g.actor, visit=window.visit)
        ThreadDraft.keep(window.thread, g.me, "")
        ThreadPresence.sent(window.thread, g.me)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, COMPOSER, refused, window=ThreadWindow(g.shop.thread(id), request.form))
    if not request.headers.get("HX-Request"):
        return gone_to(url_for("console.thread", id=id, visit=request.form.get("visit") or None), _("On its way."))
    return _composer(window.thread, "visit", "key")


@bp.post("/threads/<int:id>/draft")
@needs("messages")
def keep_draft(id: int) -> str:
    """What has been typed so far, kept while it is typed; answered by its length in segments."""
    window = ThreadWindow(g.shop.thread(id), request.form)
    if not window.typed_text.is_written(window.thread):  # the last keys may arrive after the text went
        ThreadDraft.keep(window.thread, g.me, window.typed_text.body)
        ThreadPresence.note(window.thread, g.me, writing=True)
    db.session.commit()
    return render_template("console/threads/_length.html", window=window, body=window.typed_text.body)


@bp.post("/threads/<int:id>/presence")
@needs("messages")
def note_presence(id: int) -> str:
    """The window is open and to be seen; answered by who else has it open."""
    opened = g.shop.thread(id)
    if request.form.get("leaving"):
        ThreadPresence.leave(opened, g.me)
    else:
        ThreadPresence.note(opened, g.me)
    db.session.commit()
    return render_template("console/threads/_presence.html", thread=opened, others=ThreadPresence.others(opened, g.me))


@bp.get("/threads/<int:id>/explanations")
@needs("messages")
def choose_explanation(id: int) -> str:
    return render_template("console/threads/_explanations.html", thread=g.shop.thread(id))


@bp.post("/threads/<int:id>/explanations")
@needs("messages")
def use_explanation(id: int) -> Response:
    """Put the link of an explanation behind what is typed."""
    window = ThreadWindow(g.shop.thread(id), request.form)
    return joined(window, Explanation.link(g.shop, request.form.get("explanation", ""), window.language))


def joined(window: ThreadWindow, words: str) -> Response:
    """The box with these words behind what is typed; none of it has gone yet."""
    ThreadDraft.keep(window.thread, g.me, window.with_words(words))
    db.session.commit()
    return _composer(window.thread, "visit", "seen")


def _composer(thread: Thread, *kept: str) -> Response:
    """The box for the next words, with these of the form's values."""
    values = {name: request.form.get(name, "") for name in kept}
    return panel(PAGE, COMPOSER, window=ThreadWindow(thread, values), typed={}, errors={})
