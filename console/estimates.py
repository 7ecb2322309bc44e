"""Estimates: who asked what it would cost, until an appointment is made of it or the customer declines."""

from typing import Any

from flask import g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, done, gone_to
from console.asking import Asking
from console.looking import Looking
from models import Estimate, Refused, db
from models.estimate import PAGE
from web import panel

FORM_PAGE, FORM = "console/estimates/new.html", "console/estimates/_new.html"


@bp.get("/estimates")
@needs("estimates")
def estimates() -> Response:
    tab, words, before = request.args.get("show", "active"), request.args.get("q", "").strip(), request.args.get("before", type=int)
    if tab == "search":
        found = Estimate.search(g.shop, words)
    elif tab == "all":
        found = Estimate.all(g.shop, before=g.shop.estimate(before) if before else None)
    else:
        tab, found = "active", Estimate.active(g.shop)
    older = found[-1].id if tab == "all" and len(found) == PAGE else None
    page, partial = "console/estimates/page.html", "console/estimates/_estimates.html"
    return panel(page, partial, estimates=found, tab=tab, words=words, before=before, older=older)


@bp.get("/estimates/new")
@needs("estimates")
def new_estimate() -> Response:
    asking = Asking(g.shop, request.args)
    return panel(FORM_PAGE, FORM, asking=asking, typed=asking.typed, errors={})


@bp.get("/estimates/pick")
@needs("estimates")
def find_customer_for_estimate() -> str:
    return render_template("console/estimates/_found.html", looking=Looking(g.shop, request.args.get("who", "")))


@bp.post("/estimates/draft")
@needs("estimates")
def draft_estimate() -> Response:
    """The form once more, with the customer that was chosen in it; nothing is kept."""
    asking = Asking(g.shop, request.values)
    return panel(FORM_PAGE, FORM, asking=asking, typed=asking.typed, errors={})


@bp.post("/estimates")
@needs("estimates")
def create_estimate() -> Any:
    try:
        estimate = Asking(g.shop, request.form).ask(g.actor)
        db.session.commit()
    except Refused as refused:
        return again(FORM_PAGE, FORM, refused, asking=Asking(g.shop, request.form))
    return gone_to(url_for("console.estimates"), _("Estimate noted for %(name)s.", name=estimate.customer.name))


@bp.post("/estimates/<int:id>/decline")
@needs("estimates")
def create_decline(id: int) -> Response:
    estimate = g.shop.estimate(id)
    estimate.decline(by=g.actor)
    db.session.commit()
    if not request.headers.get("HX-Request"):
        return gone_to(url_for("console.estimates"), _("%(name)s declined.", name=estimate.customer.name))
    response = make_response(render_template("console/estimates/_declined.html", estimate=estimate))
    response.headers["HX-Trigger"] = "refresh"
    return response


@bp.post("/estimates/<int:id>/reopening")
@needs("estimates")
def create_reopening(id: int) -> Response:
    estimate = g.shop.estimate(id)
    estimate.reopen(by=g.actor)
    db.session.commit()
    return done(_("The estimate of %(name)s is active again.", name=estimate.customer.name), url_for("console.estimates"))
