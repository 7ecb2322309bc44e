"""The mail provider's webhook: signed as Standard Webhooks has it, kept as it came, answered fast, worked on in a job."""

import hmac
import time
from base64 import b64decode, b64encode
from typing import Any

from flask import Blueprint, abort, current_app, request

from models import Refused, ReturnedMail, db
from models.mail_hook_event import read_event
from settings import Settings

bp = Blueprint("mail_hooks", __name__, url_prefix="/hooks/mail")
LARGEST, MOST = 2 * 1024 * 1024, 1000  # bytes of a call, events in it
STALE = 300  # seconds that a signature is good for, either way: clocks differ


@bp.before_request
def check_signature() -> None:
    """Signed over id, moment and body with the installation's secret; without one there is no such address."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.mail_hook_secret:
        abort(404)
    request.max_content_length = LARGEST
    moment, identity = request.headers.get("webhook-timestamp", ""), request.headers.get("webhook-id", "")
    signed = f"{identity}.{moment}.".encode() + request.get_data(cache=True)
    key = b64decode(settings.mail_hook_secret.removeprefix("whsec_"))
    ours = f"v1,{b64encode(hmac.digest(key, signed, 'sha256')).decode()}".encode()
    given = request.headers.get("webhook-signature", "").encode("utf-8", "replace").split()
    fresh = moment.isascii() and moment.isdecimal() and len(moment) < 12 and abs(time.time() - int(moment)) <= STALE
    if not fresh or not identity or not any(hmac.compare_digest(ours, one) for one in given):
        abort(403)


@bp.post("")
def create_returned_mails() -> Any:
    """Events as JSON, one or a list, all of them or none; or one report as a mail server wrote it (``message/rfc822``)."""
    if request.mimetype == "message/rfc822":
        taken = [ReturnedMail.take(request.get_data())]
    else:
        try:
            taken = [ReturnedMail.take_event(event) for event in _events()]
        except Refused as refused:
            db.session.rollback()
            return {"errors": {name or "": str(words) for name, words in refused.errors.items()}}, 400
    db.session.commit()
    return {"taken": sum(one is not None for one in taken), "known": sum(one is None for one in taken)}


def _events() -> list[dict[str, str]]:
    """Raises Refused."""
    given = request.get_json(force=True, silent=True)
    given = given if isinstance(given, list) else [given]
    if len(given) > MOST:
        raise Refused(f"At most {MOST} events at once.")
    return [read_event(one) for one in given]
