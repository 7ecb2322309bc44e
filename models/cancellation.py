"""An appointment was cancelled: by whom, when."""

from sqlalchemy import UniqueConstraint

from models.base import Base
from models.fact import AppointmentFact


class Cancellation(AppointmentFact, Base):
    __tablename__ = "cancellations"
    __table_args__ = (UniqueConstraint("appointment_id"),)
