"""For how long the shop keeps what it has of people, and what would go tonight."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from console import bp
from console.access import needs
from console.answers import again, gone_to
from console.typed import Faults, a_number
from models import Refused, Retention, db
from models.retention import DAY, MONTH, PERIODS
from models.retention_night import announced
from models.retention_sweep import due

PAGE, FORM = "console/retention/page.html", "console/retention/_retention.html"


@bp.get("/settings/retention")
@needs("privacy")
def retention() -> str:
    kept = Retention.of(g.shop)
    return render_template(PAGE, typed={period.name: getattr(kept, period.name) for period in PERIODS}, errors={}, **_shown())


@bp.post("/settings/retention")
@needs("privacy")
def update_retention() -> Any:
    faults = Faults()
    try:
        wanted = {one.name: faults.reading(lambda one=one: a_number(request.form, one.name)) for one in PERIODS}  # type: ignore[misc]
        faults.besides(lambda: Retention.change(g.shop, wanted, by=g.actor))
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, **_shown())
    return gone_to(url_for("console.retention"), _("Saved. It counts from tonight on."))


@bp.post("/settings/retention/dry-run")
@needs("privacy")
def try_retention() -> Any:
    """What would go with what is typed; nothing is saved and nothing goes."""
    faults = Faults()
    try:
        wanted = {one.name: faults.reading(lambda one=one: a_number(request.form, one.name)) for one in PERIODS}  # type: ignore[misc]
        tried = faults.besides(lambda: Retention.tried(g.shop, wanted))
    except Refused as refused:
        return again(PAGE, FORM, refused, **_shown())
    template = FORM if request.headers.get("HX-Request") else PAGE
    return render_template(template, typed=request.form, errors={}, **_shown(tried))


@bp.context_processor
def _on_today() -> dict[str, Any]:
    """For Today, where an administrator looks: asked by the page alone that shows it."""
    return {"announced_retention": lambda: announced(g.shop)}


def _shown(tried: Retention | None = None) -> dict[str, Any]:
    kept = Retention.of(g.shop)
    units = {DAY: _("days"), MONTH: _("months")}
    counts = due(tried or kept)
    return {"kept": kept, "tried": tried, "periods": PERIODS, "units": lambda period: units.get(period.unit, _("years")), "due": counts}
