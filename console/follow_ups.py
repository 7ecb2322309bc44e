"""Follow-ups: who is due for a letter, who was written to, who was held back and why; what came of it; and all of one customer."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import g, make_response, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from models import Customer, LastInvoice, Letter, LetterKind, LetterRules, Shop, clock
from models.letter_forecast import foreseen_letters, senders
from models.letter_kind import CHANNELS
from models.letter_list import PAGE as PAGE_LENGTH
from models.letter_list import LetterList, Wanted
from models.letter_outcome import outcomes, unsubscribed
from web import panel

PAGE, LIST = "console/follow_ups/page.html", "console/follow_ups/_follow_ups.html"
STATES = ("due", "sent", "held")
YEAR = timedelta(days=400)  # how far a customer's calendar looks ahead
PERIOD = timedelta(days=90)  # of statistics, if nothing is chosen


@bp.get("/follow-ups")
@needs("customers")
def follow_ups() -> Response:
    wanted, before = _wanted(request.args), request.args.get("before", type=int)
    listed = LetterList(g.shop, wanted, before)
    context = {"listed": listed, "wanted": wanted, "before": before, "kinds": _kinds(), "states": STATES, "limit": PAGE_LENGTH}
    return panel(PAGE, LIST, **context, asked=_asked(wanted))


@bp.get("/follow-ups.csv")
@needs("customers")
def follow_ups_file() -> Response:
    """For mail merge: all that fits, not a page of it."""
    wanted = _wanted(request.args)
    response = make_response(LetterList(g.shop, wanted, limit=100_000).as_csv())
    name = f"follow-ups-{wanted.state}-{g.shop.today():%Y-%m-%d}.csv"
    response.headers.update({"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": f'attachment; filename="{name}"'})
    return response


@bp.get("/follow-ups/statistics")
@needs("customers")
def letter_statistics() -> Response:
    until = _day(request.args, "until") or g.shop.today()
    since = _day(request.args, "since") or until - PERIOD
    rows = outcomes(g.shop, since, until)
    most = max([1, *(row.sent for row in rows)])
    context = {"rows": rows, "most": most, "since": since, "until": until, "unsubscribed": unsubscribed(g.shop, since, until)}
    return panel("console/follow_ups/statistics.html", "console/follow_ups/_statistics.html", **context)


@bp.get("/customers/<int:id>/letters")
@needs("customers")
def customer_letters(id: int) -> Response:
    """*Why?* of one customer: what was written and will be, each with its rules."""
    customer = g.shop.customer(id)
    until = clock.now() + YEAR
    ahead = sorted((one for rules in senders(g.shop) for one in foreseen_letters(rules, until, of=customer.id)), key=lambda one: one.at)
    context = {"customer": customer, "written": Letter.to(customer), "ahead": ahead, "dead_since": _dead_since(g.shop, customer)}
    return panel("console/follow_ups/customer.html", "console/follow_ups/_customer.html", **context)


def _dead_since(shop: Shop, customer: Customer) -> date | None:
    """From which day on no inactive letter goes any more; None: one still may."""
    last = LastInvoice.of(customer.id)
    rules = [rules for channel in CHANNELS if (rules := LetterRules.of(shop, channel)).sends]
    if last is None or not rules or not all(one.is_dead(last.on, shop.today()) for one in rules):
        return None
    return max(last.on + timedelta(days=one.dead) for one in rules)


def _wanted(args: Mapping[str, str]) -> Wanted:
    """As asked for; what makes no sense narrows nothing."""
    kind, state = args.get("kind", ""), args.get("state", "")
    return Wanted(
        state=state if state in STATES else "due",
        kind=LetterKind(kind) if kind in LetterKind.__members__ else None,
        since=_day(args, "since"),
        until=_day(args, "until"),
        words=args.get("q", "")[:60],
    )


def _asked(wanted: Wanted) -> dict[str, Any]:
    """The same for an address."""
    days = {name: day.isoformat() for name, day in (("since", wanted.since), ("until", wanted.until)) if day}
    return {
        "state": wanted.state,
        **({"kind": wanted.kind.value} if wanted.kind else {}),
        **days,
        **({"q": wanted.words} if wanted.words else {}),
    }


def _day(args: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(args.get(name, ""))
    except ValueError:
        return None


def _kinds() -> list[tuple[str, str]]:
    return [("", _("All kinds")), *((kind.value, kind.label) for kind in LetterKind)]
