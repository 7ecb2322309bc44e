"""Photos and videos of a work order: sent from a telephone or a desk, shown once they are converted."""

from typing import Any

from flask import g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, done, gone_to
from console.uploads import received
from models import Attachment, Refused, WorkOrder, db
from models.attachment_reason import PHOTO_MB, VIDEO_MB, VIDEO_MINUTES
from models.sent_file import SentFile
from web import csrf, panel, picture_answer

LIST_PAGE, LIST, FORM = (f"console/attachments/{name}.html" for name in ("index", "_attachments", "_sending"))
PAGE, ONE = "console/attachments/page.html", "console/attachments/_attachment.html"


@bp.app_template_global()
def attachments_of(order: WorkOrder) -> tuple[list[Attachment], list[Attachment]]:
    """What is shown, and what was removed and can be brought back."""
    return Attachment.of_and_removed(order)


@bp.app_template_global()
def new_upload_token() -> str:
    return Attachment.new_token()


@bp.app_template_global()
def upload_limits() -> dict[str, int]:
    return {"photo": PHOTO_MB, "video": VIDEO_MB, "minutes": VIDEO_MINUTES}


@bp.get("/work-orders/<int:number>/attachments")
@needs("queue")
def attachments(number: int) -> Response:
    return panel(LIST_PAGE, LIST, order=g.shop.work_order(number), errors={})


@bp.post("/work-orders/<int:number>/attachments")
@csrf.exempt  # not from the token, but from looking for it before anybody knows who sends: ``received`` looks
@needs("queue")
def create_attachments(number: int) -> Any:
    order, refusals = g.shop.work_order(number), []
    try:
        files, token = received(), request.form.get("token") or Attachment.new_token()
    except Refused as refused:
        return _refused(order, [str(sentence) for sentence in refused.errors.values()])
    for position, file in enumerate(files):
        try:
            sent = SentFile.stored(g.shop.id, file.stream, file.filename or "", f"{token}-{position}")
            Attachment.take(order, sent, by=g.actor)
            db.session.commit()
        except Refused as refused:
            refusals += [f"{file.filename}: {sentence}" if len(files) > 1 else str(sentence) for sentence in refused.errors.values()]
    if refusals:
        return _refused(order, refusals)
    return done(_("Received. What browsers can show is being made of it."), url_for("console.work_order", number=number))


def _refused(order: WorkOrder, sentences: list[str]) -> tuple[str, int]:
    """What was not taken, and why; the others of the same form were."""
    db.session.rollback()
    template = FORM if request.headers.get("HX-Request") else LIST_PAGE
    return render_template(template, order=order, errors={"files": " ".join(sentences)}), 422


@bp.get("/attachments/<int:id>")
@needs("queue")
def attachment(id: int) -> Response:
    attachment = Attachment.seen(id, shops=[g.shop.id], desks=_desks())
    return panel(PAGE, ONE, attachment=attachment, order=attachment.work_order, typed={"caption": attachment.caption}, errors={})


@bp.get("/attachments/<int:id>/<any(small, large, video):shape>")
@needs("queue")
def attachment_file(id: int, shape: str) -> Response:
    """A picture is asked for without the header that names the tab's shop: whoever is a member of its shop may see it."""
    attachment = Attachment.seen(id, shops=[shop.id for shop in g.shops], desks=_desks())
    response = picture_answer(attachment, shape)
    if attachment.is_customers:
        response.headers["Cache-Control"] = "private, no-cache"  # asked for each time: what was shared can be taken back
    return response


def _desks() -> list[int]:
    """The shops in which this member sees all that customers send; elsewhere what was shared."""
    return [one.shop_id for one in g.me.memberships if one.role.may("work")]


@bp.post("/attachments/<int:id>/caption")
@needs("queue")
def update_caption(id: int) -> Any:
    attachment = g.shop.attachment(id)
    try:
        attachment.say(request.form.get("caption", ""), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, ONE, refused, attachment=attachment, order=attachment.work_order)
    return gone_to(url_for("console.attachment", id=id), _("Saved."))


@bp.post("/attachments/<int:id>/removal")
@needs("queue")
def create_attachment_removal(id: int) -> Response:
    attachment = g.shop.attachment(id)
    attachment.remove(by=g.actor)
    db.session.commit()
    back = url_for("console.work_order", number=attachment.work_order.number)
    if not request.headers.get("HX-Request") or request.form.get("leave"):
        return gone_to(back, _("Removed. It can be brought back for a day from the list."))
    response = make_response(render_template("console/attachments/_removed.html", attachment=attachment))
    response.headers["HX-Trigger"] = "refresh"
    return response


@bp.post("/attachments/<int:id>/restoration")
@needs("queue")
def create_attachment_restoration(id: int) -> Response:
    attachment = g.shop.attachment(id)
    attachment.restore(by=g.actor)
    db.session.commit()
    return done(_("It is back."), url_for("console.work_order", number=attachment.work_order.number))


@bp.post("/attachments/<int:id>/retry")
@needs("queue")
def create_attachment_retry(id: int) -> Response:
    attachment = g.shop.attachment(id)
    attachment.try_again(by=g.actor)
    db.session.commit()
    return done(_("It is tried once more."), url_for("console.work_order", number=attachment.work_order.number))
