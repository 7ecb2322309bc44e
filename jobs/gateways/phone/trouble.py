"""Trouble on request: what the next sends meet. And the two switches of the provider's account."""

import json
import math
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from jobs.gateways.phone.numbers import e164

FATES = {
    "delivered": "Delivered",
    "sent": "Sent, and no receipt ever comes",
    "undelivered": "Undelivered",
    "failed": "Failed",
    "refused": "Refused when sent",
    "429": "429: too many requests",
    "500": "500: the provider is broken",
    "503": "503: the provider is away",
    "timeout": "No answer in time",
    "drop": "Connection dropped",
}
MAIL_FATES = {"refused": "550: no such mailbox", "503": "451: try again later"}
CALLBACKS = {"usual": "As usual", "reversed": "In reversed order", "none": "None at all"}
DEFAULT_CODE = {"undelivered": 30006, "failed": 30008, "refused": 21408}
CODES = {
    30003: "Unreachable handset",
    30004: "Blocked",
    30005: "Unknown number",
    30006: "Landline or unreachable carrier",
    30007: "Filtered by the carrier",
    30008: "Unknown error",
}
SWITCHES = {
    "provider_replies": ("The provider answers STOP, START and HELP itself", True),
    "webhook_elsewhere": ("Incoming texts are posted to another address", False),
    "number_missing": ("The account has none of the shops' numbers", False),
    "advanced_opt_out": ("Advanced opt-out: webhooks say OptOutType", False),
}


class BadTrouble(ValueError):
    """Trouble that can't be made; says which field and why."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What one send meets. Times are seconds; ``delay`` is before its callbacks, ``hold`` before the API's reply.

    ``accepted`` says whether the provider took the text although its reply does not tell so (``500``, ``503``, ``timeout``, ``drop``).
    """

    fate: str = "delivered"
    code: int | None = None
    delay: float = 0.0
    hold: float = 0.0
    duplicates: int = 0
    callbacks: str = "usual"
    retry_after: int = 1
    accepted: bool = True


def ask(db: sqlite3.Connection, form: Mapping[str, str]) -> int:
    """Lines up the trouble that a form asks for, behind what is already there; returns its number. Raises ``BadTrouble``.

    Fields, all optional: ``channel`` (text, email, postcard), ``fate``, ``code``, ``times`` (1), ``to`` (only this number, address or
    name), ``delay``, ``hold``, ``duplicates``, ``callbacks``, ``retry_after``, ``accepted`` (yes, no).
    """
    channel = _choice(form, "channel", {"text": "", "email": "", "postcard": ""}, "text")
    fate = _choice(form, "fate", MAIL_FATES if channel == "email" else FATES, "refused" if channel == "email" else "delivered")
    code = _number(form, "code", DEFAULT_CODE.get(fate, 0), 0, 99999)
    trouble = Trouble(
        fate=fate,
        code=int(code) or None,
        delay=_number(form, "delay", 0, 0, 86400),
        hold=_number(form, "hold", 60 if fate == "timeout" else 0, 0, 300),
        duplicates=int(_number(form, "duplicates", 0, 0, 20)),
        callbacks=_choice(form, "callbacks", CALLBACKS, "usual"),
        retry_after=int(_number(form, "retry_after", 1, 0, 3600)),
        accepted=_choice(form, "accepted", {"yes": "", "no": ""}, "yes" if fate in {"timeout", "drop"} else "no") == "yes",
    )
    to = form.get("to", "").strip()
    handset = to and (e164(to) if channel == "text" else to.lower() if channel == "email" else to)
    if handset is None:
        raise BadTrouble(f"to: {to!r} is no phone number")
    values = (channel, handset, int(_number(form, "times", 1, 1, 100000)), json.dumps(asdict(trouble)))
    return db.execute("INSERT INTO trouble (channel, handset, remaining, what) VALUES (?, ?, ?, ?)", values).lastrowid or 0


def take(db: sqlite3.Connection, channel: str, handset: str) -> Trouble:
    """What this send meets: the oldest trouble in line for it, used up by one, else none. Needs a writing transaction."""
    row = db.execute(
        "SELECT id, what FROM trouble WHERE channel = ? AND remaining > 0 AND handset IN ('', ?) ORDER BY id LIMIT 1", (channel, handset)
    ).fetchone()
    if row is None:
        return Trouble()
    db.execute("UPDATE trouble SET remaining = remaining - 1 WHERE id = ?", (row["id"],))
    return Trouble(**json.loads(row["what"]))


def pending(db: sqlite3.Connection) -> list[dict[str, object]]:
    """The trouble still in line, in the order in which sends will meet it."""
    rows = db.execute("SELECT * FROM trouble WHERE remaining > 0 ORDER BY id")
    return [
        {"id": row["id"], "channel": row["channel"], "to": row["handset"], "times": row["remaining"], **json.loads(row["what"])}
        for row in rows
    ]


def switched(db: sqlite3.Connection, name: str) -> bool:
    row = db.execute("SELECT is_on FROM switch WHERE name = ?", (name,)).fetchone()
    return bool(row["is_on"]) if row else SWITCHES[name][1]


def switch(db: sqlite3.Connection, form: Mapping[str, str]) -> None:
    """Sets the switches that a form names, each ``on`` or ``off``. Raises ``BadTrouble``."""
    for name in SWITCHES.keys() & form.keys():
        state = _choice(form, name, {"on": "", "off": ""}, "off")
        insert = "INSERT INTO switch (name, is_on) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET is_on = excluded.is_on"
        db.execute(insert, (name, state == "on"))


def _choice(form: Mapping[str, str], name: str, choices: Mapping[str, str], default: str) -> str:
    value = form.get(name, "").strip() or default
    if value not in choices:
        raise BadTrouble(f"{name}: {value!r} is none of {', '.join(choices)}")
    return value


def _number(form: Mapping[str, str], name: str, default: float, least: float, most: float) -> float:
    text = form.get(name, "").strip()
    try:
        value = float(text) if text else default
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise BadTrouble(f"{name}: {text!r} is no number from {least:g} to {most:g}")
    return value
