"""An appointment dropped on another place of the calendar: asks where the shop warns, says what goes out, and can be undone."""

from typing import Any

from flask import Response as Page
from flask import g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp, typed
from console.access import needs
from console.answers import done
from console.moving import is_asleep, mind_the_hour, place_of, place_words, say_moved, tell_at
from models import Refused, db


@bp.post("/calendar/moves")
@needs("book")
def create_calendar_move() -> Any:
    appointment = g.shop.appointment(_number("appointment"), lock=True)
    revision = _number("revision")
    day, at = typed.a_day(request.form), typed.a_time(request.form)
    try:
        accept = bool(request.form.get("accept_warnings"))
        appointment.move(day, at, by=g.actor, accept_warnings=accept, revision=revision, tell_at=tell_at(appointment))
        mind_the_hour(appointment, revision)
        db.session.commit()
    except Refused as refused:
        if refused.only_warnings:
            return _ask(appointment.id, refused)
        raise
    if appointment.revision == revision:
        return done(_("It stays where it was."), url_for("console.calendar"))
    return say_moved(appointment, url_for("console.calendar", date=appointment.date))


@bp.post("/calendar/returns")
@needs("book")
def create_calendar_return() -> Response:
    """Undo a move."""
    appointment = g.shop.appointment(_number("appointment"), lock=True)
    knew = appointment.move_back(by=g.actor, revision=_number("revision"))
    db.session.commit()
    sentence = _("Back where it was: %(place)s.", place=place_of(appointment))
    if knew and appointment.preference != "phone":
        sentence = f"{sentence} {_('The customer knew already, and gets the earlier date again.')}"
    return done(sentence, url_for("console.calendar", date=appointment.date))


def _ask(id: int, refused: Refused) -> Page:
    """The shop only warns: a person decides. The question opens in a dialog."""
    db.session.rollback()
    appointment = g.shop.appointment(id)
    place, asleep = place_words(typed.a_day(request.form), typed.a_time(request.form)), is_asleep(appointment)
    question = render_template(
        "console/calendar/_question.html", appointment=appointment, refused=refused, typed=request.form, place=place, asleep=asleep
    )
    response = make_response(question, 422)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#move-question", "outerHTML"
    return response


def _number(name: str) -> int:
    return request.form.get(name, -1, type=int)
