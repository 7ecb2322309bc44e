"""Exact money: whole minor units of a currency.

Rounding is half-up (half a cent becomes a whole one), and happens only where it says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import total_ordering

from babel import Locale
from babel.numbers import format_currency, get_currency_precision, list_currencies
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import Dialect, Integer
from sqlalchemy.types import TypeDecorator

from models.refused import Refused

LARGEST = 999_999_999  # minor units of one price: about ten million dollars, and what every database's integer holds


class Exact(TypeDecorator[Decimal]):
    """A decimal with a fixed number of places, kept as a whole number: SQLite knows no decimals, only floats."""

    impl = Integer
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = value.scaleb(self.places)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {self.places} places")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places)


def whole(value: Decimal) -> int:
    """Rounded half-up, away from zero."""
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def decimals(currency: str) -> int:
    """How many decimals people write in that currency: 2 for USD and EUR, 0 for JPY, 3 for BHD."""
    return get_currency_precision(currency)


def is_currency(code: str) -> bool:
    """Whether it is the code of a currency, like USD."""
    return code in list_currencies()


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal, currency: str, field: str | None = None) -> "Money":
        """An amount as people write it. Raises Refused: below zero, more decimals than the currency has, too large."""
        places = decimals(currency)
        if not amount.is_finite() or amount < 0:
            raise Refused(_("An amount can't be below zero."), field=field)
        scaled = amount.scaleb(places)
        if scaled > LARGEST:
            raise Refused(_("This amount is too large."), field=field)
        if scaled != scaled.to_integral_value():
            raise Refused(
                _("%(currency)s has no decimals.", currency=currency)
                if places == 0
                else _("Give at most %(count)s decimals.", count=places),
                field=field,
            )
        return cls(int(scaled), currency)

    @classmethod
    def total(cls, amounts: Iterable["Money"], currency: str) -> "Money":
        """Their sum; nothing of that currency where there are none."""
        return sum(amounts, cls(0, currency))

    @property
    def amount(self) -> Decimal:
        """In major units, with the currency's decimals: 12.50."""
        return Decimal(self.minor).scaleb(-decimals(self.currency))

    def times(self, factor: Decimal) -> "Money":
        """Rounded half-up to the minor unit."""
        return Money(whole(self.minor * factor), self.currency)

    def percent(self, percent: Decimal) -> "Money":
        """So many percent of it, rounded half-up."""
        return self.times(percent / 100)

    def included(self, percent: Decimal) -> "Money":
        """The tax of that rate that is within this amount, rounded half-up: 21 of 121 at 21 percent."""
        return Money(whole(self.minor * percent / (100 + percent)), self.currency)

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Parts in proportion to ``weights`` (none below zero) that add up to the whole exactly.

        Every part is rounded down, then the units left over go to the largest remainders, the first of equal ones first.
        """
        total = sum(weights)
        if not total:
            return [Money(0, self.currency) for _weight in weights]
        sign = -1 if self.minor < 0 else 1
        shares = [divmod(abs(self.minor) * weight, total) for weight in weights]
        left = abs(self.minor) - sum(share for share, _rest in shares)
        first = sorted(range(len(weights)), key=lambda place: -shares[place][1])[:left]
        return [Money(sign * (share + (place in first)), self.currency) for place, (share, _rest) in enumerate(shares)]

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} can't be added")
        return other.minor


def shown(amount: Money, locale: Locale | str | None = None) -> str:
    """As people of that language and country write it: $1,234.50, € 1.234,50."""
    text = format_currency(amount.amount, amount.currency, locale=locale or get_locale())
    return text.replace("\u202f", "\u00a0")
