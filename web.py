"""What both interfaces share: answers as page or partial, refusals, security headers, the live stream, health."""

import hashlib
import json
import queue
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import IO, Any

import structlog
from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_limiter import Limiter
from flask_wtf import CSRFProtect
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy import text
from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse
from werkzeug.wsgi import FileWrapper

from models import Attachment, Document, MessageMedia, NotFound, Refused, StoredFile, db, mail_places, moments, phone, writing
from models.strain import Strain, strain
from settings import Settings

log = structlog.get_logger()
csrf = CSRFProtect()


def network() -> str:
    """Where a request comes from, for counting: an address, of IPv6 its network, of which everybody has a whole one to themselves."""
    address = request.remote_addr or ""
    return str(ip_network((address, 64), strict=False)) if ":" in address and "%" not in address else address


def counted(*words: str) -> str:
    """A key to count attempts by, that tells nobody's address and opens no link: keys are told in logs."""
    return hashlib.sha256("\n".join(words).encode("utf-8", "replace")).hexdigest()


def counted_link() -> str:
    """The link that was asked for, as a key."""
    return counted("link", str((request.view_args or {}).get("token", "")))


limiter = Limiter(key_func=network, headers_enabled=False)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # under no-referrer browsers send "Origin: null" with plain forms, which looks like somebody else's
    "Referrer-Policy": "strict-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=()",
    "Cache-Control": "no-store",  # what may be kept says so itself
}


def install(app: Flask) -> None:
    app.before_request(_know_whether_it_writes)
    app.before_request(_keep_forms_small)  # before the form's token is looked for
    csrf.init_app(app)
    limiter.init_app(app)
    app.register_error_handler(Refused, _refuse)
    app.register_error_handler(NotFound, _missing)
    app.register_error_handler(404, _missing)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(OverflowError, _unstorable)
    app.register_error_handler(413, _too_large)
    for nobodys_mistake in (DBAPIError, NoFreeConnection, OSError):
        app.register_error_handler(nobodys_mistake, _strained)
    app.register_error_handler(500, _broken)
    app.add_url_rule("/healthz", view_func=health)
    app.jinja_env.filters.update(long_day=moments.long_day, drop_off_time=moments.drop_off_time, shown_phone=phone.shown)
    app.jinja_env.filters.update(linked=mail_places.linked, in_text=mail_places.in_text)


def panel(page: str, partial: str, status: int = 200, **context: Any) -> Response:
    """The partial alone for htmx, the page around it for a browser; never kept by caches."""
    response = make_response(render_template(partial if request.headers.get("HX-Request") else page, **context), status)
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("HX-Request")
    return response


# What the browser's own viewer of PDF needs; a sandbox would show it blank.
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src data: blob:; frame-ancestors 'none'"


def printed(document: Document) -> Response:
    """The document's PDF, for the browser to show. Raises NotFound: it is not there yet."""
    if document.file is None:
        raise NotFound("Document")
    response = make_response(document.file.read())
    response.headers.update(
        {"Content-Type": document.file.content_type, "Cache-Control": "private, no-store", "Content-Security-Policy": PDF_POLICY}
    )
    response.headers["Content-Disposition"] = f'inline; filename="{document.name}.pdf"'
    return response


def saved(file: StoredFile, name: str) -> Response:
    """The file, for the browser to save, piece by piece: it may be large. No cache keeps it."""
    response = Response(FileWrapper(file.open(), PIECE), content_type=file.content_type, direct_passthrough=True)
    response.content_length = file.size
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# requests


def _know_whether_it_writes() -> None:
    writing.set(request.method not in {"GET", "HEAD", "OPTIONS"})


def _keep_forms_small() -> None:
    """Fields without files are read into memory at once, whatever their number: for them MAX_FORM_MEMORY_SIZE is not asked."""
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = request.max_form_memory_size


