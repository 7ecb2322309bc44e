"""Logs for machines: JSON lines on standard error, without tokens, phone numbers or addresses in clear."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRETS = (
    (re.compile(r"(/(?:[vug]|calendar|hooks/print|activation|forgotten-password)/)[\w-]{22}"), r"\1…"),
    (re.compile(r"wrenchline_[\w-]{8,}"), "wrenchline_…"),
    (re.compile(r"\+\d{6,15}"), "+…"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "…@…"),
)


def scrub(logger: Any, method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Blot out what must not be in logs, in whatever field it stands."""
    return {name: _blotted(value) if isinstance(value, str) else value for name, value in event.items()}


def _blotted(text: str) -> str:
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


class _Scrubbing(logging.Filter):
    """The same for what libraries log."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _blotted(record.getMessage()), ()
        return True


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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler()
    handler.addFilter(_Scrubbing())
    line = '{"level": "%(levelname)s", "logger": "%(name)s", "event": "%(message)s"}'
    logging.basicConfig(level=getattr(logging, level), handlers=[handler], format=line)
    for noisy in ("alembic", "twilio", "weasyprint", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
