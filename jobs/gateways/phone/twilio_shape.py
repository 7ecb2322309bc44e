"""The provider's JSON: a message, a page of messages, an error."""

from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urlencode

from flask import Response, jsonify

from jobs.gateways.phone.store import Message
from jobs.gateways.phone.trouble import CODES

API = "/2010-04-01/Accounts"
MESSAGES = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    21211: "The 'To' number is not a valid phone number",
    21212: "The 'From' number is not a valid phone number, shortcode or alphanumeric sender ID",
    21408: "Permission to send an SMS has not been enabled for the region of the 'To' number",
    21602: "Message body is required",
    21603: "A 'From' phone number or a messaging service is required",
    21604: "A 'To' phone number is required",
    21606: "The 'From' phone number is not one that this account may send from",
    21609: "The 'StatusCallback' URL is not a valid URL",
    21610: "Attempt to send to unsubscribed recipient",
    21611: "The 'From' number has exceeded the maximum number of queued messages",
    21612: "The message cannot be routed to this 'To' number from this 'From' number",
    21614: "The 'To' number is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit",
    21620: "Invalid media URL",
    21623: "Number of media files exceeds allowed limit",
    21635: "The 'To' number cannot be a landline",
    21701: "The messaging service does not exist",
}


class ApiError(Exception):
    """A refusal in the provider's words; ``code`` is the provider's, ``status`` is HTTP's."""

    def __init__(self, code: int, status: int = 400, *, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.code, self.status, self.retry_after = code, status, retry_after

    def response(self) -> Response:
        more_info = f"https://www.twilio.com/docs/errors/{self.code}"
        message = MESSAGES.get(self.code, "The request could not be completed")
        response = jsonify(code=self.code, message=message, more_info=more_info, status=self.status)
        response.status_code = self.status
        if self.status == 401:
            response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        if self.retry_after is not None:
            response.headers["Retry-After"] = str(self.retry_after)
        return response


def shape(message: Message, account: str) -> dict[str, object]:
    """A message as the API shows it later, when the sender and the segments are known."""
    uri = f"{API}/{account}/Messages/{message.sid}"
    at = _rfc2822(message.at)
    return {
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": message.body,
        "date_created": at,
        "date_sent": _rfc2822(message.sent_at) if message.sent_at else None,
        "date_updated": _rfc2822(message.sent_at) if message.sent_at else at,
        "direction": {"handset": "inbound", "provider": "outbound-reply"}.get(message.origin, "outbound-api"),
        "error_code": message.error_code,
        "error_message": CODES.get(message.error_code, "Unknown error") if message.error_code else None,
        "from": message.sender,
        "messaging_service_sid": message.service_sid or None,
        "num_media": str(len(message.media)),
        "num_segments": str(message.segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.recipient,
        "uri": f"{uri}.json",
    }


def shape_created(message: Message, account: str) -> dict[str, object]:
    """A message as the API answers its creation: through a service, neither sender nor segments are known yet."""
    created = shape(message, account)
    return created | {"from": None, "num_segments": "0"} if message.service_sid else created


def shape_page(messages: list[Message], account: str, filters: dict[str, str], page: int, size: int, more: bool) -> dict[str, object]:
    """A page of messages. The next page is bound to the last message of this one, so that new messages move nothing."""

    def uri(number: int, token: str = "") -> str:
        query = filters | {"PageSize": str(size), "Page": str(number)} | ({"PageToken": token} if token else {})
        return f"{API}/{account}/Messages.json?{urlencode(query)}"

    return {
        "end": page * size + max(len(messages) - 1, 0),
        "first_page_uri": uri(0),
        "messages": [shape(message, account) for message in messages],
        "next_page_uri": uri(page + 1, f"PA{messages[-1].sid}") if more else None,
        "page": page,
        "page_size": size,
        "previous_page_uri": None,
        "start": page * size,
        "uri": uri(page),
    }


def _rfc2822(at: str) -> str:
    return format_datetime(datetime.fromisoformat(at))
