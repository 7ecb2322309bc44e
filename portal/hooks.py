"""The provider's webhooks: signed, kept raw, answered fast, worked on in a job."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, request
from twilio.request_validator import RequestValidator

from models import DeliveryReport, IncomingText, Shop, db
from settings import Settings

bp = Blueprint("hooks", __name__, url_prefix="/hooks/twilio")
LONGEST = 1600  # characters that a text can have


@bp.before_request
def check_signature() -> None:
    """Only what Twilio signed for our public address (never the Host that a request claims), and for our account."""
    settings: Settings = current_app.extensions["settings"]
    signature = request.headers.get("X-Twilio-Signature", "")
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    url = f"{settings.public_base_url}{request.path}{query}"
    token = settings.twilio_auth_token
    signed = bool(token) and RequestValidator(token).validate(url, request.form, signature)
    if not signed or request.form.get("AccountSid") != settings.twilio_account_sid:
        abort(403)


@bp.post("/message")
def create_incoming_text() -> Response:
    form = request.form
    shop = Shop.with_texting_number(form.get("To", ""))
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
