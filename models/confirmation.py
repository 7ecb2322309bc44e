"""A confirmation of an appointment as it stood at that revision."""

from typing import TYPE_CHECKING

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from models.base import Base
from models.fact import AppointmentFact

if TYPE_CHECKING:
    from models.appointment import Appointment


class Confirmation(AppointmentFact, Base):
    __tablename__ = "confirmations"
    # one for each time the customer changed their mind: a double tap finds the place taken
    __table_args__ = (UniqueConstraint("appointment_id", "revision", "ordinal"),)

    ordinal: Mapped[int]  # reschedule requests of this revision that came before
    channel: Mapped[str]  # web or phone

    appointment: Mapped["Appointment"] = relationship(back_populates="confirmations")
