"""How work that was put off comes back: at its place if its order goes on, else as an item of the order that the vehicle is here with."""

from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy.orm import Mapped

from models import clock
from models.actor import Actor
from models.attachment import Attachment
from models.entry import record
from models.handover import touch
from models.overview import TOPIC
from models.refused import Refused
from models.work_item import WorkItem

if TYPE_CHECKING:
    from models.deferred_item import DeferredItem
    from models.work_order import WorkOrder


class Returning:
    if TYPE_CHECKING:
        returned_at: Mapped[datetime | None]
        returned_item: Mapped[WorkItem | None]

    def is_snoozed_from(self: "DeferredItem", order: "WorkOrder") -> bool:
        """By the desk, off this order, which goes on."""
        return self.reason == "snoozed" and self.work_order_id == order.id

    def wake(self: "DeferredItem", *, by: Actor) -> None:
        """Undo ``snooze``: on the order again, at its place. Doing it twice does it once. Raises Refused: the order is closed."""
        if self.returned_at is None:
            self.order.must_be_open()
            self.item.restore(by=by)
            self.returned_at = clock.now()
            record(self.order, "work_item.woken", by, title=self.title, item=self.work_item_id)
            touch(self.shop_id, TOPIC)

    def return_to(self: "DeferredItem", order: "WorkOrder", *, by: Actor) -> WorkItem:
        """On this later order as an item of its own, with its words, lines and pictures; what was snoozed off it is at its place again.

        Doing it twice does it once. Raises Refused: the order is closed or full, or not of this vehicle; it is on another already.
        """
        if self.is_snoozed_from(order):
            self.wake(by=by)
            return self.item
        if self.returned_item and self.returned_item.work_order_id == order.id:
            return self.returned_item
        order.must_be_open()
        if order.visit.vehicle_id != self.vehicle_id:
            raise Refused(_("This belongs to another vehicle."))
        if self.returned_at is not None:
            raise Refused(_("This is no longer put off."))
        lines = [line.line for line in self.item.lines]
        item = WorkItem.add(order, self.title, by=by, category=self.category, why=self.why, lines=lines)
        for name in ("job_code", "discount_percent", "discount_amount"):
            setattr(item, name, getattr(self.item, name))
        for picture in Attachment.by_item(self.order).get(self.work_item_id, ()):
            picture.copy_to(item)
        self.returned_at, self.returned_item = clock.now(), item
        touch(self.shop_id, TOPIC)
        return item

    def put_off_again(self: "DeferredItem", order: "WorkOrder", *, by: Actor) -> None:
        """Undo ``return_to`` this order. Doing it twice does it once. Raises Refused: the order is closed, or it is done."""
        if self.returned_item is None or self.returned_item.work_order_id != order.id:
            return
        if self.returned_item.is_done:
            raise Refused(_("This is done already."))
        self.returned_item.remove(by=by)
        self.returned_at, self.returned_item = None, None
        touch(self.shop_id, TOPIC)
