"""Days as the console writes them, and what its templates ask for on every page."""

from datetime import UTC, date, datetime, time
from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from console import bp
from models import Waiting, clock, moments

# what waits for somebody is counted beside the page where it is dealt with
BADGES = {"today": "console/reschedule_requests/_count.html", "messages": "console/threads/_count.html"}


@bp.app_template_filter()
def day_words(day: date) -> str:
    """Today, tomorrow, yesterday, or Thu, Nov 26."""
    near = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}
    style = "EEE, MMM d" if day.year == g.shop.today().year else "EEE, MMM d, y"
    return near.get((day - g.shop.today()).days) or str(format_date(day, style))


@bp.app_template_filter()
def clock_words(at: datetime | time) -> str:
    """9:00 AM: a clock time as it is, an instant with the zone that it carries, of an instant in UTC the shop's."""
    shown = g.shop.local(at) if isinstance(at, datetime) and at.tzinfo is UTC else at
    return moments.clock_words(shown)


@bp.app_template_filter()
def moment_words(at: datetime) -> str:
    """8:12 AM for today, else Tue, Nov 24, 8:12 AM: on the shop's clock."""
    local = g.shop.local(at)
    return clock_words(local) if local.date() == g.shop.today() else f"{day_words(local.date())}, {clock_words(local)}"


@bp.context_processor
def _spoken_of() -> dict[str, Any]:
    return {"get_locale": get_locale, "now": clock.now, "console_pages": pages, "advisors": advisors}


def advisors() -> list[tuple[int | str, str]]:
    """Who can look after a visit, for a list to choose from."""
    return [("", _("Nobody")), *((member.id, member.name) for member in g.shop.advisors())]


@bp.app_template_global()
def waiting() -> Waiting:
    """Asked once a request."""
    if "waiting" not in g:
        g.waiting = Waiting.at(g.shop)
    found: Waiting = g.waiting
    return found


def pages() -> list[dict[str, Any]]:
    """The navigation: what this member may open, and where they are."""
    all_pages = (
        ("today", "day", _("Today"), "today"),
        ("board", "board", _("Board"), "board"),
        ("calendar", "day", _("Calendar"), "calendar"),
        ("estimates", "estimates", _("Estimates"), "estimates"),
        ("messages", "messages", _("Messages"), "messages"),
        ("customers", "customers", _("Customers"), "customers"),
        ("follow_ups", "customers", _("Follow-ups"), "mail"),
        ("exports", "customers", _("Exports"), "export"),
        ("queue", "queue", _("Queue"), "queue"),
        ("technician_priority", "work", _("Technician priority"), "wrench"),
        ("settings", "settings", _("Settings"), "settings"),
    )
    known = (page for page in all_pages if g.may(page[1]) and f"console.{page[0]}" in current_app.view_functions)
    return [
        {"url": url_for(f"console.{name}"), "word": word, "icon": icon, "here": _is_within(name), "badge": BADGES.get(name)}
        for name, _permission, word, icon in known
    ]


def _is_within(name: str) -> bool:
    """Whether this is the page of that name, or one below it: a customer is within Customers, a tab within Settings."""
    root = url_for(f"console.{name}")
    inside = "/console/threads/" if name == "messages" else f"{root}/"
    return request.path == root or (name != "today" and request.path.startswith((f"{root}/", inside)))
