"""Work that is put off: snoozed at the desk, listed where the vehicle is, and put on an order again."""

from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from flask import g, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp, typed
from console.access import needs
from console.answers import again, done
from console.work_items import ITEMS, approvals_of, order_page
from models import DeferredItem, Refused, Vehicle, WorkItem, WorkOrder, db
from models.answer import MONTHS
from web import panel

SNOOZE_PAGE, SNOOZE = "console/deferred_items/snooze.html", "console/deferred_items/_snooze.html"
PAGE, LIST = "console/deferred_items/page.html", "console/deferred_items/_deferred_items.html"
ALL = "/work-orders/<int:number>/deferred-items"


@bp.app_template_global()
def deferred_of(*vehicles: Vehicle) -> list[tuple[DeferredItem, int | None]]:
    """What is put off of these vehicles, each with the number of the work order that it can be put on: the vehicle is here."""
    ids = [vehicle.id for vehicle in vehicles]
    found = DeferredItem.of_vehicles(ids)
    here = WorkOrder.open_numbers(ids) if found else {}
    return [(deferred, here.get(deferred.vehicle_id)) for deferred in found]


@bp.get(f"{ITEMS}/<int:id>/snooze")
@needs("work")
def new_snooze(number: int, id: int) -> Response:
    order = g.shop.work_order(number)
    order.must_be_open()
    item = WorkItem.within(order, id)
    wish = approvals_of(order).of(item).remind_on
    return panel(SNOOZE_PAGE, SNOOZE, order=order, item=item, typed={"until": wish.isoformat() if wish else ""}, errors={}, wish=wish)


@bp.post(f"{ITEMS}/<int:id>/snooze")
@needs("work")
def create_snooze(number: int, id: int) -> Any:
    order = g.shop.work_order(number, lock=True)
    item, faults = WorkItem.within(order, id), typed.Faults()
    try:
        until, odometer = faults.reading(_until), faults.reading(lambda: typed.a_number(request.form, "odometer"))
        deferred = faults.besides(lambda: DeferredItem.snooze(item, until=until, odometer=odometer, by=g.actor))
        db.session.commit()
    except Refused as refused:
        return again(SNOOZE_PAGE, SNOOZE, refused, order=order, item=item)
    undo = url_for("console.create_deferred_item_return", number=number, id=deferred.id)
    return done(_("“%(title)s” is put off.", title=item.title), order_page(number), undo)


@bp.get(ALL)
@needs("work")
def deferred_items(number: int) -> Response:
    return panel(PAGE, LIST, order=g.shop.work_order(number))


@bp.post(f"{ALL}/<int:id>/return")
@needs("work")
def create_deferred_item_return(number: int, id: int) -> Response:
    """*Put on this order again*."""
    order = g.shop.work_order(number, lock=True)
    deferred = DeferredItem.within(order, id)
    deferred.return_to(order, by=g.actor)
    db.session.commit()
    undo = "" if deferred.is_snoozed_from(order) else url_for("console.create_deferred_item_return_removal", number=number, id=id)
    return done(_("“%(title)s” is on the order again.", title=deferred.title), order_page(number), undo)


@bp.post(f"{ALL}/<int:id>/return/removal")
@needs("work")
def create_deferred_item_return_removal(number: int, id: int) -> Response:
    """Undo that."""
    order = g.shop.work_order(number, lock=True)
    deferred = DeferredItem.within(order, id)
    deferred.put_off_again(order, by=g.actor)
    db.session.commit()
    return done(_("“%(title)s” is put off again.", title=deferred.title), order_page(number))


def _until() -> date | None:
    """The quick choice that was pressed, else the day that was typed, if any. Raises Refused for what is no day."""
    months = request.form.get("months", "")
    if months in {str(count) for count in MONTHS}:
        today: date = g.shop.today()
        return today + relativedelta(months=int(months))
    return typed.a_day(request.form, "until") if request.form.get("until", "").strip() else None
