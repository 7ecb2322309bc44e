"""What customers did with their overviews a moment ago, for the toasts of every page."""

from datetime import UTC, datetime, timedelta

from flask import g, make_response, render_template, request
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from models import clock
from models.overview_news import OverviewNews

LONGEST = timedelta(hours=1)  # what happened while a screen slept for longer is on the lists


@bp.get("/overviews/news")
@needs("work")
def overview_news() -> Response:
    response = make_response(render_template("console/overview_news/_news.html", news=OverviewNews.since(g.shop, _after())))
    response.headers["Cache-Control"] = "no-store"
    return response


def _after() -> datetime:
    earliest = clock.now() - LONGEST
    try:
        return max(datetime.fromtimestamp(float(request.args.get("after", "")), UTC), earliest)
    except (ValueError, OverflowError, OSError):
        return clock.now()
