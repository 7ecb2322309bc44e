"""The sections and points of an inspection sheet: added, worded, put in order, removed and brought back."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, done, gone_to
from console.inspection_sheets import PAGE, removed
from models import InspectionPoint, InspectionSection, InspectionSheet, Refused, SheetLine, db
from models.job import Job
from models.sheet_line import Category, Reading
from web import panel

SHEET = "/settings/inspection-sheets/<int:id>"
SECTION_PAGE, SECTION, NEW_SECTION = (f"console/inspection_sheets/{name}.html" for name in ("section", "_section", "_new_section"))
POINT_PAGE, POINT = "console/inspection_sheets/point.html", "console/inspection_sheets/_point.html"


@bp.post(f"{SHEET}/sections")
@needs("settings")
def create_section(id: int) -> Any:
    sheet = g.shop.inspection_sheet(id, lock=True)
    try:
        section = sheet.add_section(request.form.get("section", ""), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, NEW_SECTION, refused, sheet=g.shop.inspection_sheet(id), words="")
    return gone_to(_place(sheet, section), _("Section “%(name)s” added.", name=section.name))


@bp.get(f"{SHEET}/sections/<int:section_id>")
@needs("settings")
def section(id: int, section_id: int) -> Response:
    section = g.shop.inspection_sheet(id).section(section_id)
    return panel(SECTION_PAGE, SECTION, section=section, typed={"section": section.name}, errors={})


@bp.post(f"{SHEET}/sections/<int:section_id>")
@needs("settings")
def update_section(id: int, section_id: int) -> Any:
    section = g.shop.inspection_sheet(id, lock=True).section(section_id)
    try:
        section.rename(request.form.get("section", ""), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(SECTION_PAGE, SECTION, refused, section=section)
    return gone_to(_place(section.sheet, section), _("Saved."))


@bp.post(f"{SHEET}/sections/<int:section_id>/move")
@needs("settings")
def create_section_move(id: int, section_id: int) -> Response:
    sheet = g.shop.inspection_sheet(id, lock=True)
    section = sheet.section(section_id)
    section.step(_steps(), by=g.actor)
    db.session.commit()
    place = {"name": section.name, "place": sheet.sections.index(section) + 1, "count": len(sheet.sections)}
    return done(_("Section “%(name)s”: %(place)s of %(count)s.", **place), _place(sheet, section))


@bp.post(f"{SHEET}/sections/<int:section_id>/removal")
@needs("settings")
def create_section_removal(id: int, section_id: int) -> Response:
    section = g.shop.inspection_sheet(id, lock=True).section(section_id)
    section.retire(by=g.actor)
    db.session.commit()
    undo = url_for("console.create_section_return", id=id, section_id=section_id)
    sentence = _("Section “%(name)s” removed with its %(count)s points.", name=section.name, count=len(section.points))
    return removed(sentence, undo, url_for("console.inspection_sheet", id=id))


@bp.post(f"{SHEET}/sections/<int:section_id>/return")
@needs("settings")
def create_section_return(id: int, section_id: int) -> Response:
    """Undo a removal."""
    section = g.shop.inspection_sheet(id, lock=True).section(section_id)
    section.bring_back(by=g.actor)
    db.session.commit()
    return done(_("Section “%(name)s” is back.", name=section.name), _place(section.sheet, section))


@bp.get(f"{SHEET}/points/new")
@needs("settings")
def new_point(id: int) -> Response:
    sheet = g.shop.inspection_sheet(id)
    return panel(POINT_PAGE, POINT, **_form(sheet), typed={"section": request.args.get("section", "")}, errors={})


@bp.post(f"{SHEET}/points")
@needs("settings")
def create_point(id: int) -> Any:
    sheet = g.shop.inspection_sheet(id, lock=True)
    try:
        section, line = _typed(sheet)
        point = InspectionPoint.add(section, line, by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(POINT_PAGE, POINT, refused, **_form(g.shop.inspection_sheet(id)))
    another = url_for("console.new_point", id=id, section=section.id)
    on = another if request.form.get("then") == "next" else _place(sheet, point)
    return gone_to(on, _("“%(name)s” added.", name=point.name))


@bp.get(f"{SHEET}/points/<int:point_id>")
@needs("settings")
def point(id: int, point_id: int) -> Response:
    sheet = g.shop.inspection_sheet(id)
    point = sheet.point(point_id)
    words = {name: getattr(point, name) for name in ("measure", "reading", "ok", "recommended", "necessary", "category", "job")}
    typed = {**words, "section": point.section_id, "point": point.name, "remarks": "\n".join(point.remarks)}
    return panel(POINT_PAGE, POINT, **_form(sheet, point), typed=typed, errors={})


@bp.post(f"{SHEET}/points/<int:point_id>")
@needs("settings")
def update_point(id: int, point_id: int) -> Any:
    sheet = g.shop.inspection_sheet(id, lock=True)
    point = sheet.point(point_id)
    following = _form(sheet, point)["later"]
    try:
        point.change(*_typed(sheet), by=g.actor)
        db.session.commit()
    except Refused as refused:
        fresh = g.shop.inspection_sheet(id)
        return again(POINT_PAGE, POINT, refused, **_form(fresh, fresh.point(point_id)))
    to_next = request.form.get("then") == "next" and following
    on = url_for("console.point", id=id, point_id=following.id) if to_next else _place(sheet, point)
    return gone_to(on, _("“%(name)s” saved.", name=point.name))


@bp.post(f"{SHEET}/points/<int:point_id>/move")
@needs("settings")
def create_point_move(id: int, point_id: int) -> Response:
    sheet = g.shop.inspection_sheet(id, lock=True)
    point = sheet.point(point_id)
    point.step(_steps(), by=g.actor)
    db.session.commit()
    points = point.section.points
    place = {"name": point.name, "place": points.index(point) + 1, "count": len(points), "section": point.section.name}
    return done(_("“%(name)s”: %(place)s of %(count)s in “%(section)s”.", **place), _place(sheet, point))


@bp.post(f"{SHEET}/points/<int:point_id>/removal")
@needs("settings")
def create_point_removal(id: int, point_id: int) -> Response:
    point = g.shop.inspection_sheet(id, lock=True).point(point_id)
    point.retire(by=g.actor)
    db.session.commit()
    undo = url_for("console.create_point_return", id=id, point_id=point_id)
    return removed(_("“%(name)s” removed.", name=point.name), undo, _place(point.section.sheet, point.section))


@bp.post(f"{SHEET}/points/<int:point_id>/return")
@needs("settings")
def create_point_return(id: int, point_id: int) -> Response:
    """Undo a removal."""
    point = g.shop.inspection_sheet(id, lock=True).point(point_id)
    point.bring_back(by=g.actor)
    db.session.commit()
    return done(_("“%(name)s” is back.", name=point.name), _place(point.section.sheet, point))


def _steps() -> int:
    return -1 if request.form.get("step") == "-1" else 1


def _typed(sheet: InspectionSheet) -> tuple[InspectionSection, SheetLine]:
    """The section that was chosen, and the texts. Raises Refused: as ``SheetLine.read``."""
    chosen = request.form.get("section", "")
    section = next((section for section in sheet.sections if str(section.id) == chosen), None)
    line = SheetLine.read({**request.form, "section": section.name if section else ""})
    assert section is not None
    return section, line


def _form(sheet: InspectionSheet, point: InspectionPoint | None = None) -> dict[str, Any]:
    """What the form of a point needs: its neighbours, and the shop's jobs to choose from."""
    points = sheet.points
    at = points.index(point) if point in points else None
    jobs = db.session.execute(select(Job.code, Job.title).where(Job.shop_id == g.shop.id, Job.retired_at.is_(None)).order_by(Job.code))
    return {
        "sheet": sheet,
        "point": point,
        "number": None if at is None else at + 1,
        "count": len(points),
        "earlier": points[at - 1] if at else None,
        "later": points[at + 1] if at is not None and at + 1 < len(points) else None,
        "jobs": jobs.all(),
        "sections": [(section.id, section.name) for section in sheet.sections],
        "readings": [(reading.value, reading.label) for reading in Reading],
        "categories": [(category.value, category.label) for category in Category],
    }


def _place(sheet: InspectionSheet, thing: InspectionSection | InspectionPoint) -> str:
    """Where on the page of the sheet it stands."""
    kind = "point" if isinstance(thing, InspectionPoint) else "section"
    return url_for("console.inspection_sheet", id=sheet.id, _anchor=f"{kind}-{thing.id}")
