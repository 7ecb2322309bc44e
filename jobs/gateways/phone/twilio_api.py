"""Twilio's HTTP API for messages, as far as a client that sends texts and looks up their fate can see it."""

import hmac
import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from socket import SHUT_RDWR, socket
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, jsonify, request

from jobs.gateways.phone import keywords, line, numbers, trouble
from jobs.gateways.phone.line import Order, Phone
from jobs.gateways.phone.store import stamp
from jobs.gateways.phone.twilio_shape import ApiError, shape, shape_created, shape_page

bp = Blueprint("twilio", __name__, url_prefix="/twilio/2010-04-01/Accounts/<account>")
KNOWN = "sid NOT IN (SELECT sid FROM forgotten)"  # to the API
SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
HOST = re.compile(r"[A-Za-z0-9.-]+|[0-9a-f:]+")


@bp.before_request
def authenticate() -> None:
    """The account in the path must be the one that asks."""
    if (request.view_args or {}).get("account") != account_of_request():
        raise ApiError(20404, 404)


def account_of_request() -> str:
    """Basic authentication with the account's own sid and token. Raises ApiError."""
    settings, given = _phone().settings, request.authorization
    user, password = (given.username or "", given.password or "") if given and given.type == "basic" else ("", "")
    right = hmac.compare_digest(user.encode(), settings.twilio_account_sid.encode())
    if not (hmac.compare_digest(password.encode(), settings.twilio_auth_token.encode()) and right):
        raise ApiError(20003, 401)
    return settings.twilio_account_sid


@bp.errorhandler(ApiError)
def refuse(error: ApiError) -> Response:
    return error.response()


@bp.post("/Messages.json")
def create(account: str) -> tuple[Response, int]:
    """Creates a message, or meets the trouble that was asked for."""
    phone, order = _phone(), _order()
    with phone.store.writing() as db:
        order = order if order.party else replace(order, party=line.sender_for(db, order.handset))
        if keywords.opted_out(db, order.party, order.handset):
            raise ApiError(21610)
        met = trouble.take(db, "text", order.handset)
        taken = met.fate not in {"refused", "429"} and (met.accepted or met.fate not in {"500", "503", "timeout", "drop"})
        message = line.accept(db, phone, order, met) if taken else None
    time.sleep(met.hold)
    if met.fate == "drop":
        _hang_up()
    if message is None or met.fate in {"500", "503"}:
        raise _fault(met)
    return jsonify(shape_created(message, account)), 201


@bp.get("/Messages.json")
def index(account: str) -> Response:
    """Lists messages, newest first, by To, From and DateSent (on, since, until)."""
    names = ("To", "From", "DateSent", "DateSent>", "DateSent<")
    filters = {name: request.args[name] for name in names if request.args.get(name)}
    size = min(max(request.args.get("PageSize", 50, type=int), 1), 1000)
    page = max(request.args.get("Page", 0, type=int), 0)
    where, values = _filtered(filters, request.args.get("PageToken", ""))
    messages = _phone().store.messages(where, values, limit=size + 1)
    return jsonify(shape_page(messages[:size], account, filters, page, size, more=len(messages) > size))


@bp.get("/Messages/<sid>.json")
def show(account: str, sid: str) -> Response:
    found = _phone().store.messages(f"channel = 'text' AND sid = ? AND {KNOWN}", (sid,))
    if not found:
        raise ApiError(20404, 404)
    return jsonify(shape(found[0], account))


@bp.delete("/Messages/<sid>.json")
def delete(account: str, sid: str) -> tuple[str, int]:
    """The API has it no more, nor what was enclosed; the handset that it came to or from still has."""
    with _phone().store.writing() as db:
        known = "SELECT sid FROM message WHERE channel = 'text' AND sid = ?"
        if not db.execute(f"INSERT OR IGNORE INTO forgotten {known}", (sid,)).rowcount:
            raise ApiError(20404, 404)
        db.execute("UPDATE enclosure SET deleted = 1 WHERE sid = ?", (sid,))
    return "", 204


