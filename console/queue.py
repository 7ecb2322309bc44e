"""The mechanic's queue: the vehicles in the shop, first come first."""

from flask import g
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from models import WorkOrder
from web import panel


@bp.get("/queue")
@needs("queue")
def queue() -> Response:
    return panel("console/queue/page.html", "console/queue/_queue.html", orders=WorkOrder.open_in(g.shop))
