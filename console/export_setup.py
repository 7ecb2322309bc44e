"""Settings, Exports: the independent switches of CRM Setup, each with its terms, and where each partner's file goes."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, gone_to
from console.export_page import shown
from console.typed import Faults, a_number
from models import ExportSetup, LetterRules, Partner, Refused, db
from models.export_trial import ExportTrial
from models.letter_kind import CHANNELS
from models.shop_settings import change_location

PAGE, PARTNER, ADDRESS, SWITCH = (f"console/export_setup/{name}.html" for name in ("page", "partner", "_address", "_switch"))
ANY = "<any(carfax, customerlink, mechanicnet):name>"


@bp.get("/settings/exports")
@needs("settings")
def export_setup() -> str:
    letters = any(LetterRules.of(g.shop, channel).on for channel in CHANNELS)
    return render_template(
        PAGE, setups=ExportSetup.all_of(g.shop), letters=letters, typed={"tells": g.shop.location.tells_exports}, errors={}
    )


@bp.post("/settings/exports/receipt")
@needs("settings")
def update_export_receipt() -> Response:
    """Whether customers may see what was handed over about their car."""
    change_location(g.shop, {"tells_exports": bool(request.form.get("tells"))}, by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.export_setup"), _("Saved."))


@bp.get(f"/settings/exports/{ANY}")
@needs("settings")
def export_partner(name: str) -> str:
    return render_template(PARTNER, typed={}, errors={}, **shown(name))


@bp.post(f"/settings/exports/{ANY}/switch")
@needs("settings")
def create_export_switch(name: str) -> Any:
    setup = ExportSetup.of(g.shop, Partner(name))
    try:
        setup.switch_on(bool(request.form.get("agreed")), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PARTNER, SWITCH, refused, **shown(name))
    return gone_to(url_for("console.export_partner", name=name), _("On. The first file is made tonight."))


@bp.post(f"/settings/exports/{ANY}/switch/removal")
@needs("settings")
def create_export_switch_removal(name: str) -> Response:
    ExportSetup.of(g.shop, Partner(name)).switch_off(by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.export_partner", name=name), _("Off. Nothing more is sent."))


@bp.post(f"/settings/exports/{ANY}")
@needs("settings")
def update_export_partner(name: str) -> Any:
    form, faults = request.form, Faults()
    setup = ExportSetup.of(g.shop, Partner(name))
    port = faults.reading(lambda: a_number(form, "port"))
    words = {field: form.get(field, "") for field in ("delivery", "server", "user_name", "password", "directory")}
    switches = {field: bool(form.get(field)) for field in ("passive", "needs_tls")}
    try:
        faults.besides(lambda: setup.set_up(form.get("code", ""), {**words, **switches, "port": port}, by=g.actor))
        ExportTrial(g.shop, setup.partner).begin(by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PARTNER, ADDRESS, refused, **shown(name))
    return gone_to(url_for("console.export_partner", name=name), _("Saved."))
