"""When the shop is open, weekday by weekday."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from console import bp
from console.access import needs
from console.answers import again, gone_to
from console.locations import a_clock_time
from models import Refused, Shop, db
from models.shop_settings import change_hours

PAGE, FORM = "console/opening_hours/page.html", "console/opening_hours/_opening_hours.html"
Span = tuple[time, time]


@bp.get("/settings/hours")
@needs("settings")
def opening_hours() -> str:
    return render_template(PAGE, typed=on_file(g.shop), errors={})


@bp.post("/settings/hours")
@needs("settings")
def update_opening_hours() -> Any:
    hours, faults = read(request.form)
    try:
        change_hours(g.shop, hours, by=g.actor, faults=faults)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused)
    return gone_to(url_for("console.opening_hours"), _("Opening hours saved."))


def on_file(shop: Shop) -> dict[str, Any]:
    """The fields of all weekdays; a closed one offers the usual times for when it is ticked."""
    words: dict[str, Any] = {f"{name}_{weekday}": at for weekday in range(7) for name, at in (("opens", "08:00"), ("closes", "17:30"))}
    for row in shop.hours:
        words |= {f"open_{row.weekday}": True, f"opens_{row.weekday}": f"{row.opens:%H:%M}", f"closes_{row.weekday}": f"{row.closes:%H:%M}"}
    return words


def read(form: Mapping[str, str]) -> tuple[dict[int, Span | None], dict[str, Any]]:
    """Opening and closing by weekday, and by field what could not be read. Times of a closed day are not looked at."""
    hours: dict[int, Span | None] = {}
    faults: dict[str, Any] = {}
    for weekday in range(7):
        try:
            open_ = form.get(f"open_{weekday}")
            hours[weekday] = (a_clock_time(form, f"opens_{weekday}"), a_clock_time(form, f"closes_{weekday}")) if open_ else None
        except Refused as refused:
            faults.update({str(field): words for field, words in refused.errors.items()})
    return hours, faults
