"""An appointment dropped on another place of the calendar: asks where the shop warns, says what goes out, and can be undone."""

from datetime import date, datetime, time
from typing import Any

from flask import Response as Page
from flask import g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp, typed
from console.access import needs
from console.answers import done, gone_to
from console.words import clock_words, day_words
from models import Appointment, Delivery, Refused, clock, db
from models.appointment_moves import UNDO


@bp.post("/calendar/moves")
@needs("book")
def create_calendar_move() -> Any:
    appointment = g.shop.appointment(_number("appointment"), lock=True)
    revision = _number("revision")
    day, at = typed.a_day(request.form), typed.a_time(request.form)
    try:
        accept = bool(request.form.get("accept_warnings"))
        appointment.move(day, at, by=g.actor, accept_warnings=accept, revision=revision, tell_at=_tell_at(appointment))
        _mind_the_hour(appointment, revision)
        db.session.commit()
    except Refused as refused:
        if refused.only_warnings:
            return _ask(appointment.id, refused)
        raise
    if appointment.revision == revision:
        return done(_("It stays where it was."), url_for("console.calendar"))
    return _say(appointment)


@bp.post("/calendar/returns")
@needs("book")
def create_calendar_return() -> Response:
    """Undo a move."""
    appointment = g.shop.appointment(_number("appointment"), lock=True)
    knew = appointment.move_back(by=g.actor, revision=_number("revision"))
    db.session.commit()
    sentence = _("Back on %(place)s.", place=_place(appointment))
    if knew and appointment.preference != "phone":
        sentence = f"{sentence} {_('The customer knew already, and gets the earlier date again.')}"
    return done(sentence, url_for("console.calendar", date=appointment.date))


def _tell_at(appointment: Appointment) -> datetime:
    """When the message about it goes: when there is no time left to undo, or in the recipient's morning if that was chosen."""
    soon = clock.now() + UNDO
    return appointment.recipient_quiet.next_allowed(soon) if request.form.get("tell") == "morning" else soon


def _mind_the_hour(appointment: Appointment, revision: int) -> None:
    """Raises Refused, as a warning: the customer sleeps, and nobody said yet whether the message shall wait for the morning."""
    if appointment.revision != revision and _is_asleep(appointment) and not request.form.get("tell"):
        raise Refused("", warnings=frozenset({"hour"}), hour=_("It is night where the customer lives."))


def _is_asleep(appointment: Appointment) -> bool:
    """Whether the message about a move would come in the customer's night."""
    tells = appointment.preference != "phone" and appointment.shop.location.booking_message
    return tells and clock.now() in appointment.recipient_quiet


def _ask(id: int, refused: Refused) -> Page:
    """The shop only warns: a person decides. The question opens in a dialog."""
    db.session.rollback()
    appointment = g.shop.appointment(id)
    place, asleep = _words(typed.a_day(request.form), typed.a_time(request.form)), _is_asleep(appointment)
    question = render_template(
        "console/calendar/_question.html", appointment=appointment, refused=refused, typed=request.form, place=place, asleep=asleep
    )
    response = make_response(question, 422)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#move-question", "outerHTML"
    return response


def _say(appointment: Appointment) -> Response:
    sentence = _("%(name)s moved to %(place)s.", name=appointment.customer.name, place=_place(appointment))
    if not request.headers.get("HX-Request"):
        return gone_to(url_for("console.calendar", date=appointment.date), sentence)
    response = make_response(
        render_template("console/calendar/_moved.html", appointment=appointment, sentence=sentence, outlook=_outlook(appointment))
    )
    response.headers["HX-Trigger"] = "refresh"
    return response


def _outlook(appointment: Appointment) -> str:
    """What the customer hears of it."""
    if appointment.preference == "phone":
        return _("The customer prefers the phone: call.")
    message = appointment.latest_message
    if message is None:
        return _("No message goes out: the shop has that switched off.")
    if message.state is not Delivery.planned:
        return message.outlook
    if message.due_at - clock.now() > UNDO:
        return message.outlook
    words = _("A text goes out in %(seconds)s seconds.") if message.channel == "text" else _("An e-mail goes out in %(seconds)s seconds.")
    return words % {"seconds": round(UNDO.total_seconds())}


def _place(appointment: Appointment) -> str:
    return _words(appointment.date, appointment.time)


def _words(day: date, at: time | None) -> str:
    return f"{day_words(day)}, {clock_words(at)}" if at else day_words(day)


def _number(name: str) -> int:
    return request.form.get(name, -1, type=int)
