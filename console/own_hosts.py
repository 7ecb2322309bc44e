"""Settings, Own name: the host name of the shop's own for its customers' pages, what it needs, and whether links are made with it."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, gone_to
from models import NotFound, OwnHost, Refused, SetupCheck, db
from models.own_host_setup import OwnHostSetup
from models.setup_check import HOST
from web import panel

PAGE = "console/own_hosts/page.html"
NAME, CHECKLIST = "console/own_hosts/_name.html", "console/own_hosts/_checklist.html"


@bp.get("/settings/own-name")
@needs("settings")
def own_host() -> str:
    return render_template(PAGE, typed={}, errors={}, setup=OwnHostSetup(g.shop))


@bp.get("/settings/own-name/checklist")
@needs("settings")
def own_host_checklist() -> Response:
    return panel(PAGE, CHECKLIST, typed={}, errors={}, setup=OwnHostSetup(g.shop))


@bp.post("/settings/own-name")
@needs("settings")
def create_own_host() -> Any:
    try:
        OwnHost.name_it(g.shop, request.form.get("host", ""), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, NAME, refused, setup=OwnHostSetup(g.shop))
    return gone_to(url_for("console.own_host"), _("Kept. Nothing is sent with it until you switch it on."))


@bp.post("/settings/own-name/check")
@needs("settings")
def create_own_host_check() -> Response:
    SetupCheck.begin(_own().shop, HOST, by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.own_host"))


@bp.post("/settings/own-name/use")
@needs("settings")
def create_own_host_use() -> Response:
    _own().switch_on(sure=bool(request.form.get("sure")), by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.own_host"), _("Switched on. Links are made with this name from now on."))


@bp.post("/settings/own-name/use/removal")
@needs("settings")
def create_own_host_use_removal() -> Response:
    _own().switch_off(by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.own_host"), _("Switched off. Links that were sent with this name still work."))


@bp.post("/settings/own-name/removal")
@needs("settings")
def create_own_host_removal() -> Response:
    _own().remove(by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.own_host"), _("Removed. Links that were sent with this name no longer work."))


def _own() -> OwnHost:
    """Raises NotFound: the shop has no name of its own."""
    own: OwnHost | None = g.shop.own_host
    if own is None:
        raise NotFound("OwnHost")
    return own
