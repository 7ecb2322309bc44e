"""What an odometer showed on a day: readings are added, never changed, so that one that went down can be seen."""

from datetime import date as Date

from flask_babel import format_date, format_decimal
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

MOST = 10_000_000


class OdometerReading(Base):
    __tablename__ = "odometer_readings"

    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"), index=True)
    value: Mapped[int]  # in the shop's unit, miles or kilometres
    read_on: Mapped[Date]  # the shop's day
    actor_name: Mapped[str] = mapped_column(default="")

    @property
    def shown(self) -> dict[str, str]:
        """Figure and day as people write them."""
        return {"figure": format_decimal(self.value), "day": format_date(self.read_on, "medium")}
