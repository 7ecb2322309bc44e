"""A caught letter's parts, each from its own address: the HTML in a sandbox, the attachments, the raw text."""

from typing import cast

from flask import Blueprint, Response, abort, current_app

from jobs.gateways.phone import mail
from jobs.gateways.phone.line import Phone

bp = Blueprint("letters", __name__, url_prefix="/letters/<sid>")
# Links may leave the frame into a tab of their own; scripts, forms and anything from the net stay out.
SANDBOX = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:{pictures}; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


@bp.get("/body.html")
def body(sid: str) -> Response:
    response = Response(mail.page_of(mail.parse(_raw(sid))), mimetype="text/html")
    ours = cast(Phone, current_app.extensions["phone"]).settings.public_base_url  # the shop's logo is asked for there
    response.headers["Content-Security-Policy"] = SANDBOX.format(pictures=f" {ours}/brand/")
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@bp.get("/attachments/<int:index>")
def attachment(sid: str, index: int) -> Response:
    """One attachment, always as a download: what a stranger sent is never shown as a page of this address."""
    parts = mail.attachments(mail.parse(_raw(sid)))
    if index >= len(parts):
        abort(404)
    response = Response(parts[index].content, content_type=parts[index].kind)
    response.headers.set("Content-Disposition", "attachment", filename=parts[index].name)
    response.headers["Content-Security-Policy"] = SANDBOX.format(pictures="")
    return response


@bp.get("/raw")
def raw(sid: str) -> Response:
    return Response(_raw(sid), mimetype="text/plain")


def _raw(sid: str) -> bytes:
    phone = cast(Phone, current_app.extensions["phone"])
    with phone.store.reading() as db:
        row = db.execute("SELECT raw FROM letter JOIN message ON message.letter = letter.id WHERE message.sid = ?", (sid,)).fetchone()
    if row is None:
        abort(404)
    return bytes(row["raw"])
