"""Pictures, PDFs and videos of texts: put to the text that one is writing, taken off again, shown once it went or came."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done, gone_to
from console.thread_window import ThreadWindow
from console.typed import an_id
from console.uploads import received
from models import MessageMedia, NotFound, Refused, db
from models.media_content import MediaContent, words_for
from models.photo import Unusable
from web import csrf, media_answer, panel

PAGE, LIST = "console/threads/page.html", "console/threads/_media.html"


@bp.get("/threads/<int:id>/media")
@needs("messages")
def thread_media(id: int) -> Response:
    return panel(PAGE, LIST, window=ThreadWindow(g.shop.thread(id), request.args), typed={}, errors={})


@bp.post("/threads/<int:id>/media")
@csrf.exempt  # not from the token, but from looking for it before anybody knows who sends: ``received`` looks
@needs("messages")
def create_thread_media(id: int) -> Any:
    thread, refusals = g.shop.thread(id), []
    try:
        files = received()
    except Refused as refused:
        return _refused(id, [str(words) for words in refused.errors.values()])
    for file in files:
        try:
            MessageMedia.add(thread, g.me, _looked_at(file), file.filename or "")
            db.session.commit()
        except Refused as refused:
            refusals += [f"{file.filename}: {words}" if len(files) > 1 else str(words) for words in refused.errors.values()]
    return _refused(id, refusals) if refusals else _shown(id)


def _looked_at(file: FileStorage) -> MediaContent:
    """What is in it, made anew, with no transaction open meanwhile. Raises Refused."""
    db.session.commit()
    try:
        return MediaContent.kept(g.shop.id, file.stream)
    except Unusable as problem:
        raise Refused(words_for(problem.reason), field="files") from problem


@bp.post("/threads/<int:id>/media/clearing")
@needs("messages")
def clear_thread_media(id: int) -> Response:
    """*Clear attachment*: one of them, or all."""
    MessageMedia.clear(g.shop.thread(id), g.me, an_id(request.form, "media"))
    db.session.commit()
    return _shown(id)


def _shown(id: int) -> Response:
    if not request.headers.get("HX-Request"):
        return gone_to(url_for("console.thread", id=id, visit=request.form.get("visit") or None))
    return panel(PAGE, LIST, window=ThreadWindow(g.shop.thread(id), request.form), typed={}, errors={})


def _refused(id: int, sentences: list[str]) -> tuple[str, int]:
    """What was not taken, and why; the others of the same form were."""
    db.session.rollback()
    template = LIST if request.headers.get("HX-Request") else PAGE
    window = ThreadWindow(g.shop.thread(id), request.form)
    return render_template(template, window=window, typed={}, errors={"files": " ".join(sentences)}), 422


@bp.get("/message-media/<int:id>/<any(small, large):shape>")
@needs("messages")
def message_media_file(id: int, shape: str) -> Response:
    """A picture is asked for without the header that names the tab's shop: whoever is a member of its shop may see it."""
    media = MessageMedia.within([shop.id for shop in g.shops], id)
    if media.message_id is None and media.staff_member_id != g.me.id:
        raise NotFound("MessageMedia")
    return media_answer(media, shape)


@bp.post("/message-media/<int:id>/retry")
@needs("messages")
def create_message_media_retry(id: int) -> Response:
    media = MessageMedia.within([g.shop.id], id)
    media.try_again(by=g.actor)
    db.session.commit()
    return done(_("It is tried once more."), url_for("console.messages"))
