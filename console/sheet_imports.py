"""An inspection sheet from a file: looked through, shown, and taken over by a second step."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from console import bp
from console.access import needs
from console.answers import again, gone_to
from console.inspection_sheets import INDEX
from models import InspectionSheet, Refused, SheetImport, db
from models.sheet_file import LARGEST

IMPORT = "console/inspection_sheets/_import.html"
PREVIEW_PAGE, PREVIEW = "console/inspection_sheets/preview.html", "console/inspection_sheets/_preview.html"


@bp.post("/settings/inspection-sheets/imports")
@needs("settings")
def create_sheet_import() -> Any:
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Refused(_("Choose a file first."), field="file")
        with file.stream as stream:
            begun = SheetImport.begin(g.shop, file.filename, stream.read(LARGEST + 1))
        db.session.commit()
    except Refused as refused:
        return again(INDEX, IMPORT, refused, sheets=InspectionSheet.of(g.shop, InspectionSheet.whole()))
    return gone_to(url_for("console.sheet_import", id=begun.id))


@bp.get("/settings/inspection-sheets/imports/<int:id>")
@needs("settings")
def sheet_import(id: int) -> str:
    """What the file would make, before anything is made."""
    begun = g.shop.sheet_import(id)
    return render_template(PREVIEW_PAGE, begun=begun, file=begun.file, typed={"name": begun.name}, errors={})


@bp.post("/settings/inspection-sheets/imports/<int:id>/takeover")
@needs("settings")
def create_takeover(id: int) -> Any:
    begun = g.shop.sheet_import(id)
    try:
        sheet = begun.take_over(g.shop, request.form.get("name", ""), request.form.get("used_for", ""), by=g.actor)
        db.session.commit()
    except Refused as refused:
        begun = g.shop.sheet_import(id)
        return again(PREVIEW_PAGE, PREVIEW, refused, begun=begun, file=begun.file)
    return gone_to(url_for("console.inspection_sheet", id=sheet.id), _("“%(name)s” is taken over.", name=sheet.name))
