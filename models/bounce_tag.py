"""What the address to which mail comes back tells: the message, under a key of ours, so that nobody can write it who never got it.

``BOUNCE_ADDRESS`` with a ``*`` in it has room for that: ``bounces+*@mail.example.com``.
"""

import base64
import hmac
import re

from flask import current_app

PLACE, LENGTH = "*", 10  # letters of base32: 50 bits, of which each guess costs a mail
TAG = re.compile(rf"(?<![0-9a-z])([0-9a-f]{{32}})-([a-z2-7]{{{LENGTH}}})(?![0-9a-z])")  # mail servers may change small letters to capitals
LONGEST = 64  # letters before the @, as RFC 5321 has it


def tagged(address: str, uid: str) -> str:
    """Where this message comes back to; the address as it is where it has no room."""
    return address.replace(PLACE, f"{uid}-{_code(uid, current_app.extensions['settings'].data_key)}", 1)


def uid_in(recipients: str) -> str:
    """Of which message of ours a mail to there tells; nothing where it says none, or says it falsely."""
    settings = current_app.extensions["settings"]
    keys = [key for key in (settings.data_key, settings.data_key_before) if key]
    for uid, code in TAG.findall(recipients.lower()):
        if any(hmac.compare_digest(code, _code(uid, key)) for key in keys):
            return str(uid)
    return ""


def _code(uid: str, key: str) -> str:
    return base64.b32encode(hmac.digest(key.encode(), f"bounce:{uid}".encode(), "sha256")).decode()[:LENGTH].lower()
