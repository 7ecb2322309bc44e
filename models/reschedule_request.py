"""A customer asks for another date; it stands in the console's list until somebody deals with it."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.fact import AppointmentFact
from models.handover import touch

if TYPE_CHECKING:
    from models.appointment import Appointment
    from models.shop import Shop

LONGEST = 1000  # characters of wishes


class RescheduleRequest(AppointmentFact, Base):
    __tablename__ = "reschedule_requests"
    __table_args__ = (
        UniqueConstraint("appointment_id", "revision", "ordinal"),
        Index("ix_reschedule_requests_open", "shop_id", "settled_at"),
    )

    ordinal: Mapped[int]  # confirmations and settled requests of this revision that came before
    wishes: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    settled_by: Mapped[str] = mapped_column(default="")

    appointment: Mapped["Appointment"] = relationship(back_populates="reschedule_requests")

    @classmethod
    def count_open(cls, shop: "Shop") -> int:
        return db.session.scalar(select(func.count()).where(cls.shop_id == shop.id, cls.settled_at.is_(None))) or 0

    @property
    def earlier_wishes(self) -> "RescheduleRequest | None":
        """Of who asks again without saying what would suit: the newest request about the same date that said it."""
        asked = (one for one in reversed(self.appointment.reschedule_requests) if one.revision == self.revision and one.at <= self.at)
        return None if self.wishes else next((one for one in asked if one.wishes), None)

    def settle(self, by: Actor) -> None:
        """Dealt with, without moving the appointment; a follow-up that it held back is looked at again. Doing it twice does it once."""
        if self._close(by):
            record(self.appointment, "reschedule_request.settled", by)
            self.appointment.reconsider_follow_up()

    def overtaken(self, by: Actor) -> None:
        """The appointment was moved, cancelled or checked in: nobody needs to call any more."""
        self._close(by)

    def _close(self, by: Actor) -> bool:
        if self.settled_at:
            return False
        self.settled_at, self.settled_by = clock.now(), by.name
        touch(self.shop_id, "appointments")
        return True
