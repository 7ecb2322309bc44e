"""The queue: a mechanic's own work, first things first, then what nobody has yet; the desk sees everybody's."""

from flask import g
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from models import Role
from models.assignment import lanes, queue_of
from web import panel


@bp.get("/queue")
@needs("queue")
def queue() -> Response:
    shown = queue_of(g.shop, g.me) if g.role is Role.mechanic else lanes(g.shop)
    return panel("console/queue/page.html", "console/queue/_queue.html", lanes=shown)
