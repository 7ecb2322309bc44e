"""What a mail server's status says of an address (RFC 3463): gone for good, in trouble for now, or nothing at all."""

import re
from enum import StrEnum


class Weight(StrEnum):
    hard = "hard"  # nobody reads mail there: nothing more goes to it
    soft = "soft"  # in trouble now: counted, see ``MailEvent``
    none = "none"  # about the mail or about us, not about the address


# no such mailbox, domain, or address; moved without a trace; a domain that takes no mail; a mailbox that is switched off
HARD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
# the sender's address; what is too large; protocol, content, and the other side's rules (spam, DMARC)
NOT_ABOUT_IT = re.compile(r"5\.1\.[78]|5\.2\.3|5\.3\.4|[45]\.[567]\.\d+")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")


def status_in(text: str) -> str:
    """The first status that stands in these words; empty: none."""
    found = _STATUS.search(text)
    return found.group(1) if found else ""


def sharper(status: str, said: str) -> str:
    """The status, or a more telling one from what the other side said: some servers write 5.0.0 over everything."""
    return (status_in(said) or status) if status in {"", "5.0.0", "4.0.0"} else status


def weight(status: str) -> Weight:
    if status in HARD:
        return Weight.hard
    return Weight.none if NOT_ABOUT_IT.fullmatch(status) else Weight.soft


def failure(status: str) -> str:
    """A word of ``models.failure``."""
    if status in HARD:
        return "mail_unknown"
    if not status:
        return "mail_refused"
    if status.endswith(".2.2") and status[0] in "45":
        return "mail_full"
    return "mail_rules" if weight(status) is Weight.none else "mail_returned"
