"""Who is counted, by what: attempts are limited by the network that they come from, or by what they try to open."""

import hashlib
from ipaddress import ip_network

from flask import request
from flask_limiter import Limiter


def ip() -> str:
    """The address of the other side, as far as TRUSTED_PROXIES lets us know it."""
    return request.remote_addr or ""


def network() -> str:
    """Where a request comes from, for counting: an address, of IPv6 its network, of which everybody has a whole one to themselves."""
    address = request.remote_addr or ""
    return str(ip_network((address, 64), strict=False)) if ":" in address and "%" not in address else address


def counted(*words: str) -> str:
    """A key to count attempts by, that tells nobody's address and opens no link: keys are told in logs."""
    return hashlib.sha256("\n".join(words).encode("utf-8", "replace")).hexdigest()


def counted_link() -> str:
    """The link that was asked for, as a key."""
    return counted("link", str((request.view_args or {}).get("token", "")))


limiter = Limiter(key_func=network, headers_enabled=False)
