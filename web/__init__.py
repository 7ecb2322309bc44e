"""What both interfaces share: answers as page or partial, files, refusals, limits, security headers, the live stream, health."""

from typing import Any

from flask import Flask, Response, make_response, render_template, request
from flask_wtf import CSRFProtect

from models import mail_places, moments, phone, writing
from web import refusals
from web.files import file_answer, media_answer, picture_answer, printed, saved
from web.headers import HEADERS, security_headers
from web.health import health
from web.limits import counted, counted_link, ip, limiter
from web.stream import Nudges, live
from web.uploads import to_disk

__all__ = [
    "HEADERS",
    "Nudges",
    "counted",
    "counted_link",
    "csrf",
    "file_answer",
    "install",
    "ip",
    "limiter",
    "live",
    "media_answer",
    "panel",
    "picture_answer",
    "printed",
    "saved",
    "security_headers",
    "to_disk",
]

csrf = CSRFProtect()


def install(app: Flask) -> None:
    app.before_request(_know_whether_it_writes)
    app.before_request(_keep_forms_small)  # before the form's token is looked for
    csrf.init_app(app)
    limiter.init_app(app)
    refusals.install(app)
    app.add_url_rule("/healthz", view_func=health)
    app.jinja_env.filters.update(long_day=moments.long_day, drop_off_time=moments.drop_off_time, shown_phone=phone.shown)
    app.jinja_env.filters.update(linked=mail_places.linked, in_text=mail_places.in_text)


def panel(page: str, partial: str, status: int = 200, **context: Any) -> Response:
    """The partial alone for htmx, the page around it for a browser; never kept by caches."""
    response = make_response(render_template(partial if request.headers.get("HX-Request") else page, **context), status)
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("HX-Request")
    return response


def _know_whether_it_writes() -> None:
    writing.set(request.method not in {"GET", "HEAD", "OPTIONS"})


def _keep_forms_small() -> None:
    """Fields without files are read into memory at once, whatever their number: for them MAX_FORM_MEMORY_SIZE is not asked."""
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = request.max_form_memory_size
