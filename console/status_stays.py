"""Setting a vehicle's status, undoing a slip, saying why it takes longer."""

from typing import Any

from flask import abort, g, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, done
from console.status_choice import StatusChoice
from models import Refused, StatusStay, db
from models.status_update import fate, outcome
from web import panel

PAGE, FORM = "console/status_stays/page.html", "console/status_stays/_choice.html"


@bp.get("/work-orders/<int:number>/status")
@needs("queue")
def choose_status(number: int) -> Response:
    choice = StatusChoice(g.shop.work_order(number), request.args, g.may("work"))
    return panel(PAGE, FORM, choice=choice, order=choice.order, typed=choice.typed, errors={})


@bp.post("/work-orders/<int:number>/status")
@needs("queue")
def create_status_stay(number: int) -> Any:
    choice = StatusChoice(g.shop.work_order(number, lock=True), request.form, g.may("work"))
    try:
        stay, wish = choice.set(g.actor)
        said = " ".join(filter(None, (_("%(status)s.", status=stay.status.name), outcome(stay, wish))))
        db.session.commit()
    except Refused as refused:
        order = g.shop.work_order(number)
        return again(PAGE, FORM, refused, choice=StatusChoice(order, request.form, g.may("work")), order=order)
    undo = url_for("console.undo_status_stay", number=number, id=stay.id) if len(choice.order.history) > 1 else ""
    return done(said, url_for("console.work_order", number=number), undo)


@bp.post("/work-orders/<int:number>/status/<int:id>/undo")
@needs("queue")
def undo_status_stay(number: int, id: int) -> Response:
    order = g.shop.work_order(number, lock=True)
    slip = next((stay for stay in order.stays if stay.id == id), None)
    if slip is None or not (g.may("work") or slip.status.mechanic_may):
        abort(404)
    resumed = order.undo_status(id, by=g.actor)
    said = " ".join((_("Undone: back to %(status)s.", status=order.stay.status.name), *map(fate, resumed)))
    db.session.commit()
    return done(said, url_for("console.work_order", number=number))


@bp.post("/work-orders/<int:number>/delay-reason")
@needs("queue")
def create_delay_reason(number: int) -> Response:
    order = g.shop.work_order(number, lock=True)
    if order.stay is None:
        abort(404)
    order.stay.explain(request.form.get("reason", ""), by=g.actor)
    db.session.commit()
    return done(_("The reason is kept with the status."), url_for("console.work_order", number=number))


@bp.get("/work-orders/<int:number>/status-history")
@needs("queue")
def status_history(number: int) -> Response:
    order = g.shop.work_order(number)
    history = StatusStay.history_of(order)
    return panel("console/status_stays/history.html", "console/status_stays/_history.html", order=order, history=history)
