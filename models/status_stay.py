"""A vehicle's stay in a status: who set it, when, against which estimate, and why it took longer."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned
from models.refused import Refused
from models.status import Status, Timer
from models.timer import OpenTime, TimeDisplay, Tone, margin

if TYPE_CHECKING:
    from models.message import Message
    from models.shop import Shop
    from models.work_order import WorkOrder

LONGEST_REASON = 200


class StatusStay(ShopOwned, Base):
    __tablename__ = "status_stays"
    __table_args__ = (
        Index(
            "uq_status_stays_now",
            "work_order_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
    )

    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"), index=True)
    status_id: Mapped[int] = mapped_column(ForeignKey("statuses.id"), index=True)
    entered_at: Mapped[datetime]
    left_at: Mapped[datetime | None] = mapped_column(default=None)
    undone_at: Mapped[datetime | None] = mapped_column(default=None)  # it was a slip: the stay before goes on as if it had not been
    set_by: Mapped[str]
    minutes: Mapped[int | None] = mapped_column(default=None)  # this vehicle's estimate
    reason: Mapped[str] = mapped_column(default="")  # of the delay
    reason_by: Mapped[str] = mapped_column(default="")

    status: Mapped[Status] = relationship()
    work_order: Mapped["WorkOrder"] = relationship(back_populates="stays")
    updates: Mapped[list["Message"]] = relationship(order_by="Message.id", back_populates="stay")

    @classmethod
    def standing_in(cls, status: Status) -> list[int]:
        """The numbers of the open work orders that are in this status now."""
        from models.work_order import WorkOrder

        query = select(WorkOrder.number).join(cls, cls.work_order_id == WorkOrder.id)
        query = query.where(cls.status_id == status.id, cls.left_at.is_(None), WorkOrder.closed_at.is_(None))
        return list(db.session.scalars(query.order_by(WorkOrder.number)))

    @classmethod
    def history_of(cls, order: "WorkOrder") -> list["StatusStay"]:
        """Every status the vehicle has been in, newest first, with what was sent about it; slips left out."""
        query = select(cls).where(cls.work_order_id == order.id, cls.undone_at.is_(None))
        query = query.options(joinedload(cls.status, innerjoin=True), selectinload(cls.updates))
        return list(db.session.scalars(query.order_by(cls.id.desc())))

    @property
    def estimate(self) -> timedelta | None:
        return timedelta(minutes=self.minutes) if self.minutes is not None else None

    def display(self, shop: "Shop", at: datetime | None = None) -> TimeDisplay:
        """The time in this status as it shows at an instant (now; of an ended stay, at its end)."""
        at = self.left_at or at or clock.now()
        hours, estimate = OpenTime(shop), self.estimate
        soon_at = over_at = None
        if estimate is not None and self.status.timer is not Timer.open:
            over_at = hours.after(self.entered_at, estimate)
            if self.status.timer is Timer.count_down:
                little = margin(estimate, shop.location.orange_percent, shop.location.orange_minutes)
                soon_at = hours.after(self.entered_at, estimate - little)
        return TimeDisplay(
            counts=self.status.timer.value,
            at=at,
            elapsed=hours.between(self.entered_at, at),
            wall=at - self.entered_at,
            estimate=estimate,
            soon_at=soon_at,
            over_at=over_at,
        )

    def lacks_reason(self, shop: "Shop") -> bool:
        """Whether it is red and nobody has said why."""
        return not self.reason and self.display(shop).tone is Tone.over

    def explain(self, reason: str, *, by: Actor) -> None:
        """Say why it takes longer. Raises Refused: nothing said, or too much."""
        reason = " ".join(reason.split())
        if not reason or len(reason) > LONGEST_REASON:
            raise Refused(_("Say why, in at most %(count)s characters.", count=LONGEST_REASON), field="reason")
        if reason != self.reason:
            self.reason, self.reason_by = reason, by.name
            record(self.work_order, "work_order.delay_explained", by, reason=reason)
            touch(self.shop_id, "work_orders")
