"""Today: the drop-offs of the day and everything that needs a person now."""

from datetime import date

from flask import g, request
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from models.day import Day
from web import panel


@bp.get("/")
@needs("day")
def today() -> str | Response:
    return panel("console/today/page.html", "console/today/_today.html", day=Day(g.shop, _chosen()))


def _chosen() -> date:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return g.shop.today()
