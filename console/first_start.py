"""The link of an empty installation: whoever has it opens a business there and is its administrator. GET uses nothing up."""

from typing import Any

from babel import Locale
from flask import g, redirect, request, session, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user, login_user
from phonenumbers import SUPPORTED_REGIONS

import web
from console import bp
from console.access import enter, home, open_to_strangers
from console.gate import ended, limited, shown
from console.shops import zones
from models import FirstSetup, NotFound, Refused, SignIn, StaffMember, db
from models.business_opening import Opening
from models.first_setup import Step

PAGE = "console/first_start/page.html"
USUAL = {"country": "US", "zone": "America/Chicago", "language": "en"}


@bp.get("/first-start/<token>")
@open_to_strangers
@limited
def first_start(token: str) -> Any:
    setup = _setup(token)
    return shown(PAGE, typed=USUAL, errors={}, **choices()) if setup and setup.works else _over(setup)


@bp.post("/first-start/<token>")
@open_to_strangers
@limited
def create_first_start(token: str) -> Any:
    """Open the business and be signed in as its administrator."""
    setup = _setup(token)
    try:
        if setup is None or not setup.works or not setup.claim():
            return _over(setup)
        member = _opening().carry_out()
    except Refused as refused:
        db.session.rollback()
        return shown(PAGE, 422, typed=request.form, errors=refused.errors, **choices())
    setup.shop = member.memberships[0].shop
    setup.save(Step.business)
    _let_in(member)
    return redirect(url_for("console.first_setup_step", step="address"), 303)


def choices() -> dict[str, Any]:
    """Countries by their names, and time zones."""
    names = Locale.parse(str(get_locale() or "en")).territories
    countries = sorted(((code, names.get(code, code)) for code in SUPPORTED_REGIONS), key=lambda country: country[1])
    return {"countries": countries, "zones": zones()}


def _opening() -> Opening:
    fields = ("business", "shop", "zone", "country", "language", "name", "email")
    return Opening(**{field: request.form.get(field, "") for field in fields}, secret=request.form.get("password", ""))


def _setup(token: str) -> FirstSetup | None:
    try:
        return FirstSetup.found(token)
    except NotFound:
        return None


def _let_in(member: StaffMember) -> None:
    if current_user.is_authenticated:
        current_user.sign_in.end()  # whoever was signed in at this screen
    session.clear()
    SignIn.begin(member, web.ip())
    db.session.commit()
    login_user(member)
    enter(member)


def _over(setup: FirstSetup | None) -> Any:
    """Used up, too old, replaced or unknown. Who has just used it, in another tab or by a double click, goes on."""
    db.session.rollback()
    if setup and setup.used_at and current_user.is_authenticated and current_user.memberships:
        enter(current_user)
        return redirect(url_for("console.first_setup") if g.may("settings") else home(), 303)
    if setup and setup.used_at:
        return ended(_("This set-up link was used already"), [_("Your business is there: sign in, and go on where you were.")])
    return ended(
        _("This set-up link does not work any more"),
        [
            _("A set-up link works once and for seven days, and only the newest one."),
            _("Whoever runs this installation gets a new one by starting it again, or by: flask --app wsgi set-up"),
        ],
    )
