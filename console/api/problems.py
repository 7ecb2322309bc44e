"""How the API says no: RFC 9457, whoever says it."""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

from flask import abort, g, jsonify, request
from werkzeug.wrappers import Response

from console.api import bp
from models import clock
from web import limiter

ROOT = "/api/"
JSON = "application/problem+json"
DESCRIBED = "/api/v1/openapi.json#/components/responses/"
# status: name in the description, title, what to do about it
KINDS: dict[int, tuple[str, str, str]] = {
    400: ("Unreadable", "Unreadable", "The body is no JSON."),
    401: ("Unauthorised", "No valid token", "Send a token of the shop that is not revoked: “Authorization: Bearer wrenchline_…”."),
    403: ("OutOfScope", "Out of the token's scope", "The token is valid and may not do this."),
    404: ("Missing", "Not found", "There is nothing here that this system has pushed into this shop."),
    405: ("WrongMethod", "Wrong method", "See the header Allow."),
    409: ("Refused", "Not possible as things are here", "The record is well written; what is on file does not allow it."),
    413: ("TooLarge", "Too large", "Send at most 1 MiB and 500 records at a time."),
    415: ("NoJson", "No JSON", "Send “Content-Type: application/json”."),
    422: ("Malformed", "Wrong by itself", "Fields are missing, misspelled or not written as described."),
    429: ("TooOften", "Too often", "Wait as long as the header Retry-After says (seconds), then go on."),
    503: ("Strained", "No room, or busy", "The disk is full or the database busy. The last record was not kept; wait as Retry-After says."),
    500: ("Broken", "Our mistake", "It has been noted. Nothing of this request's last record was kept; send it again in a moment."),
}


def problem(status: int, detail: str = "", errors: Iterable[Mapping[str, str]] = (), **headers: str) -> Response:
    response = jsonify(_about(status, detail, errors))
    response.status_code, response.mimetype = status, JSON
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def deny(status: int, detail: str = "", errors: Iterable[Mapping[str, str]] = (), **headers: str) -> Any:
    """Ends the request here."""
    abort(problem(status, detail, errors, **headers))


def _about(status: int, detail: str, errors: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    name, title, usual = KINDS[status]
    about: dict[str, Any] = {"type": DESCRIBED + name, "title": title, "status": status, "detail": detail or usual}
    if listed := list(errors):
        about["errors"] = listed
    return about


@bp.after_app_request
def answer_in_kind(response: Response) -> Response:
    """What the house says in pages (no such address, too large, our mistake) is said here so that programs understand it."""
    if not request.path.startswith(ROOT) or "is_turned_away" in g or response.status_code < 400 or response.mimetype == JSON:
        return response
    status = _ours(response.status_code)
    said = problem(status)
    response.set_data(said.get_data())
    response.mimetype, response.status_code = JSON, status
    response.headers["Cache-Control"] = "no-store"
    if status == 429 and limiter.current_limit:
        response.headers["Retry-After"] = str(_seconds_until(limiter.current_limit.reset_at))
    return response


def _ours(status: int) -> int:
    """The one of ours that comes nearest."""
    if status in KINDS:
        return status
    return 400 if status < 500 else 503 if status == 507 else 500


def _seconds_until(moment: float) -> int:
    return max(1, ceil(moment - clock.now().timestamp()))
