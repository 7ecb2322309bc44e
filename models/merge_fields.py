"""The fields of a mail merge: who somebody is, where letters and calls reach them, and their vehicle; read for many at once."""

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Select, func, select

from models import phone
from models.base import db
from models.customer import Customer
from models.customer_contact import CustomerAddress, CustomerEmail, CustomerPhone
from models.deferred_item import DeferredItem
from models.do_not_mail import DoNotMail
from models.list_file import Cell
from models.money import Money
from models.vehicle import Vehicle

if TYPE_CHECKING:
    from models.shop import Shop

CUSTOMER = (
    *("mailing name", "first name", "last name", "company", "street", "city", "region", "postal code", "country"),
    *("e-mail", "phone", "other phones", "language", "do not mail"),
)
VEHICLE = ("year", "make", "model", "submodel", "plate", "plate region", "VIN", "odometer")
AMOUNT = ("amount deferred", "currency")
TOGETHER = 1000  # rows that are read at once
Each = TypeVar("Each")


def parts(found: Iterable[Each], size: int = TOGETHER) -> Iterator[list[Each]]:
    """As they come, so many at a time."""
    each = iter(found)
    while part := list(islice(each, size)):
        yield part


def newest_first(ids: Select[Any], column: Any) -> Iterator[list[int]]:
    """The ids that a query gives, part after part, so that a million of them are never held at once."""
    found = list(db.session.scalars(ids.order_by(column.desc()).limit(TOGETHER)))
    while found:
        yield found
        found = list(db.session.scalars(ids.where(column < found[-1]).order_by(column.desc()).limit(TOGETHER)))


class MergeFields:
    """Of these customers and vehicles of the shop: plain values and no nouns, which would be thousands of them."""

    def __init__(self, shop: "Shop", customer_ids: Collection[int] = (), vehicle_ids: Collection[int | None] = ()) -> None:
        self.shop, self.customer_ids, self.vehicle_ids = shop, set(customer_ids), set(vehicle_ids) - {None}

    def customer(self, id: int) -> tuple[Cell, ...]:
        row = self._customers[id]
        mails, addresses = self._mails.get(id), self._addresses.get(id)
        address = (*addresses[0][:4], addresses[0][4] or self.shop.country) if addresses else ("",) * 5
        name = row.company_name or f"{row.first_name} {row.last_name}".strip() or "Customer"
        numbers = [phone.shown(number, self.shop.country) for (number,) in self._phones.get(id, ())]  # as people at home write them
        reached = (mails[0][0] if mails else "", numbers[0] if numbers else "", "; ".join(numbers[1:]))
        language = row.language or self.shop.language
        barred = "yes" if id in self.barred else "no"
        return name, row.first_name, row.last_name, row.company_name, *address, *reached, language, barred

    def vehicle(self, id: int | None) -> tuple[Cell, ...]:
        return self._vehicles[id] if id else (None, *[""] * 6, None)

    def amount(self, deferred: "dict[int, int]", id: int | None) -> tuple[Cell, ...]:
        """What is put off of a vehicle or customer and still open (``of_vehicles``, ``of_customers``)."""
        amount = Money(deferred[id], self.shop.currency) if id in deferred else None
        return amount, amount.currency if amount else ""

    @cached_property
    def barred(self) -> set[int]:
        """Who is on Do Not Mail."""
        return set(db.session.scalars(select(DoNotMail.customer_id).where(DoNotMail.customer_id.in_(self.customer_ids))))

    @cached_property
    def of_vehicles(self) -> dict[int, int]:
        """Open deferred amounts, in minor units."""
        return self._open_amounts(DeferredItem.vehicle_id, self.vehicle_ids)

    @cached_property
    def items(self) -> dict[int, list[str]]:
        """What is put off of each vehicle and still open, oldest first."""
        found: dict[int, list[str]] = {}
        query = select(DeferredItem.vehicle_id, DeferredItem.title).where(DeferredItem.returned_at.is_(None))
        for whose, title in db.session.execute(query.where(DeferredItem.vehicle_id.in_(self.vehicle_ids)).order_by(DeferredItem.id)):
            found.setdefault(whose, []).append(title)
        return found

    @cached_property
    def of_customers(self) -> dict[int, int]:
        return self._open_amounts(DeferredItem.customer_id, self.customer_ids)

    @staticmethod
    def _open_amounts(whose: Any, ids: Collection[Any]) -> dict[int, int]:
        query = select(whose, func.sum(DeferredItem.amount)).where(whose.in_(ids), DeferredItem.returned_at.is_(None))
        return {one: int(amount) for one, amount in db.session.execute(query.group_by(whose)) if amount}

    @cached_property
    def _customers(self) -> dict[int, Any]:
        names = (Customer.id, Customer.first_name, Customer.last_name, Customer.company_name, Customer.language)
        return {row.id: row for row in db.session.execute(select(*names).where(Customer.id.in_(self.customer_ids)))}

    @cached_property
    def _phones(self) -> dict[int, list[tuple[Any, ...]]]:
        return self._of_customers(CustomerPhone, CustomerPhone.number)

    @cached_property
    def _mails(self) -> dict[int, list[tuple[Any, ...]]]:
        return self._of_customers(CustomerEmail, CustomerEmail.address)

    @cached_property
    def _addresses(self) -> dict[int, list[tuple[Any, ...]]]:
        row = CustomerAddress
        return self._of_customers(row, row.street, row.city, row.region, row.postal_code, row.country)

    def _of_customers(self, noun: Any, *columns: Any) -> dict[int, list[tuple[Any, ...]]]:
        """In their order of preference."""
        found: dict[int, list[tuple[Any, ...]]] = {}
        query = select(noun.customer_id, *columns).where(noun.customer_id.in_(self.customer_ids))
        for one, *values in db.session.execute(query.order_by(noun.customer_id, noun.position)):
            found.setdefault(one, []).append(tuple(values))
        return found

    @cached_property
    def _vehicles(self) -> dict[int, tuple[Any, ...]]:
        car = Vehicle
        values = (car.year, car.make, car.model, car.submodel, car.plate, car.plate_region, car.vin, car.odometer)
        rows = db.session.execute(select(car.id, *values).where(car.id.in_(self.vehicle_ids)))
        return {one: tuple(about) for one, *about in rows}
