"""How the handset's pages say things: times, links inside a text, what became of it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from jobs.gateways.phone.numbers import spoken
from jobs.gateways.phone.store import Message
from jobs.gateways.phone.trouble import CALLBACKS, CODES, FATES, MAIL_FATES

ADDRESS = re.compile(r"https?://[^\s<>\"]+")
STATES = {"accepted": "Accepted", "queued": "Accepted", "sent": "Sent, no receipt", "delivered": "Delivered"}
TRAILING = ".,;:!?)]}'"


def linked(text: str) -> Markup:
    """The text, escaped, its web addresses made into links that open in a new tab."""
    pieces, end = [], 0
    for match in ADDRESS.finditer(text):
        url = match.group().rstrip(TRAILING)
        if not _host(url):
            continue
        pieces += [escape(text[end : match.start()]), Markup('<a href="{0}" target="_blank" rel="noopener">{0}</a>').format(url)]
        end = match.start() + len(url)
    return Markup("").join([*pieces, escape(text[end:])])


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def clock(moment: datetime) -> str:
    """Hour and minute on this machine's own clock, as a handset on this desk would show it."""
    return moment.astimezone().strftime("%H:%M")


def day(moment: datetime) -> str:
    """Today, Yesterday, or the date, on this machine's calendar."""
    date = moment.astimezone().date()
    days = (datetime.now(UTC).astimezone().date() - date).days
    return {0: "Today", 1: "Yesterday"}.get(days) or f"{date:%A} {date.day} {date:%B}"


def brief(moment: datetime) -> str:
    """The time for today, else the date, short enough for a list."""
    local = moment.astimezone()
    return clock(moment) if local.date() == datetime.now(UTC).astimezone().date() else f"{local.day} {local:%b}"


def code_choices() -> list[tuple[str, str]]:
    """The carrier's error codes as a form offers them."""
    return [(str(code), f"{code} {meaning}") for code, meaning in CODES.items()]


def fate_of(message: Message) -> str:
    """What became of a message, in plain words."""
    if message.from_customer:
        return _webhook(message.outcome)
    if message.status in {"undelivered", "failed"}:
        code = message.error_code or 0
        return f"Not delivered: {CODES.get(code, 'unknown error').lower()} ({code})"
    if not message.arrived:
        return "On its way into trouble"
    return STATES.get(message.status, message.status)


def trouble_of(met: Mapping[str, Any]) -> str:
    """One entry of the trouble in line, as a sentence of facts."""
    says = [
        (MAIL_FATES if met["channel"] == "email" else FATES)[met["fate"]],
        f"({met['code']})" if met["code"] else "",
        f"· {met['delay']:g} s late" if met["delay"] else "",
        f"· each callback {met['duplicates']} more times" if met["duplicates"] else "",
        f"· callbacks {CALLBACKS[met['callbacks']].lower()}" if met["callbacks"] != "usual" else "",
        f"· to {spoken(met['to'])} only" if met["to"] else "",
    ]
    return " ".join(filter(None, says))


def _webhook(outcome: str | None) -> str:
    if outcome is None:
        return "Waiting for the shop’s system"
    return "Passed on" if outcome.startswith("2") else f"Not taken by the shop’s system ({outcome})"
