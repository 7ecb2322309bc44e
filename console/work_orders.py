"""A work order's page: each of its parts is a panel of its own noun, live by itself."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp, typed
from console.access import needs
from console.answers import again, done, gone_to
from models import Refused, db
from models.status_update import withdrawn
from web import panel

PAGE, ABOUT, CLOSING = (f"console/work_orders/{name}.html" for name in ("page", "_work_order", "_closing"))


@bp.get("/work-orders/<int:number>")
@needs("queue")
def work_order(number: int) -> Response:
    order = g.shop.work_order(number)
    return panel(PAGE, ABOUT, order=order, typed={}, errors={})


@bp.post("/work-orders/<int:number>")
@needs("work")
def update_work_order(number: int) -> Any:
    """What the customer says is the matter, and who looks after the visit."""
    order = g.shop.work_order(number, lock=True)
    try:
        advisor = g.shop.member(typed.an_id(request.form, "advisor"))
        order.describe(request.form.get("concern", ""), advisor, by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, ABOUT, refused, order=g.shop.work_order(number))
    return done(_("Saved."), url_for("console.work_order", number=number))


@bp.post("/work-orders/<int:number>/updates/<any(text, email):channel>")
@needs("work")
def toggle_updates(number: int, channel: str) -> Response:
    """Whether this visit's customer gets updates that way; says nothing about consent."""
    order, on = g.shop.work_order(number, lock=True), request.form.get("on") == "1"
    order.toggle_updates(channel, on, by=g.actor)
    db.session.commit()
    sentences = {
        ("text", True): _("Text updates are on for this visit."),
        ("text", False): _("Text updates are off for this visit."),
        ("email", True): _("E-mail updates are on for this visit."),
        ("email", False): _("E-mail updates are off for this visit."),
    }
    return done(sentences[channel, on], url_for("console.work_order", number=number))


@bp.get("/work-orders/<int:number>/closing")
@needs("work")
def new_closing(number: int) -> str:
    order = g.shop.work_order(number)
    usual = {"invoiced_on": g.shop.today().isoformat(), "odometer": order.visit.vehicle.odometer or ""}
    return render_template("console/work_orders/closing.html", order=order, typed=usual, errors={})


@bp.post("/work-orders/<int:number>/closing")
@needs("work")
def create_closing(number: int) -> Any:
    order = g.shop.work_order(number, lock=True)
    try:
        faults = typed.Faults()
        visit = typed.visit_record(request.form, faults)
        faults.besides(lambda: order.close(by=g.actor, **visit))
        db.session.commit()
    except Refused as refused:
        return again("console/work_orders/closing.html", CLOSING, refused, order=g.shop.work_order(number))
    said = [_("Work order %(number)s is closed; the visit is recorded.", number=number)]
    if order.closed_at:
        said += withdrawn(order, order.closed_at)
    return gone_to(url_for("console.board"), " ".join(said))


@bp.post("/work-orders/<int:number>/reopening")
@needs("work")
def create_work_order_reopening(number: int) -> Response:
    order = g.shop.work_order(number, lock=True)
    order.reopen(request.form.get("reason", ""), by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.work_order", number=number), _("Open again, and back on the board."))
