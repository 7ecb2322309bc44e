"""Reading what mail servers send back: delivery status notifications (RFC 3464) and complaints (RFC 5965), by the standard library."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message as Mail

from models.bounce_tag import uid_in

UID = re.compile(r"<?([0-9a-f]{32})@[^\s<>]+>?")  # of our own Message-ID
COMPLAINTS = frozenset({"abuse", "fraud", "virus", "opt-out", "other"})
BROUGHT_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To")  # whichever servers write
ROBOTS = re.compile(r"mailer-daemon|postmaster|mail delivery", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Return:
    """Of one recipient. ``kind``: failed, delayed, delivered or complained. ``uid``: of the message, if only who got it can have said so:
    it came back to an address of its own, or with its Message-ID."""

    kind: str
    address: str
    status: str
    said: str
    uid: str
    is_named: bool  # a Message-ID came back; one that is not ours says that the mail was not ours either


def returns(raw: bytes) -> list[Return] | None:
    """What it says, recipient by recipient; nothing if it is no such mail at all (somebody's answer); None: not to be understood."""
    mail = message_from_bytes(raw)
    parts = list(_parts(mail))
    message_id = next(filter(None, map(_returned_id, parts)), "")
    known = UID.fullmatch(message_id)
    uid = uid_in(_recipients(mail)) or (known.group(1) if known else "")
    found = [
        Return(*said, uid, bool(uid or message_id)) for part in parts for read in (_statuses, _complaint) for said in read(part, parts)
    ]
    understood = any(part.get_content_type() in {"message/delivery-status", "message/feedback-report"} for part in parts)
    if found or (understood and _is_no_failure(parts)):
        return found
    return None if understood or _looks_returned(mail) else []


def _parts(mail: Mail) -> Iterator[Mail]:
    """Those of the report itself; what stands in the mail that it is about is not looked into."""
    if mail.get_content_maintype() != "multipart" or not mail.is_multipart():
        yield mail
        return
    for part in mail.get_payload():
        if isinstance(part, Mail):
            yield from _parts(part)


def _recipients(mail: Mail) -> str:
    return " ".join(_words(field) for name in BROUGHT_TO for field in mail.get_all(name, ()))


def _statuses(part: Mail, parts: list[Mail]) -> Iterator[tuple[str, str, str, str]]:
    """Of each recipient: what was done, the address, the status, what the other side said."""
    for block in _blocks(part):
        action = _words(block["Action"]).partition(" ")[0].lower()
        address = _typed(block["Original-Recipient"]) or _typed(block["Final-Recipient"])
        if action in {"failed", "delayed", "delivered"} and "@" in address:
            status = _words(block["Status"]).partition(" ")[0]
            yield action, address, status, _typed(block["Diagnostic-Code"]) or _note(parts)


def _blocks(part: Mail) -> list[Mail]:
    """Of a delivery status: one a recipient, without the first, which is about the mail server."""
    blocks = part.get_payload() if part.get_content_type() == "message/delivery-status" else ()
    return [block for block in blocks if isinstance(block, Mail)][1:]


def _complaint(part: Mail, parts: list[Mail]) -> Iterator[tuple[str, str, str, str]]:
    if (fields := _feedback(part)) is None or _words(fields["Feedback-Type"]).lower() not in COMPLAINTS:
        return
    returned = next((found for one in parts if (found := _returned(one)) is not None), Mail())
    address = _words(fields["Original-Rcpt-To"] or fields["Removal-Recipient"] or returned["To"])
    bare = re.search(r"[^\s<>,;]+@[^\s<>,;]+", address)
    yield "complained", bare.group() if bare else "", "", f"{_words(fields['Feedback-Type'])}, {_words(fields['User-Agent'])}".strip(", ")


def _is_no_failure(parts: list[Mail]) -> bool:
    """A report that asks nothing of us: not spam after all, relayed, expanded, or about how our mail is signed."""
    kinds = [_words(fields["Feedback-Type"]).lower() for part in parts if (fields := _feedback(part)) is not None]
    actions = [_words(block["Action"]).lower() for part in parts for block in _blocks(part)]
    return bool(kinds or actions) and {*kinds, *actions} <= {"not-spam", "auth-failure", "dmarc", "relayed", "expanded"}


def _feedback(part: Mail) -> Mail | None:
    if part.get_content_type() != "message/feedback-report":
        return None
    inside = part.get_payload(0) if part.is_multipart() else message_from_string(_text(part))
    return inside if isinstance(inside, Mail) else None


def _returned(part: Mail) -> Mail | None:
    """The mail that it is about, or its head."""
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        inside = part.get_payload(0)
        return inside if isinstance(inside, Mail) else None
    return message_from_string(_text(part)) if part.get_content_type() in {"text/rfc822-headers", "message/rfc822-headers"} else None


def _returned_id(part: Mail) -> str:
    returned = _returned(part)
    return _words(returned["Message-ID"]) if returned is not None else ""


def _looks_returned(mail: Mail) -> bool:
    """By its sender: nobody, or a mail server. A person's answer, and one that a machine gives for a person, are not ours to keep."""
    if _words(mail["Auto-Submitted"]).lower().startswith("auto-replied") or mail.get_param("report-type") == "disposition-notification":
        return False
    nobody = _words(mail["Return-Path"]) == "<>"
    return nobody or bool(ROBOTS.search(_words(mail["From"]))) or mail.get_content_type() == "multipart/report"


def _note(parts: list[Mail]) -> str:
    """What the server wrote for people."""
    return next((_words(_text(part)) for part in parts if part.get_content_type() == "text/plain"), "")


def _text(part: Mail) -> str:
    content = part.get_payload(decode=True)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else str(part.get_payload())


def _typed(field: object) -> str:
    """The value behind its type: ``rfc822; maria@mail.example``."""
    return _words(field).partition(";")[2].strip().strip("<>")


def _words(field: object) -> str:
    """On one line, in letters that a database takes."""
    return " ".join(str(field).replace("\0", "").encode("utf-8", "replace").decode().split()) if field is not None else ""
