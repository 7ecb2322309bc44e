"""The postcards at /phone/postcards: what the stand-in of a print service took, with pictures, and what is to become of them."""

import io
import secrets
from typing import cast

import pypdfium2
from flask import Blueprint, Response, abort, current_app, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from jobs.gateways.phone import print_store
from jobs.gateways.phone.line import Phone
from jobs.gateways.phone.print_api import PDFIUM
from jobs.gateways.phone.print_store import EVENTS, Postcard
from jobs.gateways.phone.store import Store

bp = Blueprint("postcards", __name__, url_prefix="/postcards")
SHARP = 2.0  # pixels a point: legible on a screen
SHOWN = 60  # cards on the page
WORDS = {
    "created": "Taken",
    "rendered_pdf": "Drawn, waits for the press",
    "mailed": "Posted",
    "in_transit": "On its way",
    "delivered": "In the letter box",
    "returned_to_sender": "Came back",
    "failed": "Could not be printed",
    "deleted": "Withdrawn before it was printed",
}


@bp.get("", strict_slashes=False)
def page() -> str:
    return render_template("phone/postcards.html", **_shown())


@bp.get("/list")
def cards() -> str:
    return render_template("phone/_postcards.html", **_shown())


@bp.get("/cards.json")
def cards_json() -> Response:
    """What was taken, newest first; ``asked`` is how often under the same key."""
    return jsonify([{**card.shape, "asked": card.asked, "key": card.key} for card in print_store.cards(_phone(), limit=1000)])


@bp.get("/<id>/<any(front, back):side>.<any(pdf, png):form>")
def picture(id: str, side: str, form: str) -> Response:
    pdf = print_store.side(_phone(), id, side)
    if not pdf:
        abort(404)
    response = Response(pdf if form == "pdf" else _drawn(pdf), mimetype="application/pdf" if form == "pdf" else "image/png")
    response.headers["Cache-Control"] = "private, max-age=86400"  # it never changes
    return response


@bp.post("/<id>/events")
def happen(id: str) -> AnyResponse:
    """The post does something with the card now: form field ``event``, optionally ``copies`` of its webhook."""
    event, copies = request.form.get("event", ""), min(max(request.form.get("copies", 1, type=int), 1), 20)
    if event not in EVENTS or not print_store.cards(_phone(), "id = ?", (id,)):
        abort(404)
    with _phone().writing() as db:
        print_store.due(db, id, event, 0, copies)
    return _done({"event": event})


@bp.post("/webhook")
def keep_webhook() -> AnyResponse:
    """The account of the ``key`` has its events posted to ``url`` from now on; answers the secret that they are signed with."""
    key, url = request.form.get("key", "").strip(), request.form.get("url", "").strip()
    secret = request.form.get("secret", "").strip() or f"secret_{secrets.token_hex(16)}"
    if not key or not url.startswith(("http://", "https://")):
        abort(422, "Give the API key and an address.")
    with _phone().writing() as db:
        print_store.tell_at(db, print_store.account_of(key), url, secret)
    if "text/html" in request.headers.get("Accept", ""):
        return Response(render_template("phone/postcards.html", **_shown(), secret=secret))
    return _done({"secret": secret})


def _shown() -> dict[str, object]:
    return {"cards": print_store.cards(_phone(), limit=SHOWN), "state_words": WORDS, "may_happen": _may_happen}


def _may_happen(card: Postcard) -> list[str]:
    """What the buttons beside a card offer."""
    return [] if card.status in {"deleted", "returned_to_sender"} else ["mailed", "in_transit", "delivered", "returned_to_sender", "failed"]


def _drawn(pdf: bytes) -> bytes:
    with PDFIUM, pypdfium2.PdfDocument(pdf) as document:
        made = io.BytesIO()
        document[0].render(scale=SHARP).to_pil().save(made, "PNG")
    return made.getvalue()


def _done(answer: dict[str, str]) -> AnyResponse:
    if "text/html" in request.headers.get("Accept", ""):
        return redirect(url_for("phone.postcards.page"), 303)
    response = jsonify(answer)
    response.status_code = 201
    return response


def _phone() -> Store:
    return cast(Phone, current_app.extensions["phone"]).store
