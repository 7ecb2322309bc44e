"""Work that was put off: refused, left unanswered, or for later. It keeps its price and its pictures, and comes back in a follow-up."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.answer import Choice
from models.approval import Approval
from models.approvals import Approvals
from models.base import Base, db
from models.deferred_item_return import Returning
from models.entry import record
from models.handover import touch
from models.money import Money
from models.overview import TOPIC
from models.owned import ShopOwned
from models.refused import NotFound, Refused
from models.work_item import Category, WorkItem

if TYPE_CHECKING:
    from models.customer import Customer
    from models.vehicle import Vehicle
    from models.work_order import WorkOrder

HIGHEST_ODOMETER = 2_000_000
YEARS = 5  # how far ahead something can be put off
REASONS = {Choice.decline: "declined", Choice.later: "later", Choice.repair: "not_done", Choice.contact: "unanswered"}
_REASONS = {
    "declined": _l("Declined"),
    "unanswered": _l("Not decided"),
    "later": _l("The customer wants to be reminded"),
    "not_done": _l("Wanted, and not done"),
    "snoozed": _l("Put off at the desk"),
}


class DeferredItem(Returning, ShopOwned, Base):
    __tablename__ = "deferred_items"
    __table_args__ = (Index("ix_deferred_items_due", "shop_id", "due_on"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"), index=True)
    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"), index=True)
    work_item_id: Mapped[int] = mapped_column(ForeignKey("work_items.id"), index=True)  # whose pictures and lines are its own
    title: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    category: Mapped[Category]
    amount: Mapped[int | None] = mapped_column(BigInteger, default=None)  # minor units, with tax, as it was; None: it had no price
    currency: Mapped[str]
    reason: Mapped[str]  # declined, unanswered, later, not_done, snoozed
    due_on: Mapped[date | None] = mapped_column(default=None)  # when the customer, or the desk, wants to hear of it again
    due_odometer: Mapped[int | None] = mapped_column(default=None)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by: Mapped[str]
    returned_at: Mapped[datetime | None] = mapped_column(default=None)  # it is on an order again, or the order was reopened
    returned_item_id: Mapped[int | None] = mapped_column(ForeignKey("work_items.id"), default=None)  # as a new item of a later order

    customer: Mapped["Customer"] = relationship()
    vehicle: Mapped["Vehicle"] = relationship()
    order: Mapped["WorkOrder"] = relationship()
    item: Mapped[WorkItem] = relationship(foreign_keys=[work_item_id])
    returned_item: Mapped[WorkItem | None] = relationship(foreign_keys=[returned_item_id])

    @classmethod
    def of_vehicles(cls, vehicle_ids: Collection[int]) -> Sequence["DeferredItem"]:
        """What is still put off of these vehicles, oldest first, each with the order that it comes from."""
        mine = select(cls).where(cls.vehicle_id.in_(vehicle_ids), cls.returned_at.is_(None)).order_by(cls.id)
        return db.session.scalars(mine.options(joinedload(cls.order, innerjoin=True), joinedload(cls.vehicle, innerjoin=True))).all()

    @classmethod
    def of_vehicle(cls, vehicle_id: int) -> Sequence["DeferredItem"]:
        return cls.of_vehicles([vehicle_id])

    @classmethod
    def of_order(cls, order: "WorkOrder") -> Sequence["DeferredItem"]:
        mine = select(cls).where(cls.work_order_id == order.id, cls.returned_at.is_(None)).order_by(cls.id)
        return db.session.scalars(mine).all()

    @classmethod
    def within(cls, order: "WorkOrder", id: int) -> "DeferredItem":
        """One of the order's vehicle, also if it is on an order again. Raises NotFound."""
        mine = select(cls).where(cls.id == id, cls.shop_id == order.shop_id, cls.vehicle_id == order.visit.vehicle_id)
        found = db.session.scalars(mine).first()
        if found is None:
            raise NotFound("DeferredItem")
        return found

    # verbs; the caller holds the order's lock

    @classmethod
    def snooze(cls, item: WorkItem, *, until: date | None, odometer: int | None, by: Actor) -> "DeferredItem":
        """Off the current work, until a day or a mileage. Raises Refused with every fault at once."""
        item.order.must_be_open()
        if item.removed_at is not None:
            return cls._snoozed(item)
        today, faults = item.order.visit.shop.today(), {}
        reading = item.order.visit.vehicle.odometer or 0
        if until is None and odometer is None:
            faults["until"] = _("Say until which day or mileage.")
        if until is not None and not today < until <= today + relativedelta(years=YEARS):
            faults["until"] = _("Choose a day after today, within %(count)s years.", count=YEARS)
        if odometer is not None and not reading < odometer <= HIGHEST_ODOMETER:
            faults["odometer"] = _("Give a mileage above the one of today.")
        if item.is_done:
            faults["until"] = _("This is done already.")
        if faults:
            raise Refused.at(**faults)
        item.remove(by=by)
        deferred = cls._kept(item, "snoozed", by, due_on=until, due_odometer=odometer)
        record(item.order, "work_item.snoozed", by, title=item.title, item=item.id)
        return deferred

    @classmethod
    def _snoozed(cls, item: WorkItem) -> "DeferredItem":
        """Somebody else put it off, or the second click of two did. Raises Refused: it was removed for good."""
        mine = select(cls).where(cls.work_item_id == item.id, cls.reason == "snoozed", cls.returned_at.is_(None))
        if found := db.session.scalars(mine).first():
            return found
        raise Refused(_("This item was removed meanwhile."))

    @classmethod
    def defer_rest(cls, order: "WorkOrder", *, by: Actor) -> "list[DeferredItem]":
        """When the order closes: what was found and shown, and is neither authorised nor done."""
        rest = [row for row in Approvals(order).rows.values() if _is_left(row)]
        return [cls._kept(row.item, _reason(row), by, due_on=row.remind_on) for row in rest]

    @classmethod
    def take_back(cls, order: "WorkOrder") -> None:
        """The order is open again, and what was left at its closing is on it."""
        for deferred in cls.of_order(order):
            if deferred.reason != "snoozed":
                deferred.returned_at = clock.now()

    @classmethod
    def _kept(cls, item: WorkItem, reason: str, by: Actor, *, due_on: date | None, due_odometer: int | None = None) -> "DeferredItem":
        visit, totals = item.order.visit, item.totals
        deferred = cls(
            shop_id=item.shop_id,
            customer_id=visit.customer_id,
            vehicle_id=visit.vehicle_id,
            order=item.order,
            item=item,
            title=item.title,
            why=item.why,
            category=item.category,
            amount=totals.including.minor if item.lines else None,
            currency=totals.currency,
            reason=reason,
            due_on=due_on,
            due_odometer=due_odometer,
            at=clock.now(),
            by=by.name,
        )
        db.session.add(deferred)
        db.session.flush()
        touch(item.shop_id, TOPIC)
        return deferred

    @property
    def said(self) -> str:
        """Why it is put off."""
        return str(_REASONS[self.reason])

    @property
    def price(self) -> Money | None:
        return None if self.amount is None else Money(self.amount, self.currency)


def _is_left(row: Approval) -> bool:
    found = row.item.category in {Category.necessary, Category.recommended}
    return found and row.item.shown and not row.item.is_done


def _reason(row: Approval) -> str:
    if row.answer:
        return REASONS[row.answer.choice]
    return "declined" if row.thumb and not row.thumb.up else "not_done" if row.thumb else "unanswered"
