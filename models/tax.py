"""What is charged on top of, or within, a price: the terms that an order is priced by, and the tax on its lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from models.money import Money


class Kind(StrEnum):
    """What a line is; each may have a rate of its own."""

    labour = "labour"
    part = "part"
    supplies = "supplies"
    fee = "fee"
    sublet = "sublet"

    @property
    def label(self) -> str:
        return str(_KINDS[self])


class Scheme(StrEnum):
    sales_tax = "sales_tax"
    vat = "vat"

    @property
    def label(self) -> str:
        return str(_SCHEMES[self])


_KINDS = {
    Kind.labour: _l("Labour"),
    Kind.part: _l("Parts"),
    Kind.supplies: _l("Shop supplies"),
    Kind.fee: _l("Fees"),
    Kind.sublet: _l("Sublet work"),
}
_SCHEMES = {Scheme.sales_tax: _l("Sales tax"), Scheme.vat: _l("VAT")}


@dataclass(frozen=True, slots=True)
class Tax:
    """Of one rate: what it is charged on (without it) and what it comes to."""

    base: Money
    tax: Money

    def __add__(self, other: "Tax") -> "Tax":
        return Tax(self.base + other.base, self.tax + other.tax)


@dataclass(frozen=True)
class Terms:
    """Frozen with an order's first item, so that tomorrow's settings don't change what was priced today."""

    currency: str
    scheme: Scheme
    inclusive: bool  # whether prices are meant with the tax in them
    rates: Mapping[Kind, Decimal]  # percent
    supplies_percent: Decimal  # of an item's labour
    supplies_cap: Money | None  # an item's supplies come to no more

    def supplies(self, labour: Money) -> Money:
        """The shop supplies of one item with so much labour."""
        fee = labour.percent(self.supplies_percent)
        return fee if self.supplies_cap is None else min(fee, self.supplies_cap)

    def tax(self, rate: Decimal, charged: Money) -> Tax:
        """On what one item charges at this rate: one rounding, half-up."""
        if self.inclusive:
            tax = charged.included(rate)
            return Tax(charged - tax, tax)
        return Tax(charged, charged.percent(rate))

    def kept(self) -> dict[str, Any]:
        """As JSON holds it: numbers as text, so that nothing becomes a float."""
        return {
            "currency": self.currency,
            "scheme": self.scheme.value,
            "inclusive": self.inclusive,
            "rates": {kind.value: str(self.rates[kind]) for kind in Kind},
            "supplies_percent": str(self.supplies_percent),
            "supplies_cap": self.supplies_cap and self.supplies_cap.minor,
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Terms":
        cap = kept["supplies_cap"]
        return cls(
            currency=kept["currency"],
            scheme=Scheme(kept["scheme"]),
            inclusive=kept["inclusive"],
            rates={kind: Decimal(kept["rates"][kind.value]) for kind in Kind},
            supplies_percent=Decimal(kept["supplies_percent"]),
            supplies_cap=None if cap is None else Money(cap, kept["currency"]),
        )
