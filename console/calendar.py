"""The calendar: a month, a week or a day of drop-offs, with the marks that Today shows."""

from datetime import date, time, timedelta

from babel.dates import format_interval, format_time
from flask import g, request
from flask_babel import format_date, get_locale
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.list_files import AS_FILE, taken
from models.agenda import Agenda
from models.appointment_list import appointment_list
from models.wording import locale_of
from web import panel

VIEWS = ("month", "week", "day")
FAR = timedelta(days=3660)  # nobody books further from today than that


@bp.get("/calendar")
@needs("day")
def calendar() -> Response:
    agenda = Agenda(g.shop, _view(), _chosen() or g.shop.today())
    return panel("console/calendar/page.html", "console/calendar/_calendar.html", agenda=agenda, chosen=_chosen())


@bp.get(f"/calendar{AS_FILE}")
@needs("day")
def calendar_days_file(form: str) -> Response:
    """For mail merge: the drop-offs of all days that are drawn."""
    agenda = Agenda(g.shop, _view(), _chosen() or g.shop.today())
    return taken(appointment_list(g.shop, agenda.first, agenda.last), form)


@bp.app_template_filter()
def span_words(agenda: Agenda) -> str:
    """What the view spans: November 2026, Nov 22 – 28, 2026, or Thursday, November 26, 2026."""
    if agenda.view == "week":
        return str(format_interval(agenda.first, agenda.last, "yMMMd", locale=get_locale()))
    return str(format_date(agenda.date, "MMMM y" if agenda.view == "month" else "full"))


@bp.app_template_filter()
def narrow_clock(at: time) -> str:
    """The time where there is little room, as the shop's country writes it: 9am, 1:30pm, 13:30."""
    locale = locale_of(g.shop, "en")
    return str(format_time(at, "h:mma", locale=locale)).replace(":00", "").lower() if locale == "en_US" else f"{at:%H:%M}"


def _view() -> str:
    view = request.args.get("view", "")
    return view if view in VIEWS else VIEWS[0]


def _chosen() -> date | None:
    """The day asked for; None for today, and for what is no day or too far away to be meant."""
    try:
        day = date.fromisoformat(request.args.get("date", ""))
    except ValueError:
        return None
    return day if abs(day - g.shop.today()) <= FAR else None
