"""The inspection in the bay: the page on a tablet, what it sends when it can, and what the desk sees of it."""

from datetime import datetime
from pathlib import Path
from typing import Any

from babel.dates import format_skeleton
from flask import abort, current_app, g, jsonify, make_response, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp, typed
from console.access import needs, open_to_strangers
from console.answers import done, gone_to
from console.inspection_state import state_of
from console.uploads import received
from models import (
    Finding,
    Inspection,
    InspectionChange,
    InspectionSheet,
    Refused,
    Result,
    WorkItem,
    WorkOrder,
    db,
    inspection_lists,
)
from models.finding_items import Group, catch_up, overtaken
from models.finding_value import Bounds
from models.inspection_change import Word
from models.sent_file import SentFile
from web import csrf, panel

PAGE, PANEL_PAGE, PANEL, BEGINNING = (f"console/inspections/{name}.html" for name in ("page", "panel", "_inspection", "beginning"))
INSPECTION = "/inspections/<int:number>"


@bp.app_template_global()
def inspection_of(order: WorkOrder) -> Inspection | None:
    return Inspection.of(order, Inspection.with_pictures(), inspection_lists.with_counts())


@bp.app_template_global()
def overtaken_items(inspection: Inspection) -> list[tuple[WorkItem, Group]]:
    return overtaken(inspection)


@bp.app_template_global()
def answer_words() -> dict[str, str]:
    return {result.value: result.label for result in Result}


@bp.app_template_filter()
def visit_day(at: datetime) -> str:
    """Mar 12 of this year, else Mar 12, 2025: on the shop's clock."""
    day = g.shop.local(at).date()
    return str(format_skeleton("MMMd" if day.year == g.shop.today().year else "yMMMd", day, locale=get_locale()))


@bp.app_template_global()
def bounds_of(finding: Finding) -> Bounds | None:
    return Bounds.of(finding)


@bp.get("/inspections/worker.js")
@open_to_strangers
def inspections_worker() -> Response:
    """Keeps this folder's pages on the tablet: a browser lets it look after no more than the folder that it comes from."""
    response = make_response(Path(current_app.root_path, "static", "console-inspections-worker.js").read_bytes())
    response.mimetype = "text/javascript"
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/inspections")
@needs("day")
def inspections() -> Response:
    """Those that are complete and that the desk has not seen."""
    return panel("console/inspections/index.html", "console/inspections/_inspected.html", orders=inspection_lists.news(g.shop))


@bp.get(INSPECTION)
@needs("queue")
def inspection(number: int) -> Response:
    order = g.shop.work_order(number)
    found = inspection_of(order)
    if found is None:
        sheets = [] if order.is_closed else InspectionSheet.of(g.shop)
        appointment = order.visit.appointment
        usual = InspectionSheet.for_work(g.shop, appointment.type_of_work if appointment else "")
        return panel(BEGINNING, BEGINNING, order=order, sheets=sheets, usual=usual, errors={})
    return panel(PAGE, PAGE, order=order, inspection=found, state=state_of(found, found.findings))


@bp.post(INSPECTION)
@needs("queue")
def create_inspection(number: int) -> Any:
    order = g.shop.work_order(number)
    Inspection.begin(order, g.shop.inspection_sheet(typed.an_id(request.form, "sheet") or 0), by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.inspection", number=number))


@bp.get(f"{INSPECTION}/state")
@needs("queue")
def inspection_state(number: int) -> Response:
    """What everybody has said so far, for the pages that are open."""
    found = _found(number)
    response = jsonify(state_of(found, found.findings))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post(f"{INSPECTION}/changes")
@needs("queue")
def create_inspection_change(number: int) -> Any:
    found, said = _found(number), request.get_json(silent=True)
    try:
        if not isinstance(said, dict):
            raise Refused(_("This change can't be read. Load the page again."))
        _must_be_own(said.get("member"))
        told = InspectionChange.take(found, Word.read(said), str(said.get("kind")), _facts(said), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return _refused(refused)
    return jsonify(state_of(found, told))


@bp.post(f"{INSPECTION}/pictures")
@csrf.exempt  # not from the token, but from looking for it before anybody knows who sends: ``received`` looks
@needs("queue")
def create_inspection_picture(number: int) -> Any:
    found = _found(number)
    try:
        file = received(_("Choose a photo or video first."))[0]
        _must_be_own(request.form.get("member"))
        word, point = Word.read(request.form), request.form.get("finding", "")
        sent = SentFile.stored(g.shop.id, file.stream, file.filename or "", f"{word.device}-{word.number}")
        finding_id = int(point) if point.isascii() and point.isdigit() and len(point) < 10 else None
        told = InspectionChange.take_picture(found, word, finding_id, sent, by=g.actor)
        db.session.commit()
    except Refused as refused:
        return _refused(refused)
    return jsonify(state_of(found, told))


@bp.get("/work-orders/<int:number>/inspection")
@needs("queue")
def work_order_inspection(number: int) -> Response:
    return panel(PANEL_PAGE, PANEL, order=g.shop.work_order(number))


@bp.post(f"{INSPECTION}/acknowledgement")
@needs("work")
def create_inspection_acknowledgement(number: int) -> Response:
    """The desk has seen that it is complete."""
    _found(number).take_on(by=g.actor)
    db.session.commit()
    return done(_("Noted: the inspection has been seen."), url_for("console.work_order", number=number))


@bp.post("/work-orders/<int:number>/items/<int:id>/finding")
@needs("work")
def update_item_finding(number: int, id: int) -> Response:
    """The mechanic has changed a finding after the desk worked on its item: that says it from now on, or stays as it is."""
    order = g.shop.work_order(number, lock=True)
    found, item, take = _found(number), WorkItem.within(order, id), request.form.get("take") == "1"
    catch_up(found, item, take=take, by=g.actor)
    db.session.commit()
    sentence = _("“%(title)s” now says what was found.", title=item.title) if take else _("“%(title)s” stays as it is.", title=item.title)
    return done(sentence, url_for("console.work_order", number=number))


def _found(number: int) -> Inspection:
    """Raises NotFound: not this shop's, or nobody has begun it."""
    return Inspection.on(g.shop.work_order(number), Inspection.with_pictures())


def _must_be_own(member: Any) -> None:
    """What one mechanic tapped on a tablet never goes under the name of another who has signed in there since: it waits for the first."""
    if member is not None and str(member) != str(g.me.id):
        abort(401)


def _facts(said: dict[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in ("answers", "rest") if name in said}


def _refused(refused: Refused) -> Response:
    db.session.rollback()
    sentence = " ".join(str(words) for words in refused.errors.values())
    return make_response(jsonify(sentence=sentence), 422)
