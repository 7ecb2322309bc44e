"""The drop-offs of a period, as the calendar shows it, as a file."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.agenda import with_mark
from models.appointment import Appointment
from models.base import db
from models.list_file import Cell, ListFile
from models.merge_fields import CUSTOMER, VEHICLE, MergeFields, parts

if TYPE_CHECKING:
    from models.shop import Shop

COLUMNS = ("date", "time", "state", "work", "preference", "work order", *CUSTOMER, *VEHICLE)


def appointment_list(shop: "Shop", first: date, last: date) -> ListFile:
    """From the first of these days to the last, in the order of the clock."""
    return ListFile("appointments", COLUMNS, _rows(shop, first, last))


def _rows(shop: "Shop", first: date, last: date) -> Iterator[tuple[Cell, ...]]:
    mine = select(Appointment.id).where(Appointment.shop_id == shop.id, Appointment.date.between(first, last))
    for ids in parts(db.session.scalars(mine.order_by(Appointment.starts_at, Appointment.id)).all()):
        whole = select(Appointment).where(Appointment.id.in_(ids)).options(joinedload(Appointment.shop), *with_mark())
        found = db.session.scalars(whole.order_by(Appointment.starts_at, Appointment.id)).unique().all()
        whose = [(drop_off, drop_off.visit.customer_id, drop_off.visit.vehicle_id) for drop_off in found]
        fields = MergeFields(shop, {customer for _one, customer, _car in whose}, {car for _one, _customer, car in whose})
        for drop_off, customer_id, vehicle_id in whose:
            number = drop_off.work_order.number if drop_off.work_order else None
            about = (drop_off.date, drop_off.time, drop_off.standing.label, drop_off.type_of_work, drop_off.preference, number)
            yield *about, *fields.customer(customer_id), *fields.vehicle(vehicle_id)
