"""Changing what was agreed on besides the date: the work, the notes, and how the customer wants to hear from the shop."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from console import bp
from console.access import needs
from console.answers import again, gone_to
from console.booking import note_consent
from models import Appointment, Message, Refused, db
from models.consent import SCRIPT

PAGE, FORM = "console/appointments/page.html", "console/appointments/_details.html"
WORDS = ("type_of_work", "shop_note", "customer_note", "preference")


@bp.post("/appointments/<int:id>/details")
@needs("book")
def update_appointment(id: int) -> Any:
    appointment = g.shop.appointment(id, lock=True)
    was = appointment.preference
    try:
        asked = note_consent(appointment.customer, request.form, g.actor)
        written = appointment.change(**{name: request.form.get(name, "") for name in WORDS}, by=g.actor, asked=asked)
        sentence = _outcome(appointment, was, written)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, appointment=appointment, script=SCRIPT)
    return gone_to(url_for("console.appointment", id=id), sentence)


def _outcome(appointment: Appointment, was: str, written: list[Message]) -> str:
    """What the change does to messages, in a sentence."""
    if appointment.preference == was:
        return _("Saved.")
    if appointment.preference == "phone":
        return _("Saved. No message goes any more: somebody calls.")
    if written:
        return _("Saved. %(outlook)s", outlook=written[-1].outlook)
    if appointment.preference == "text":
        return _("Saved. From now on messages go by text. Remind sends one at once.")
    return _("Saved. From now on messages go by e-mail. Remind sends one at once.")
