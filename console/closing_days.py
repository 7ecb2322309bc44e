"""Dates on which the shop is closed: its own, and holidays that it accepts from a calendar's suggestions."""

from datetime import date, timedelta
from typing import Any

from flask import abort, g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from console import bp, typed
from console.access import needs
from console.answers import again, done, gone_to
from console.words import day_words
from models import Refused, db
from models.agenda import booked_between
from models.closing_day import calendars
from models.shop_settings import accept_holidays, change_location, close_on, holidays_ahead, open_on
from web import panel

PAGE, LIST, FORM = (f"console/closing_days/{name}.html" for name in ("page", "_closing_days", "_new"))
AHEAD = timedelta(days=800)  # how far booked drop-offs on closed dates are counted


@bp.get("/settings/closed-dates")
@needs("settings")
def closing_days() -> Response:
    return panel(PAGE, LIST, typed=_on_file(), errors={}, **_shown())


@bp.post("/settings/closed-dates")
@needs("settings")
def create_closing_day() -> Any:
    try:
        day = typed.a_day(request.form)
        if day < g.shop.today() or g.shop.closing_day(day):
            raise Refused(_("That date is past.") if day < g.shop.today() else _("The shop is closed that day already."), field="date")
        close_on(g.shop, {day: request.form.get("name", "")}, by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, **_shown())
    return gone_to(url_for("console.closing_days"), _closed_sentence([day]))


@bp.post("/settings/closed-dates/<day>/removal")
@needs("settings")
def create_closing_day_removal(day: str) -> Response:
    closing = g.shop.closing_day(_date(day))
    name = closing.name if closing else ""
    open_on(g.shop, _date(day), by=g.actor)
    db.session.commit()
    sentence = _("Open again: %(day)s.", day=day_words(_date(day)))
    if not closing or not request.headers.get("HX-Request"):
        return done(sentence, url_for("console.closing_days"))
    response = make_response(render_template("console/closing_days/_removed.html", sentence=sentence, day=day, name=name))
    response.headers["HX-Trigger"] = "refresh"
    return response


@bp.post("/settings/closed-dates/<day>/return")
@needs("settings")
def create_closing_day_return(day: str) -> Response:
    """Undo a removal."""
    close_on(g.shop, {_date(day): request.form.get("name", "")}, by=g.actor)
    db.session.commit()
    return done(_closed_sentence([_date(day)]), url_for("console.closing_days"))


@bp.post("/settings/closed-dates/holidays")
@needs("settings")
def create_holidays() -> Response:
    days = accept_holidays(g.shop, {_date(text) for text in request.form.getlist("day")}, by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.closing_days"), _closed_sentence(days))


@bp.post("/settings/closed-dates/calendar")
@needs("settings")
def update_holiday_calendar() -> Any:
    try:
        change_location(g.shop, {"holiday_calendar": request.form.get("holiday_calendar", "").strip().upper()}, by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, "console/closing_days/_holiday_calendar.html", refused, **_shown())
    return gone_to(url_for("console.closing_days"), _("Holiday calendar saved."))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)


def _on_file() -> dict[str, Any]:
    return {"holiday_calendar": g.shop.location.holiday_calendar}


def _shown() -> dict[str, Any]:
    today = g.shop.today()
    return {
        "ahead": [closing for closing in g.shop.closing_days if closing.date >= today],
        "earlier": [closing for closing in reversed(g.shop.closing_days) if closing.date < today],
        "booked": {day: booked for day, (_known, booked) in booked_between(g.shop, today, today + AHEAD).items()},
        "holidays": holidays_ahead(g.shop),
        "calendars": calendars(g.shop.country),
    }


def _closed_sentence(days: list[date]) -> str:
    """What was done, and what people must still do about it."""
    if not days:
        return _("Nothing was ticked.")
    booked = booked_between(g.shop, min(days), max(days))
    standing = sum(booked[day][1] for day in days if day in booked)
    closed = _("Closed on %(day)s.", day=day_words(days[0])) if len(days) == 1 else _("Closed on %(count)s more dates.", count=len(days))
    move = ngettext("%(num)s drop-off is booked on it: move it.", "%(num)s drop-offs are booked then: move them.", standing)
    return f"{closed} {move}" if standing else closed
