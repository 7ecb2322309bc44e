"""*Subscribe*: a private address of the calendar for calendar programs, made, renewed and stopped by the member whose it is."""

from flask import g, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import gone_to
from models import CalendarFeed, NotFound, db
from web import panel

PAGE, PANEL = "console/calendar_feeds/page.html", "console/calendar_feeds/_feed.html"


@bp.get("/calendar/subscription")
@needs("day")
def calendar_feed() -> Response:
    return panel(PAGE, PANEL, feed=CalendarFeed.of(g.me, g.shop))


@bp.post("/calendar/subscription")
@needs("day")
def create_calendar_feed() -> Response:
    CalendarFeed.make(g.me, g.shop, by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.calendar_feed"), _("Here is your address. Copy it into your calendar program."))


@bp.post("/calendar/subscription/renewal")
@needs("day")
def create_calendar_feed_renewal() -> Response:
    _mine().renew(by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.calendar_feed"), _("This is your new address. The old one shows nothing any more."))


@bp.post("/calendar/subscription/end")
@needs("day")
def create_calendar_feed_end() -> Response:
    _mine().stop(by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.calendar_feed"), _("Stopped. The address shows nothing any more."))


def _mine() -> CalendarFeed:
    feed = CalendarFeed.of(g.me, g.shop, lock=True)
    if feed is None:
        raise NotFound("CalendarFeed")
    return feed
