"""All work of the shop that is put off and still open: narrowed on the screen, and as a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from models import clock
from models.base import db
from models.customer import Customer
from models.deferred_item import DeferredItem
from models.list_file import Cell, ListFile
from models.merge_fields import CUSTOMER, TOGETHER, VEHICLE, MergeFields
from models.word_filter import fits
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.shop import Shop

PAGE = 50
COLUMNS = ("item", "amount", "currency", "category", "why", "put off on", "until", "until odometer", "work order", *CUSTOMER, *VEHICLE)


@dataclass(frozen=True, slots=True)
class DeferredList:
    shop: "Shop"
    words: str = ""  # of the customer's name or the vehicle
    at_least: int | None = None  # minor units
    since: date | None = None  # put off on these days
    until: date | None = None

    def page(self, before: int | None = None) -> list[DeferredItem]:
        """Newest first."""
        query = self._found.where(DeferredItem.id < before) if before else self._found
        whose = joinedload(DeferredItem.customer, innerjoin=True).selectinload(Customer.phones)
        order, vehicle = joinedload(DeferredItem.order, innerjoin=True), joinedload(DeferredItem.vehicle, innerjoin=True)
        return list(db.session.scalars(query.options(whose, order, vehicle).order_by(DeferredItem.id.desc()).limit(PAGE)))

    @property
    def file(self) -> ListFile:
        return ListFile("deferred work", COLUMNS, self._rows())

    @property
    def _found(self) -> "Select[DeferredItem]":
        query = select(DeferredItem).where(DeferredItem.shop_id == self.shop.id, DeferredItem.returned_at.is_(None))
        query = query.where(fits(self.words, DeferredItem.customer_id, DeferredItem.vehicle_id))
        if self.at_least is not None:
            query = query.where(DeferredItem.amount >= self.at_least)
        if self.since:
            query = query.where(DeferredItem.at >= clock.day_bounds(self.since, self.shop.tz)[0])
        if self.until:
            query = query.where(DeferredItem.at < clock.day_bounds(self.until, self.shop.tz)[1])
        return query

    def _rows(self) -> Iterator[tuple[Cell, ...]]:
        query, newest = self._found.order_by(DeferredItem.id.desc()).limit(TOGETHER), None
        while found := db.session.scalars(query.where(DeferredItem.id < newest) if newest else query).all():
            yield from self._filled(list(found))
            newest = found[-1].id

    def _filled(self, found: list[DeferredItem]) -> Iterator[tuple[Cell, ...]]:
        fields = MergeFields(self.shop, {item.customer_id for item in found}, {item.vehicle_id for item in found})
        orders = select(WorkOrder.id, WorkOrder.number).where(WorkOrder.id.in_({item.work_order_id for item in found}))
        numbers = {row.id: row.number for row in db.session.execute(orders)}
        for item in found:
            on = self.shop.local(item.at).date()
            about = (item.title, item.price, item.currency, item.category.label, item.said, on, item.due_on, item.due_odometer)
            yield *about, numbers[item.work_order_id], *fields.customer(item.customer_id), *fields.vehicle(item.vehicle_id)
