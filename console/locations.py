"""The rules of a location: when messages go, what a booking may do, what customers may ask."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from console import bp, typed
from console.access import needs
from console.answers import again, gone_to
from models import Location, Policy, Refused, db
from models.shop_settings import change_location

PAGE, FORM = "console/locations/page.html", "console/locations/_location.html"
TICKS = (
    "reschedule_allowed",
    "booking_message",
    "remind_confirmed",
    "spoken_consent",
    "cancel_message",
    "no_show_automatic",
    "provider_answers_keywords",
    "answers_after_hours",
)
CLOCKS = ("morning_time", "quiet_from", "quiet_until")
POLICIES = ("past_policy", "closed_policy", "hours_policy", "capacity_policy")


@bp.get("/settings")
@needs("settings")
def settings() -> str:
    return render_template(PAGE, typed=_on_file(g.shop.location), errors={})


@bp.post("/settings")
@needs("settings")
def update_location() -> Any:
    values, faults = _read(request.form)
    try:
        change_location(g.shop, values, by=g.actor, faults=faults)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused)
    return gone_to(url_for("console.settings"), _("Saved. Reminders of what is booked already follow the new rules."))


def _on_file(location: Location) -> dict[str, Any]:
    clocks = {name: getattr(location, name).isoformat("minutes") for name in CLOCKS}
    return {name: getattr(location, name) for name in (*TICKS, *POLICIES, "days_before", "capacity", "consent_keyword")} | clocks


def _read(form: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was typed as columns of Location, and by field what could not be read."""
    readers: dict[str, Any] = {
        **dict.fromkeys(CLOCKS, a_clock_time),
        **dict.fromkeys(POLICIES, _policy),
        "days_before": _days,
        "capacity": _whole,
        "consent_keyword": lambda form, name: form.get(name, ""),
    }
    values: dict[str, Any] = {name: bool(form.get(name)) for name in TICKS}
    faults: dict[str, Any] = {}
    for name, reader in readers.items():
        try:
            values[name] = reader(form, name)
        except Refused as refused:
            faults.update({str(field): words for field, words in refused.errors.items()})
    return values, faults


def a_clock_time(form: Mapping[str, str], name: str) -> time:
    """A time that may not be left out. Raises Refused."""
    at = typed.a_time(form, name)
    if at is None:
        raise Refused(_("Give the time as hours and minutes, like 08:30."), field=name)
    return at


def _policy(form: Mapping[str, str], name: str) -> Policy:
    try:
        return Policy(form.get(name, ""))
    except ValueError as problem:
        raise Refused(_("Choose whether to refuse or to warn."), field=name) from problem


def _whole(form: Mapping[str, str], name: str) -> int | None:
    text = form.get(name, "").strip()
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Refused(_("Give a whole number, without signs."), field=name)
    return int(text) if text else None


def _days(form: Mapping[str, str], name: str) -> int:
    days = _whole(form, name)
    if days is None:
        raise Refused(_("Give a number of business days from 0 to 7. 0 sends no reminder."), field=name)
    return days
