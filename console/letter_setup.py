"""CRM Setup: who signs the follow-up letters, which of them go by e-mail and by post, and what that would send in the next weeks."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from console import bp
from console.access import needs
from console.answers import again, gone_to
from console.typed import Faults, a_number
from models import LetterKind, LetterRules, PostcardSize, Refused, db
from models.letter_kind import CHANNELS
from models.letter_rules import FIELDS
from models.letter_setup import Wanted, dry_run, set_up_letters

PAGE, FORM = (f"console/letter_setup/{name}.html" for name in ("page", "_letter_setup"))
DAYS = 30  # of the dry run


@bp.get("/settings/follow-ups")
@needs("settings")
def letter_setup() -> str:
    return render_template(PAGE, typed=_on_file(), errors={}, **_shown())


@bp.post("/settings/follow-ups")
@needs("settings")
def update_letter_setup() -> Any:
    form, faults = request.form, Faults()
    try:
        wanted = _wanted(form, faults)
        words = {name: form.get(name, "") for name in ("owner_name", "feedback", "postcard_size")}
        rules = faults.besides(lambda: set_up_letters(g.shop, **words, wanted=wanted, by=g.actor))
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, **_shown())
    warned = " ".join(str(words) for one in rules for words in one.warnings.values())
    return gone_to(url_for("console.letter_setup"), f"{_('Saved.')} {warned}".strip())


@bp.post("/settings/follow-ups/dry-run")
@needs("settings")
def try_letter_setup() -> Any:
    """What would go out with what is typed; nothing is saved."""
    faults = Faults()
    try:
        wanted = _wanted(request.form, faults)
        found = faults.besides(lambda: dry_run(g.shop, wanted, DAYS))
    except Refused as refused:
        return again(PAGE, FORM, refused, **_shown())
    return render_template(FORM if request.headers.get("HX-Request") else PAGE, typed=request.form, errors={}, tried=found, **_shown())


def _shown() -> dict[str, Any]:
    usual = PostcardSize.usual(g.shop.country)
    sizes = [("", _("As usual here: %(size)s", size=usual.label)), *((size.value, size.label) for size in PostcardSize)]
    return {"kinds": list(LetterKind), "channels": CHANNELS, "days": DAYS, "sizes": sizes}


def _on_file() -> dict[str, Any]:
    location = g.shop.location
    found: dict[str, Any] = {name: getattr(location, name) for name in ("owner_name", "feedback", "postcard_size")}
    for channel in CHANNELS:
        rules = LetterRules.of(g.shop, channel)
        found |= {f"{channel}_{name}": getattr(rules, name) for name in (*FIELDS, "on", "never_stop")}
    return found


def _wanted(form: Mapping[str, str], faults: Faults) -> dict[str, Wanted]:
    """Both channels as typed; what is no number goes into ``faults``."""
    return {
        channel: Wanted(
            bool(form.get(f"{channel}_on")),
            bool(form.get(f"{channel}_never_stop")),
            {name: faults.reading(partial(a_number, form, f"{channel}_{name}")) or 0 for name in FIELDS},
        )
        for channel in CHANNELS
    }
