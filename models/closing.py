"""A closed work order: the visit as it is recorded, which the follow-ups count from. Reopening keeps it, with the reason."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.base import Base
from models.owned import ShopOwned
from models.refused import Refused

if TYPE_CHECKING:
    from models.work_order import WorkOrder

HIGHEST_ODOMETER = 2_000_000
LONGEST_ADVICE = 200


class Closing(ShopOwned, Base):
    __tablename__ = "closings"
    __table_args__ = (
        Index("ix_closings_day", "shop_id", "invoiced_on"),
        Index("ix_closings_next_visit", "shop_id", "next_visit_on"),
        Index("ix_closings_at", "shop_id", "at"),
    )

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


def read_visit(order: "WorkOrder", visit: Mapping[str, Any]) -> dict[str, Any]:
    """The visit as it would be recorded: invoice date (today), odometer, next visit. Raises Refused, every fault at once."""
    today = order.visit.shop.today()
    invoiced_on, odometer, next_on = visit.get("invoiced_on") or today, visit.get("odometer"), visit.get("next_visit_on")
    advice, faults = " ".join(str(visit.get("next_visit", "")).split()), {}
    if not order.visit.shop.local(order.opened_at).date() <= invoiced_on <= today:
        faults["invoiced_on"] = _("The invoice date lies between check-in and today.")
    if odometer is not None and not 0 <= odometer <= HIGHEST_ODOMETER:
        faults["odometer"] = _("Give the odometer as a number up to %(highest)s.", highest=HIGHEST_ODOMETER)
    elif not visit.get("odometer_sure", True) and order.visit.vehicle.odometer_doubt(odometer, invoiced_on):
        faults["odometer"] = _("Look at the odometer again, or tick that it is so.")
    if next_on and next_on <= invoiced_on:
        faults["next_visit_on"] = _("The next visit comes after this one.")
    if len(advice) > LONGEST_ADVICE:
        faults["next_visit"] = _("Please keep it under %(count)s characters.", count=LONGEST_ADVICE)
    if faults:
        raise Refused.at(**faults)
    return {"invoiced_on": invoiced_on, "odometer": odometer, "next_visit_on": next_on, "next_visit": advice}
