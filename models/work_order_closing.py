"""How a work order ends, and begins again."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy.orm import Mapped

from models import clock
from models.actor import Actor
from models.closing import Closing, read_visit
from models.entry import record
from models.handover import touch
from models.refused import Refused
from models.status_stay import LONGEST_REASON, StatusStay
from models.status_update import call_off_waiting

if TYPE_CHECKING:
    from models.work_order import WorkOrder


class Closable:
    if TYPE_CHECKING:
        closed_at: Mapped[datetime | None]

    @property
    def closing(self: "WorkOrder") -> Closing | None:
        """What was recorded when it was closed; None while it is open."""
        if not self.is_closed:
            return None
        return next((closing for closing in reversed(self.closings) if closing.reopened_at is None), None)

    def close(self: "WorkOrder", *, by: Actor, **visit: Any) -> None:
        """The vehicle has left: records the visit (``read_visit``) and what is put off; waiting updates do not go any more. Twice is once.

        Raises Refused, every fault at once.
        """
        from models.deferred_item import DeferredItem
        from models.last_invoice import LastInvoice

        self.lock()
        if self.is_closed:
            return
        details = read_visit(self, visit)
        DeferredItem.defer_rest(self, by=by)
        self.closings.append(Closing(shop_id=self.shop_id, closed_by=by.name, **details))
        if details["odometer"] is not None:
            self.visit.vehicle.read_odometer(details["odometer"], by=by, on=details["invoiced_on"])
        self.closed_at = clock.now()
        if stay := self.stay:
            stay.left_at = self.closed_at
        call_off_waiting(self, self.stays)
        LastInvoice.reckon(self.visit.customer)
        record(self, "work_order.closed", by, number=self.number)
        touch(self.shop_id, "appointments")
        touch(self.shop_id, "work_orders")

    def reopen(self: "WorkOrder", reason: str, *, by: Actor) -> None:
        """It is not done after all: back on the board, in the status that it had. Doing it twice does it once.

        Raises Refused: no reason is given, or the vehicle is in the shop again with another work order.
        """
        from models.deferred_item import DeferredItem
        from models.last_invoice import LastInvoice

        self.lock()
        reason, closing = " ".join(reason.split()), self.closing
        if not self.is_closed:
            return
        if not reason or len(reason) > LONGEST_REASON:
            raise Refused(_("Say why, in at most %(count)s characters.", count=LONGEST_REASON), field="reason")
        self.visit.customer.hold()  # who was erased meanwhile has no visits any more
        if number := self.open_for(self.visit.vehicle_id):
            raise Refused(_("This vehicle is in the shop already: work order %(number)s.", number=number))
        for link in self.visit.links:
            link.expired_at = None
        if closing:
            closing.reopened_at, closing.reopened_by, closing.reason = clock.now(), by.name, reason
        DeferredItem.take_back(self)
        self.closed_at = None
        if self.history:
            last = self.history[-1].status
            self.stays.append(StatusStay(shop_id=self.shop_id, status=last, entered_at=clock.now(), set_by=by.name, minutes=last.minutes))
        LastInvoice.reckon(self.visit.customer)
        record(self, "work_order.reopened", by, number=self.number, reason=reason)
        touch(self.shop_id, "appointments")
        touch(self.shop_id, "work_orders")
