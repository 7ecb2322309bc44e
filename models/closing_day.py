"""A date on which the shop is closed although its weekday is open; holidays are suggestions until the shop accepts them."""

from collections.abc import Iterable
from datetime import date as Date

from flask_babel import gettext as _
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


def suggested(calendar: str, years: int | Iterable[int], language: str = "en") -> dict[Date, str]:
    """The holidays of a calendar such as ``US-IL`` or ``NL`` in those years, by date, in the language or else in English.

    Raises Refused for a calendar that is none.
    """
    from holidays import country_holidays, list_supported_countries  # every country's: loaded when they are asked for, not at each start

    country, _dash, subdivision = calendar.partition("-")
    known = list_supported_countries()  # asked first: the library takes any name of its own modules for a country
    if country not in known or (subdivision and subdivision not in known[country]):
        sentence = _("“%(calendar)s” is no holiday calendar that we know. Use one like US-IL or NL.", calendar=calendar)
        raise Refused(sentence, field="holiday_calendar")
    return dict(sorted(country_holidays(country, subdiv=subdivision or None, years=years, language=language).items()))


def calendars(country: str) -> list[str]:
    """The calendars of a country: its own, then those of its parts; none for a country that the library does not know."""
    from holidays import list_supported_countries

    parts = list_supported_countries().get(country)
    return [] if parts is None else [country, *(f"{country}-{part}" for part in parts)]
