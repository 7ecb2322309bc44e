"""All the work of a work order, and what it comes to."""

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy.sql.base import ExecutableOption

from models.actor import Actor
from models.entry import record
from models.handover import touch
from models.prices import Prices
from models.tax import Scheme, Terms
from models.totals import Totals
from models.work_item import Category, WorkItem

if TYPE_CHECKING:
    from models.work_order import WorkOrder


class Work:
    """All items of an order, and what they come to."""

    def __init__(self, order: "WorkOrder", *more: ExecutableOption) -> None:
        """``more`` to load with the items."""
        self.order = order
        self.items = WorkItem.of(order, *more)

    @cached_property
    def terms(self) -> Terms:
        """By which the order is priced, or would be if it began now."""
        shop = self.order.visit.shop
        return self.items[0].terms if self.items else Prices.of(shop).terms(shop.currency)

    @cached_property
    def totals(self) -> Totals:
        return Totals.joined((item.totals for item in self.items), self.terms)

    @property
    def categories(self) -> dict[Category, list[WorkItem]]:
        """Those that have items, in the order in which customers read them."""
        found = {category: [item for item in self.items if item.category is category] for category in Category}
        return {category: items for category, items in found.items() if items}

    def of(self, category: Category) -> Totals:
        """What the items of one category come to."""
        return Totals.joined((item.totals for item in self.categories.get(category, ())), self.terms)

    @property
    def hours(self) -> Decimal:
        return sum((item.hours for item in self.items), Decimal(0))

    @property
    def tax_word(self) -> str:
        """What people there call it: tax, or VAT."""
        return _("VAT") if self.terms.scheme is Scheme.vat else _("tax")

    @property
    def has_old_terms(self) -> bool:
        """Whether taxes or supplies are set otherwise today; an order in a currency that was given up stays in it."""
        shop = self.order.visit.shop
        return bool(self.items) and self.terms.currency == shop.currency and self.terms != Prices.of(shop).terms(shop.currency)

    def use_current_terms(self, *, by: Actor) -> None:
        """Price all items by the taxes and supplies of today; the prices of their lines stay. Raises Refused: the order is closed."""
        self.order.must_be_open()
        if self.has_old_terms:
            shop = self.order.visit.shop
            for item in self.items:
                item.terms_kept = Prices.of(shop).terms(shop.currency).kept()
            del self.terms
            record(self.order, "work_item.repriced", by)
            touch(shop.id, "work_orders")
