"""Settings: what customers see of prices, which answers they can give, and by how much work may cost more than they authorised."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from console import bp
from console.access import needs
from console.answers import again, gone_to
from console.figures import a_decimal_or_none, figure
from console.typed import Faults
from models import Money, OverviewRules, Refused, Visibility, db
from models.overview_rules import LONGEST_RISK, RISKS

PAGE, FORM = "console/overview_rules/page.html", "console/overview_rules/_overview_rules.html"
SWITCHES = ("may_decline", "may_decline_necessary", "may_put_off")


@bp.get("/settings/overviews")
@needs("settings")
def overview_rules() -> str:
    return render_template(PAGE, typed=_on_file(OverviewRules.of(g.shop)), errors={}, **_shown())


@bp.post("/settings/overviews")
@needs("settings")
def update_overview_rules() -> Any:
    try:
        _read(request.form, partial(OverviewRules.change, g.shop, by=g.actor))
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, **_shown())
    return gone_to(url_for("console.overview_rules"), _("Saved. Overviews that were sent keep the rules they were sent with."))


def _shown() -> dict[str, Any]:
    return {"visibilities": [(one.value, one.label) for one in Visibility], "risks": RISKS, "longest": LONGEST_RISK}


def _on_file(rules: OverviewRules) -> dict[str, Any]:
    amount = rules.tolerance_amount
    return {
        "prices": rules.prices.value,
        "tolerance_percent": figure(rules.tolerance_percent),
        "tolerance_amount": "" if amount is None else figure(Money(amount, g.shop.currency)),
        **{name: getattr(rules, name) for name in SWITCHES},
        **{f"risk_{language}": rules.risk_words.get(language, "") for language in RISKS},
    }


def _read(form: Mapping[str, str], verb: Callable[..., OverviewRules]) -> None:
    """Call it with what ``OverviewRules.change`` takes. Raises Refused with what it says, and with every figure that can't be read."""
    faults = Faults()
    percent = faults.reading(partial(a_decimal_or_none, form, "tolerance_percent")) or Decimal(0)
    amount = faults.reading(partial(a_decimal_or_none, form, "tolerance_amount"))
    words = {language: form.get(f"risk_{language}", "").replace("\0", "") for language in RISKS}
    switches = {name: name in form for name in SWITCHES}
    faults.besides(
        lambda: verb(prices=form.get("prices", ""), risk_words=words, tolerance_percent=percent, tolerance_amount=amount, **switches)
    )
