"""The parts list of a work order: mechanics ask, advisors order and take delivery, everybody in the shop sees it."""

from typing import Any

from flask import abort, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, done, gone_to
from models import NotFound, PartRequest, PartState, Refused, db
from web import panel

PARTS, NEW = "console/part_requests/_parts.html", "console/part_requests/_new.html"
EDIT_PAGE, EDIT = "console/part_requests/page.html", "console/part_requests/_part.html"
LIST, ONE = "/work-orders/<int:number>/parts", "/work-orders/<int:number>/parts/<int:id>"


@bp.get(LIST)
@needs("queue")
def part_requests(number: int) -> Response:
    return panel("console/part_requests/list.html", PARTS, order=g.shop.work_order(number), typed={}, errors={})


@bp.post(LIST)
@needs("queue")
def create_part_request(number: int) -> Any:
    order = g.shop.work_order(number)
    try:
        part = PartRequest.ask(order, request.form, by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again("console/part_requests/new.html", NEW, refused, order=order)
    if not request.headers.get("HX-Request"):
        return redirect(_list(number), 303)
    response = make_response(render_template(NEW, order=order, typed={}, errors={}, asked=part))
    response.headers["HX-Trigger"] = "refresh"
    return response


@bp.get(ONE)
@needs("queue")
def part_request(number: int, id: int) -> Response:
    part = _part(number, id)
    typed = {name: getattr(part, name) for name in ("description", "quantity", "part_number", "supplier")}
    return panel(EDIT_PAGE, EDIT, part=part, typed=typed, errors={})


@bp.post(ONE)
@needs("queue")
def update_part_request(number: int, id: int) -> Any:
    part = _part(number, id, lock=True)
    try:
        part.describe(request.form, by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(EDIT_PAGE, EDIT, refused, part=part)
    return gone_to(_list(number), _("“%(part)s” saved.", part=part.description))


@bp.post(f"{ONE}/state")
@needs("work")
def create_part_state(number: int, id: int) -> Response:
    """Ordered, arrived, or back to where it was."""
    to = request.form.get("state", "")
    if to not in PartState.__members__:
        abort(404)
    part = _part(number, id, lock=True)
    before = part.state
    part.advance(PartState(to), by=g.actor)
    db.session.commit()
    sentence = _("“%(part)s”: %(state)s.", part=part.description, state=part.state.label.lower())
    back = url_for("console.create_part_state", number=number, id=id)
    return done(sentence, _list(number)) if request.form.get("undo") else _undoable(sentence, back, number, state=before.value, undo="1")


@bp.post(f"{ONE}/removal")
@needs("queue")
def create_part_removal(number: int, id: int) -> Response:
    part = _part(number, id, lock=True)
    part.remove(by=g.actor)
    db.session.commit()
    undo = url_for("console.create_part_return", number=number, id=id)
    return _undoable(_("“%(part)s” is off the list.", part=part.description), undo, number)


@bp.post(f"{ONE}/return")
@needs("queue")
def create_part_return(number: int, id: int) -> Response:
    """Undo a removal."""
    part = _part(number, id, lock=True)
    part.bring_back(by=g.actor)
    db.session.commit()
    return done(_("“%(part)s” is on the list again.", part=part.description), _list(number))


@bp.context_processor
def _asked_by_templates() -> dict[str, Any]:
    return {"parts_of": PartRequest.of, "may_change_part": _may_change}


def _part(number: int, id: int, lock: bool = False) -> PartRequest:
    """The part of that work order. Aborts where the role may not change it: what was ordered is the advisor's business."""
    part = g.shop.part_request(id, lock=lock)
    if part.work_order.number != number:
        raise NotFound("PartRequest")
    if not _may_change(part):
        abort(403)
    return part


def _may_change(part: PartRequest) -> bool:
    return g.may("work") or part.state is PartState.needed


def _list(number: int) -> str:
    return url_for("console.work_order", number=number, _anchor="part-requests")


def _undoable(sentence: str, way_back: str, number: int, **values: str) -> Response:
    if not request.headers.get("HX-Request"):
        return gone_to(_list(number), sentence)
    response = make_response(render_template("console/part_requests/_undo.html", sentence=sentence, way_back=way_back, values=values))
    response.headers["HX-Trigger"] = "refresh"
    return response
