"""The list of vehicles as it stands on the screen, as a file: all that the words find, or all of the shop."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import select

from models.base import db
from models.customer_search import found_vehicle_ids
from models.list_file import Cell, ListFile
from models.merge_fields import AMOUNT, CUSTOMER, VEHICLE, MergeFields, newest_first, parts
from models.vehicle import Vehicle

if TYPE_CHECKING:
    from models.shop import Shop

COLUMNS = (*VEHICLE, "unit", "retired", *AMOUNT, *CUSTOMER)


def vehicle_list(shop: "Shop", words: str = "") -> ListFile:
    """Each with whose it is, and what is still put off of it."""
    return ListFile("vehicles", COLUMNS, _rows(shop, words))


def _rows(shop: "Shop", words: str) -> Iterator[tuple[Cell, ...]]:
    every = select(Vehicle.id).where(Vehicle.shop_id == shop.id)
    for ids in parts(sorted(found_vehicle_ids(shop, words), reverse=True)) if words else newest_first(every, Vehicle.id):
        about = select(Vehicle.id, Vehicle.customer_id, Vehicle.unit_number, Vehicle.retired_at).where(Vehicle.id.in_(ids))
        rows = {row.id: row for row in db.session.execute(about)}
        fields = MergeFields(shop, {row.customer_id for row in rows.values()}, ids)
        for one in ids:
            row = rows[one]
            retired = shop.local(row.retired_at).date() if row.retired_at else None
            amount = fields.amount(fields.of_vehicles, one)
            yield *fields.vehicle(one), row.unit_number, retired, *amount, *fields.customer(row.customer_id)
