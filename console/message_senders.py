"""Who of a household or a fleet has written a text."""

from flask import g, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done
from console.typed import an_id
from models import Thread, db
from models.message_sender import attribute


@bp.post("/messages/<int:id>/sender")
@needs("messages")
def create_message_sender(id: int) -> Response:
    """One of those whose number it is; nobody in particular if none is chosen."""
    message, wanted = g.shop.message(id), an_id(request.form, "customer")
    customer = g.shop.customer(wanted) if wanted else None
    attribute(message, customer, by=g.actor)
    thread = Thread.at(g.shop, message.address)
    db.session.commit()
    words = _("Noted: %(name)s wrote it.", name=customer.name) if customer else _("Nobody's in particular.")
    undo = url_for("console.create_message_sender", id=id) if customer else ""
    return done(words, url_for("console.thread", id=thread.id), undo)
