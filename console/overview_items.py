"""What of a work order the customer sees: the eye of each item, and which photos belong to it."""

from flask import g, request, url_for
from werkzeug.wrappers import Response

from console import bp, typed
from console.access import needs
from console.answers import gone_to
from console.overview_window import OverviewWindow
from console.overviews import ITEMS, PAGE
from models import WorkItem, WorkOrder, db
from web import panel


@bp.post("/work-orders/<int:number>/items/<int:id>/eye")
@needs("work")
def toggle_eye(number: int, id: int) -> Response:
    """Show the item to the customer, or not."""
    order = g.shop.work_order(number, lock=True)
    WorkItem.within(order, id).show(request.form.get("shown") == "1", by=g.actor)
    db.session.commit()
    return _seen(order)


@bp.post("/attachments/<int:id>/item")
@needs("work")
def put_attachment(id: int) -> Response:
    """Put a photo or video to one of its order's items; without one, take it from where it is."""
    attachment = g.shop.attachment(id)
    order = attachment.work_order
    order.lock()
    wanted = typed.an_id(request.form, "item")
    attachment.put_to(WorkItem.within(order, wanted) if wanted else None, by=g.actor)
    db.session.commit()
    return _seen(order)


def _seen(order: WorkOrder) -> Response:
    """The list as it now is, in place of the one that was clicked in."""
    if not request.headers.get("HX-Request"):
        return gone_to(url_for("console.new_overview", number=order.number))
    window = OverviewWindow(g.shop.work_order(order.number), {})
    return panel(PAGE, ITEMS, window=window, order=window.order, typed=window.typed, errors={})
