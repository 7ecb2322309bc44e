"""What a domain's DNS records say to those who get mail from it (SPF: RFC 7208, DKIM: RFC 6376, DMARC: RFC 7489)."""

import re
from collections.abc import Sequence

from models.setup_check import Finding

SELECTOR = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
# Mail providers that anybody can have an address at: their domains are theirs to sign for.
_WORDS = (
    "gmail.com googlemail.com yahoo.com outlook.com hotmail.com live.com msn.com icloud.com me.com aol.com gmx.com gmx.net proton.me "
    "protonmail.com comcast.net verizon.net att.net ziggo.nl kpnmail.nl"
)
ANYBODYS = frozenset(_WORDS.split())


def domain_of(address: str) -> str:
    """As DNS knows it; empty where there is none."""
    domain = address.rpartition("@")[2].strip().rstrip(".").lower()
    try:
        return domain.encode("idna").decode() if domain else ""
    except UnicodeError:
        return ""


def spf(records: Sequence[str]) -> Finding:
    """One record, that does not let everybody send."""
    ours = [record for record in records if re.match(r"v=spf1(?:\s|$)", record, re.IGNORECASE)]
    if not ours:
        return Finding("spf", "none")
    if len(ours) > 1:
        return Finding("spf", "several", " · ".join(ours))
    words = ours[0].lower().split()
    if words[-1] in {"+all", "all"}:
        return Finding("spf", "everybody", ours[0])
    return Finding("spf", "good" if words[-1] in {"-all", "~all"} or words[-1].startswith("redirect=") else "open", ours[0])


def dkim(records: Sequence[str]) -> Finding:
    """A key that is not withdrawn."""
    keys = [tags for record in records if "p" in (tags := _tags(record)) and tags.get("v", "DKIM1").upper() == "DKIM1"]
    if not keys:
        return Finding("dkim", "none")
    return Finding("dkim", "good") if any(tags["p"] for tags in keys) else Finding("dkim", "withdrawn")


def dmarc(records: Sequence[str]) -> Finding:
    """A policy, whatever it asks for."""
    ours = [record for record in records if re.match(r"v\s*=\s*DMARC1\s*(?:;|$)", record, re.IGNORECASE)]
    if not ours:
        return Finding("dmarc", "none")
    if len(ours) > 1:
        return Finding("dmarc", "several", " · ".join(ours))
    policy = _tags(ours[0]).get("p", "").lower()
    if policy not in {"none", "quarantine", "reject"}:
        return Finding("dmarc", "broken", ours[0])
    return Finding("dmarc", "watching" if policy == "none" else "good", ours[0])


def above(domain: str) -> list[str]:
    """The domain, then those above it, down to two labels: a policy of one above counts where the domain has none of its own."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(max(len(labels) - 1, 1))]


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, sign, value in pairs if sign}
