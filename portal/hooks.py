"""The provider's webhooks: signed, kept raw, answered fast, worked on in a job."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, request
from twilio.request_validator import SIGNATURE_SETTINGS_HEADER, RequestValidator, get_signature_algorithm

from models import DeliveryReport, IncomingText, Shop, db, reading, shop_of_report, signing_tokens
from settings import Settings

bp = Blueprint("hooks", __name__, url_prefix="/hooks/twilio")
LONGEST = 1600  # characters that a text can have


@bp.before_request
def check_signature() -> None:
    """Only what the provider signed for our public address, never the Host that a request claims, with the token of whose number it is.

    The header that names an algorithm chooses that, and no key.
    """
    settings: Settings = current_app.extensions["settings"]
    signature = request.headers.get("X-Twilio-Signature", "")
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    url = f"{settings.public_base_url}{request.path}{query}"
    algorithm = get_signature_algorithm(request.headers.get(SIGNATURE_SETTINGS_HEADER))
    if not any(RequestValidator(token).validate(url, request.form, signature, algorithm) for token in _tokens()):
        abort(403)


def _tokens() -> Sequence[str]:
    """Asked without the lock that writers take: whoever knocks unsigned must keep nobody from working."""
    uid, account = (request.view_args or {}).get("uid"), request.form.get("AccountSid", "")
    with reading():
        g.addressed = shop_of_report(uid) if uid else Shop.with_texting_number(request.form.get("To", ""))
        tokens = signing_tokens(g.addressed, account, report=bool(uid))
        db.session.commit()
    return tokens


@bp.post("/message")
def create_incoming_text() -> Response:
    form, shop = request.form, g.addressed
    if shop is None or not form.get("MessageSid") or not form.get("From"):
        abort(404)
    IncomingText.take(shop, form["MessageSid"], form["From"], form.get("Body", "")[:LONGEST], _raw())
    db.session.commit()
    return _thanks()


@bp.post("/status/<uid>")
def create_delivery_report(uid: str) -> Response:
    form = request.form
    if not form.get("MessageSid") or not form.get("MessageStatus"):
        abort(400)
    DeliveryReport.take(uid, form["MessageSid"], form["MessageStatus"], form.get("ErrorCode", ""), _raw())
    db.session.commit()
    return _thanks()


def _raw() -> dict[str, Any]:
    return request.form.to_dict()


def _thanks() -> Response:
    return Response("<Response/>", mimetype="text/xml")
