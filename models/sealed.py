"""Secrets in the database: sealed under a key made from DATA_KEY, so that who has the database alone can read none of them."""

from base64 import urlsafe_b64encode
from functools import cache
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


class Unreadable(Exception):
    """It was sealed under another key, or somebody changed it."""


def seal(secret: str) -> str:
    return _keys().encrypt(secret.encode()).decode()


def opened(sealed: str) -> str:
    """Raises Unreadable."""
    from cryptography.fernet import InvalidToken

    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken as problem:
        raise Unreadable from problem


def _keys() -> "MultiFernet":
    settings = current_app.extensions["settings"]
    return _made(settings.data_key, settings.data_key_before)


@cache
def _made(*keys: str) -> "MultiFernet":
    """The first one seals; any of them opens, so that the key can be changed."""
    # the library takes a tenth of a second to load, which most processes never need
    from cryptography.fernet import Fernet, MultiFernet

    return MultiFernet([Fernet(_derived(key)) for key in keys if key])


def _derived(key: str) -> bytes:
    """Of its own for this purpose: the same DATA_KEY makes the customers' links."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return urlsafe_b64encode(HKDF(SHA256(), 32, salt=None, info=b"wrenchline stored secrets").derive(key.encode()))
