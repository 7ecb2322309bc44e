"""The diagnostic overview at the desk: the window from which it is sent, how far it has come, and every version as the customer saw it."""

from typing import Any

from flask import abort, g, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, done
from console.overview_window import OverviewWindow
from models import Delivery, Overview, Refused, WorkOrder, db
from models.overview_draft import OverviewDraft
from web import panel

PAGE, WINDOW, ITEMS = (f"console/overviews/{name}.html" for name in ("new", "_new", "_items"))
LIST_PAGE, LIST, BAR, CHANGE = (f"console/overviews/{name}.html" for name in ("page", "_overviews", "_bar", "_change"))
ORDER, OVERVIEWS = "/work-orders/<int:number>", "/work-orders/<int:number>/overviews"


@bp.get(f"{ORDER}/overview")
@needs("queue")
def overview_bar(number: int) -> Response:
    """How far the newest version has come."""
    return panel(LIST_PAGE, BAR, order=g.shop.work_order(number))


@bp.get(f"{ORDER}/overview/change")
@needs("work")
def overview_change(number: int) -> Response:
    """Whether the quotation has changed since it was sent; asked by itself, for it reads every item."""
    order = g.shop.work_order(number)
    changed = bool(order.newest_overview) and not order.is_closed and OverviewDraft(order).is_changed
    return panel(LIST_PAGE, CHANGE, order=order, changed=changed)


@bp.get(OVERVIEWS)
@needs("work")
def overviews(number: int) -> Response:
    return panel(LIST_PAGE, LIST, order=g.shop.work_order(number))


@bp.app_template_global()
def versions_of(order: WorkOrder) -> Any:
    return Overview.of(order.id)


@bp.get(f"{OVERVIEWS}/new")
@needs("work")
def new_overview(number: int) -> Response:
    window = OverviewWindow(g.shop.work_order(number), {})
    return panel(PAGE, WINDOW, window=window, order=window.order, typed=window.typed, errors={})


@bp.post(OVERVIEWS)
@needs("work")
def create_overview(number: int) -> Any:
    window = OverviewWindow(g.shop.work_order(number, lock=True), request.form)
    if not request.form.get("key"):
        abort(404)  # a form without its key is none of ours
    try:
        overview = window.send(g.actor)
        db.session.commit()
    except Refused as refused:
        window = OverviewWindow(g.shop.work_order(number), request.form)
        return again(PAGE, WINDOW, refused, window=window, order=window.order)
    said, message = _("Version %(version)s is kept.", version=overview.version), overview.message
    tone = "bad" if message and message.state is Delivery.held else "good"
    return done(f"{said} {message.outlook if message else ''}", url_for("console.work_order", number=number), tone=tone)


@bp.get(f"{OVERVIEWS}/new/items")
@needs("work")
def overview_items(number: int) -> Response:
    return _items(g.shop.work_order(number))


def _items(order: WorkOrder) -> Response:
    window = OverviewWindow(order, {})
    return panel(PAGE, ITEMS, window=window, order=order, typed=window.typed, errors={})


@bp.get(f"{OVERVIEWS}/preview")
@needs("work")
def preview_overview(number: int) -> Response:
    """What the customer would see if it went now."""
    order = g.shop.work_order(number)
    overview = OverviewDraft(order).overview()
    return panel("console/overviews/preview.html", "console/overviews/_content.html", order=order, overview=overview)


@bp.get(f"{OVERVIEWS}/<int:version>")
@needs("work")
def overview(number: int, version: int) -> Response:
    """One version as the customer saw it, read-only, with what was answered."""
    order = g.shop.work_order(number)
    found = Overview.numbered(order.id, version)
    return panel("console/overviews/version.html", "console/overviews/_version.html", order=order, overview=found)


@bp.post(f"{OVERVIEWS}/<int:version>/prices")
@needs("work")
def create_told_prices(number: int, version: int) -> Response:
    """Somebody has called: the customer may see the prices now."""
    order = g.shop.work_order(number, lock=True)
    Overview.numbered(order.id, version).tell_prices(by=g.actor)
    db.session.commit()
    return done(_("The customer sees the prices from now on."), url_for("console.work_order", number=number))
