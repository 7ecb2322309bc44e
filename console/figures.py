"""Amounts and quantities as the shop writes them, and as people type them into forms."""

from collections.abc import Mapping
from decimal import Decimal

from babel import Locale
from flask import g
from flask_babel import gettext as _

from console import bp
from models import Money, Refused, number
from models.money import shown
from models.wording import locale_of


def locale() -> Locale:
    """Points and commas are those of the shop, whatever language the console speaks."""
    return Locale.parse(locale_of(g.shop, g.shop.language))


@bp.app_template_filter()
def price_words(amount: Money) -> str:
    return shown(amount, locale())


@bp.app_template_global()
def money(minor: int, currency: str) -> Money:
    return Money(minor, currency)


@bp.app_template_filter()
def figure(value: Decimal | Money | None) -> str:
    """For a field to type over: 12.50 of money with its decimals, 1.8 of all else, nothing of None."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return f"{value.amount:f}".replace(".", number.written(Decimal("0.5"), locale())[1])
    return number.written(value, locale())


def a_decimal(form: Mapping[str, str], name: str) -> Decimal:
    """Raises Refused: nothing, or no number."""
    return number.read(form.get(name, ""), locale(), name)


def a_decimal_or_none(form: Mapping[str, str], name: str) -> Decimal | None:
    """None where nothing was typed. Raises Refused for what is no number."""
    return a_decimal(form, name) if form.get(name, "").strip() else None


def an_amount(text: str, currency: str, field: str) -> int:
    """In minor units. Raises Refused: nothing, no number, below zero, too many decimals, too large."""
    if not text.strip():
        raise Refused(_("Give a price; 0 if it costs nothing."), field=field)
    return Money.of(number.read(text, locale(), field), currency, field).minor
