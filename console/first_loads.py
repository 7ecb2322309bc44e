"""Settings, Transfer, First load: a file of another system sent, read as it is written, tried, loaded, stopped, gone on with."""

from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from console import bp
from console.access import needs
from console.answers import again, done, gone_to
from console.list_files import taken
from console.uploads import received
from models import ApiToken, Entry, FirstLoad, Refused, db, load_dates
from models.load_fault import LoadFault
from models.load_fields import BOTH, KINDS, LABELS
from models.load_file import DELIMITERS, ENCODINGS, LARGEST
from models.load_mending import to_mend
from models.sent_file import MEGABYTE
from web import csrf, panel

INDEX, LIST, SENDING, PAGE, PROGRESS, FAULTS, READING = (
    f"console/first_loads/{name}.html" for name in ("index", "_first_loads", "_sending", "page", "_progress", "_faults", "_reading")
)
A_PAGE = 50  # faults


@bp.get("/settings/transfer/first-loads")
@needs("settings")
def first_loads() -> Any:
    return panel(INDEX, LIST, typed={"kind": BOTH}, errors={}, **_listed())


@bp.post("/settings/transfer/first-loads")
@csrf.exempt  # not from the token, but from looking for it before anybody knows who sends: ``received`` looks
@needs("settings")
def create_first_load() -> Any:
    try:
        largest = _("This is more than %(size)s MB. Split the file, with the headings on each part.", size=LARGEST // MEGABYTE)
        file = received(_("Choose a file first."), LARGEST + MEGABYTE // 16, largest)[0]
        system, kind = request.form.get("system", ""), request.form.get("kind", "")
        with file.stream as content:
            load = FirstLoad.begin(g.shop, system, kind, file.filename or "", content, by=g.actor)  # type: ignore[arg-type]
        db.session.commit()
    except Refused as refused:
        refused.errors = {"files" if field == "file" else field: words for field, words in refused.errors.items()}
        return again(INDEX, SENDING, refused, **_listed())
    return gone_to(url_for("console.first_load", id=load.id))


@bp.get("/settings/transfer/first-loads/<int:id>")
@needs("settings")
def first_load(id: int) -> Any:
    return panel(PAGE, PROGRESS, typed={}, errors={}, **_shown(g.shop.first_load(id)))


@bp.get("/settings/transfer/first-loads/<int:id>/faults")
@needs("settings")
def first_load_faults(id: int) -> Any:
    return panel(PAGE, FAULTS, typed={}, errors={}, **_shown(g.shop.first_load(id)))


@bp.post("/settings/transfer/first-loads/<int:id>/reading")
@needs("settings")
def update_first_load_reading(id: int) -> Any:
    load, form = g.shop.first_load(id), request.form
    columns = [form.get(f"column_{at}", "") for at in range(len(load.headings))] if form.get("by") != "headings" else None
    try:
        load.read_as(form.get("encoding", ""), form.get("delimiter", ""), form.get("date_order", ""), columns, by=g.actor)
        db.session.commit()
    except Refused as refused:
        refused.errors = {None if field == "file" else field: words for field, words in refused.errors.items()}
        return again(PAGE, READING, refused, **_shown(g.shop.first_load(id)))
    return gone_to(url_for("console.first_load", id=id), _("Saved. The rows below are read so."))


@bp.post("/settings/transfer/first-loads/<int:id>/dry-run")
@needs("settings")
def create_dry_run(id: int) -> Any:
    return _did(id, FirstLoad.check, _("Every row is being tried. Nothing is kept."))


@bp.post("/settings/transfer/first-loads/<int:id>/load")
@needs("settings")
def create_load(id: int) -> Any:
    g.shop.first_load(id).load(by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.first_load", id=id), _("Loading. You can leave this page."))


@bp.post("/settings/transfer/first-loads/<int:id>/stop")
@needs("settings")
def create_load_stop(id: int) -> Any:
    return _did(id, FirstLoad.stop, _("Stopped. What is loaded stays."))


@bp.post("/settings/transfer/first-loads/<int:id>/continuation")
@needs("settings")
def create_load_continuation(id: int) -> Any:
    return _did(id, FirstLoad.go_on, _("It goes on where it stopped."))


@bp.post("/settings/transfer/first-loads/<int:id>/removal")
@needs("settings")
def create_load_removal(id: int) -> Any:
    return _did(id, FirstLoad.discard, _("The file is thrown away. What is loaded stays."))


@bp.get("/settings/transfer/first-loads/<int:id>/bad-rows")
@needs("settings")
def first_load_bad_rows(id: int) -> Response:
    """To mend in a spreadsheet and send again."""
    return taken(to_mend(g.shop.first_load(id)), "csv")


def _did(id: int, verb: Any, sentence: str) -> Any:
    verb(g.shop.first_load(id), by=g.actor)
    db.session.commit()
    return done(sentence, url_for("console.first_load", id=id))


def _listed() -> dict[str, Any]:
    systems = dict.fromkeys([*(token.system for token in ApiToken.of(g.shop)), *(load.system for load in FirstLoad.of(g.shop))])
    return {"loads": FirstLoad.of(g.shop), "systems": list(systems), "kinds": LABELS, "largest": LARGEST // MEGABYTE}


def _shown(load: FirstLoad) -> dict[str, Any]:
    after = request.args.get("after", 0, type=int)
    log = select(Entry).where(Entry.subject == "first_loads", Entry.subject_id == load.id).order_by(Entry.id.desc()).limit(20)
    return {
        "load": load,
        "rows": load.sample() if load.file and not load.is_fixed else [],
        "faults": LoadFault.of(load, after if 0 <= after < 2**31 else 0, A_PAGE),
        "more": A_PAGE,
        "after": after,
        "faults_in_all": LoadFault.count(load),
        "fields": KINDS[load.kind],
        "nouns": LABELS,
        "encodings": list(ENCODINGS.items()),
        "delimiters": list(DELIMITERS.items()),
        "orders": list(load_dates.ORDERS.items()),
        "entries": db.session.scalars(log).all(),
    }
