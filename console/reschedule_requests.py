"""Customers who want another date: how many wait, and what becomes of it."""

from flask import g, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done
from models import db


@bp.get("/reschedule-requests/count")
@needs("day")
def count_reschedule_requests() -> str:
    return render_template("console/reschedule_requests/_count.html")


@bp.post("/reschedule-requests/<int:id>/settlement")
@needs("book")
def create_settlement(id: int) -> Response:
    """Dealt with, and the date stays."""
    request = g.shop.reschedule_request(id)
    request.settle(by=g.actor)
    db.session.commit()
    sentence = _("Dealt with: the date of %(name)s stays.", name=request.appointment.customer.name)
    return done(sentence, url_for("console.appointment", id=request.appointment_id))
