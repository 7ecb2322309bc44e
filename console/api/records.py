"""Records in and out: one by its id, or many at a time, each judged by itself."""

from typing import Any

from flask import g, jsonify, make_response, request, url_for
from pydantic_core import from_json
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.wrappers import Response

from console.api import bp
from console.api.access import needs_token
from console.api.problems import deny
from console.api.replays import replayed
from models import Status, Transfer, TransferPush, db
from models.handover import gathered_nudges
from models.transfer import RECORDS
from models.transfer_record import Fault, Outcome

MOST = 500  # records at a time
TRIES = 3
PATHS = {noun: noun.replace("_", "-") for noun in RECORDS}
PAGES = {"customers": "console.customer", "vehicles": "console.vehicle", "appointments": "console.appointment"}


def _push_one(noun: str, external_id: str) -> Response:
    body = _body()
    if "external_id" in body:
        deny(422, errors=[{"pointer": "/external_id", "detail": "The address says it."}])
    outcome = _pushed(_transfer(), noun, {**body, "external_id": external_id})
    _note(noun, [outcome])
    if outcome.result == "refused":
        deny(422 if outcome.malformed else 409, errors=map(_fault, outcome.errors))
    response = make_response(jsonify(_result(noun, outcome)), 201 if outcome.result == "created" else 200)
    response.headers["Location"] = url_for(f"api.show_{noun}", external_id=external_id)
    return response


def _push_many(noun: str) -> Response:
    body = _body()
    records = body.get("records")
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
        deny(422, errors=[{"pointer": "/records", "detail": "Give a list of records."}])
    if set(body) != {"records"} or not 1 <= len(records) <= MOST:
        deny(422, errors=[{"pointer": "/records", "detail": f"Give 1 to {MOST} records, and nothing beside them."}])
    transfer = _transfer()
    with gathered_nudges():
        outcomes = [_pushed(transfer, noun, raw) for raw in records]
        _note(noun, outcomes)
    counts = {name: sum(one.result == name for one in outcomes) for name in ("created", "updated", "unchanged", "refused")}
    return jsonify(**counts, results=[_result(noun, outcome) for outcome in outcomes])


def _show(noun: str, external_id: str) -> Response:
    row, held = _transfer().held(noun, external_id)
    return jsonify({**held, "id": row.id, "url": _url(noun, row.id, held)})


@bp.get("/shop")
@needs_token()
def show_shop() -> Response:
    """Whose token this is, what it may do, and what the shop calls its statuses."""
    shop = g.shop
    return jsonify(
        name=shop.name,
        zone=shop.zone,
        country=shop.country,
        currency=shop.currency,
        language=shop.language,
        statuses=[
            {"name": one.name, "needs_estimate": one.asks_estimate and not one.minutes, "needs_reason": one.asks_reason}
            for one in Status.all_of(shop)
        ],
        system=g.token.system,
        scopes=g.token.scopes,
    )


def _transfer() -> Transfer:
    return Transfer(g.shop, g.token.system, g.token.actor)


def _body() -> dict[str, Any]:
    if not (request.mimetype == "application/json" or request.mimetype.endswith("+json")):
        deny(415)
    try:
        body = from_json(request.get_data(), allow_inf_nan=False)
    except ValueError as wrong:
        deny(400, f"The body is no JSON: {wrong}.")
    if not isinstance(body, dict):
        deny(422, errors=[{"pointer": "", "detail": "Send an object."}])
    return body


def _pushed(transfer: Transfer, noun: str, raw: dict[str, Any]) -> Outcome:
    """Committed, so that nobody waits for the rest of the batch; tried again where two who wrote at once stood in each other's way."""
    for left in reversed(range(TRIES)):
        try:
            outcome = transfer.push(noun, raw)
            db.session.commit()
        except (OperationalError, IntegrityError):
            db.session.rollback()
            if not left:
                raise
        else:
            return outcome
    raise AssertionError("unreachable")


def _note(noun: str, outcomes: list[Outcome]) -> None:
    TransferPush.note(g.token, noun, outcomes)
    db.session.commit()


def _result(noun: str, outcome: Outcome) -> dict[str, Any]:
    told: dict[str, Any] = {"external_id": outcome.external_id, "result": outcome.result}
    if outcome.id is not None:
        told["id"] = outcome.id
    for name in ("errors", "warnings"):
        if faults := getattr(outcome, name):
            told[name] = [_fault(fault) for fault in faults]
    return told


def _fault(fault: Fault) -> dict[str, str]:
    return {"pointer": fault.pointer, "detail": fault.detail}


def _url(noun: str, our_id: int, held: dict[str, Any]) -> str:
    """Where staff see it."""
    if noun == "work_orders":
        return url_for("console.work_order", number=held["number"], _external=True)
    return url_for(PAGES[noun], id=our_id, _external=True)


def _open(noun: str) -> None:
    """The noun's three doors."""

    def push_many() -> Response:
        return _push_many(noun)

    def push_one(external_id: str) -> Response:
        return _push_one(noun, external_id)

    def show(external_id: str) -> Response:
        return _show(noun, external_id)

    many, one = f"/{PATHS[noun]}", f"/{PATHS[noun]}/<external_id>"
    doors = [("POST", many, "push", replayed(push_many)), ("PUT", one, "put", replayed(push_one)), ("GET", one, "show", show)]
    for method, path, verb, view in doors:
        view.__name__ = view.__qualname__ = f"{verb}_{noun}"  # what counts requests tells views by their names
        scope = f"{noun}:{'read' if method == 'GET' else 'write'}"
        bp.add_url_rule(path, view.__name__, needs_token(scope)(view), methods=[method])


for each in RECORDS:
    _open(each)
