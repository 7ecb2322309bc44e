"""One event of the mail provider's webhook (``docs/operating.md``), read from JSON: what is missing is empty, what is wrong is refused."""

from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _

from models.refused import Refused

TYPES = ("bounce", "delayed", "complaint", "delivered", "opened")
LONGEST = {"address": 320, "message_id": 998, "status": 12, "said": 2000}  # characters; what was said is cut


def read_event(given: Any) -> dict[str, str]:
    """Raises Refused with a sentence beside the field's name."""
    if not isinstance(given, dict):
        raise Refused(_("An event is an object with type, address and at."))
    event = {name: _text(given, name, longest) for name, longest in LONGEST.items()}
    event["type"], event["at"] = _text(given, "type", 20), _moment(_text(given, "at", 40))
    if event["type"] not in TYPES:
        raise Refused(_("Give one of %(types)s.", types=", ".join(TYPES)), field="type")
    if "@" not in event["address"] and not event["message_id"]:
        raise Refused(_("Give an address, a message_id, or better both."), field="address")
    return event


def _text(given: dict[str, Any], name: str, longest: int) -> str:
    value = given.get(name) or ""
    if not isinstance(value, str) or (len(value) > longest and name != "said"):
        raise Refused(_("Give text of at most %(count)s characters.", count=longest), field=name)
    return " ".join(value[:longest].replace("\0", "").encode("utf-8", "replace").decode().split())


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError) as problem:
        raise Refused(_("Give the moment like 2026-11-22T14:00:00Z."), field="at") from problem
