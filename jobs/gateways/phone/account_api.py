"""Twilio's HTTP API for what an account has: itself, its numbers, its messaging services. For clients that check a set-up."""

from flask import Blueprint, Response, current_app, jsonify, request

from jobs.gateways.phone import numbers, trouble, twilio_api
from jobs.gateways.phone.line import ELSEWHERE, Phone
from jobs.gateways.phone.twilio_shape import API, ApiError

bp = Blueprint("twilio_account", __name__, url_prefix="/twilio")
bp.register_error_handler(ApiError, twilio_api.refuse)


@bp.before_request
def authenticate() -> None:
    """Only of the account itself."""
    account = twilio_api.account_of_request()
    if (request.view_args or {}).get("account", account) != account:
        raise ApiError(20404, 404)


@bp.get("/2010-04-01/Accounts/<account>.json")
def account(account: str) -> Response:
    return jsonify(sid=account, friendly_name="The built-in phone", status="active", type="Full", uri=f"{API}/{account}.json")


@bp.get("/2010-04-01/Accounts/<account>/IncomingPhoneNumbers.json")
def incoming_numbers(account: str) -> Response:
    """It has whatever number is asked for, unless it was told otherwise."""
    number = numbers.e164(request.args.get("PhoneNumber", ""))
    found = [_number(account, number)] if number and not _switched("number_missing") else []
    uri = f"{API}/{account}/IncomingPhoneNumbers.json"
    return jsonify(incoming_phone_numbers=found, page=0, page_size=50, uri=uri, first_page_uri=uri, next_page_uri=None, start=0, end=0)


@bp.get("/v1/Services/<service>")
def service(service: str) -> Response:
    _known(service)
    urls = {"inbound_request_url": None, "inbound_method": "POST", "use_inbound_webhook_on_number": True}
    return jsonify(sid=service, account_sid=_phone().settings.twilio_account_sid, friendly_name="The shop's texts", **urls)


def _number(account: str, number: str) -> dict[str, object]:
    phone = _phone()
    return {
        "sid": "PN" + f"{int(number[1:]):032x}",
        "account_sid": account,
        "phone_number": number,
        "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
        "sms_url": ELSEWHERE if _switched("webhook_elsewhere") else f"{phone.settings.public_base_url}/hooks/twilio/message",
        "sms_method": "POST",
        "sms_application_sid": "",
        "status": "in-use",
    }


def _known(service: str) -> None:
    ours = _phone().settings.twilio_messaging_service_sid
    if not twilio_api.SERVICE.fullmatch(service) or ours not in {"", service}:
        raise ApiError(20404, 404)


def _switched(name: str) -> bool:
    with _phone().store.reading() as db:
        return trouble.switched(db, name)


def _phone() -> Phone:
    phone: Phone = current_app.extensions["phone"]
    return phone
