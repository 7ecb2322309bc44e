"""*Stop work?*: what the customer meant, as somebody of the shop decided."""

from flask import g, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done
from models import StopAlarm, db
from models.stop_alarm import GO_ON, OPT_OUT, STOPPED


@bp.post("/threads/<int:id>/alarm-decision")
@needs("messages")
def create_alarm_decision(id: int) -> Response:
    """Go on, no more texts, or the work is stopped: texts that waited for this are looked at again."""
    thread, decision = g.shop.thread(id), request.form.get("decision", "")
    StopAlarm.decide(g.shop, thread.number, decision, by=g.actor)
    db.session.commit()
    words = {
        GO_ON: _("Noted: go on. Texts that waited go now."),
        OPT_OUT: _("Noted: no more texts to this number."),
        STOPPED: _("Noted: the work is stopped. Set the status, so that everybody sees it."),
    }
    return done(words[decision], url_for("console.thread", id=id))
