"""The shop's calendar for calendar programs: the token in the address is the right. Outside of /console, where a session is asked for."""

from flask import Blueprint, Response, make_response, request
from sqlalchemy.exc import SQLAlchemyError

from console.access import open_to_strangers
from models import CalendarFeed, db, writing
from models.agenda_file import AgendaFile
from web import counted_link, limiter

bp = Blueprint("calendar_file", __name__, url_prefix="/calendar")


# guessing is slowed down by the other side's address, and a program that went wild by the address that it asks for
wrong = limiter.shared_limit("30/minute;300/hour", scope="wrong calendars", deduct_when=lambda answer: answer.status_code == 404)
often = limiter.limit("30/minute;240/hour", key_func=counted_link, scope="calendar")


@bp.get("/<token>.ics")
@open_to_strangers
@wrong
@often
def calendar_file(token: str) -> Response:
    """Raises NotFound: unknown, revoked and stopped addresses alike."""
    feed = CalendarFeed.found(token)
    agenda = AgendaFile(feed.shop)
    response = make_response()
    response.set_etag(agenda.version)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.make_conditional(request)
    if response.status_code == 200:
        response.data = agenda.content
        response.headers["Content-Type"] = "text/calendar; charset=utf-8; method=PUBLISH"
        response.headers["Content-Disposition"] = f'inline; filename="{feed.shop.slug}.ics"'
    _note(feed)
    return response


def _note(feed: CalendarFeed) -> None:
    """Keep when it was last fetched; whatever goes wrong with that is not the calendar program's concern."""
    if feed.was_noted:
        return
    try:
        db.session.commit()  # ends the transaction that only reads
        writing.set(True)
        feed.note_fetch()
        db.session.commit()
    except SQLAlchemyError:
        db.session.rollback()
