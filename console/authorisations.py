"""Thumbs: the desk says for each work item whether the mechanic may do it, one by one or all as the customer chose."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, done
from console.work_items import ITEMS, in_its_row, listed, order_page
from models import Authorisation, Refused, WorkItem, db

REASON_PAGE, REASON = "console/authorisations/reason.html", "console/authorisations/_reason.html"
THUMBS = "/work-orders/<int:number>/authorisations"


@bp.post(f"{ITEMS}/<int:id>/authorisation")
@needs("work")
def create_authorisation(number: int, id: int) -> Any:
    """Thumb up (``up`` is 1) or down (0); without a reason where one is needed the row asks for it."""
    order = g.shop.work_order(number, lock=True)
    item, up = WorkItem.within(order, id), request.form.get("up")
    if up not in {"0", "1"}:
        raise Refused(_("Say whether it is authorised or not."))
    try:
        Authorisation.set(item, up == "1", by=g.actor, reason=request.form.get("reason", ""))
        db.session.commit()
    except Refused as refused:
        if "reason" not in refused.errors:
            raise
        return again(REASON_PAGE, REASON, refused, order=order, item=item)
    return in_its_row(order, item) if request.form.get("in_row") and request.headers.get("HX-Request") else listed(order)


@bp.post(f"{ITEMS}/<int:id>/authorisation/removal")
@needs("work")
def create_authorisation_removal(number: int, id: int) -> Response:
    """As if nobody had decided."""
    order = g.shop.work_order(number, lock=True)
    Authorisation.withdraw(WorkItem.within(order, id), by=g.actor)
    db.session.commit()
    return listed(order)


@bp.post(THUMBS)
@needs("work")
def create_authorisations(number: int) -> Response:
    """*Take over the customer's choices*: all at once."""
    order = g.shop.work_order(number, lock=True)
    batch = Authorisation.take_over(order, by=g.actor)
    db.session.commit()
    if not batch:
        return done(_("All thumbs are as the customer chose already."), order_page(number))
    undo = url_for("console.create_authorisations_removal", number=number, batch=batch)
    return done(_("The customer's choices are taken over."), order_page(number), undo)


@bp.post(f"{THUMBS}/<batch>/removal")
@needs("work")
def create_authorisations_removal(number: int, batch: str) -> Response:
    """Undo those that were set together."""
    order = g.shop.work_order(number, lock=True)
    Authorisation.undo(order, batch, by=g.actor)
    db.session.commit()
    return done(_("The thumbs are as they were."), order_page(number))
