"""How a shop prices its work: labour rate, shop supplies, taxes. Orders that were begun keep the terms they were begun with."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.handover import touch
from models.money import Exact, Money, decimals, is_currency, whole
from models.owned import ShopOwned
from models.refused import NotFound, Refused
from models.tax import Kind, Scheme, Terms

if TYPE_CHECKING:
    from models.shop import Shop

# the standard rates of value-added tax in percent, as a beginning; what a shop charges is its own to say
STANDARD_VAT = {"NL": 21, "BE": 21, "DE": 19, "FR": 20, "ES": 21, "IT": 22, "AT": 20, "IE": 23, "PT": 23, "PL": 23, "GB": 20}
HOUR, SUPPLIES, CAP, SALES_TAX = Decimal(145), Decimal(6), Decimal(35), Decimal("8.25")
PLACES = 4  # decimals of a percentage: some rates have three, their sums with a county's four


class Prices(ShopOwned, Base):
    __tablename__ = "prices"
    __table_args__ = (UniqueConstraint("shop_id"),)

    labour_rate: Mapped[int]  # minor units an hour
    supplies_percent: Mapped[Decimal] = mapped_column(Exact(PLACES))  # of an item's labour
    supplies_cap: Mapped[int | None]  # minor units an item; None: no cap
    scheme: Mapped[Scheme]
    inclusive: Mapped[bool]
    labour_tax: Mapped[Decimal] = mapped_column(Exact(PLACES))  # percent, as are the others
    part_tax: Mapped[Decimal] = mapped_column(Exact(PLACES))
    supplies_tax: Mapped[Decimal] = mapped_column(Exact(PLACES))
    fee_tax: Mapped[Decimal] = mapped_column(Exact(PLACES))
    sublet_tax: Mapped[Decimal] = mapped_column(Exact(PLACES))

    shop: Mapped["Shop"] = relationship()

    @classmethod
    def usual(cls, shop: "Shop") -> "Prices":
        """What a new shop begins with: in the United States sales tax on parts and supplies, elsewhere VAT within the prices."""
        american = shop.country == "US"
        vat = Decimal(STANDARD_VAT.get(shop.country, 0))
        prices = cls(
            shop_id=shop.id,
            labour_rate=whole(HOUR.scaleb(decimals(shop.currency))),
            supplies_percent=SUPPLIES if american else Decimal(0),
            supplies_cap=whole(CAP.scaleb(decimals(shop.currency))) if american else None,
            scheme=Scheme.sales_tax if american else Scheme.vat,
            inclusive=not american,
            **{f"{kind}_tax": vat if not american else SALES_TAX if kind in (Kind.part, Kind.supplies) else Decimal(0) for kind in Kind},
        )
        db.session.add(prices)
        db.session.flush()
        db.session.expire(shop, ["prices"])
        return prices

    @classmethod
    def of(cls, shop: "Shop") -> "Prices":
        """The shop's own. Raises NotFound: it was not opened as shops are."""
        if shop.prices is None:
            raise NotFound("Prices")
        return shop.prices

    def terms(self, currency: str) -> Terms:
        """By which an order that is begun now will be priced."""
        return Terms(
            currency=currency,
            scheme=self.scheme,
            inclusive=self.inclusive,
            rates={kind: getattr(self, f"{kind}_tax") for kind in Kind},
            supplies_percent=self.supplies_percent,
            supplies_cap=None if self.supplies_cap is None else Money(self.supplies_cap, currency),
        )

    def change(
        self,
        *,
        currency: str,
        labour_rate: Decimal,
        supplies_percent: Decimal,
        supplies_cap: Decimal | None,
        scheme: str,
        inclusive: bool,
        rates: dict[Kind, Decimal],
        by: Actor,
    ) -> None:
        """For orders that are begun from now on. Raises Refused with every fault at once; nothing is changed then.

        With another currency the figures of the catalogue stay as they are written: 56.20 dollars become 56.20 euros.
        """
        errors: dict[str, Any] = {}
        code = currency.strip().upper()
        if not is_currency(code):
            errors["currency"] = _("Give the currency by its three letters, like USD or EUR.")
        found = {
            name: self._amount(errors, name, amount, code)
            for name, amount in (("labour_rate", labour_rate), ("supplies_cap", supplies_cap))
            if amount is not None
        }
        percents = {"supplies_percent": supplies_percent, **{f"{kind}_tax": rate for kind, rate in rates.items()}}
        for name, percent in percents.items():
            if not 0 <= percent <= 100 or percent.scaleb(PLACES) % 1:
                errors[name] = _("Give a percentage from 0 to 100, with at most %(count)s decimals.", count=PLACES)
        if scheme not in list(Scheme):
            errors["scheme"] = _("Choose sales tax or VAT.")
        if errors:
            raise Refused.at(**errors)
        self._spend(code)
        self.labour_rate, self.supplies_cap = found["labour_rate"], found.get("supplies_cap")
        self.scheme, self.inclusive = Scheme(scheme), inclusive
        for name, percent in percents.items():
            setattr(self, name, percent)
        record(self, "prices.changed", by)
        touch(self.shop_id, "work_orders")

    def _spend(self, currency: str) -> None:
        from models.job import Job

        if currency != self.shop.currency:
            Job.in_currency(self.shop, currency)
            self.shop.currency = currency

    @staticmethod
    def _amount(errors: dict[str, Any], name: str, amount: Decimal, currency: str) -> int:
        try:
            return Money.of(amount, currency).minor
        except Refused as refused:
            errors[name] = refused.errors[None]
            return 0
