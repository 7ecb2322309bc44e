"""Settings: what an hour costs, shop supplies, taxes, the currency."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from console import bp
from console.access import needs
from console.answers import again, gone_to
from console.figures import a_decimal, a_decimal_or_none, figure
from console.typed import Faults
from models import Money, Prices, Refused, db
from models.tax import Kind, Scheme

PAGE, FORM = "console/prices/page.html", "console/prices/_prices.html"


@bp.get("/settings/prices")
@needs("settings")
def prices() -> str:
    return render_template(PAGE, typed=_on_file(Prices.of(g.shop)), errors={}, **_shown())


@bp.post("/settings/prices")
@needs("settings")
def update_prices() -> Any:
    try:
        _read(request.form, partial(Prices.of(g.shop).change, by=g.actor))
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, **_shown())
    return gone_to(url_for("console.prices"), _("Saved. Work orders that were begun keep the taxes they were begun with."))


def _shown() -> dict[str, Any]:
    return {"kinds": list(Kind), "schemes": [(scheme.value, scheme.label) for scheme in Scheme]}


def _on_file(prices: Prices) -> dict[str, Any]:
    currency = g.shop.currency
    amounts = {"labour_rate": prices.labour_rate, "supplies_cap": prices.supplies_cap}
    rates = {f"{kind}_tax": figure(getattr(prices, f"{kind}_tax")) for kind in Kind}
    return {
        "currency": currency,
        "scheme": prices.scheme.value,
        "inclusive": "1" if prices.inclusive else "0",
        "supplies_percent": figure(prices.supplies_percent),
        **{name: "" if minor is None else figure(Money(minor, currency)) for name, minor in amounts.items()},
        **rates,
    }


def _read(form: Mapping[str, str], verb: Callable[..., None]) -> None:
    """Call it with what ``Prices.change`` takes. Raises Refused with what it says, and with every figure that can't be read."""
    faults = Faults()
    cap = faults.reading(partial(a_decimal_or_none, form, "supplies_cap"))
    names = ("labour_rate", "supplies_percent", *(f"{kind}_tax" for kind in Kind))
    found = {name: faults.reading(partial(a_decimal, form, name)) or Decimal(0) for name in names}
    rates = {kind: found.pop(f"{kind}_tax") for kind in Kind}
    words = {"currency": form.get("currency", ""), "scheme": form.get("scheme", ""), "inclusive": form.get("inclusive") == "1"}
    faults.besides(lambda: verb(**found, **words, supplies_cap=cap, rates=rates))
