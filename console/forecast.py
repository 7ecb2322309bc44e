"""What goes out: the next seven days of messages and calls, each with its why, and *Skip this one*."""

from flask import g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done
from models import Appointment, NotFound, Skip, db
from models.forecast import Expected, Forecast
from models.letter_kind import LETTERS
from web import panel

DAYS = 7


@bp.get("/messages/forecast")
@needs("messages")
def forecast() -> Response:
    return panel("console/forecast/page.html", "console/forecast/_forecast.html", forecast=Forecast(g.shop, DAYS))


@bp.post("/messages/forecast/skips")
@needs("messages")
def create_skip() -> Response:
    line, appointment = _about_appointment()
    Skip.of(appointment, line.what, by=g.actor)
    db.session.commit()
    sentence = _("Skipped: %(name)s is not called.", name=appointment.customer.name)
    if line.channel != "call":
        sentence = _("Skipped: %(name)s gets no message.", name=appointment.customer.name)
    if not request.headers.get("HX-Request"):
        return done(sentence, url_for("console.forecast"))
    response = make_response(render_template("console/forecast/_skipped.html", sentence=sentence, what=line.what))
    response.headers["HX-Trigger"] = "refresh"
    return response


@bp.post("/messages/forecast/returns")
@needs("messages")
def create_skip_return() -> Response:
    """Undo a skip."""
    line, appointment = _about_appointment()
    Skip.undo(appointment, line.what, by=g.actor)
    db.session.commit()
    return done(_("It goes after all, if its rules let it."), url_for("console.forecast"))


def _about_appointment() -> tuple[Expected, Appointment]:
    """The line that is meant. Raises NotFound: there is none, or it is a letter, which its own settings decide about."""
    line = Forecast(g.shop, DAYS).expected(request.form.get("what", ""))
    if line.appointment is None or line.kind in LETTERS:
        raise NotFound("Expected")
    return line, g.shop.appointment(line.appointment.id, lock=True)
