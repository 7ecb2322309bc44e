"""Settings, Exports: whether a partner's server takes a file from here, tried when somebody asks."""

from flask import g, url_for
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import gone_to
from console.export_page import shown
from models import Partner, db
from models.export_trial import ExportTrial
from web import panel

PAGE, PANEL = "console/export_setup/partner.html", "console/export_setup/_trial.html"


@bp.get("/settings/exports/<any(carfax, customerlink, mechanicnet):name>/trial")
@needs("settings")
def export_trial(name: str) -> Response:
    return panel(PAGE, PANEL, typed={}, errors={}, **shown(name))


@bp.post("/settings/exports/<any(carfax, customerlink, mechanicnet):name>/trial")
@needs("settings")
def create_export_trial(name: str) -> Response:
    ExportTrial(g.shop, Partner(name)).begin(by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.export_partner", name=name))
