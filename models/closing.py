"""A closed work order: the visit as it is recorded, which the follow-ups count from. Reopening keeps it, with the reason."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned
from models.refused import Refused
from models.status_stay import LONGEST_REASON, StatusStay
from models.status_update import call_off_waiting

if TYPE_CHECKING:
    from models.work_order import WorkOrder

HIGHEST_ODOMETER = 2_000_000
LONGEST_ADVICE = 200


class Closing(ShopOwned, Base):
    __tablename__ = "closings"

    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_by: Mapped[str]
    invoiced_on: Mapped[date]
    odometer: Mapped[int | None] = mapped_column(default=None)
    next_visit_on: Mapped[date | None] = mapped_column(default=None)
    next_visit: Mapped[str] = mapped_column(default="")  # what is recommended for it
    reopened_at: Mapped[datetime | None] = mapped_column(default=None)
    reopened_by: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")  # of reopening


class Closable:
    @property
    def closing(self: "WorkOrder") -> Closing | None:
        """What was recorded when it was closed; None while it is open."""
        return next((closing for closing in reversed(self.closings) if closing.reopened_at is None), None)

    def close(self: "WorkOrder", *, by: Actor, **visit: Any) -> None:
        """The vehicle has left; records the visit (``read_visit``). Doing it twice does it once. Raises Refused, every fault at once."""
        self.lock()
        if self.is_closed:
            return
        details = read_visit(self, visit)
        self.closings.append(Closing(shop_id=self.shop_id, closed_by=by.name, **details))
        self.closed_at = clock.now()
        if stay := self.stay:
            stay.left_at = self.closed_at
        record(self, "work_order.closed", by, number=self.number)
        touch(self.shop_id, "appointments")
        touch(self.shop_id, "work_orders")

    def reopen(self: "WorkOrder", reason: str, *, by: Actor) -> None:
        """It is not done after all: back on the board, in the status that it had. Doing it twice does it once.

        Raises Refused: no reason is given, or the vehicle is in the shop again with another work order.
        """
        self.lock()
        reason, closing = " ".join(reason.split()), self.closing
        if not self.is_closed:
            return
        if not reason or len(reason) > LONGEST_REASON:
            raise Refused(_("Say why, in at most %(count)s characters.", count=LONGEST_REASON), field="reason")
        if number := self.open_for(self.visit.vehicle_id):
            raise Refused(_("This vehicle is in the shop already: work order %(number)s.", number=number))
        if closing:
            closing.reopened_at, closing.reopened_by, closing.reason = clock.now(), by.name, reason
        self.closed_at = None
        if self.history:
            last = self.history[-1].status
            self.stays.append(StatusStay(shop_id=self.shop_id, status=last, entered_at=clock.now(), set_by=by.name, minutes=last.minutes))
        db.session.flush()
        record(self, "work_order.reopened", by, number=self.number, reason=reason)
        touch(self.shop_id, "appointments")
        touch(self.shop_id, "work_orders")

    def forget_updates(self: "WorkOrder") -> None:
        """What still waits to be sent about its statuses does not go."""
        call_off_waiting(self, self.stays)


def read_visit(order: "WorkOrder", visit: Mapping[str, Any]) -> dict[str, Any]:
    """The visit as it would be recorded: invoice date (today), odometer, next visit. Raises Refused, every fault at once."""
    today = order.visit.shop.today()
    invoiced_on, odometer, next_on = visit.get("invoiced_on") or today, visit.get("odometer"), visit.get("next_visit_on")
    advice, faults = " ".join(str(visit.get("next_visit", "")).split()), {}
    if not order.visit.shop.local(order.opened_at).date() <= invoiced_on <= today:
        faults["invoiced_on"] = _("The invoice date lies between check-in and today.")
    if odometer is not None and not 0 <= odometer <= HIGHEST_ODOMETER:
        faults["odometer"] = _("Give the odometer as a number up to %(highest)s.", highest=HIGHEST_ODOMETER)
    if next_on and next_on <= invoiced_on:
        faults["next_visit_on"] = _("The next visit comes after this one.")
    if len(advice) > LONGEST_ADVICE:
        faults["next_visit"] = _("Please keep it under %(count)s characters.", count=LONGEST_ADVICE)
    if faults:
        raise Refused.at(**faults)
    return {"invoiced_on": invoiced_on, "odometer": odometer, "next_visit_on": next_on, "next_visit": advice}
