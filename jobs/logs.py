"""Logs for machines: JSON lines on standard error, without tokens, phone numbers or addresses in clear."""

import json
import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog

_SECRETS = (
    (re.compile(r"(/(?:[vugm]|calendar|hooks/print|activation|forgotten-password|first-start)/)[\w-]{22}"), r"\1…"),
    (re.compile(r"(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[\w-]{22}(?![\w-])"), "…"),  # a link's token, wherever else it stands
    (re.compile(r"wrenchline_[\w-]{8,}"), "wrenchline_…"),
    (re.compile(r"\+\d{6,15}"), "+…"),
    (re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+"), "…@…"),
)


def scrub(logger: Any, method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Blot out what must not be in logs, in whatever field it stands."""
    return {name: _blotted(value) if isinstance(value, str) else value for name, value in event.items()}


def _blotted(text: str) -> str:
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


class Line(logging.Formatter):
    """The same for what libraries log, with the mistakes that they tell of: one line each, whatever somebody asked for."""

    def format(self, record: logging.LogRecord) -> str:
        event = {"level": record.levelname, "logger": record.name, "event": _blotted(record.getMessage())}
        if record.exc_info:
            event["exception"] = _blotted(self.formatException(record.exc_info))
        return json.dumps(event)


class Forgiving:
    """Standard error; where nothing can be written to it (it is a file on a disk that is full), the work that is told of goes on."""

    def write(self, words: str) -> None:
        with suppress(OSError):
            sys.stderr.write(words)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


def configure(level: str) -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            scrub,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, Forgiving())),
    )
    handler = logging.StreamHandler()
    logging.basicConfig(level=getattr(logging, level), handlers=[handler])
    for one in (handler, *logging.getLogger("gunicorn.error").handlers):  # the server names the address of what it could not answer
        one.setFormatter(Line())
    for noisy in ("aiobotocore", "alembic", "botocore", "twilio", "weasyprint", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
