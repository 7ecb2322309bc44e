"""What a list is narrowed to, read from its address and written into it again: what makes no sense narrows nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import g, request

from console.figures import an_amount, figure
from models import Money, Refused


def a_day_or_none(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def an_amount_or_none(name: str) -> int | None:
    """In minor units of the shop's currency, typed as people there write it."""
    try:
        return an_amount(request.args.get(name, ""), g.shop.currency, name)
    except Refused:
        return None


def asked(wanted: Mapping[str, Any]) -> dict[str, str]:
    """The same for an address: without what narrows nothing, amounts as they were typed."""
    found = {name: figure(Money(value, g.shop.currency)) if type(value) is int else value for name, value in wanted.items()}
    return {name: str(value) for name, value in found.items() if value not in {None, ""}}
