"""Passwords: argon2id, checked for length and against the common ones (NIST SP 800-63B 5.1.1.2)."""

from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.refused import Refused

SHORTEST, LONGEST = 12, 256  # characters
_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """Raises Refused: too short, too long, or one of the common ones."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(f"Use at least {SHORTEST} characters. A few words in a row make a good password.", field="password")
    if password.lower() in _common():
        raise Refused("This password is on the list of those that everybody tries. Use another.", field="password")
    return _hasher.hash(password)


def verified(password: str, stored: str | None) -> bool:
    """Whether it is the password; without a stored one it takes the same time, and is not."""
    try:
        return _hasher.verify(stored or _nobody(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


@cache
def _common() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "presets" / "common_passwords.txt").read_text(encoding="utf-8").split())
