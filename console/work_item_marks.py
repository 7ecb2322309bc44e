"""What is marked on a work item: pinned at the desk, begun and done in the bay."""

from flask import g
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.work_items import ITEMS, listed
from models import WorkItem, db

ITEM = f"{ITEMS}/<int:id>"


@bp.post(f"{ITEM}/pin")
@needs("work")
def create_pin(number: int, id: int) -> Response:
    order = g.shop.work_order(number, lock=True)
    WorkItem.within(order, id).pin(by=g.actor)
    db.session.commit()
    return listed(order)


@bp.post(f"{ITEM}/pin/removal")
@needs("work")
def create_pin_removal(number: int, id: int) -> Response:
    order = g.shop.work_order(number, lock=True)
    WorkItem.within(order, id).unpin(by=g.actor)
    db.session.commit()
    return listed(order)


@bp.post(f"{ITEM}/start")
@needs("queue")
def create_start(number: int, id: int) -> Response:
    order = g.shop.work_order(number, lock=True)
    WorkItem.within(order, id).start(by=g.actor)
    db.session.commit()
    return listed(order)


@bp.post(f"{ITEM}/done")
@needs("queue")
def create_done(number: int, id: int) -> Response:
    order = g.shop.work_order(number, lock=True)
    WorkItem.within(order, id).finish(by=g.actor)
    db.session.commit()
    return listed(order)


@bp.post(f"{ITEM}/done/removal")
@needs("queue")
def create_done_removal(number: int, id: int) -> Response:
    order = g.shop.work_order(number, lock=True)
    WorkItem.within(order, id).reopen(by=g.actor)
    db.session.commit()
    return listed(order)
