"""A telephone number of somebody who was erased: known again when it is typed anew, and not to be read from the database.

What it becomes is a keyed digest, so that a STOP of an erased customer still holds. The key is made from DATA_KEY: after that was changed
twice the numbers of before are no longer known.
"""

import hmac
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from settings import Settings

MARK = "#"  # no number begins with it


def remembered(number: str) -> str:
    """What stands in the place of the number."""
    return _digest(_settings().data_key, number)


def forms(number: str) -> tuple[str, ...]:
    """Everything under which facts about the number may be kept: itself, and what an erasure made of it."""
    settings = _settings()
    keys = (settings.data_key, settings.data_key_before)
    return (number, *(_digest(key, number) for key in keys if key))


def _digest(key: str, number: str) -> str:
    return MARK + hmac.digest(key.encode(), f"erased number:{number}".encode(), "sha256").hex()[:40]


def _settings() -> "Settings":
    found: Settings = current_app.extensions["settings"]
    return found
