"""Settings, Plate service: where plates are looked up and with which key, the terms and who agreed, and what was looked up."""

from datetime import date
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, done, gone_to
from console.typed import Faults, a_number
from models import PlateLookup, PlateService, Refused, db, plate_terms
from web import panel

PAGE = "console/plate_service/page.html"
PROVIDER, TERMS, USE, LOOKUPS = (f"console/plate_service/_{name}.html" for name in ("provider", "terms", "use", "lookups"))
MONTHS, NEWEST = 6, 25


@bp.get("/settings/plates")
@needs("settings")
def plate_service_setup() -> str:
    return render_template(PAGE, typed={}, errors={}, **_shown())


@bp.get("/settings/plates/use")
@needs("settings")
def plate_service_use() -> Response:
    return panel(PAGE, USE, typed={}, errors={}, **_shown())


@bp.get("/settings/plates/look-ups")
@needs("settings")
def plate_service_lookups() -> Response:
    return panel(PAGE, LOOKUPS, typed={}, errors={}, **_shown())


@bp.post("/settings/plates")
@needs("settings")
def update_plate_service() -> Any:
    form, faults = request.form, Faults()
    try:
        most = faults.reading(lambda: a_number(form, "most_a_month"))
        service = PlateService.of(g.shop)
        faults.besides(lambda: service.subscribe(form.get("address", ""), form.get("key", ""), most, by=g.actor))
        db.session.commit()
    except Refused as refused:
        return again(PAGE, PROVIDER, refused, **_shown())
    return gone_to(url_for("console.plate_service_setup"), _("Kept."))


@bp.post("/settings/plates/terms")
@needs("settings")
def create_plate_agreement() -> Any:
    try:
        PlateService.of(g.shop).agree(request.form.get("agreed", ""), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, TERMS, refused, **_shown())
    return gone_to(url_for("console.plate_service_setup"), _("Kept, with your name and the time."))


@bp.post("/settings/plates/use")
@needs("settings")
def create_plate_service_use() -> Response:
    PlateService.of(g.shop).switch_on(by=g.actor)
    db.session.commit()
    return done(_("Switched on. A vehicle's card can find the VIN by the plate now."), url_for("console.plate_service_setup"))


@bp.post("/settings/plates/use/removal")
@needs("settings")
def create_plate_service_use_removal() -> Response:
    PlateService.of(g.shop).switch_off(by=g.actor)
    db.session.commit()
    return done(_("Switched off. The key and what was looked up are kept."), url_for("console.plate_service_setup"))


@bp.app_template_filter()
def month_name(first: date) -> str:
    """November 2026."""
    return str(format_date(first, "MMMM y"))


def _shown() -> dict[str, Any]:
    service = PlateService.of(g.shop)
    on_file = {"address": service.address, "most_a_month": service.most_a_month}
    months, newest = PlateLookup.months(g.shop, MONTHS), PlateLookup.newest(g.shop, NEWEST)
    return {"service": service, "terms": plate_terms, "on_file": on_file, "months": months, "newest": newest}
