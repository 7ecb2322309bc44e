"""When a shop is open on a weekday; a weekday without a row is a closed one."""

from datetime import time

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, validates

from models.base import Base
from models.owned import ShopOwned
from models.refused import Refused


class OpeningHours(ShopOwned, Base):
    __tablename__ = "opening_hours"
    __table_args__ = (UniqueConstraint("shop_id", "weekday"),)

    weekday: Mapped[int]  # 0 is Monday
    opens: Mapped[time]
    closes: Mapped[time]

    @validates("closes")
    def _after_opening(self, key: str, closes: time) -> time:
        if self.opens is not None and closes <= self.opens:
            raise Refused("Closing time must be after opening time.", field="closes")
        return closes
