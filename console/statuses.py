"""Message Setup: the shop's own statuses, in their order, with the words that customers get."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp, typed
from console.access import needs
from console.answers import again, done, gone_to
from models import Refused, Status, Timer, db
from models.customer import LANGUAGES
from models.shop_settings import change_location
from models.status import COLOURS
from models.status_presets import give_presets
from web import panel

PAGE, LIST, ONE, FORM = (f"console/statuses/{name}.html" for name in ("page", "_statuses", "one", "_status"))
BOARD_FORM, BOARD = "console/statuses/_board.html", ("orange_percent", "orange_minutes", "board_seconds")


@bp.get("/settings/statuses")
@needs("settings")
def statuses() -> Response:
    on_file = {name: getattr(g.shop.location, name) for name in BOARD}
    return panel(PAGE, LIST, statuses=Status.all_of(g.shop), typed=on_file, errors={})


@bp.get("/settings/statuses/new")
@needs("settings")
def new_status() -> str:
    return render_template(ONE, status=None, typed={"timer": "count_up", "colour": "blue"}, errors={}, **_choices())


@bp.post("/settings/statuses")
@needs("settings")
def create_status() -> Any:
    try:
        status = _described(request.form, partial(Status.add, g.shop, by=g.actor))
        db.session.commit()
    except Refused as refused:
        return again(ONE, FORM, refused, status=None, **_choices())
    return gone_to(url_for("console.statuses"), _("“%(name)s” is a step of the workflow now.", name=status.name))


@bp.get("/settings/statuses/<int:id>")
@needs("settings")
def status(id: int) -> str:
    status = g.shop.status(id)
    return render_template(ONE, status=status, typed=_on_file(status), errors={}, **_choices())


@bp.post("/settings/statuses/<int:id>")
@needs("settings")
def update_status(id: int) -> Any:
    status = g.shop.status(id)
    try:
        _described(request.form, partial(status.change, g.shop, by=g.actor))
        db.session.commit()
    except Refused as refused:
        return again(ONE, FORM, refused, status=g.shop.status(id), **_choices())
    return gone_to(url_for("console.statuses"), _("“%(name)s” saved.", name=status.name))


@bp.post("/settings/statuses/<int:id>/place")
@needs("settings")
def move_status(id: int) -> Response:
    """One place up or down."""
    moved, step = g.shop.status(id), -1 if request.form.get("step") == "-1" else 1
    ids = [one.id for one in Status.all_of(g.shop)]
    if moved.id in ids:
        at = ids.index(moved.id)
        ids.insert(min(max(at + step, 0), len(ids) - 1), ids.pop(at))
    Status.order(g.shop, ids, by=g.actor)
    db.session.commit()
    return done(_("“%(name)s” moved.", name=moved.name), url_for("console.statuses"))


@bp.post("/settings/statuses/<int:id>/beginning")
@needs("settings")
def create_beginning(id: int) -> Response:
    """Check-in sets this one from now on."""
    status = g.shop.status(id)
    status.begin_with(g.shop, by=g.actor)
    db.session.commit()
    return done(_("Vehicles begin with “%(name)s”.", name=status.name), url_for("console.statuses"))


@bp.post("/settings/statuses/<int:id>/removal")
@needs("settings")
def create_status_removal(id: int) -> Response:
    status = g.shop.status(id)
    status.retire(g.shop, by=g.actor)
    db.session.commit()
    sentence = _("“%(name)s” is removed; histories keep it.", name=status.name)
    return done(sentence, url_for("console.statuses"), undo=url_for("console.return_status", id=id))


@bp.post("/settings/statuses/<int:id>/return")
@needs("settings")
def return_status(id: int) -> Response:
    """Undo a removal."""
    status = g.shop.status(id)
    status.bring_back(g.shop, by=g.actor)
    db.session.commit()
    return done(_("“%(name)s” is back.", name=status.name), url_for("console.statuses"))


@bp.post("/settings/statuses/presets")
@needs("settings")
def create_status_presets() -> Response:
    """The usual ones, for a shop that has none."""
    give_presets(g.shop)
    db.session.commit()
    return done(_("These are the usual statuses. Make them yours."), url_for("console.statuses"))


@bp.post("/settings/statuses/board")
@needs("settings")
def update_board() -> Any:
    """When little time is left, and how often the board fetches itself besides."""
    try:
        faults = typed.Faults()
        values = {name: faults.reading(lambda name=name: typed.a_number(request.form, name)) for name in BOARD}  # type: ignore[misc]
        faults |= {name: _("Give a whole number.") for name, value in values.items() if value is None}
        known = {name: value for name, value in values.items() if value is not None}
        change_location(g.shop, known, by=g.actor, faults=faults)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, BOARD_FORM, refused, statuses=Status.all_of(g.shop))
    return gone_to(url_for("console.statuses"), _("Saved."))


def _choices() -> dict[str, Any]:
    return {"timers": list(Timer), "colours": COLOURS, "languages": LANGUAGES}


def _on_file(status: Status) -> dict[str, Any]:
    minutes = status.minutes
    shown = {name: getattr(status, name) for name in ("name", "words", "colour", "texts", "emails", "asks_reason", "mechanic_may")}
    time = {"hours": minutes // 60 if minutes else "", "minutes": minutes % 60 if minutes else "", "timer": status.timer.value}
    return {**shown, **time, **{f"customer_words_{language}": status.customer_words.get(language, "") for language in LANGUAGES}}


def _described(form: Mapping[str, str], verb: Callable[..., Any]) -> Any:
    """Call it with what ``Status.add`` takes. Raises Refused with what it says and what can't be read."""
    faults = typed.Faults()
    hours, minutes = (faults.reading(partial(typed.a_number, form, name)) for name in ("hours", "minutes"))
    timer = faults.reading(lambda: _timer(form))
    details = {
        **{name: " ".join(form.get(name, "").split()) for name in ("name", "words", "colour")},
        **{name: name in form for name in ("texts", "emails", "asks_reason", "mechanic_may")},
        "timer": timer or Timer.open,
        "minutes": (hours or 0) * 60 + (minutes or 0) if timer is not Timer.open and (hours is not None or minutes is not None) else None,
        "customer_words": {language: " ".join(form.get(f"customer_words_{language}", "").split()) for language in LANGUAGES},
    }
    return faults.besides(lambda: verb(**details))


def _timer(form: Mapping[str, str]) -> Timer:
    try:
        return Timer(form.get("timer", ""))
    except ValueError as problem:
        raise Refused(_("Choose how the time shows."), field="timer") from problem
