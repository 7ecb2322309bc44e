"""Whose number it is that wrote: attached to a customer who is on file."""

from flask import g, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import gone_to
from console.looking import Looking
from console.typed import an_id
from models import db
from web import panel


@bp.get("/threads/<int:id>/owner")
@needs("customers")
def find_thread_owner(id: int) -> Response:
    """Looked for as one types: by name, another number, plate or work order."""
    thread, looking = g.shop.thread(id), Looking(g.shop, request.args.get("who", "")[:60])
    return panel("console/threads/owner.html", "console/threads/_owner.html", thread=thread, looking=looking)


@bp.post("/threads/<int:id>/owner")
@needs("customers")
def create_thread_owner(id: int) -> Response:
    thread, customer = g.shop.thread(id), g.shop.customer(an_id(request.form, "customer") or 0)
    thread.attach(customer, by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.thread", id=id), _("It is %(name)s's number now.", name=customer.name))
