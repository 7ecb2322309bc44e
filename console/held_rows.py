"""Rows that wait for a person: let go, left out, or left waiting again."""

from flask import g, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done
from models import HeldRow, Partner, db
from models.held_row import LEFT_OUT, RELEASED


@bp.post("/exports/<any(carfax, customerlink, mechanicnet):name>/rows/<int:closing>/<int:item>/<any(release, omission, wait):verdict>")
@needs("customers")
def create_row_verdict(name: str, closing: int, item: int, verdict: str) -> Response:
    partner, place = Partner(name), {"name": name, "closing": closing, "item": item}
    chosen, said = {
        "release": (RELEASED, _("It goes to %(partner)s with the next file.", partner=partner.label)),
        "omission": (LEFT_OUT, _("It does not go to %(partner)s.", partner=partner.label)),
        "wait": ("", _("It waits again.")),
    }[verdict]
    HeldRow.decide(g.shop, partner, (closing, item), chosen, by=g.actor)
    db.session.commit()
    undo = url_for("console.create_row_verdict", **place, verdict="wait") if chosen else ""
    return done(said, url_for("console.exports"), undo)
