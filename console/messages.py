"""The log of messages, out and in: how far each got, and why it went or did not."""

from flask import g, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done
from models import Delivery, DeliveryReport, Message, MessageMedia, db
from models.mail_instead import mails_instead
from web import panel


@bp.get("/messages/log")
@needs("messages")
def message_log() -> Response:
    state, before = request.args.get("state", ""), request.args.get("before", 0, type=int)
    found = Message.listed(g.shop, state, before or None, limit=50)
    return panel(
        "console/messages/page.html",
        "console/messages/_messages.html",
        messages=found,
        mails_instead=mails_instead(found),
        media=MessageMedia.of(found),
        state=state,
        before=before,
        states=list(Delivery),
        limit=50,
    )


@bp.get("/messages/<int:id>")
@needs("messages")
def message(id: int) -> Response:
    found = g.shop.message(id)
    context = {"message": found, "mails_instead": mails_instead([found]), "media": MessageMedia.of([found])}
    context["reports"] = DeliveryReport.about(found)
    return panel("console/messages/one.html", "console/messages/_message.html", **context)


@bp.post("/messages/<int:id>/fate")
@needs("messages")
def create_fate(id: int) -> Response:
    """A person found out what became of a message whose fate was unknown."""
    message = g.shop.message(id)
    went = request.form.get("went") == "1"
    message.settle_unknown(went, by=g.actor)
    db.session.commit()
    words = _("Noted: it arrived.") if went else _("Noted: it did not arrive. Send it anew if it is still needed.")
    return done(words, url_for("console.message", id=id))
