"""A date on which the shop is closed although its weekday is open; holidays are suggestions until the shop accepts them."""

from datetime import date as Date

from holidays import country_holidays
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.owned import ShopOwned
from models.refused import Refused


class ClosingDay(ShopOwned, Base):
    __tablename__ = "closing_days"
    __table_args__ = (UniqueConstraint("shop_id", "date"),)

    date: Mapped[Date]
    name: Mapped[str] = mapped_column(default="")


def suggested(calendar: str, year: int) -> dict[Date, str]:
    """The holidays of a calendar such as ``US-IL`` or ``NL`` in that year, by date. Raises Refused for a calendar that is none."""
    country, _, subdivision = calendar.partition("-")
    try:
        return dict(sorted(country_holidays(country, subdiv=subdivision or None, years=year).items()))
    except NotImplementedError as problem:
        raise Refused(f"{calendar!r} is no holiday calendar we know. Use one like US-IL or NL.", field="holiday_calendar") from problem
