"""What an item, or all of an order, comes to. Rounded half-up: each line; an item's supplies and discount; the tax, per rate and item.

An order's totals are the sums of its items', so that they always add up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.money import Money
from models.tax import Kind, Tax, Terms


@dataclass(frozen=True)
class Totals:
    kinds: dict[Kind, Money]  # before discount, as priced: with the tax in it where prices are inclusive
    discount: Money
    taxes: dict[Decimal, Tax]  # by rate in percent, where something is charged
    inclusive: bool

    @classmethod
    def of(cls, lines: Sequence[tuple[Kind, Money]], terms: Terms, percent: Decimal | None = None, amount: Money | None = None) -> "Totals":
        """One item: its lines, its supplies, less a discount of so many percent or of an amount (never more than there is).

        The discount is spread over the lines and the supplies in proportion, so that each rate's tax is on what is really charged.
        """
        labour = Money.total((price for kind, price in lines if kind is Kind.labour), terms.currency)
        charged = [*lines, (Kind.supplies, terms.supplies(labour))]
        gross = Money.total((price for _kind, price in charged), terms.currency)
        discount = min(amount, gross) if amount is not None else gross.percent(percent or Decimal(0))
        parts = discount.split([price.minor for _kind, price in charged])
        by_rate: dict[Decimal, Money] = {}
        kinds = dict.fromkeys(Kind, Money(0, terms.currency))
        for (kind, price), part in zip(charged, parts, strict=True):
            kinds[kind] += price
            rate = terms.rates[kind]
            by_rate[rate] = by_rate.get(rate, Money(0, terms.currency)) + price - part
        taxes = {rate: terms.tax(rate, sum_) for rate, sum_ in by_rate.items() if sum_}
        return cls(kinds, discount, taxes, terms.inclusive)

    @classmethod
    def joined(cls, totals: Iterable["Totals"], terms: Terms) -> "Totals":
        """Of several items; of none, nothing."""
        nothing = Money(0, terms.currency)
        return sum(totals, cls(dict.fromkeys(Kind, nothing), nothing, {}, terms.inclusive))

    def __add__(self, other: "Totals") -> "Totals":
        rates = [*self.taxes, *(rate for rate in other.taxes if rate not in self.taxes)]
        both = {rate: [totals.taxes[rate] for totals in (self, other) if rate in totals.taxes] for rate in rates}
        return Totals(
            {kind: self.kinds[kind] + other.kinds[kind] for kind in Kind},
            self.discount + other.discount,
            {rate: found[0] + found[1] if len(found) == 2 else found[0] for rate, found in both.items()},
            self.inclusive,
        )

    @property
    def excluding(self) -> Money:
        """All that is charged, without tax."""
        return Money.total((tax.base for tax in self.taxes.values()), self.currency)

    @property
    def tax(self) -> Money:
        return Money.total((tax.tax for tax in self.taxes.values()), self.currency)

    @property
    def including(self) -> Money:
        return self.excluding + self.tax

    @property
    def charged(self) -> dict[Kind, Money]:
        """The kinds that cost something, in their order."""
        return {kind: price for kind, price in self.kinds.items() if price}

    @property
    def taxed(self) -> dict[Decimal, Tax]:
        """The rates that come to something, highest first."""
        return {rate: self.taxes[rate] for rate in sorted(self.taxes, reverse=True) if rate}

    def money(self, minor: int) -> Money:
        """So many minor units of this currency."""
        return Money(minor, self.currency)

    @property
    def currency(self) -> str:
        return self.discount.currency
