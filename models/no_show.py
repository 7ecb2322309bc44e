"""The vehicle did not come on the date that was agreed."""

from sqlalchemy import UniqueConstraint

from models.base import Base
from models.fact import AppointmentFact


class NoShow(AppointmentFact, Base):
    __tablename__ = "no_shows"
    __table_args__ = (UniqueConstraint("appointment_id", "revision"),)
