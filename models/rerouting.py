"""Who ends texts while a visit is open hears of it by e-mail from then on, where there is an address."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from models.actor import Actor
from models.base import db
from models.customer_contact import CustomerPhone
from models.entry import record
from models.handover import touch
from models.visit import Visit

if TYPE_CHECKING:
    from models.shop import Shop


def go_by_email(shop: "Shop", number: str, *, by: Actor) -> None:
    """Move the open visits of all whose texts went to that number; what waits for one is written anew. Doing it twice does it once."""
    for visit in _visits_texted_at(shop, number):
        if visit.customer.email and visit.appointment and visit.appointment.go_by_email(by=by):
            record(visit.appointment, "appointment.by_email", by)
        order = visit.work_order
        if visit.customer.email and order and not order.is_closed and order.texts:
            order.texts, order.emails = False, True
            record(order, "work_order.by_email", by)
            touch(shop.id, "work_orders")


def _visits_texted_at(shop: "Shop", number: str) -> list[Visit]:
    """Visits that are not over, of customers whose first number it is, by id: whoever locks several of them does it in one order."""
    from models.appointment import Appointment
    from models.work_order import WorkOrder

    mine = select(Visit).join(CustomerPhone, CustomerPhone.customer_id == Visit.customer_id)
    mine = mine.where(Visit.shop_id == shop.id, CustomerPhone.number == number, CustomerPhone.position == 0)
    mine = mine.outerjoin(Visit.appointment).outerjoin(Visit.work_order)
    waits = (Appointment.preference == "text") & WorkOrder.id.is_(None) & ~Appointment.is_cancelled
    return list(db.session.scalars(mine.where(waits | (WorkOrder.texts & WorkOrder.closed_at.is_(None))).order_by(Visit.id)).unique())
