"""Follow-ups: who is due for a letter, who was written to, who was held back and why; and all of one customer."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta

from flask import g, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.list_files import AS_FILE, taken
from console.narrowing import a_day_or_none, an_amount_or_none, asked
from models import Customer, LastInvoice, Letter, LetterKind, LetterRules, Shop, clock
from models.letter_file import letter_file
from models.letter_forecast import foreseen_letters, senders
from models.letter_kind import CHANNELS
from models.letter_list import LetterList, Wanted
from web import panel

PAGE, LIST = "console/follow_ups/page.html", "console/follow_ups/_follow_ups.html"
STATES = ("due", "sent", "held")
YEAR = timedelta(days=400)  # how far a customer's calendar looks ahead


@bp.get("/follow-ups")
@needs("customers")
def follow_ups() -> Response:
    wanted, before = _wanted(request.args), request.args.get("before", type=int)
    listed = LetterList(g.shop, wanted, before)
    context = {"listed": listed, "wanted": wanted, "before": before}
    return panel(PAGE, LIST, **context, kinds=_kinds(), channels=_channels(), asked=asked(asdict(wanted)))


@bp.get(f"/follow-ups{AS_FILE}")
@needs("customers")
def follow_ups_file(form: str) -> Response:
    """For mail merge: all that fits, not a page of it."""
    listed = LetterList(g.shop, _wanted(request.args))
    return taken(letter_file(listed, barred_too="barred" in request.args), form)


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
    kind, state, channel = (args.get(name, "") for name in ("kind", "state", "channel"))
    return Wanted(
        state=state if state in STATES else "due",
        kind=LetterKind(kind) if kind in LetterKind.__members__ else None,
        channel=channel if channel in CHANNELS else "",
        since=a_day_or_none("since"),
        until=a_day_or_none("until"),
        words=args.get("words", "")[:60],
        at_least=an_amount_or_none("at_least"),
    )


def _kinds() -> list[tuple[str, str]]:
    return [("", _("All kinds")), *((kind.value, kind.label) for kind in LetterKind)]


def _channels() -> list[tuple[str, str]]:
    return [("", _("E-mail and postcard")), ("email", _("E-mail")), ("postcard", _("Postcard"))]
