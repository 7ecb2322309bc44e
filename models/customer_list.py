"""The list of customers as it stands on the screen, as a file: all whom the words find, or all of the shop."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import select

from models.base import db
from models.customer import Customer
from models.customer_search import found_ids
from models.last_invoice import LastInvoice
from models.list_file import Cell, ListFile
from models.merge_fields import AMOUNT, CUSTOMER, VEHICLE, MergeFields, newest_first, parts

if TYPE_CHECKING:
    from models.shop import Shop

COLUMNS = (*CUSTOMER, "last invoice", *VEHICLE, *AMOUNT)


def customer_list(shop: "Shop", words: str = "") -> ListFile:
    """Each with the vehicle of the last invoice, and what is still put off of all their vehicles."""
    return ListFile("customers", COLUMNS, _rows(shop, words))


def _rows(shop: "Shop", words: str) -> Iterator[tuple[Cell, ...]]:
    everybody = select(Customer.id).where(Customer.shop_id == shop.id, Customer.merged_into_id.is_(None), Customer.erased_at.is_(None))
    for ids in parts(found_ids(shop, words)) if words else newest_first(everybody, Customer.id):
        invoices = {row.customer_id: row for row in _invoices(ids)}
        fields = MergeFields(shop, ids, {row.vehicle_id for row in invoices.values()})
        for one in ids:
            last = invoices.get(one)
            car = fields.vehicle(last.vehicle_id if last else None)
            yield *fields.customer(one), last.on if last else None, *car, *fields.amount(fields.of_customers, one)


def _invoices(customer_ids: list[int]) -> Iterator[LastInvoice]:
    found = select(LastInvoice.customer_id, LastInvoice.vehicle_id, LastInvoice.on).where(LastInvoice.customer_id.in_(customer_ids))
    yield from db.session.execute(found)  # type: ignore[misc]  # rows have the names of its columns
