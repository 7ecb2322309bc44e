"""Machines that open links before people do: messengers drawing previews, browsers fetching ahead, scanners with a name."""

import re

from flask import request

_MACHINES = re.compile(
    r"bot\b|bot/|crawl|spider|preview|facebookexternalhit|whatsapp/|slack-?img|telegram|discord|skypeuri|linkedin|pinterest|vkshare"
    r"|embedly|outbrain|google-safety|safelinks|barracuda|proofpoint|mimecast|urldefense|symantec|python-|curl/|wget/|go-http|okhttp|java/",
    re.IGNORECASE,
)


def name() -> str:
    """What the other side says it is; one that fetches ahead says so beside it."""
    purpose = request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or ""
    agent = request.headers.get("User-Agent", "")
    return f"{purpose}: {agent}" if purpose else agent


def is_machine() -> bool:
    """Whether it says of itself that nobody is looking. Those that don't say so give themselves away by never touching the page."""
    return "prefetch" in name() or bool(_MACHINES.search(name())) or not request.headers.get("User-Agent")
