"""The mail catcher: a real SMTP server on loopback that keeps every letter instead of passing it on."""

import asyncio
import base64
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from jobs.gateways.phone import trouble
from jobs.gateways.phone.line import Phone
from jobs.gateways.phone.store import Message, add, new_sid, now
from settings import LOOPBACK, Settings

LARGEST = 30_000_000  # bytes of one letter, a little more than what mail providers take
HEAD = re.compile(r"<head(\s[^>]*)?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part of a letter that is neither its text nor its HTML: a file, or a picture inside the HTML (``cid``)."""

    name: str
    kind: str
    content: bytes
    cid: str


def parse(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def text_of(letter: EmailMessage, kind: str) -> str:
    """The letter's ``plain`` or ``html`` body, decoded; empty when there is none."""
    part = letter.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content()).replace("\r\n", "\n")
    except (LookupError, ValueError):  # a character set that nobody knows must not lose the letter
        payload = part.get_payload(decode=True)
        return payload.decode("latin-1") if isinstance(payload, bytes) else ""


def attachments(letter: EmailMessage) -> list[Attachment]:
    """Every part that is not shown as the body, calendar entries in an alternative included."""
    bodies = [letter.get_body(preferencelist=(kind,)) for kind in ("plain", "html")]
    found: list[Attachment] = []
    for part in letter.walk():
        if part.is_multipart() or any(part is body for body in bodies):
            continue
        payload = part.get_payload(decode=True)
        kind = part.get_content_type()
        name = part.get_filename() or f"part-{len(found) + 1}.{'ics' if kind == 'text/calendar' else kind.rpartition('/')[2]}"
        cid = str(part.get("Content-ID", "")).strip().strip("<>")
        found.append(Attachment(name, kind, payload if isinstance(payload, bytes) else b"", cid))
    return found


def page_of(letter: EmailMessage) -> str:
    """The HTML body as the sandboxed frame shows it: links leave the frame, pictures that travel in the letter are in place."""
    html = text_of(letter, "html")
    for part in attachments(letter):
        if part.cid and part.kind.startswith("image/"):
            html = html.replace(f"cid:{part.cid}", f"data:{part.kind};base64,{base64.b64encode(part.content).decode()}")
    base = '<base target="_blank">'
    return HEAD.sub(lambda head: head.group(0) + base, html, count=1) if HEAD.search(html) else f"<!doctype html>{base}{html}"


class Catcher:
    """aiosmtpd's handler. It keeps a letter before it says 250, once for every recipient."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        fate = await asyncio.to_thread(self._fate, address)
        if fate == "refused":
            return "550 5.1.1 No such mailbox"
        if fate == "503":
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.to_thread(self.keep, bytes(envelope.original_content or b""), list(envelope.rcpt_tos))
        return "250 2.0.0 Kept"

    def keep(self, raw: bytes, recipients: list[str]) -> None:
        """Stores the raw letter once and shows it to each recipient."""
        letter = parse(raw)
        name, party = parseaddr(str(letter.get("From", "")))
        with self.phone.store.writing() as db:
            number = db.execute("INSERT INTO letter (raw) VALUES (?)", (raw,)).lastrowid
            for recipient in recipients:
                caught = Message(
                    channel="email",
                    origin="smtp",
                    sid=new_sid("EM"),
                    handset=recipient.lower(),
                    party=party.lower() or "unknown",
                    subject=str(letter.get("Subject", "")),
                    body=text_of(letter, "plain"),
                    html=text_of(letter, "html"),
                    media=tuple(part.name for part in attachments(letter)),
                    at=now(),
                    status="delivered",
                    name=name,
                    reference=str(letter.get("Message-ID", "")),
                    letter=number,
                )
                add(db, caught)

    def _fate(self, address: str) -> str:
        with self.phone.store.writing() as db:
            return trouble.take(db, "email", address.lower()).fate


def _anyone(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword) -> AuthResult:
    return AuthResult(success=True)


def catcher(phone: Phone, port: int | None = None) -> Controller | None:
    """The catcher for ``SMTP_URL``, not yet started; None when mail goes to another machine and must not be caught.

    It takes any name and password, so that a set-up with a login can be tried as it is.
    """
    address = _address(phone.settings)
    if address is None:
        return None
    return Controller(
        Catcher(phone),
        hostname=address[0],
        port=address[1] if port is None else port,
        data_size_limit=LARGEST,
        auth_require_tls=False,
        authenticator=_anyone,
        server_hostname="phone.localhost",
        decode_data=False,
        enable_SMTPUTF8=True,
        ident="Wrenchline phone",
    )


def _address(settings: Settings) -> tuple[str, int] | None:
    parts = urlsplit(settings.smtp_url)
    if parts.scheme != "smtp" or parts.hostname not in LOOPBACK:
        return None
    return ("::1" if parts.hostname == "::1" else "127.0.0.1"), parts.port or 25
