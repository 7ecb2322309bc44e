"""The API's description, OpenAPI 3.1: made of the records' own schemas and of the doors that are open."""

from functools import cache
from typing import Any

from flask import Response, current_app, jsonify
from pydantic.json_schema import models_json_schema

from console.access import open_to_strangers
from console.api import bp
from console.api.access import LARGEST, OFTEN
from console.api.answers import HELD, BatchResult, Problem, Result, ShopAnswer
from console.api.problems import JSON, KINDS
from console.api.records import MOST, PATHS
from models.transfer import RECORDS

REF = "#/components/schemas/{model}"
ABOUT = f"""\
For another shop-management system that pushes customers, vehicles, appointments and work orders into a shop. What it pushes is on the
shop's board in a moment.

- **Token.** An administrator of the shop makes it under *Settings, Transfer*. It belongs to that shop, does what its scopes say, and can be
  revoked. Send it as `Authorization: Bearer wrenchline_…`.
- **Your ids.** Everything goes by the id that your system has for it. Push a record with a new one and it is made; push it again and it is
  changed. Push customers before their vehicles, those before appointments and work orders.
- **Again is once.** The same record twice changes nothing. A field that you leave out stays as it is; null or empty clears it. A field of
  which you say the same as the last time is not written again, so that what the shop has corrected in between stays.
- **What the shop has already** is not made twice: a customer of the same name with a number or an e-mail address in common, a vehicle of
  the same owner with the same VIN or plate, a drop-off of the same vehicle and time, the open work order of a vehicle is taken to be yours.
- **Each for itself.** Of up to {MOST} records in a batch, one that is refused stops no other: each has its result, its errors a JSON
  pointer and a sentence. Records are kept one after another; if a request breaks off, send it again.
- **Never pushed:** permission to text (it is asked of the customer, by people, with the wording that the law wants), and authorisations of
  work.
- At most {OFTEN.replace("/", " requests a ")} and {LARGEST // 1024 // 1024} MiB a request.
"""
WORDS = {
    "customers": ("Customers", "customer"),
    "vehicles": ("Vehicles", "vehicle"),
    "appointments": ("Appointments", "appointment"),
    "work_orders": ("Work orders", "work order"),
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "For a request that is sent again because its answer was lost: within a day, the same key and body get the same answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


@bp.get("/openapi.json")
@open_to_strangers
def describe() -> Response:
    response = jsonify({**_described(), "servers": [{"url": f"{current_app.extensions['settings'].public_base_url}{bp.url_prefix}"}]})
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@cache
def _described() -> dict[str, Any]:
    paths: dict[str, Any] = {
        "/shop": {"get": _operation("show_shop", "The shop, and what the token may do", "Shop", "", _ok("ShopAnswer"))}
    }
    for noun in RECORDS:
        paths |= _paths(noun)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Wrenchline transfer", "version": "1", "description": ABOUT},
        "security": [{"token": []}],
        "tags": [{"name": name} for name in ("Shop", *(tag for tag, _one in WORDS.values()))],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "See Settings, Transfer."}},
            "schemas": _schemas(),
            "responses": {name: _said(title, usual) for name, title, usual in KINDS.values()},
        },
    }


def _schemas() -> dict[str, Any]:
    kinds = [*RECORDS.values(), *HELD.values(), Result, BatchResult, Problem, ShopAnswer]
    schemas: dict[str, Any] = models_json_schema([(kind, "validation") for kind in kinds], ref_template=REF)[1]["$defs"]
    for record in RECORDS.values():  # by its address: the id is there
        whole = schemas[record.__name__]
        fields = {name: about for name, about in whole["properties"].items() if name != "external_id"}
        examples = [{name: value for name, value in one.items() if name != "external_id"} for one in whole.get("examples", ())]
        rest = {name: value for name, value in whole.items() if name not in {"required", "title"}}
        schemas[_fields(record.__name__)] = {**rest, "properties": fields, "examples": examples}
    return schemas


def _fields(name: str) -> str:
    return name.replace("Record", "Fields")


def _paths(noun: str) -> dict[str, Any]:
    record, (tag, one) = RECORDS[noun].__name__, WORDS[noun]
    key = RECORDS[noun].model_json_schema()["properties"]["external_id"]
    place = {"name": "external_id", "in": "path", "required": True, "description": "Your id.", "schema": key}
    result = {"200": _content("Result", "Changed, or as it was."), "201": _content("Result", "Made.")}
    put = _operation(f"put_{noun}", f"Push one {one}", tag, f"{noun}:write", result, body={"$ref": REF.format(model=_fields(record))})
    shown = _operation(f"show_{noun}", f"What we hold of a {one}", tag, f"{noun}:read", _ok(HELD[noun].__name__), missing=True)
    batch = {
        "type": "object",
        "required": ["records"],
        "additionalProperties": False,
        "properties": {"records": {"type": "array", "minItems": 1, "maxItems": MOST, "items": _judged_by_itself(record)}},
    }
    many = _operation(f"push_{noun}", f"Push many {tag.lower()}", tag, f"{noun}:write", _ok("BatchResult"), body=batch)
    return {
        f"/{PATHS[noun]}": {"post": many},
        f"/{PATHS[noun]}/{{external_id}}": {"parameters": [place], "put": put, "get": shown},
    }


def _judged_by_itself(record: str) -> dict[str, Any]:
    described = "What is not written so is refused by itself, with its errors, and stops no other."
    return {"anyOf": [{"$ref": REF.format(model=record)}, {"type": "object"}], "description": described}


def _operation(
    name: str, summary: str, tag: str, scope: str, answers: dict[str, Any], *, body: dict[str, Any] | None = None, missing: bool = False
) -> dict[str, Any]:
    refused = [401, 403, *([404] if missing else ()), *([400, 409, 413, 415, 422] if body else ()), 429]
    answers = {**answers, **{str(status): {"$ref": f"#/components/responses/{KINDS[status][0]}"} for status in sorted(refused)}}
    operation: dict[str, Any] = {"operationId": name, "summary": summary, "tags": [tag], "responses": answers}
    if scope:
        operation["description"] = f"Needs the scope `{scope}`."
    if body:
        operation |= {"parameters": [KEY], "requestBody": {"required": True, "content": {"application/json": {"schema": body}}}}
    return operation


def _ok(model: str) -> dict[str, Any]:
    return {"200": _content(model, "So it is.")}


def _content(model: str, words: str) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": {"$ref": REF.format(model=model)}}}}


def _said(title: str, usual: str) -> dict[str, Any]:
    return {"description": f"{title}. {usual}", "content": {JSON: {"schema": {"$ref": REF.format(model="Problem")}}}}
