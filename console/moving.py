"""A drop-off that moves, by hand in the calendar or by its form: when the customer hears of it, and how it is said with an undo."""

from datetime import date, datetime, time

from flask import make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console.answers import gone_to
from console.words import clock_words, day_words
from models import Appointment, Delivery, Refused, clock
from models.appointment_moves import UNDO


def tell_at(appointment: Appointment) -> datetime:
    """When the message about it goes: when there is no time left to undo, or in the recipient's morning if that was chosen."""
    soon = clock.now() + UNDO
    return appointment.recipient_quiet.next_allowed(soon) if request.form.get("tell") == "morning" else soon


def mind_the_hour(appointment: Appointment, revision: int) -> None:
    """Raises Refused, as a warning: the customer sleeps, and nobody said yet whether the message shall wait for the morning."""
    if appointment.revision != revision and is_asleep(appointment) and not request.form.get("tell"):
        raise Refused("", warnings=frozenset({"hour"}), hour=_("It is night where the customer lives."))


def is_asleep(appointment: Appointment) -> bool:
    """Whether the message about a move would come in the customer's night."""
    tells = appointment.preference != "phone" and appointment.shop.location.booking_message
    return tells and clock.now() in appointment.recipient_quiet


def say_moved(appointment: Appointment, back: str) -> Response:
    """In a toast from which it can be undone as long as the customer has not heard of it; without htmx, ``back`` there."""
    sentence = _("%(name)s moved to %(place)s.", name=appointment.customer.name, place=place_of(appointment))
    if not request.headers.get("HX-Request"):
        return gone_to(back, sentence)
    response = make_response(
        render_template("console/calendar/_moved.html", appointment=appointment, sentence=sentence, outlook=_outlook(appointment))
    )
    response.headers["HX-Trigger"], response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "refresh", "#toasts", "innerHTML"
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


def place_of(appointment: Appointment) -> str:
    return place_words(appointment.date, appointment.time)


def place_words(day: date, at: time | None) -> str:
    return f"{day_words(day)}, {clock_words(at)}" if at else day_words(day)
