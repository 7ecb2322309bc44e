"""How a record of the communication log is made into bytes and digests; ``docs/communication-log.md`` describes it for others.

Every record is digested from a canonical JSON that no database has a part in. Personal values are in it as digests over a random salt
and the value: with the salt deleted nobody can tell the value by trying, and the record's digest still stands.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

START = "0" * 64  # what stands before the first record
SALT_BYTES = 16


def new_salt() -> str:
    return secrets.token_hex(SALT_BYTES)


def salted(salt: str, value: str) -> str:
    """The digest that stands in a record for a personal value."""
    return hashlib.sha256((salt + value).encode()).hexdigest()


def instant(at: datetime) -> str:
    """An instant as it is digested: UTC, microseconds, whatever the database or the zone."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def body(
    *, shop: int, seq: int, order: int, kind: str, at: datetime, facts: Mapping[str, Any], personal: Mapping[str, str]
) -> dict[str, Any]:
    """What a record says, with digests in the place of personal values."""
    return {"shop": shop, "seq": seq, "order": order, "kind": kind, "at": instant(at), "facts": facts, "personal": personal}


def digest_of(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(body)).hexdigest()


def link(previous: str, body_digest: str) -> str:
    """The record's digest: over the one before it and over what it says itself, so that a record can be left out of an export."""
    return hashlib.sha256((previous + body_digest).encode()).hexdigest()


def canonical(value: Any) -> bytes:
    """Keys in order, no blanks, ASCII alone."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def storable(value: Any) -> Any:
    """The same as every database keeps it and gives it back: without NUL and without halves of characters.

    Raises TypeError for what has no single form in JSON: fractions (write them as text), times, keys other than ASCII.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value).encode("utf-8", "replace").decode().replace("\0", "�")
    if isinstance(value, list | tuple):
        return [storable(one) for one in value]
    if isinstance(value, Mapping) and all(isinstance(key, str) and key.isascii() and "\0" not in key for key in value):
        return {str(key): storable(one) for key, one in value.items()}
    raise TypeError(f"{value!r} has no place in a fact")
