"""Plate to VIN on a vehicle's card: asked for by a tap, since each may cost, and shown as soon as the provider has answered."""

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import gone_to
from models import PlateLookup, PlateService, Refused, db
from web import panel

PAGE, LOOKUP = "console/plate_lookups/page.html", "console/plate_lookups/_plate_lookup.html"


@bp.post("/plate-lookups")
@needs("customers")
def create_plate_lookup() -> Response | tuple[str, int]:
    try:
        lookup = PlateLookup.ask(g.shop, request.form.get("plate", ""), request.form.get("plate_region", ""), by=g.actor)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if not request.headers.get("HX-Request"):
            raise
        return render_template(LOOKUP, lookup=None, refused=refused), 422
    if not request.headers.get("HX-Request"):
        return gone_to(url_for("console.plate_lookup", id=lookup.id))
    return panel(PAGE, LOOKUP, lookup=lookup, refused=None)


@bp.get("/plate-lookups/<int:id>")
@needs("customers")
def plate_lookup(id: int) -> Response:
    return panel(PAGE, LOOKUP, lookup=g.shop.plate_lookup(id), refused=None)


@bp.app_template_global()
def plate_service() -> PlateService:
    return PlateService.of(g.shop)
