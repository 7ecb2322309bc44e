"""Settings, Print service: who prints and posts the shop's cards, what one costs, and where the service says what became of them."""

from collections.abc import Mapping
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, gone_to
from console.figures import an_amount, figure
from console.typed import Faults
from models import NotFound, PrintService, Refused, SetupCheck, db
from models.money import is_currency
from models.print_service import CLASSES, USES, Wanted
from models.print_setup import PrintSetup
from models.setup_check import PRINT
from web import panel

PAGE = "console/print_services/page.html"
ACCOUNT, CHECKLIST = "console/print_services/_account.html", "console/print_services/_checklist.html"


@bp.get("/settings/print-service")
@needs("settings")
def print_service() -> str:
    return render_template(PAGE, typed={}, errors={}, **_shown())


@bp.get("/settings/print-service/checklist")
@needs("settings")
def print_checklist() -> Response:
    return panel(PAGE, CHECKLIST, typed={}, errors={}, **_shown())


@bp.post("/settings/print-service")
@needs("settings")
def update_print_service() -> Any:
    faults = Faults()
    try:
        wanted = _wanted(request.form, faults)
        service = faults.besides(lambda: PrintService.keep(g.shop, wanted, by=g.actor))
        if service.key:
            SetupCheck.begin(g.shop, PRINT, by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, ACCOUNT, refused, **_shown())
    return gone_to(url_for("console.print_service"), _("Saved."))


@bp.post("/settings/print-service/check")
@needs("settings")
def create_print_check() -> Response:
    SetupCheck.begin(g.shop, PRINT, by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.print_service"))


@bp.post("/settings/print-service/address")
@needs("settings")
def renew_print_address() -> Response:
    service = PrintService.of(g.shop)
    if service is None:
        raise NotFound("PrintService")
    service.renew_address(by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.print_service"), _("The old address works no more. Give the new one to the service."))


def _wanted(form: Mapping[str, str], faults: Faults) -> Wanted:
    """As typed; what is no price goes into ``faults``."""
    words = {name: form.get(name, "").strip() for name in ("api_address", "key", "secret", "shop_code", "use_type", "mail_type")}
    words["api_address"] = words["api_address"].rstrip("/")
    currency, typed = form.get("currency", "").strip().upper(), form.get("price", "")
    known = currency if is_currency(currency) else g.shop.currency
    price = faults.reading(lambda: an_amount(typed, known, "price")) if typed.strip() else None
    return Wanted(on=bool(form.get("on")), price=price, currency=currency, **words)


def _shown() -> dict[str, Any]:
    setup = PrintSetup(g.shop)
    service = setup.service
    on_file: dict[str, Any] = {"currency": g.shop.currency, "use_type": "marketing", "mail_type": "usps_first_class"}
    if service:
        on_file = {name: getattr(service, name) for name in ("on", "api_address", "shop_code", "currency", "use_type", "mail_type")}
        on_file["price"] = figure(service.card_price)
    return {"setup": setup, "on_file": on_file, "uses": list(USES.items()), "classes": list(CLASSES.items())}
