"""Important items: what customers wrote, until somebody has read it, and how much of it the mechanic sees."""

from flask import g, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done
from models import Attachment, Remark, Work, WorkOrder, db
from models.important import Important
from web import panel

PAGE, DESK, BAY = (f"console/remarks/{name}.html" for name in ("page", "_important", "_visible"))


@bp.app_template_global()
def important_of(order: WorkOrder, work: Work) -> Important:
    return Important(order, work)


@bp.app_template_global()
def visible_to_mechanic(order: WorkOrder) -> list[tuple[Remark, list[Attachment]]]:
    return Remark.seen_by_mechanic(order)


@bp.get("/work-orders/<int:number>/remarks")
@needs("queue")
def remarks(number: int) -> Response:
    return panel(PAGE, DESK if g.may("work") else BAY, order=g.shop.work_order(number))


@bp.post("/remarks/<int:id>/reading")
@needs("work")
def create_read(id: int) -> Response:
    remark = g.shop.remark(id)
    remark.mark_read(by=g.actor)
    db.session.commit()
    return done(_("Marked as read."), _order(remark), undo=url_for("console.create_read_removal", id=id))


@bp.post("/remarks/<int:id>/reading/removal")
@needs("work")
def create_read_removal(id: int) -> Response:
    remark = g.shop.remark(id)
    remark.mark_unread(by=g.actor)
    db.session.commit()
    return done(_("It is among the important items again."), _order(remark))


@bp.post("/remarks/<int:id>/visibility")
@needs("work")
def create_visibility(id: int) -> Response:
    """*Visible to mechanic*: the words, and each file that is ticked; what is not ticked is not."""
    remark = g.shop.remark(id)
    files = request.form.getlist("files", type=int)
    remark.show_to_mechanic(words=bool(request.form.get("words")), files=files, by=g.actor)
    db.session.commit()
    sentence = _("Visible to the mechanic.") if remark.shared_count else _("The mechanic sees nothing of it.")
    return done(sentence, _order(remark))


def _order(remark: Remark) -> str:
    return url_for("console.work_order", number=remark.order.number, _anchor="remarks")
