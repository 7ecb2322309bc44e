"""Inspection sheets: which ones the shop has, what they are used for, and each of them to work on."""

import re
from typing import Any

from flask import Response as FileResponse
from flask import g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, done, gone_to
from models import InspectionSheet, Refused, db
from models.inspection_sheet import preset
from models.sheet_file import write
from web import panel

INDEX, SHEETS, NEW = (f"console/inspection_sheets/{name}.html" for name in ("index", "_sheets", "_new"))
PAGE, SHEET, NAME = (f"console/inspection_sheets/{name}.html" for name in ("page", "_sheet", "_name"))


@bp.get("/settings/inspection-sheets")
@needs("settings")
def inspection_sheets() -> Response:
    return panel(INDEX, SHEETS, sheets=InspectionSheet.of(g.shop, InspectionSheet.whole()), typed={"begin": "preset"}, errors={})


@bp.post("/settings/inspection-sheets")
@needs("settings")
def create_inspection_sheet() -> Any:
    """A new one: empty, of the house's points, or a copy of another of the shop's."""
    begin = request.form.get("begin", "")
    copied = g.shop.inspection_sheet(int(begin)).lines if begin.isdecimal() and len(begin) < 10 else ()
    try:
        lines = preset() if begin == "preset" else copied
        sheet = InspectionSheet.make(g.shop, request.form.get("name", ""), lines, by=g.actor, used_for=request.form.get("used_for", ""))
        db.session.commit()
    except Refused as refused:
        return again(INDEX, NEW, refused, sheets=InspectionSheet.of(g.shop, InspectionSheet.whole()))
    return gone_to(url_for("console.inspection_sheet", id=sheet.id), _("“%(name)s” is made.", name=sheet.name))


@bp.get("/settings/inspection-sheets/<int:id>")
@needs("settings")
def inspection_sheet(id: int) -> Response:
    sheet = g.shop.inspection_sheet(id)
    return panel(PAGE, SHEET, sheet=sheet, words=request.args.get("q", "").strip(), typed={}, errors={})


@bp.get("/settings/inspection-sheets/<int:id>/name")
@needs("settings")
def edit_inspection_sheet(id: int) -> Response:
    sheet = g.shop.inspection_sheet(id)
    typed = {"name": sheet.name, "used_for": sheet.used_for}
    return panel("console/inspection_sheets/name.html", NAME, sheet=sheet, typed=typed, errors={})


@bp.post("/settings/inspection-sheets/<int:id>/name")
@needs("settings")
def update_inspection_sheet(id: int) -> Any:
    sheet = g.shop.inspection_sheet(id, lock=True)
    try:
        sheet.describe(g.shop, request.form.get("name", ""), request.form.get("used_for", ""), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again("console/inspection_sheets/name.html", NAME, refused, sheet=sheet)
    return gone_to(url_for("console.inspection_sheet", id=id), _("Saved."))


@bp.post("/settings/inspection-sheets/<int:id>/default")
@needs("settings")
def create_default_sheet(id: int) -> Response:
    sheet = g.shop.inspection_sheet(id, lock=True)
    sheet.make_default(g.shop, by=g.actor)
    db.session.commit()
    return done(_("“%(name)s” is the default from now on.", name=sheet.name), url_for("console.inspection_sheets"))


@bp.post("/settings/inspection-sheets/<int:id>/removal")
@needs("settings")
def create_sheet_removal(id: int) -> Response:
    sheet = g.shop.inspection_sheet(id, lock=True)
    sheet.retire(by=g.actor)
    db.session.commit()
    undo = url_for("console.create_sheet_return", id=id)
    return removed(_("“%(name)s” removed.", name=sheet.name), undo, url_for("console.inspection_sheets"))


@bp.post("/settings/inspection-sheets/<int:id>/return")
@needs("settings")
def create_sheet_return(id: int) -> Response:
    """Undo a removal."""
    sheet = g.shop.inspection_sheet(id, lock=True)
    sheet.bring_back(g.shop, by=g.actor)
    db.session.commit()
    return done(_("“%(name)s” is back.", name=sheet.name), url_for("console.inspection_sheets"))


@bp.get("/settings/inspection-sheets/<int:id>/export.csv")
@needs("settings")
def export_inspection_sheet(id: int) -> FileResponse:
    sheet = g.shop.inspection_sheet(id)
    response = make_response(write(sheet.lines))
    response.mimetype = "text/csv"
    name = re.sub(r"[^a-z0-9]+", "-", sheet.name.lower()).strip("-") or "inspection-sheet"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def removed(sentence: str, undo: str, back: str) -> Response:
    """Say that it is gone, with the way to have it back."""
    if not request.headers.get("HX-Request"):
        return gone_to(back, sentence)
    response = make_response(render_template("console/inspection_sheets/_removed.html", sentence=sentence, undo=undo))
    response.headers["HX-Trigger"] = "refresh"
    return response
