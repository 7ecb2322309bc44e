"""Technician priority: who works on what and in which order; moved by drag, by key, or by small forms."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done
from models import Assignment, Refused, StaffMember, WorkOrder, db
from models.assignment import lanes, mechanic, mechanics
from web import panel

PAGE, LANES = "console/technician_priority/page.html", "console/technician_priority/_lanes.html"


@bp.get("/technician-priority")
@needs("work")
def technician_priority() -> Response:
    return panel(PAGE, LANES, lanes=lanes(g.shop))


@bp.post("/technician-priority/<int:number>")
@needs("work")
def create_priority(number: int) -> Any:
    """Move a work order: one step in its list (``step``), or to a mechanic's (``to``), in front of another (``before``) or last."""
    order = g.shop.work_order(number)
    try:
        if request.form.get("step") in {"-1", "1"}:
            Assignment.shift(g.shop, order, int(request.form["step"]), by=g.actor, shown_with=_shown_with())
        else:
            before = request.form.get("before", type=int)
            Assignment.give(g.shop, order, _receiver(), by=g.actor, before=before, shown_with=_shown_with())
        db.session.commit()
    except Refused as refused:
        return _overtaken(refused)
    return done(_sentence(order), _back(number))


@bp.get("/work-orders/<int:number>/assignment")
@needs("queue")
def assignment(number: int) -> Response:
    partial = "console/technician_priority/_assignment.html"
    return panel("console/technician_priority/assignment.html", partial, order=g.shop.work_order(number))


@bp.context_processor
def _asked_by_templates() -> dict[str, Any]:
    return {"mechanics": lambda: mechanics(g.shop)}


def _receiver() -> StaffMember | None:
    chosen = request.form.get("to", type=int)
    return mechanic(g.shop, chosen) if chosen else None


def _shown_with() -> int | str | None:
    """Whose the work was on the page from which it was moved."""
    return request.form.get("shown_with", type=int) if "shown_with" in request.form else "anybody"


def _sentence(order: WorkOrder) -> str:
    """Where it stands now: read to whoever can't see it."""
    words = {"number": order.number, "vehicle": order.visit.vehicle.description}
    if order.assignment is None:
        return str(_("%(number)s, %(vehicle)s: nobody's yet.", **words))
    place, count = order.assignment.place
    words |= {"place": place, "count": count, "name": order.assignment.mechanic.name}
    return str(_("%(number)s, %(vehicle)s: number %(place)s of %(count)s for %(name)s.", **words))


def _overtaken(refused: Refused) -> Any:
    """It was not done, and the page shows something old: say so and let it look again."""
    db.session.rollback()
    sentence = " ".join(map(str, refused.errors.values()))
    if not request.headers.get("HX-Request"):
        flash(sentence, "bad")
        return redirect(_back(int((request.view_args or {})["number"])), 303)
    return render_template("console/_toast.html", tone="bad", sentence=sentence), 422, {"HX-Trigger": "refresh"}


def _back(number: int) -> str:
    if request.form.get("back") == "order":
        return url_for("console.work_order", number=number)
    return url_for("console.technician_priority", _anchor=f"card-{number}")
