"""What is said while a vehicle is typed: of its VIN and of its odometer. Nothing is changed here."""

from collections.abc import Mapping
from typing import Any

from flask import g, render_template, request

from console import bp, typed
from console.access import needs
from console.vin_reading import FIELDS, VinReading, labels
from models import Refused, Vehicle

PAGE = "console/vehicles/form.html"
READ_ON = {"odometer": "invoiced_on", "reading": "read_on"}  # a reading's field, and that of its day where the form has one


@bp.get("/vehicles/vin")
@needs("customers")
def check_vin() -> str:
    reading = VinReading(g.shop, request.args, request.args.get("vehicle", type=int), typing=True)
    return render_template("console/vehicles/_vin.html", reading=reading)


@bp.post("/vehicles/vin")
@needs("customers")
def read_vin() -> str:
    """The card with what the VIN says in its empty fields, not yet saved: for who has no script."""
    vehicle = g.shop.vehicle(request.args.get("vehicle", type=int)) if "vehicle" in request.args else None
    customer = vehicle.customer if vehicle else g.shop.customer(request.args.get("customer", 0, int))
    read = VinReading(g.shop, request.form, vehicle.id if vehicle else None, typing=True)
    words = {**request.form.to_dict(), **{name: read.fills.get(name, read.form[name]) for name in FIELDS}}
    return render_template(PAGE, customer=customer, vehicle=vehicle, typed=words, errors={"vin": read.fault} if read.fault else {})


@bp.get("/vehicles/<int:id>/odometer/<any(odometer, reading):name>")
@needs("customers")
def check_odometer(id: int, name: str) -> str:
    vehicle = g.shop.vehicle(id)
    doubt = odometer_doubt(vehicle, request.args, name)
    return render_template("console/vehicles/_odometer_doubt.html", name=name, doubt=doubt, typed=request.args)


@bp.app_template_global()
def vin_reading(typed: Mapping[str, Any], vehicle: Vehicle | None) -> VinReading:
    kept = {"vin_as_is": vehicle.vin} if vehicle and vehicle.vin_sure_at and typed.get("vin") == vehicle.vin else {}
    return VinReading(g.shop, {**typed, **kept}, vehicle.id if vehicle else None)


@bp.app_template_global()
def odometer_doubt(vehicle: Vehicle | None, form: Mapping[str, Any], name: str) -> str:
    """About what is typed in the field; what is on file as it is, or can't be read, is not doubted here."""
    words = {name: str(form.get(name) or ""), "read_on": str(form.get(READ_ON[name]) or "")}
    try:
        value, day = typed.a_number(words, name), typed.a_day(words, "read_on") if words["read_on"] else None
    except Refused:
        return ""
    if vehicle is None or (name == "odometer" and value == vehicle.odometer):
        return ""
    return vehicle.odometer_doubt(value, day)


@bp.app_template_global()
def vin_labels() -> dict[str, str]:
    return labels()
