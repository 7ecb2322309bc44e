"""Pictures and other files of texts: what the carrier fetched for a handset, and what a handset sent."""

import sqlite3
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Response, abort, current_app, url_for

from jobs.gateways.phone.line import Phone
from jobs.gateways.phone.store import Message

bp = Blueprint("enclosures", __name__, url_prefix="/media/<sid>")
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "video/mp4": "mp4", "application/pdf": "pdf"}
SANDBOX = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Shown:
    """An enclosure as the handset's page shows it: where it is, and whether the phone has it itself."""

    url: str
    kind: str

    @property
    def is_picture(self) -> bool:
        return self.kind.startswith("image/") and self.kind in ENDINGS

    @property
    def is_here(self) -> bool:
        return bool(self.kind)


def places(db: sqlite3.Connection, sid: str) -> dict[int, str]:
    """The kind of what is here of this text, by its place in it."""
    return {row["place"]: row["kind"] for row in db.execute("SELECT place, kind FROM enclosure WHERE sid = ? ORDER BY place", (sid,))}


def shown(message: Message) -> list[Shown]:
    """What goes with a text: at the phone's own address as soon as it was fetched, until then at its sender's."""
    if message.channel != "text" or not message.media:
        return []
    with _phone().store.reading() as db:
        here = places(db, message.sid)
    return [
        Shown(url_for("phone.enclosures.show", sid=message.sid, place=place, _external=True) if place in here else url, here.get(place, ""))
        for place, url in enumerate(message.media)
    ]


@bp.get("/<int:place>")
def show(sid: str, place: int) -> Response:
    """One of them, for the handset's page and for scripts; of a kind that browsers don't run anything of."""
    with _phone().store.reading() as db:
        row = db.execute("SELECT kind, content FROM enclosure WHERE sid = ? AND place = ?", (sid, min(place, 99))).fetchone()
    if row is None:
        abort(404)
    kind = row["kind"] if row["kind"] in ENDINGS else "application/octet-stream"
    response = Response(row["content"], content_type=kind)
    name = f"{place + 1}.{ENDINGS.get(kind, 'bin')}"
    response.headers.set("Content-Disposition", "inline" if kind in ENDINGS else "attachment", filename=name)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _phone() -> Phone:
    return cast(Phone, current_app.extensions["phone"])
