"""A print service's HTTP API for postcards (the shape of Lob's), as far as one who hands cards over can see it."""

import threading
import time
from socket import SHUT_RDWR
from typing import Any

import pypdfium2
from flask import Blueprint, Response, current_app, jsonify, request

from jobs.gateways.phone import print_store, trouble
from jobs.gateways.phone.line import Phone
from jobs.gateways.phone.print_store import USUALLY, Postcard

bp = Blueprint("print", __name__, url_prefix="/print/v1")
SIZES = {"4x6": (450, 306), "6x9": (666, 450), "6x11": (810, 450)}  # points, with an eighth of an inch of bleed on each side
LONGEST = {"name": 40, "company": 40, "address_line1": 64, "address_line2": 64, "address_city": 200}
NOWHERE = "Nowhere"  # a street that the post does not know has this in its name
PDFIUM = threading.Lock()  # the library serves one thread at a time


class ApiError(Exception):
    def __init__(self, status: int, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.retry_after = status, message, retry_after


@bp.errorhandler(ApiError)
def refuse(error: ApiError) -> Response:
    response = jsonify(error={"message": error.message, "status_code": error.status, "code": "invalid"})
    response.status_code = error.status
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


@bp.post("/postcards")
def create() -> Response:
    """Takes a card for printing, or meets the trouble that was asked for. The same key gives the same card again."""
    request.max_form_memory_size = 1024 * 1024
    phone, account, key = _phone(), _account(), request.headers.get("Idempotency-Key", "")
    fields, front, back = request.form.to_dict(), _side("front"), _side("back")
    with phone.store.writing() as db:
        card = print_store.known(db, account, key) if key else None
        met = trouble.take(db, "postcard", fields.get("to[name]", ""))
        taken = met.fate not in {"refused", "429"} and (met.accepted or met.fate not in {"500", "503", "timeout", "drop"})
        if card is None and taken:
            _check(fields, front, back)
            card = print_store.keep(db, account, key, fields, front, back)
            for event, seconds in USUALLY.items() if met.callbacks != "none" else ():
                print_store.due(db, card.id, event, seconds + met.delay, copies=1 + met.duplicates)
    time.sleep(met.hold)
    if met.fate == "drop":
        request.environ["werkzeug.socket" if "werkzeug.socket" in request.environ else "gunicorn.socket"].shutdown(SHUT_RDWR)
    if card is None or met.fate in {"500", "503"}:
        raise _fault(met)
    return jsonify(card.shape)


@bp.get("/postcards")
def index() -> Response:
    """Newest first; ``metadata[name]=value`` narrows it."""
    account = _account()
    wanted = {name[9:-1]: value for name, value in request.args.items() if name.startswith("metadata[")}
    found = print_store.cards(_phone().store, "account = ?", (account,))
    fitting = [card for card in found if wanted.items() <= card.part("metadata").items()]
    limit = min(max(request.args.get("limit", 10, type=int), 1), 100)
    return jsonify(data=[card.shape for card in fitting[:limit]], object="list", count=len(fitting[:limit]), next_url=None)


@bp.get("/postcards/<id>")
def show(id: str) -> Response:
    return jsonify(_card(id).shape)


@bp.delete("/postcards/<id>")
def delete(id: str) -> Response:
    """Out of production, as long as it is not mailed."""
    account, card, phone = _account(), _card(id), _phone()
    with phone.store.writing() as db:
        if card.status != "deleted" and not print_store.delete(db, account, id):
            raise ApiError(422, "This postcard can not be canceled any more.")
    return jsonify(id=id, deleted=True)


def _account() -> str:
    """HTTP basic with the key as user and no password; the keys that begin with ``test_`` are good. Raises ApiError."""
    given = request.authorization
    key = (given.username or "") if given and given.type == "basic" else ""
    if not key.startswith("test_") or len(key) < 16:
        raise ApiError(401, "Your API key is not valid. Please sign up to get a valid API key.")
    return print_store.account_of(key)


def _card(id: str) -> Postcard:
    found = print_store.cards(_phone().store, "id = ? AND account = ?", (id, _account()))
    if not found:
        raise ApiError(404, "postcard not found")
    return found[0]


def _side(name: str) -> bytes:
    return request.files[name].read() if name in request.files else b""


def _check(fields: dict[str, str], front: bytes, back: bytes) -> None:
    country = fields.get("to[address_country]", "US")
    size = fields.get("size", "4x6")
    needed = ("address_line1", "address_city", *(("address_state", "address_zip") if country == "US" else ()))
    rules: list[tuple[bool, str]] = [
        (not (fields.get("to[name]") or fields.get("to[company]")), "to.name or to.company is required"),
        *((not fields.get(f"to[{name}]"), f"to.{name} is required") for name in needed),
        *((len(fields.get(f"to[{name}]", "")) > most, f"to.{name} has {most} characters at most") for name, most in LONGEST.items()),
        (NOWHERE in fields.get("to[address_line1]", ""), "to: address is undeliverable"),
        (fields.get("use_type") not in {"marketing", "operational"}, "use_type must be one of [marketing, operational]"),
        (size not in SIZES, "size must be one of [4x6, 6x9, 6x11]"),
        (country != "US" and size != "4x6", "size must be 4x6 for international postcards"),
    ]
    for broken, message in rules:
        if broken:
            raise ApiError(422, message)
    for name, pdf in (("front", front), ("back", back)):
        if _points(pdf) != SIZES[size]:
            raise ApiError(422, f"{name} must be a PDF of one page with the dimensions of {size} and its bleed")


def _points(pdf: bytes) -> Any:
    """Width and height of the only page."""
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError:
            return None
        with document:
            return tuple(round(length) for length in document.get_page_size(0)) if len(document) == 1 else None


def _fault(met: trouble.Trouble) -> ApiError:
    if met.fate == "429":
        return ApiError(429, "Rate limit exceeded. Please wait before trying again.", met.retry_after)
    if met.fate == "refused":
        return ApiError(met.code if met.code in {402, 403} else 422, "The card was refused, as it was asked for.")
    return ApiError(503 if met.fate == "503" else 500, "Something went wrong on our side.")


def _phone() -> Phone:
    phone: Phone = current_app.extensions["phone"]
    return phone
