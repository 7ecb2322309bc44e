"""What a print service reports of a shop's postcards: at the shop's own address, signed, kept once, worked on in a job."""

import hmac
from datetime import timedelta

from flask import Blueprint, Response, abort, request

from models import PrintReport, PrintService, clock, db, reading
from models.refused import NotFound

bp = Blueprint("print_hooks", __name__, url_prefix="/hooks/print")
REPLAY = timedelta(minutes=5)  # how far the service's clock may be from ours; what is older is somebody's repetition
MILLISECONDS = 100_000_000_000  # a stamp above that counts those: as seconds it would be the year 5138
LONGEST = 256 * 1024  # bytes of one report


@bp.post("/<token>")
def create_print_report(token: str) -> Response:
    """Unknown address, no secret, wrong signature, too old: all are refused, and what is refused is not kept."""
    request.max_content_length = LONGEST
    body = request.get_data()
    with reading():  # without the lock that writers take: whoever knocks unsigned must keep nobody from working
        try:
            service = PrintService.addressed(token)
        except NotFound:
            abort(404)
        signed = _is_signed(service.secret, body)
        db.session.commit()
    if not signed:
        abort(403)
    event = request.get_json(force=True, silent=True)
    if not isinstance(event, dict):
        abort(400)
    PrintReport.take(service, event)
    db.session.commit()
    return Response("", 200)


def _is_signed(secret: str, body: bytes) -> bool:
    """Whether the service's HMAC of moment and body fits, and the moment is now (``Lob-Signature``, ``Lob-Signature-Timestamp``)."""
    signature, stamp = request.headers.get("Lob-Signature", ""), request.headers.get("Lob-Signature-Timestamp", "")
    if not secret or not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 16):
        return False
    right = hmac.digest(secret.encode(), stamp.encode() + b"." + body, "sha256").hex()
    seconds = int(stamp) / 1000 if int(stamp) > MILLISECONDS else int(stamp)
    now = clock.now().timestamp()
    return hmac.compare_digest(right.encode(), signature.strip().lower().encode()) and abs(now - seconds) <= REPLAY.total_seconds()
