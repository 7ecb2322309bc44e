"""Addresses from which mail came back, on the customer's card: somebody found out that one works again."""

from flask import g, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done
from models import BouncedAddress, db


@bp.post("/customers/<int:id>/working-address")
@needs("customers")
def create_working_address(id: int) -> Response:
    customer = g.shop.customer(id)
    address = request.form.get("address", "")
    if address in {row.address for row in customer.emails}:
        BouncedAddress.forget(g.shop, address, by=g.actor)
        db.session.commit()
    return done(_("Letters go to %(address)s again.", address=address[:80]), url_for("console.customer", id=customer.id))
