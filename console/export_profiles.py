"""The columns of a partner's file, edited with a live look at its first lines."""

from collections.abc import Mapping
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from console import bp
from console.access import needs
from console.answers import again, gone_to
from console.export_page import sampled, shown
from console.typed import Faults, a_number
from models import ExportSetup, Partner, Refused, db
from models.export_fields import ALLOWED
from models.export_profile import Profile

PAGE, FORM, SAMPLE = (f"console/export_setup/{name}.html" for name in ("partner", "_profile", "_sample"))
ANY = "<any(carfax, customerlink, mechanicnet):name>"


@bp.post(f"/settings/exports/{ANY}/profile")
@needs("settings")
def update_export_profile(name: str) -> Any:
    setup = ExportSetup.of(g.shop, Partner(name))
    try:
        setup.change_profile(_typed_profile(request.form, setup.partner), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, **shown(name))
    return gone_to(url_for("console.export_partner", name=name) + "#profile", _("Saved. Tonight's file looks like this."))


@bp.post(f"/settings/exports/{ANY}/profile/preset")
@needs("settings")
def create_export_preset(name: str) -> Any:
    setup = ExportSetup.of(g.shop, Partner(name))
    setup.change_profile(Profile.preset(setup.partner), by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.export_partner", name=name) + "#profile", _("The columns are those of the preset again."))


@bp.post(f"/settings/exports/{ANY}/profile/sample")
@needs("settings")
def try_export_profile(name: str) -> Any:
    """The first lines of a file as it is typed; nothing is kept."""
    setup = ExportSetup.of(g.shop, Partner(name))
    try:
        profile = _typed_profile(request.form, setup.partner)
        profile.check(setup.partner)
    except Refused as refused:
        return render_template(SAMPLE, setup=setup, lines=[], said=" ".join(str(words) for words in refused.errors.values())), 200
    return render_template(SAMPLE, setup=setup, **sampled(setup, profile))


def _typed_profile(form: Mapping[str, str], partner: Partner) -> Profile:
    """Raises Refused: a place in the order is no number."""
    faults = Faults()
    places = {name: faults.reading(lambda name=name: a_number(form, f"place_{name}"), f"place_{name}") for name in ALLOWED[partner]}
    if faults:
        raise Refused.at(**faults)
    chosen = sorted((place, name) for name, place in places.items() if place)
    columns = tuple((name, form.get(f"heading_{name}", "").strip()) for _place, name in chosen)
    words = {field: form.get(field, "") for field in ("delimiter", "encoding", "line_end", "date_format", "empty")}
    return Profile(columns, form.get("file_name", "").strip(), header=bool(form.get("header")), **words)
