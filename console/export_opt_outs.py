"""Leaving a vehicle out of everything that is handed over to other companies, on the vehicle's page."""

from flask import g, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done
from models import ExportOptOut, Vehicle, db


@bp.app_template_global()
def export_opt_out_of(vehicle: Vehicle) -> ExportOptOut | None:
    return ExportOptOut.of(vehicle)


@bp.post("/vehicles/<int:id>/export-opt-out")
@needs("customers")
def create_export_opt_out(id: int) -> Response:
    vehicle = g.shop.vehicle(id)
    ExportOptOut.set(vehicle, by=g.actor)
    db.session.commit()
    return done(_("%(vehicle)s is in no file from now on.", vehicle=vehicle.description), url_for("console.vehicle", id=id))


@bp.post("/vehicles/<int:id>/export-opt-out/removal")
@needs("customers")
def create_export_opt_out_removal(id: int) -> Response:
    vehicle = g.shop.vehicle(id)
    ExportOptOut.lift(vehicle, by=g.actor)
    db.session.commit()
    return done(_("%(vehicle)s is in the files again.", vehicle=vehicle.description), url_for("console.vehicle", id=id))
