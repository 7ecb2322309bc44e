"""A vehicle that comes without an appointment: who brings it, which it is, and it is in the shop."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, gone_to
from console.booking import Booking
from console.looking import Looking
from models import Actor, Refused, WorkOrder, db
from web import panel

PAGE, FORM = "console/walk_ins/new.html", "console/walk_ins/_new.html"


class WalkIn(Booking):
    """Who and which vehicle are chosen as in a booking, without a day and a message."""

    def check_in(self, by: Actor) -> WorkOrder:
        """Open its work order. Raises Refused with every objection that can be known at once."""
        customer = self.customer or self._try(lambda: self._new_customer(by))
        vehicle = self.vehicle or self._try(lambda: self._new_vehicle(customer, by))
        order = self._try(lambda: WorkOrder.walk_in(customer, vehicle, by=by)) if customer and vehicle and not self.errors else None
        if order is None:
            raise Refused.at(**self.errors) if None not in self.errors else Refused(self.errors[None])
        return order


@bp.get("/walk-ins/new")
@needs("book")
def new_walk_in() -> Response:
    walk_in = WalkIn(g.shop, request.args)
    return panel(PAGE, FORM, walk_in=walk_in, typed=walk_in.typed, errors={})


@bp.get("/walk-ins/pick")
@needs("book")
def find_customer_for_walk_in() -> str:
    return render_template("console/walk_ins/_found.html", looking=Looking(g.shop, request.args.get("who", "")))


@bp.post("/walk-ins/draft")
@needs("book")
def draft_walk_in() -> Response:
    """The form once more, with the customer that was chosen in it; nothing is kept."""
    walk_in = WalkIn(g.shop, request.values)
    return panel(PAGE, FORM, walk_in=walk_in, typed=walk_in.typed, errors={})


@bp.post("/walk-ins")
@needs("book")
def create_walk_in() -> Any:
    try:
        order = WalkIn(g.shop, request.form).check_in(g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, walk_in=WalkIn(g.shop, request.form))
    sentence = _("%(name)s is checked in, work order %(number)s.", name=order.visit.customer.name, number=order.number)
    return gone_to(url_for("console.work_order", number=order.number), sentence)