def security_headers(settings: Settings) -> dict[str, str]:
    """What every answer carries that says nothing else, files and refusals included (``portal.doorkeeper``)."""
    return {**HEADERS, "Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if settings.secure else HEADERS


def _refuse(refusal: Refused) -> tuple[str, int]:
    db.session.rollback()
    return render_template("problem.html", heading=_("Not done"), sentences=list(refusal.errors.values())), 422


def _missing(problem: Exception) -> tuple[str, int]:
    return render_template(
        "problem.html", heading=_("There is nothing here"), sentences=[_("The address is wrong, or what was here is gone.")]
    ), 404


def _unstorable(problem: Exception) -> tuple[str, int]:
    """What no keyboard types and no database takes: a zero character, a number of thirty digits. Nothing can be found under it."""
    if request.method in {"GET", "HEAD"}:
        db.session.rollback()
        return _missing(problem)
    return _refuse(Refused(_("There is a character or a number in it that can't be kept. Please type it again.")))


def _too_large(problem: Exception) -> tuple[str, int]:
    sentences = [_("What was sent is too large. Nothing was changed.")]
    return render_template("problem.html", heading=_("Not done"), sentences=sentences), 413


def _strained(problem: Exception) -> tuple[str, int, dict[str, str]]:
    """No room on the disk, or the database is busy or away: said in plain words, without asking it. What is else amiss is ours (500)."""
    found = strain(problem)
    if found is None:
        raise problem
    with suppress(SQLAlchemyError):
        db.session.rollback()
    log.warning("nothing kept", strain=found, path=request.path, problem=type(problem).__name__)
    heading, words, status, seconds = STRAINS[found]
    sentences = [_("Nothing you typed was kept. Please try again in a few minutes, or call us.")]
    if request.blueprint == "console":
        sentences = [words, _("Nothing you typed was kept.")]
    return _without_database(heading, sentences), status, {"Retry-After": str(seconds)}


def _without_database(heading: str, sentences: list[str]) -> str:
    """A page that asks nobody: ``render_template`` would look up who is signed in."""
    return current_app.jinja_env.get_template("problem.html").render(heading=heading, sentences=sentences)


STRAINS = {
    Strain.full: (
        _l("This can't be saved at the moment"),
        _l("The server's disk is full. Tell whoever runs Wrenchline; what is there can still be read."),
        507,
        60,
    ),
    Strain.busy: (_l("Just a moment, please"), _l("The database is busy or restarting. Please try again in a moment."), 503, 5),
}


def _broken(problem: Exception) -> tuple[str, int]:
    """Of our making; it is in the log. Says so without the database, which may be what broke."""
    sentences = [_("That is our mistake, and it has been noted. Nothing you typed was kept. Please try again in a moment.")]
    return _without_database(_("Something went wrong"), sentences), 500


# files on their way in


@contextmanager
def to_disk(limit: int) -> Iterator[None]:
    """While the form is read, its files go straight to the disk, and no transaction is open: a telephone sends for minutes.

    A length above ``limit`` (bytes) is refused before anything is read; one that isn't said, as soon as too much has come.
    """
    db.session.commit()
    begun: list[IO[bytes]] = []
    if request.mimetype == "multipart/form-data":  # another kind brings no files, and would be read into memory whole
        request.max_content_length = limit
    request._get_file_stream = partial(_on_disk, begun)  # type: ignore[method-assign]  # werkzeug's begins in memory and goes on in /tmp
    try:
        yield
    except HTTPException:
        for file in begun:
            file.close()
        raise


def _on_disk(begun: list[IO[bytes]], *_facts: Any, **_more: Any) -> IO[bytes]:
    """A file without a name: it is gone with the request, and with the process if that dies."""
    folder = Path(current_app.extensions["settings"].data_dir, "uploads")
    folder.mkdir(exist_ok=True)
    begun.append(tempfile.TemporaryFile(dir=folder))  # noqa: SIM115  closed with the request
    return begun[-1]


# files out of the storage

FILE_POLICY = "default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
PIECE = 64 * 1024  # bytes
YEAR = 365 * 24 * 3600  # seconds


def file_answer(stored: StoredFile, name: str) -> AnyResponse:
    """A file as browsers play and keep it: whole or the range that they ask for (Safari plays nothing else), for a year, since it never
    changes; for whoever may see it alone, and with no rights if it is opened by itself."""
    response = Response(FileWrapper(stored.open(), PIECE), mimetype=stored.content_type, direct_passthrough=True)
    response.content_length = stored.size
    response.set_etag(str(stored.id))
    response.headers.update({"Cache-Control": f"private, max-age={YEAR}, immutable", "Content-Security-Policy": FILE_POLICY})
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response.make_conditional(request, accept_ranges=True, complete_length=stored.size)


def picture_answer(attachment: Attachment, shape: str) -> AnyResponse:
    """A photo's picture as WebP where the browser says that it knows it (``*/*`` says nothing), else as JPEG; a video's as MP4.

    Raises NotFound: it is not ready, or there is no such shape.
    """
    wanted = "image/webp" if "image/webp" in request.headers.get("Accept", "") else "image/jpeg"
    file = attachment.rendition(shape, [wanted])
    response = file_answer(file, f"{shape}-{attachment.id}.{file.content_type.partition('/')[2]}")
    response.vary.add("Accept")
    return response


def media_answer(media: MessageMedia, shape: str = "large") -> AnyResponse:
    """A file of a text: of the kind that it was found to be, whatever it was called. Raises NotFound: it is not there."""
    response = file_answer(media.stored(shape), media.file_name if shape == "large" else "small.jpg")
    if response.mimetype == "application/pdf":  # which browsers show blank in a sandbox, and in a viewer of their own besides
        response.headers["Content-Security-Policy"] = PDF_POLICY
    return response


# the live stream: topic names only; each panel fetches itself again

BEAT = 15  # seconds
LIFE = 300  # seconds until a stream ends and the browser comes back, its rights computed anew


class Nudges:
    """One subscriber a process listens to Redis and fans out to the streams that are open here."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, socket_connect_timeout=2, health_check_interval=30)
        # somebody's click waits for what is published: a server that hangs is given up soon, one that restarted is asked again at once
        again = Retry(NoBackoff(), 1, supported_errors=(NoConnection,))
        self._publisher = Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1, retry=again)
        self._streams: dict[int, set[queue.SimpleQueue[str]]] = {}
        self._lock = threading.Lock()
        self._started = False

    def publish(self, shop_id: int, topic: str) -> None:
        try:
            self._publisher.publish("live", json.dumps([shop_id, topic]))
        except RedisError:
            log.warning("nudge lost, screens catch up by themselves", topic=topic)

    def open(self, shop_id: int) -> "queue.SimpleQueue[str]":
        stream: queue.SimpleQueue[str] = queue.SimpleQueue()
        with self._lock:
            self._streams.setdefault(shop_id, set()).add(stream)
            if not self._started:
                self._started = True
                threading.Thread(target=self._listen, daemon=True, name="nudges").start()
        return stream

    def close(self, shop_id: int, stream: "queue.SimpleQueue[str]") -> None:
        with self._lock:
            self._streams.get(shop_id, set()).discard(stream)

    def _fan_out(self, shop_ids: list[int] | None, topic: str) -> None:
        with self._lock:
            for shop_id in shop_ids if shop_ids is not None else list(self._streams):
                for stream in self._streams.get(shop_id, ()):
                    stream.put(topic)

    def _listen(self) -> None:
        while True:
            try:
                with self._redis.pubsub(ignore_subscribe_messages=True) as subscription:  # type: ignore[no-untyped-call]
                    subscription.subscribe("live")
                    self._fan_out(None, "refresh")  # what was said while nobody listened is lost: let every panel look again
                    for message in subscription.listen():
                        shop_id, topic = json.loads(message["data"])
                        self._fan_out([shop_id], topic)
            except (RedisError, OSError):
                time.sleep(1)


def live(shop_id: int, may: Callable[[str], bool], still_allowed: Callable[[], bool]) -> Response:
    """The stream of a tab: names of what changed in this shop, as far as ``may`` lets; ends when ``still_allowed`` says no at a beat."""
    nudges: Nudges = current_app.extensions["nudges"]
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    topics = frozenset(topic for topic, permission in TOPICS.items() if may(permission)) | {"refresh"}
    db.session.remove()  # a stream lives for minutes: it must not keep a database connection
    return Response(
        _events(app, nudges, shop_id, topics, still_allowed),
        mimetype="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


TOPICS = {
    "appointments": "day",
    "estimates": "estimates",
    "messages": "messages",
    "threads": "messages",
    "customers": "customers",
    "work_orders": "queue",
    "attachments": "queue",
    "overviews": "queue",
    "inspections": "queue",  # begun, complete
    "findings": "queue",  # every tap of one: for the pages that show it alone
    "explanations": "messages",
    "exports": "customers",
    "plates": "customers",  # what a plate service answered
    "calls": "customers",
    "staff": "staff",
    "settings": "settings",
}


def _events(app: Flask, nudges: Nudges, shop_id: int, topics: frozenset[str], still_allowed: Callable[[], bool]) -> Iterator[str]:
    stream = nudges.open(shop_id)
    ends = time.monotonic() + LIFE
    try:
        yield "event: refresh\ndata: 1\n\n"
        while time.monotonic() < ends:
            try:
                topic = stream.get(timeout=BEAT)
            except queue.Empty:
                with app.app_context():
                    if not still_allowed():
                        yield "event: logout\ndata: 1\n\n"
                        return
                yield "event: beat\ndata: 1\n\n"
                continue
            if topic in topics:
                yield f"event: {topic}\ndata: 1\n\n"
    finally:
        nudges.close(shop_id, stream)


def health() -> tuple[Response, int]:
    """For whoever watches over us: whether the database answers (503 if not) and the queue (without it all is saved and waits)."""
    state = {"database": "ok", "queue": "ok"}
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        state["database"] = "away"
    try:
        current_app.extensions["queues"].redis.ping()
    except RedisError:
        state["queue"] = "away"
    return jsonify(state), 200 if state["database"] == "ok" else 503


def ip() -> str:
    """The address of the other side, as far as TRUSTED_PROXIES lets us know it."""
    return request.remote_addr or ""
