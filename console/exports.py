"""Exports: the nights' files with where they went, what waits for a person, tonight's rows before they go, and a look into any file."""

from datetime import date
from functools import partial
from typing import Any

from flask import g, make_response, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp, typed
from console.access import needs
from console.answers import done
from models import ExportRecord, ExportRun, ExportSetup, NotFound, Partner, Refused, db
from models.export_fields import ALLOWED, NEVER
from models.export_file import for_a_person
from models.export_labels import LABELS
from models.export_night import Night
from web import panel

PAGE_LENGTH = 30
BINARY, CSV = "application/octet-stream", "text/csv; charset=utf-8"


@bp.get("/exports")
@needs("customers")
def exports() -> Response:
    before, chosen = request.args.get("before", type=int), _chosen(request.args.get("partner", ""))
    runs = ExportRun.listed(g.shop, chosen, before, PAGE_LENGTH)
    context = {"runs": runs, "setups": ExportSetup.all_of(g.shop), "chosen": chosen, "before": before, "limit": PAGE_LENGTH}
    return panel("console/exports/page.html", "console/exports/_exports.html", **context)


@bp.get("/exports/<any(carfax, customerlink, mechanicnet):name>/tonight")
@needs("customers")
def export_tonight(name: str) -> Response:
    """How many rows go tonight, and those that wait for a person."""
    setup = ExportSetup.of(g.shop, Partner(name))
    night = Night(setup, g.shop.today())
    return panel("console/exports/tonight.html", "console/exports/_tonight.html", setup=setup, night=night)


@bp.get("/exports/<any(carfax, customerlink, mechanicnet):name>/preview")
@needs("customers")
def preview_export(name: str) -> Response:
    """The dry run: a day's exact rows as they would go; today's by default. Keeps nothing, sends nothing."""
    setup, day = ExportSetup.of(g.shop, Partner(name)), _day()
    night = Night(setup, day)
    context = {"setup": setup, "night": night, "day": day, "never": NEVER[setup.partner], "allowed": ALLOWED[setup.partner]}
    return panel("console/exports/preview.html", "console/exports/_preview.html", **context, labels=LABELS)


@bp.get("/exports/<any(carfax, customerlink, mechanicnet):name>/preview/file")
@needs("settings")
def preview_export_file(name: str) -> Response:
    night = Night(ExportSetup.of(g.shop, Partner(name)), _day())
    return _download(night.content, f"dry-run-{night.file_name}", BINARY)


@bp.get("/exports/runs/<int:id>")
@needs("customers")
def export_run(id: int) -> Response:
    run = g.shop.export_run(id)
    lines = _readable(run.file.read()).splitlines() if run.file else []
    return panel("console/exports/run.html", "console/exports/_run.html", run=run, records=ExportRecord.of(run), lines=lines, labels=LABELS)


@bp.get("/exports/runs/<int:id>/file")
@needs("settings")
def export_run_file(id: int) -> Response:
    """Exactly as it was handed over, or is to be; ``?for=spreadsheet`` for a person to open: no cell of it is a formula."""
    run = g.shop.export_run(id)
    if run.file is None:
        raise NotFound("StoredFile")
    if request.args.get("for") == "spreadsheet":
        rows = for_a_person(run.headings, [record.cells for record in ExportRecord.of(run)])
        return _download(rows, f"{run.file_name}.to-read.csv", CSV)
    return _download(run.file.read(), run.file_name, BINARY)


@bp.post("/exports/runs/<int:id>/again")
@needs("settings")
def create_export_again(id: int) -> Response:
    run = g.shop.export_run(id)
    if not ExportSetup.of(g.shop, run.partner).is_on:
        raise Refused(_("Exports to %(partner)s are off in this shop.", partner=run.partner.label))
    again = run.send_again(by=g.actor)
    db.session.commit()
    return done(_("It goes again. What becomes of it shows in the list."), url_for("console.export_run", id=again.id))


def _day() -> date:
    """As asked for; today where that makes no sense or is still to come."""
    faults = typed.Faults()
    found = faults.reading(partial(typed.a_day, request.args, "day"))
    return min(found, g.shop.today()) if found else g.shop.today()


def _chosen(name: str) -> Partner | None:
    return Partner(name) if name in Partner.__members__ else None


def _readable(content: bytes) -> str:
    """In whichever of our encodings it was written."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("windows-1252", "replace")


def _download(content: bytes, name: str, content_type: str) -> Any:
    response = make_response(content)
    response.headers.update({"Content-Type": content_type, "Cache-Control": "private, no-store"})
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
