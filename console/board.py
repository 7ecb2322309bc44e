"""The active-customers board: every vehicle in the shop, as tiles or as rows."""

from datetime import datetime, timedelta

from flask import g, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import gone_to
from console.words import clock_words
from models import db
from models.board import Board
from web import panel


@bp.get("/board")
@needs("board")
def board() -> Response:
    return panel("console/board/page.html", "console/board/_board.html", board=Board(g.shop, request.args.get("q", "")[:60]))


@bp.post("/board/view")
@needs("board")
def choose_board_view() -> Response:
    """Tiles or rows, for this viewer in this shop from now on."""
    g.membership.board_rows = request.form.get("view") == "rows"
    db.session.commit()
    return gone_to(url_for("console.board", q=request.args.get("q") or None))


@bp.app_template_filter()
def span(duration: timedelta) -> str:
    """Hours and minutes, begun minutes not counted: 0:34, 26:05."""
    minutes = int(duration.total_seconds() // 60)
    return f"{minutes // 60}:{minutes % 60:02}"


@bp.app_template_filter()
def short_moment(at: datetime) -> str:
    """Where there is little room: 8:12 AM of today, Fri 8:12 AM of this week or the next, Nov 12 of other days."""
    local, near = g.shop.local(at), timedelta(days=6)
    days = local.date() - g.shop.today()
    if abs(days) > near:
        return str(format_date(local.date(), "MMM d"))
    return clock_words(local) if not days else f"{format_date(local.date(), 'EEE')} {clock_words(local)}"


@bp.app_template_filter()
def left_words(left: timedelta) -> str:
    """What is left of an estimate: 0:34 left; 5 min over."""
    if left > timedelta():
        return _("%(time)s left", time=span(left + timedelta(seconds=59)))
    over = -left
    minutes = int(over.total_seconds() // 60)
    return _("%(count)s min over", count=minutes) if minutes < 60 else _("%(time)s over", time=span(over))
