"""The repair order for the customer: asked for by a button, waited for on a page that refreshes, then a PDF. No script is needed."""

from flask import g, make_response, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models import Document, NotFound, WorkItem, WorkOrder, db
from portal import bp
from portal.brand import script, stylesheet
from portal.nonce import trusted
from portal.page import Page
from portal.visits import shown
from web import counted_link, csrf, limiter, printed

SECONDS = 2  # between looks whether it is ready


@bp.post("/v/<token>/repair-order")
@csrf.exempt
@limiter.limit("6/minute;30/hour", key_func=counted_link)
def create_repair_order(token: str) -> Response:
    order = _order()
    if not trusted(g.link):
        return shown(Page(g.link, wrong=_("This page had been open for too long. Please tap once more.")), 422)
    document = Document.repair_order(order, by=g.actor)
    db.session.commit()
    return redirect(Page(g.link).address(f"repair-order/{document.id}"), 303)


@bp.get("/v/<token>/repair-order")
def return_from_repair_order(token: str) -> Response:
    """Somebody reloads the address that the button went to."""
    return redirect(Page(g.link).address(), 303)


@bp.get("/v/<token>/repair-order/<int:id>")
def show_repair_order(token: str, id: int) -> Response:
    document, page = Document.of(_order(), id), Page(g.link)
    if document.is_ready:
        return redirect(page.address(f"repair-order/{id}.pdf"), 303)
    look = {"stylesheet": stylesheet(page.shop), "script": script(), "language": g.locale.language, "seconds": SECONDS}
    return make_response(render_template("portal/repair_orders/page.html", view=page, shop=page.shop, document=document, **look))


@bp.get("/v/<token>/repair-order/<int:id>.pdf")
def show_repair_order_file(token: str, id: int) -> Response:
    return printed(Document.of(_order(), id))


def _order() -> WorkOrder:
    """The visit's work order, with work on it. Raises NotFound: there is none yet, or the link is the calendar's, which gets shared."""
    order = g.link.visit.work_order
    if order is None or g.link.purpose == "calendar" or not WorkItem.any_on(order):
        raise NotFound("WorkOrder")
    return order