@bp.get("/Messages/<sid>/Media/<id>")
def show_media(account: str, sid: str, id: str) -> Response:
    """What a customer sent with a text, for who knows the account's token."""
    with _phone().store.reading() as db:
        row = db.execute("SELECT kind, content FROM enclosure WHERE sid = ? AND id = ? AND NOT deleted", (sid, id)).fetchone()
    if row is None:
        raise ApiError(20404, 404)
    return Response(row["content"], content_type=row["kind"])


@bp.delete("/Messages/<sid>/Media/<id>")
def delete_media(account: str, sid: str, id: str) -> tuple[str, int]:
    """The API has it no more; the handset that it was sent from still has."""
    with _phone().store.writing() as db:
        if not db.execute("UPDATE enclosure SET deleted = 1 WHERE sid = ? AND id = ? AND NOT deleted", (sid, id)).rowcount:
            raise ApiError(20404, 404)
    return "", 204


def _phone() -> Phone:
    phone: Phone = current_app.extensions["phone"]
    return phone


def _order() -> Order:
    """The form as an order. Raises the error that the provider would answer."""
    form = request.form
    service, party, body, media = form.get("MessagingServiceSid", ""), form.get("From", ""), form.get("Body", ""), form.getlist("MediaUrl")
    handset = numbers.e164(form.get("To", ""))
    callback = form.get("StatusCallback", "")
    ours = _phone().settings.twilio_messaging_service_sid
    rules = [
        (not form.get("To"), 21604),
        (handset is None, 21211),
        (not party and not service, 21603),
        (bool(party) and numbers.sender(party) is None, 21212),
        (bool(service) and (not SERVICE.fullmatch(service) or ours not in {"", service}), 21701),
        (not body and not media, 21602),
        (len(body) > 1600, 21617),
        (len(media) > 10, 21623),
        (not all(_is_web_address(url) for url in media), 21620),
        (bool(callback) and not _is_web_address(callback), 21609),
    ]
    for broken, code in rules:
        if broken:
            raise ApiError(code)
    return Order(handset or "", numbers.sender(party) or "", body, tuple(media), service, callback)


def _is_web_address(url: str) -> bool:
    """Scheme and a host name without underscores, as the provider demands."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(HOST.fullmatch(parts.hostname or "")) and (parts.port or 1) > 0
    except ValueError:
        return False


def _fault(met: trouble.Trouble) -> ApiError:
    if met.fate == "429":
        return ApiError(20429, 429, retry_after=met.retry_after)
    if met.fate == "refused":
        return ApiError(met.code or 21408)
    return ApiError(20500, 503 if met.fate == "503" else 500)


def _hang_up() -> None:
    """Cuts the connection under the server, so that the client sees it end without an answer."""
    connection: socket | None = request.environ.get("gunicorn.socket") or request.environ.get("werkzeug.socket")
    if connection is None:
        raise ApiError(20500, 500)
    connection.shutdown(SHUT_RDWR)


def _filtered(filters: dict[str, str], token: str) -> tuple[str, tuple[object, ...]]:
    """An SQL condition for the list. Numbers are compared in E.164, moments as text."""
    sent = "coalesce(sent_at, at)"
    conditions: list[tuple[str, object]] = [(f"{KNOWN} AND channel = ?", "text")]
    for name, column in (("To", "iif(origin = 'handset', party, handset)"), ("From", "iif(origin = 'handset', handset, party)")):
        if name in filters:
            conditions.append((f"{column} = ?", numbers.sender(filters[name]) or filters[name]))
    if "DateSent" in filters:
        conditions.append((f"substr({sent}, 1, 10) = ?", _moment(filters["DateSent"])[:10]))
    conditions += [(f"{sent} {sign}= ?", _moment(filters[f"DateSent{sign}"])) for sign in "<>" if f"DateSent{sign}" in filters]
    if token:
        conditions.append(("seq < (SELECT seq FROM message WHERE sid = ?)", token.removeprefix("PA")))
    return " AND ".join(condition for condition, _ in conditions), tuple(value for _, value in conditions)


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ApiError(20001) from None
    return stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
