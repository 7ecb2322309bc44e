"""Settings, E-mail: whether the mail server answers and what DNS says of the sender's domain; and a mail to one's own mailbox."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, gone_to
from models import Refused, SetupCheck, db, trial
from models.mail_setup import MailSetup, change_selector
from models.setup_check import MAIL
from web import panel

PAGE = "console/mail_setup/page.html"
CHECKLIST, SELECTOR, TRIAL, FATE = (f"console/mail_setup/_{name}.html" for name in ("checklist", "selector", "trial", "trial_fate"))


@bp.get("/settings/e-mail")
@needs("settings")
def mail_setup() -> str:
    return render_template(PAGE, typed={}, errors={}, **_shown())


@bp.get("/settings/e-mail/checklist")
@needs("settings")
def mail_checklist() -> Response:
    return panel(PAGE, CHECKLIST, typed={}, errors={}, **_shown())


@bp.post("/settings/e-mail/check")
@needs("settings")
def create_mail_check() -> Response:
    SetupCheck.begin(g.shop, MAIL, by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.mail_setup"))


@bp.post("/settings/e-mail/selector")
@needs("settings")
def update_dkim_selector() -> Any:
    try:
        change_selector(g.shop, request.form.get("dkim_selector", ""), by=g.actor)
        SetupCheck.begin(g.shop, MAIL, by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, SELECTOR, refused, **_shown())
    return gone_to(url_for("console.mail_setup"), _("Saved."))


@bp.post("/settings/e-mail/trial")
@needs("settings")
def create_trial_mail() -> Any:
    try:
        trial.mail(g.shop, request.form.get("trial_address", ""), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, TRIAL, refused, **_shown())
    return gone_to(url_for("console.mail_setup"), _("On its way. What becomes of it shows under the form."))


@bp.get("/settings/e-mail/trial")
@needs("settings")
def trial_mail() -> Response:
    return panel(PAGE, FATE, typed={}, errors={}, **_shown())


def _shown() -> dict[str, Any]:
    on_file = {"dkim_selector": g.shop.location.dkim_selector, "trial_address": g.me.email}
    return {"setup": MailSetup(g.shop), "on_file": on_file, "message": trial.newest(g.shop, "email")}
