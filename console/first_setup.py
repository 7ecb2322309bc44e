"""The first set-up, step by step, for who opened the business: each step saves by itself, and may be left, skipped and come back to."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from console import bp, branding, opening_hours, shops, typed
from console.access import needs
from console.answers import again, gone_to
from console.first_start import choices
from models import FirstSetup, Refused, db
from models.business_opening import change_business
from models.first_setup import Step
from models.picture import LARGEST, Picture
from models.shop_details import change_shop
from models.shop_settings import change_hours
from models.texting_setup import TextingSetup

PAGE, STEP = "console/first_setup/page.html", "console/first_setup/step.html"
WORDS = {
    Step.business: _l("Business and shop"),
    Step.address: _l("Address and phone"),
    Step.hours: _l("Opening hours"),
    Step.look: _l("Colour and logo"),
    Step.texting: _l("Texting"),
}
SHOP = ("name", "country", "zone", "language")
ADDRESS = ("street", "city", "region", "postal_code", "voice_phone", "email")
NAMES = ", ".join(Step)


@bp.get("/set-up")
@needs("settings")
def first_setup() -> str:
    return render_template(PAGE, **_steps())


@bp.get(f"/set-up/<any({NAMES}):step>")
@needs("settings")
def first_setup_step(step: str) -> str:
    return render_template(STEP, typed=_ON_FILE[Step(step)](), errors={}, **_shown(Step(step)))


@bp.post(f"/set-up/<any({NAMES}):step>")
@needs("settings")
def update_first_setup_step(step: str) -> Any:
    here = Step(step)
    try:
        _SAVE[here]()
        FirstSetup.begin(g.shop).save(here)
        db.session.commit()
    except Refused as refused:
        return again(STEP, f"console/first_setup/_{here}.html", refused, **_shown(here))
    return gone_to(_after(here))


@bp.post("/set-up/end")
@needs("settings")
def put_first_setup_away() -> Response:
    FirstSetup.begin(g.shop).put_away()
    db.session.commit()
    return gone_to(url_for("console.today"), _("Put away. All of it is in Settings."))


@bp.context_processor
def _on_today() -> dict[str, Any]:
    return {"first_setup_open": _open_setup}


def _open_setup() -> dict[str, Any] | None:
    """For Today: the steps of a set-up that nobody has put away."""
    setup = FirstSetup.of(g.shop)
    return _steps(setup=setup) if setup and setup.put_away_at is None else None


def _steps(here: Step | None = None, setup: FirstSetup | None = None) -> dict[str, Any]:
    setup = setup or FirstSetup.of(g.shop)
    steps = [
        {
            "word": WORDS[step],
            "url": url_for("console.first_setup_step", step=step.value),
            "saved": bool(setup and setup.has(step)),
            "here": step is here,
        }
        for step in Step
    ]
    left = [step for step in steps if not step["saved"]]
    return {"steps": steps, "left": left, "texting": TextingSetup(g.shop)}


def _shown(step: Step) -> dict[str, Any]:
    order = list(Step)
    at = order.index(step)
    before = url_for("console.first_setup_step", step=order[at - 1].value) if at else ""
    more = choices() if step is Step.business else branding.shown(g.shop.branding) if step is Step.look else {}
    return {"step": step.value, "word": WORDS[step], "number": at + 1, "before": before, "after": _after(step), **_steps(step), **more}


def _after(step: Step) -> str:
    following = list(Step)[list(Step).index(step) + 1 :]
    return url_for("console.first_setup_step", step=following[0].value) if following else url_for("console.first_setup")


# what stands in each step's form, and what saving it does


def _business_on_file() -> dict[str, Any]:
    return {"business": g.shop.business.name, "shop": g.shop.name, **{name: getattr(g.shop, name) for name in SHOP[1:]}}


def _save_business() -> None:
    form = request.form
    values = {"name": form.get("shop", ""), **{name: form.get(name, "") for name in SHOP[1:]}}
    change_business(g.shop, form.get("business", ""), values, by=g.actor)


def _save_address() -> None:
    change_shop(g.shop, {name: request.form.get(name, "") for name in ADDRESS}, by=g.actor)


def _save_hours() -> None:
    hours, faults = opening_hours.read(request.form)
    change_hours(g.shop, hours, by=g.actor, faults=faults)


def _save_look() -> None:
    look, file, faults = g.shop.branding, request.files.get("logo"), typed.Faults()
    picture = faults.reading(lambda: Picture.drawn_anew(file.stream.read(LARGEST + 1))) if file and file.filename else None
    accent = request.form.get("accent", "")
    faults.besides(lambda: look.change(accent=accent, sender_name=look.sender_name, welcome=look.welcome, by=g.actor))
    if picture:
        look.show_logo(picture, by=g.actor)


def _save_texting() -> None:
    change_shop(g.shop, {"texting_number": request.form.get("texting_number", "")}, by=g.actor)


_ON_FILE: dict[Step, Any] = {
    Step.business: _business_on_file,
    Step.address: lambda: {name: value for name, value in shops.on_file().items() if name in ADDRESS},
    Step.hours: lambda: opening_hours.on_file(g.shop),
    Step.look: lambda: {"accent": g.shop.branding.accent},
    Step.texting: lambda: {"texting_number": shops.on_file()["texting_number"]},
}
_SAVE: dict[Step, Any] = {
    Step.business: _save_business,
    Step.address: _save_address,
    Step.hours: _save_hours,
    Step.look: _save_look,
    Step.texting: _save_texting,
}
