"""A text's way over the network, both directions: what is stored, and which webhooks come due for it."""

import json
import mimetypes
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from jobs.gateways.phone import keywords, numbers, trouble
from jobs.gateways.phone.store import Message, Store, add, enclose, new_id, new_sid, now
from jobs.gateways.phone.trouble import Trouble
from settings import Settings

FIRST_EVENT = 0.05  # seconds from the reply to "sent": real callbacks come as early as that, and now and then before the reply
NEXT_EVENT = 0.15
ELSEWHERE = "https://elsewhere.example/sms"  # where incoming texts go when the phone was told so: nowhere
POOL_NUMBER = "+15005550006"  # the number of the provider's pool that a service sends from to a handset that never wrote


@dataclass(frozen=True, slots=True)
class Phone:
    """What the phone's parts share: the settings and the file."""

    settings: Settings
    store: Store


@dataclass(frozen=True, slots=True)
class Order:
    """A text as the API was asked to send it, already found to be well-formed. ``party`` is empty when a service picks the sender."""

    handset: str
    party: str
    body: str
    media: tuple[str, ...]
    service_sid: str
    callback: str


def accept(db: sqlite3.Connection, phone: Phone, order: Order, met: Trouble) -> Message:
    """Takes a text for delivery: it shows on the handset at once, and its status events come due, all in the transaction ``db``."""
    message = Message(
        channel="text",
        origin="api",
        sid=new_sid("MM" if order.media else "SM"),
        handset=order.handset,
        party=order.party,
        body=order.body,
        media=order.media,
        at=now(),
        status="accepted" if order.service_sid else "queued",
        arrived=met.fate not in {"undelivered", "failed"},
        service_sid=order.service_sid,
        segments=numbers.segments(order.body),
    )
    add(db, message)
    last = {"undelivered": "undelivered", "failed": "failed", "sent": "sent"}.get(met.fate, "delivered")
    events = [last] if last in {"failed", "sent"} else ["sent", last]
    times = [met.delay + FIRST_EVENT + NEXT_EVENT * step for step in range(len(events))]
    for event, seconds in zip(events, reversed(times) if met.callbacks == "reversed" else times, strict=True):
        error = met.code if event in {"undelivered", "failed"} else None
        url = order.callback if met.callbacks != "none" else ""
        fields = _status_fields(phone, message, event, error)
        _due(db, message, url, fields, seconds, copies=1 + (met.duplicates if url else 0), status=event, error=error)
    return message


def sender_for(db: sqlite3.Connection, handset: str) -> str:
    """The number that a messaging service sends from: the one this handset knows, as a service with a sticky sender does."""
    row = db.execute(
        "SELECT party FROM message WHERE channel = 'text' AND handset = ? AND party LIKE '+%' ORDER BY seq DESC LIMIT 1", (handset,)
    ).fetchone()
    return row["party"] if row else POOL_NUMBER


def answer(
    phone: Phone,
    handset: str,
    party: str,
    body: str,
    media: tuple[str, ...] = (),
    duplicates: int = 0,
    files: tuple[tuple[str, bytes], ...] = (),
) -> Message:
    """The customer texts ``body`` from ``handset`` to ``party``: stored, its webhook due, and an opt-out word obeyed.

    ``media`` are addresses of files, ``files`` are files themselves (kind and bytes), which the API keeps until they are deleted there.
    """
    sid = new_sid("MM" if media or files else "SM")
    kept = [(new_id(), kind, content) for kind, content in files]
    media += tuple(f"{_api(phone)}/Messages/{sid}/Media/{media_id}" for media_id, _kind, _content in kept)
    message = Message(
        channel="text",
        origin="handset",
        sid=sid,
        handset=handset,
        party=party,
        body=body,
        media=media,
        at=now(),
        status="received",
        service_sid=phone.settings.twilio_messaging_service_sid,
        segments=numbers.segments(body),
    )
    message.sent_at = message.at
    with phone.store.writing() as db:
        add(db, message)
        for place, (media_id, kind, content) in enumerate(kept, len(media) - len(kept)):
            enclose(db, sid, place, media_id, kind, content)
        word = keywords.meaning(body)
        fields = _incoming_fields(phone, message, {len(media) - len(kept) + place: kind for place, (kind, _) in enumerate(files)})
        if word and trouble.switched(db, "advanced_opt_out"):
            fields["OptOutType"] = word
        url = ELSEWHERE if trouble.switched(db, "webhook_elsewhere") else f"{phone.settings.public_base_url}/hooks/twilio/message"
        _due(db, message, url, fields, 0, copies=1 + duplicates, status="received", error=None)
        if word and keywords.obey(db, word, party, handset) and trouble.switched(db, "provider_replies"):
            reply = Message("text", "provider", handset, party, keywords.REPLIES[word], new_sid("SM"), now(), "delivered")
            reply.sent_at = reply.at
            add(db, reply)
    return message


def _due(
    db: sqlite3.Connection,
    message: Message,
    url: str,
    fields: dict[str, str],
    seconds: float,
    *,
    copies: int,
    status: str,
    error: int | None,
) -> None:
    row = (seconds, message.sid, url, json.dumps(fields), status, error, secrets.token_hex(16))
    insert = "INSERT INTO due (at, sid, url, fields, status, error_code, token) SELECT now + ?, ?, ?, ?, ?, ?, ? FROM clock"
    db.executemany(insert, [row] * copies)


def _status_fields(phone: Phone, message: Message, status: str, error: int | None) -> dict[str, str]:
    fields = {
        "AccountSid": phone.settings.twilio_account_sid,
        "ApiVersion": "2010-04-01",
        "From": message.party,
        "To": message.handset,
        "MessageSid": message.sid,
        "MessageStatus": status,
        "SmsSid": message.sid,
        "SmsStatus": status,
    }
    if message.service_sid:
        fields["MessagingServiceSid"] = message.service_sid
    if error:
        fields["ErrorCode"] = str(error)
    if status in {"delivered", "undelivered"}:
        fields["RawDlrDoneDate"] = datetime.now(UTC).strftime("%y%m%d%H%M")
    return fields


def _api(phone: Phone) -> str:
    return f"{phone.settings.twilio_api_base}/2010-04-01/Accounts/{phone.settings.twilio_account_sid}"


def _incoming_fields(phone: Phone, message: Message, kinds: dict[int, str]) -> dict[str, str]:
    fields = {
        "AccountSid": phone.settings.twilio_account_sid,
        "ApiVersion": "2010-04-01",
        "MessageSid": message.sid,
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "From": message.handset,
        "To": message.party,
        "Body": message.body,
        "NumMedia": str(len(message.media)),
        "NumSegments": str(message.segments),
    }
    if message.service_sid:
        fields["MessagingServiceSid"] = message.service_sid
    for side, number in (("From", message.handset), ("To", message.party)):
        # The provider sends what it doesn't know as empty fields, and signs them: a receiver that drops those finds the signature wrong.
        fields |= {f"{side}City": "", f"{side}State": "", f"{side}Zip": "", f"{side}Country": numbers.country(number)}
    for index, url in enumerate(message.media):
        kind = kinds.get(index) or mimetypes.guess_type(url.partition("?")[0])[0]
        fields |= {f"MediaUrl{index}": url, f"MediaContentType{index}": kind or "application/octet-stream"}
    return fields
