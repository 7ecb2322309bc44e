"""All work that is put off in the shop: to look through, and to take away for mail merge."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.list_files import AS_FILE, taken
from console.narrowing import a_day_or_none, an_amount_or_none, asked
from models.deferred_list import PAGE as PAGE_LENGTH
from models.deferred_list import DeferredList
from web import panel

PAGE, LIST = "console/deferred_lists/page.html", "console/deferred_lists/_deferred_list.html"


@bp.get("/deferred-items")
@needs("customers")
def deferred_list() -> Response:
    before, wanted = request.args.get("before", type=int), _wanted()
    found = DeferredList(g.shop, **wanted).page(before)
    return panel(PAGE, LIST, found=found, wanted=wanted, asked=asked(wanted), before=before, limit=PAGE_LENGTH)


@bp.get(f"/deferred-items{AS_FILE}")
@needs("customers")
def deferred_list_file(form: str) -> Response:
    return taken(DeferredList(g.shop, **_wanted()).file, form)


def _wanted() -> dict[str, Any]:
    """As asked for; what makes no sense narrows nothing."""
    days = {name: a_day_or_none(name) for name in ("since", "until")}
    return {"words": request.args.get("words", "")[:60], "at_least": an_amount_or_none("at_least"), **days}
