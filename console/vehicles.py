"""Vehicles: found by plate or VIN, added to a customer, changed."""

from functools import partial
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp, typed
from console.access import needs
from console.answers import again, done, gone_to
from console.list_files import AS_FILE, taken
from console.looking import Looking
from models import Refused, Vehicle, WorkOrder, db
from models.vehicle_list import vehicle_list
from web import panel

PAGE, FORM, LIFE = "console/vehicles/form.html", "console/vehicles/_form.html", "console/vehicles/_life.html"


@bp.get("/vehicles")
@needs("customers")
def vehicles() -> Response:
    words = request.args.get("q", "").strip()
    return panel("console/vehicles/index.html", "console/vehicles/_vehicles.html", vehicles=Vehicle.search(g.shop, words), words=words)


@bp.get(f"/vehicles{AS_FILE}")
@needs("customers")
def vehicles_file(form: str) -> Response:
    """For mail merge: all that the words find."""
    return taken(vehicle_list(g.shop, request.args.get("q", "").strip()), form)


@bp.get("/customers/<int:id>/vehicles/new")
@needs("customers")
def new_vehicle(id: int) -> str:
    return render_template(PAGE, customer=g.shop.customer(id), vehicle=None, typed={}, errors={})


@bp.post("/customers/<int:id>/vehicles")
@needs("customers")
def create_vehicle(id: int) -> Any:
    customer = g.shop.customer(id)
    try:
        vehicle = typed.with_vehicle(request.form, partial(Vehicle.add, customer, by=g.actor))
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, customer=customer, vehicle=None)
    return gone_to(url_for("console.customer", id=customer.id), _("%(vehicle)s is on file.", vehicle=vehicle.description))


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


@bp.get("/vehicles/<int:id>/life")
@needs("customers")
def vehicle_life(id: int) -> Response:
    """Beside its form: whose it is, what its odometer showed, when it was here."""
    vehicle = g.shop.vehicle(id)
    return panel(PAGE, LIFE, customer=vehicle.customer, vehicle=vehicle, typed=vars(vehicle), errors={})


@bp.post("/vehicles/<int:id>/odometer-readings")
@needs("customers")
def create_odometer_reading(id: int) -> Any:
    vehicle = g.shop.vehicle(id)
    try:
        day = typed.a_day(request.form, "read_on") if request.form.get("read_on") else None
        sure = typed.is_kept(request.form, "reading")
        vehicle.read_odometer(typed.a_number(request.form, "reading"), by=g.actor, on=day, sure=sure)
        db.session.commit()
    except Refused as refused:
        reading = Refused(next(iter(refused.errors.values())), field="reading")
        return again(PAGE, "console/vehicles/_odometer.html", reading, customer=vehicle.customer, vehicle=vehicle, on_file=vars(vehicle))
    return gone_to(url_for("console.vehicle", id=id), _("Odometer noted."))


@bp.get("/vehicles/<int:id>/owner")
@needs("customers")
def vehicle_owner(id: int) -> Response:
    """Sold: to whom? By number or name, as everywhere."""
    vehicle, looking = g.shop.vehicle(id), Looking(g.shop, request.args.get("who", ""))
    return panel("console/vehicles/owner.html", "console/vehicles/_owners.html", vehicle=vehicle, looking=looking)


@bp.post("/vehicles/<int:id>/owner")
@needs("customers")
def update_vehicle_owner(id: int) -> Response:
    vehicle, owner = g.shop.vehicle(id), g.shop.customer(request.form.get("customer", 0, int))
    vehicle.sell(owner, by=g.actor)
    db.session.commit()
    return gone_to(
        url_for("console.vehicle", id=id), _("%(vehicle)s belongs to %(name)s now.", vehicle=vehicle.description, name=owner.name)
    )


@bp.post("/vehicles/<int:id>/retirement")
@needs("customers")
def create_retirement(id: int) -> Response:
    vehicle = g.shop.vehicle(id)
    vehicle.retire(by=g.actor)
    db.session.commit()
    return done(_("%(vehicle)s is retired.", vehicle=vehicle.description), url_for("console.vehicle", id=id))


@bp.post("/vehicles/<int:id>/return")
@needs("customers")
def create_return_to_use(id: int) -> Response:
    vehicle = g.shop.vehicle(id)
    vehicle.return_to_use(by=g.actor)
    db.session.commit()
    return done(_("%(vehicle)s is in use again.", vehicle=vehicle.description), url_for("console.vehicle", id=id))


@bp.post("/vehicles/<int:id>")
@needs("customers")
def update_vehicle(id: int) -> Any:
    vehicle = g.shop.vehicle(id)
    try:
        typed.with_vehicle(request.form, partial(vehicle.change, by=g.actor))
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, customer=vehicle.customer, vehicle=vehicle)
    return gone_to(url_for("console.customer", id=vehicle.customer_id), _("Saved."))
