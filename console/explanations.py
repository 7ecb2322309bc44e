"""The library of explanations: shown at the counter, copied into a message, and the shop's own videos beside them."""

from collections.abc import Sequence
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, done, gone_to
from console.uploads import received
from models import Attachment, Explanation, OwnVideo, Refused, db
from models.sent_file import SentFile
from web import csrf, panel

PAGE, LIST, FORM = (f"console/explanations/{name}.html" for name in ("page", "_own_videos", "_sending"))


@bp.app_template_global()
def every_explanation() -> Sequence[Explanation]:
    return Explanation.every()


@bp.app_template_global()
def own_videos_of(shop: Any) -> tuple[list[OwnVideo], list[OwnVideo]]:
    """What is there, and what was removed and can be brought back."""
    return OwnVideo.of_and_removed(shop)


@bp.get("/explanations")
@needs("messages")
def explanations() -> Response:
    """htmx asks for the part that changes: the shop's own videos."""
    return panel(PAGE, LIST, errors={}, typed={})


@bp.post("/explanations")
@csrf.exempt  # not from the token, but from looking for it before anybody knows who sends: ``received`` looks
@needs("settings")
def create_own_videos() -> Any:
    refusals: list[str] = []
    try:
        files, form = received(_("Choose a video first.")), request.form.get("token") or Attachment.new_token()
    except Refused as refused:
        return _refused([str(sentence) for sentence in refused.errors.values()])
    for position, file in enumerate(files):
        try:
            sent = SentFile.stored(g.shop.id, file.stream, file.filename or "", f"{form}-{position}")
            OwnVideo.take(g.shop, sent, by=g.actor)
            db.session.commit()
        except Refused as refused:
            refusals += [str(sentence) for sentence in refused.errors.values()]
    if refusals:
        return _refused(refusals)
    return done(_("Received. What browsers can show is being made of it."), url_for("console.explanations"))


def _refused(sentences: list[str]) -> tuple[str, int]:
    """What was not taken, and why; the others of the same form were."""
    db.session.rollback()
    template = FORM if request.headers.get("HX-Request") else PAGE
    return render_template(template, errors={"files": " ".join(sentences)}, typed={}), 422


@bp.post("/explanations/<int:id>/title")
@needs("settings")
def update_own_video_title(id: int) -> Any:
    video = g.shop.own_video(id)
    try:
        video.call_it(request.form.get(f"title-{id}", ""), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, LIST, refused)
    return gone_to(url_for("console.explanations"), _("Saved."))


@bp.post("/explanations/<int:id>/removal")
@needs("settings")
def create_own_video_removal(id: int) -> Response:
    g.shop.own_video(id).remove(by=g.actor)
    db.session.commit()
    undo = url_for("console.create_own_video_restoration", id=id)
    return done(_("Removed. Its link does not work any more."), url_for("console.explanations"), undo=undo)


@bp.post("/explanations/<int:id>/restoration")
@needs("settings")
def create_own_video_restoration(id: int) -> Response:
    g.shop.own_video(id).restore(by=g.actor)
    db.session.commit()
    return done(_("It is back."), url_for("console.explanations"))


@bp.post("/explanations/<int:id>/retry")
@needs("settings")
def create_own_video_retry(id: int) -> Response:
    g.shop.own_video(id).try_again(by=g.actor)
    db.session.commit()
    return done(_("It is tried once more."), url_for("console.explanations"))
