"""Settings: what an hour costs, shop supplies, taxes, the currency."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from console import bp
from console.access import needs
from console.answers import again, gone_to
from console.figures import a_decimal, a_decimal_or_none, figure
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
        Prices.of(g.shop).change(**_read(request.form), by=g.actor)
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


def _read(form: Mapping[str, str]) -> dict[str, Any]:
    """As ``Prices.change`` takes it. Raises Refused with every figure that can't be read."""
    found: dict[str, Decimal | None] = {}
    faults: dict[str, Any] = {}
    for name in ("labour_rate", "supplies_percent", "supplies_cap", *(f"{kind}_tax" for kind in Kind)):
        try:
            found[name] = a_decimal_or_none(form, name) if name == "supplies_cap" else a_decimal(form, name)
        except Refused as refused:
            faults.update({str(field): words for field, words in refused.errors.items()})
    if faults:
        raise Refused.at(**faults)
    words = {"currency": form.get("currency", ""), "scheme": form.get("scheme", ""), "inclusive": form.get("inclusive") == "1"}
    rates = {kind: found.pop(f"{kind}_tax") for kind in Kind}
    return {**found, **words, "rates": rates}
