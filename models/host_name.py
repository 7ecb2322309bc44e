"""A name that a shop's pages can be reached under: what one typed, as DNS and browsers know it."""

import re

from flask import current_app
from flask_babel import gettext as _

from models.refused import Refused
from settings import LOOPBACK, Settings

LONGEST = 253  # characters, as DNS takes them
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LAST = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9]")  # a browser takes a name that ends in a number for an IP address


def main_host() -> str:
    """Of ``PUBLIC_BASE_URL``, where the console and the webhooks are."""
    settings: Settings = current_app.extensions["settings"]
    return settings.host


def host_name(typed: str) -> str:
    """In small letters, umlauts and the like as DNS writes them. Raises Refused, field ``host``: no name that others could open."""
    name = typed.strip().removesuffix(".").lower()
    if not name:
        raise Refused(_("Type a name, like visit.your-shop.com."), field="host")
    if re.search(r"[/:@?#\s]", name):
        raise Refused(_("Type the name alone, like visit.your-shop.com: without https://, a port or a path."), field="host")
    try:
        name = name.encode("idna").decode().lower()
    except UnicodeError:
        raise Refused(_("This is no name that DNS could hold."), field="host") from None
    labels = name.split(".")
    if labels[-1] == "localhost" and not (len(labels) > 1 and main_host() in LOOPBACK):
        raise Refused(_("This name leads every device to itself. Type one that is on the internet."), field="host")
    if len(labels) < 2 or len(name) > LONGEST or not all(map(_LABEL.fullmatch, labels)) or not _LAST.fullmatch(labels[-1]):
        raise Refused(_("Use letters, digits and hyphens with dots between them, like visit.your-shop.com; no IP address."), field="host")
    if name == main_host():
        raise Refused(_("This is the installation's own name, which all shops share."), field="host")
    return name
