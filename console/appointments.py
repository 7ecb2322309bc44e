"""Booking, and an appointment's page with all that can be done about it."""

from datetime import date
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp, typed
from console.access import needs
from console.answers import again, done, gone_to
from console.booking import Booking
from console.moving import is_asleep, mind_the_hour, say_moved, tell_at
from console.words import day_words
from models import Appointment, Refused, booking_rules, db
from models.consent import SCRIPT
from web import panel

PAGE, FORM = "console/appointments/new.html", "console/appointments/_booking.html"
PAGE_OF_ONE, MOVE = "console/appointments/page.html", "console/appointments/_move.html"


@bp.get("/appointments/new")
@needs("book")
def new_appointment() -> Response:
    booking = Booking(g.shop, request.args)
    return panel(PAGE, FORM, booking=booking, typed=booking.typed, errors={}, script=SCRIPT)


@bp.post("/appointments/draft")
@needs("book")
def draft_appointment() -> Response:
    """The form once more, with the customer or vehicle that was chosen in it; nothing is kept."""
    booking = Booking(g.shop, request.values)
    return panel(PAGE, FORM, booking=booking, typed=booking.typed, errors={}, script=SCRIPT)


@bp.post("/appointments")
@needs("book")
def create_appointment() -> Any:
    booking = Booking(g.shop, request.form)
    try:
        appointment = booking.take(g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, booking=Booking(g.shop, request.form), script=SCRIPT)
    sentence = _("Booked: %(name)s, %(day)s.", name=appointment.customer.name, day=day_words(appointment.date))
    return gone_to(url_for("console.appointment", id=appointment.id), sentence)


@bp.get("/appointments/day")
@needs("book")
def day_for_appointment() -> str:
    """How full, closed or tight the day is that is being chosen."""
    try:
        day, at = typed.a_day(request.args), typed.a_time(request.args)
        booking_rules.check(g.shop, day, at, accept_warnings=False)
        errors: dict[Any, Any] = {}
    except Refused as refused:
        errors = refused.errors
    day = _shown_day()
    return render_template(
        "console/appointments/_day.html", day=day, errors=errors, booked=booking_rules.drop_offs_on(g.shop, day) if day else 0
    )


@bp.get("/appointments/<int:id>")
@needs("day")
def appointment(id: int) -> Response:
    found = Appointment.in_full(g.shop, id)
    return panel("console/appointments/page.html", "console/appointments/_appointment.html", appointment=found, script=SCRIPT)


@bp.post("/appointments/<int:id>/drop-off")
@needs("book")
def move_appointment(id: int) -> Any:
    """As in the calendar: the customer hears of it when there is no time left to undo it."""
    appointment = g.shop.appointment(id, lock=True)
    revision, seen = appointment.revision, request.form.get("revision", type=int)
    accept = bool(request.form.get("accept_warnings") or request.form.get("tell"))
    try:
        day, at = typed.a_drop_off(request.form)
        appointment.move(day, at, by=g.actor, accept_warnings=accept, revision=seen, tell_at=tell_at(appointment))
        mind_the_hour(appointment, revision)
        db.session.commit()
    except Refused as refused:
        return again(PAGE_OF_ONE, MOVE, refused, appointment=appointment, script=SCRIPT, asleep=is_asleep(g.shop.appointment(id)))
    if appointment.revision == revision:
        return done(_("It stays where it was."), url_for("console.appointment", id=id))
    return say_moved(appointment, url_for("console.appointment", id=id))


@bp.post("/appointments/<int:id>/reminder")
@needs("book")
def create_reminder(id: int) -> Response:
    appointment = g.shop.appointment(id, lock=True)
    message = appointment.remind(by=g.actor, morning=bool(request.form.get("morning")))
    db.session.commit()
    return done(message.outlook, url_for("console.appointment", id=id))


@bp.post("/appointments/<int:id>/confirmation")
@needs("book")
def create_confirmation(id: int) -> Response:
    appointment = g.shop.appointment(id, lock=True)
    appointment.confirm(by=g.actor, channel="phone")
    db.session.commit()
    return done(_("%(name)s confirmed by phone.", name=appointment.customer.name), url_for("console.appointment", id=id))


@bp.post("/appointments/<int:id>/check-in")
@needs("book")
def create_check_in(id: int) -> Response:
    appointment = g.shop.appointment(id, lock=True)
    order = appointment.check_in(by=g.actor)
    db.session.commit()
    sentence = _("%(name)s is checked in, work order %(number)s.", name=appointment.customer.name, number=order.number)
    return done(sentence, url_for("console.appointment", id=id))


@bp.post("/appointments/<int:id>/no-show")
@needs("book")
def create_no_show(id: int) -> Response:
    appointment = g.shop.appointment(id, lock=True)
    appointment.mark_no_show(by=g.actor)
    db.session.commit()
    sentence = _("%(name)s did not come.", name=appointment.customer.name)
    return done(sentence, url_for("console.appointment", id=id), undo=url_for("console.create_no_show_return", id=id))


@bp.post("/appointments/<int:id>/no-show/return")
@needs("book")
def create_no_show_return(id: int) -> Response:
    """Undo a no-show."""
    appointment = g.shop.appointment(id, lock=True)
    appointment.take_back_no_show(by=g.actor)
    db.session.commit()
    return done(_("%(name)s is expected after all.", name=appointment.customer.name), url_for("console.appointment", id=id))


@bp.post("/appointments/<int:id>/cancellation")
@needs("book")
def create_cancellation(id: int) -> Response:
    appointment = g.shop.appointment(id, lock=True)
    appointment.cancel(by=g.actor)
    db.session.commit()
    return done(_("The drop-off of %(name)s is cancelled.", name=appointment.customer.name), url_for("console.appointment", id=id))


def _shown_day() -> date | None:
    try:
        return typed.a_day(request.args)
    except Refused:
        return None
