"""Settings, Texting: what is there and what is missing, the shop's own account at the provider, and a text to one's own phone."""

from datetime import date
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp, typed
from console.access import needs
from console.answers import again, gone_to
from console.figures import a_decimal_or_none, figure
from models import NotFound, ProviderAccount, Refused, SetupCheck, db, trial
from models.setup_check import TEXTING
from models.texting_setup import REGISTRATIONS, TextingSetup, change_facts
from web import panel

PAGE = "console/texting_setup/page.html"
CHECKLIST, ACCOUNT, FACTS, TRIAL, FATE = (
    f"console/texting_setup/_{name}.html" for name in ("checklist", "account", "facts", "trial", "trial_fate")
)


@bp.get("/settings/texting")
@needs("settings")
def texting_setup() -> str:
    return render_template(PAGE, typed={}, errors={}, **_shown())


@bp.get("/settings/texting/checklist")
@needs("settings")
def texting_checklist() -> Response:
    return panel(PAGE, CHECKLIST, typed={}, errors={}, **_shown())


@bp.post("/settings/texting/check")
@needs("settings")
def create_texting_check() -> Response:
    SetupCheck.begin(g.shop, TEXTING, by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.texting_setup"))


@bp.post("/settings/texting/account")
@needs("settings")
def update_provider_account() -> Any:
    form = request.form
    try:
        ProviderAccount.keep(g.shop, form.get("account_sid", ""), form.get("auth_token", ""), form.get("service_sid", ""), by=g.actor)
        SetupCheck.begin(g.shop, TEXTING, by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, ACCOUNT, refused, **_shown())
    return gone_to(url_for("console.texting_setup"), _("Saved. Texts of this shop go by this account from now on."))


@bp.post("/settings/texting/account/removal")
@needs("settings")
def create_provider_account_removal() -> Response:
    if g.shop.provider_account is None:
        raise NotFound("ProviderAccount")
    g.shop.provider_account.forget(by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.texting_setup"), _("Removed. The installation's account is used again."))


@bp.post("/settings/texting/facts")
@needs("settings")
def update_texting_facts() -> Any:
    faults = typed.Faults()
    try:
        day = faults.reading(lambda: _a_day_or_none(request.form.get("registered_on", "")))
        price = faults.reading(lambda: a_decimal_or_none(request.form, "segment_price"))
        faults.besides(lambda: change_facts(g.shop, request.form.get("registration", ""), day, price, by=g.actor))
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FACTS, refused, **_shown())
    return gone_to(url_for("console.texting_setup"), _("Saved."))


@bp.post("/settings/texting/trial")
@needs("settings")
def create_trial_text() -> Any:
    try:
        trial.text(g.shop, request.form.get("trial_number", ""), bool(request.form.get("trial_agreed")), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, TRIAL, refused, **_shown())
    return gone_to(url_for("console.texting_setup"), _("On its way. What becomes of it shows under the form."))


@bp.get("/settings/texting/trial")
@needs("settings")
def trial_text() -> Response:
    return panel(PAGE, FATE, typed={}, errors={}, **_shown())


def _shown() -> dict[str, Any]:
    location, account = g.shop.location, g.shop.provider_account
    on_file = {
        "account_sid": account.account_sid if account else "",
        "service_sid": account.service_sid if account else "",
        "registration": location.registration,
        "registered_on": location.registered_on.isoformat() if location.registered_on else "",
        "segment_price": figure(location.segment_price),
    }
    registrations = [("", _("Not yet")), *REGISTRATIONS.items()]
    return {
        "setup": TextingSetup(g.shop),
        "on_file": on_file,
        "registrations": registrations,
        "message": trial.newest(g.shop, "text"),
        "agreement": trial.agreement(g.shop),
    }


def _a_day_or_none(text: str) -> date | None:
    return typed.a_day({"registered_on": text}, "registered_on") if text.strip() else None
