"""How a location lets its customers decide: which prices they see, which answers they can give, and by how much work may cost more."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.actor import Actor
from models.base import Base, db, kept
from models.entry import record
from models.money import Exact, Money
from models.owned import ShopOwned
from models.refused import Refused

if TYPE_CHECKING:
    from models.shop import Shop

LONGEST_RISK = 300  # characters
RISKS = {
    "en": "Without this repair the vehicle may not be safe to drive.",
    "es": "Sin esta reparación, el vehículo puede no ser seguro.",
    "nl": "Zonder deze reparatie is de auto misschien niet veilig.",
}


class Visibility(StrEnum):
    """Which prices customers see."""

    all = "all"
    totals = "totals"
    none = "none"
    after_call = "after_call"  # all, once somebody of the shop has called

    @property
    def label(self) -> str:
        return str(_LABELS[self])


_LABELS = {
    Visibility.all: _l("All prices"),
    Visibility.totals: _l("Only the totals"),
    Visibility.none: _l("No prices"),
    Visibility.after_call: _l("All prices, after a call"),
}


class OverviewRules(ShopOwned, Base):
    __tablename__ = "overview_rules"
    __table_args__ = (UniqueConstraint("shop_id"),)

    prices: Mapped[Visibility] = mapped_column(default=Visibility.all)
    may_decline: Mapped[bool] = mapped_column(default=False)  # *do not agree* at recommended items
    may_decline_necessary: Mapped[bool] = mapped_column(default=False)  # at necessary ones too, after the risk was shown
    may_put_off: Mapped[bool] = mapped_column(default=False)  # *not now, remind me*
    risk_words: Mapped[dict[str, Any]] = mapped_column(default=dict)  # language to what is said before a necessary item is refused
    tolerance_percent: Mapped[Decimal] = mapped_column(Exact(2), default=Decimal(0))  # of what was authorised
    tolerance_amount: Mapped[int | None] = mapped_column(default=None)  # minor units; with both the smaller one counts

    shop: Mapped["Shop"] = relationship()

    @classmethod
    def of(cls, shop: "Shop") -> "OverviewRules":
        """The shop's own; those that a new shop begins with, if it has none yet."""
        if shop.overview_rules:
            return shop.overview_rules
        return cls(shop_id=shop.id, shop=shop, **_BEGIN, risk_words={})

    def risk(self, language: str) -> str:
        """What is at stake where a necessary item is refused."""
        return str(self.risk_words.get(language) or RISKS[language])

    def tolerance(self, authorised: Money) -> Money:
        """By how much work may cost more than this without asking again."""
        share = authorised.percent(self.tolerance_percent)
        if self.tolerance_amount is None:
            return share
        amount = Money(self.tolerance_amount, authorised.currency)
        return min(share, amount) if self.tolerance_percent else amount

    @classmethod
    def change(
        cls,
        shop: "Shop",
        *,
        prices: str,
        may_decline: bool,
        may_decline_necessary: bool,
        may_put_off: bool,
        risk_words: Mapping[str, str],
        tolerance_percent: Decimal,
        tolerance_amount: Decimal | None,
        by: Actor,
    ) -> "OverviewRules":
        """For overviews that are sent from now on. Raises Refused with every fault at once; nothing is changed then."""
        errors: dict[str, Any] = {}
        words = {language: " ".join(text.split()) for language, text in risk_words.items() if language in RISKS}
        if prices not in list(Visibility):
            errors["prices"] = _("Choose one of these.")
        for language, text in words.items():
            if len(text) > LONGEST_RISK:
                errors[f"risk_{language}"] = _("Please keep it under %(count)s characters.", count=LONGEST_RISK)
        if not 0 <= tolerance_percent <= 100 or tolerance_percent.scaleb(2) % 1:
            errors["tolerance_percent"] = _("Give a percentage from 0 to 100, with at most %(count)s decimals.", count=2)
        amount = None
        if tolerance_amount is not None:
            try:
                amount = Money.of(tolerance_amount, shop.currency).minor
            except Refused as refused:
                errors["tolerance_amount"] = next(iter(refused.errors.values()))
        if errors:
            raise Refused.at(**errors)
        rules = cls._own(shop)
        rules.prices, rules.risk_words = Visibility(prices), {language: text for language, text in words.items() if text}
        rules.may_decline, rules.may_decline_necessary, rules.may_put_off = may_decline, may_decline_necessary, may_put_off
        rules.tolerance_percent, rules.tolerance_amount = tolerance_percent, amount
        record(rules, "overview_rules.changed", by)
        return rules

    @classmethod
    def _own(cls, shop: "Shop") -> "OverviewRules":
        rules = cls.of(shop)
        if rules.id is None:
            mine = kept(rules)  # else somebody else saves them for the first time at this moment
            db.session.expire(shop, ["overview_rules"])
            return rules if mine else cls.of(shop)
        return rules


_BEGIN: dict[str, Any] = {
    "prices": Visibility.all,
    "may_decline": False,
    "may_decline_necessary": False,
    "may_put_off": False,
    "tolerance_percent": Decimal(0),
    "tolerance_amount": None,
}
