"""Vehicles: found by plate or VIN, added to a customer, changed."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp, typed
from console.access import needs
from console.answers import again, done, gone_to
from models import Refused, Vehicle, WorkOrder, db
from web import panel

PAGE, FORM = "console/vehicles/form.html", "console/vehicles/_form.html"


@bp.get("/vehicles")
@needs("customers")
def vehicles() -> Response:
    words = request.args.get("q", "").strip()
    return panel("console/vehicles/index.html", "console/vehicles/_vehicles.html", vehicles=Vehicle.search(g.shop, words), words=words)


@bp.get("/customers/<int:id>/vehicles/new")
@needs("customers")
def new_vehicle(id: int) -> str:
    return render_template(PAGE, customer=g.shop.customer(id), vehicle=None, typed={}, errors={})


@bp.post("/customers/<int:id>/vehicles")
@needs("customers")
def create_vehicle(id: int) -> Any:
    customer = g.shop.customer(id)
    try:
        vehicle = Vehicle.add(customer, by=g.actor, **typed.vehicle_details(request.form))
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, customer=customer, vehicle=None)
    return gone_to(url_for("console.customer", id=id), _("%(vehicle)s is on file.", vehicle=vehicle.description))


@bp.post("/vehicles/<int:id>/check-in")
@needs("book")
def check_in_vehicle(id: int) -> Response:
    """It came without an appointment."""
    vehicle = g.shop.vehicle(id)
    order = WorkOrder.walk_in(vehicle.customer, vehicle, by=g.actor)
    db.session.commit()
    sentence = _("%(vehicle)s is checked in, work order %(number)s.", vehicle=vehicle.description, number=order.number)
    return done(sentence, url_for("console.customer", id=vehicle.customer_id))


@bp.get("/vehicles/<int:id>")
@needs("customers")
def vehicle(id: int) -> str:
    vehicle = g.shop.vehicle(id)
    return render_template(PAGE, customer=vehicle.customer, vehicle=vehicle, typed=vars(vehicle), errors={})


@bp.post("/vehicles/<int:id>")
@needs("customers")
def update_vehicle(id: int) -> Any:
    vehicle = g.shop.vehicle(id)
    try:
        vehicle.change(by=g.actor, **typed.vehicle_details(request.form))
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, customer=vehicle.customer, vehicle=vehicle)
    return gone_to(url_for("console.customer", id=vehicle.customer_id), _("Saved."))
