"""E-mail over SMTP with verified TLS: HTML and text from one source, the appointment as .ics beside it."""

import smtplib
import ssl
from collections import deque
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import css_inline
from flask import current_app, render_template
from flask_babel import force_locale

from jobs.gateways import FateUnknown, Undelivered
from models import AccountLink, CalendarEntry, LetterLink, MailLink, Message, account_mail, clock
from models.bounce_tag import tagged
from models.letter_link import FEEDBACK, VISIT
from models.mail_places import Place, places
from models.wording import locale_of
from settings import LOOPBACK, Settings

TIMEOUT = 20  # seconds
WITH_CALENDAR_ENTRY = {"booking", "moved", "follow_up", "remind", "cancelled"}


_idle: deque[tuple[str, "_Noting"]] = deque()


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    id: str
    sender: str
    recipient: str
    content: EmailMessage


def outgoing(message: Message) -> OutgoingMail:
    """The whole mail, made while the database is at hand. Its Message-ID stays the same whenever it is made, under the shop's own name."""
    shop, mail = message.shop, EmailMessage()
    message_id = f"<{message.uid}@{urlsplit(shop.base_url).hostname}>"
    mail["From"] = _address(shop.branding.sender_name or shop.name, shop.email)
    link, links = AccountLink.of(message), {one.purpose: one for one in LetterLink.of(message)} if message.letter else {}
    mail["To"] = _address(message.customer.name if message.customer else link.staff_member.name if link else "", message.address)
    mail["Subject"], mail["Message-ID"], mail["Date"] = _line(message.subject), message_id, format_datetime(clock.now())
    mail["Reply-To"] = _address(shop.name, shop.email)
    context = {
        "shop": shop,
        "customer": message.customer,
        "appointment": message.appointment,
        "subject": message.subject,
        "body": message.body,
        "link_url": link.url if link else _page(message, links),
        "places": _places(message, links) if message.letter else [],
        "button": account_mail.button(link) if link else "",
        "unsubscribe_url": MailLink.of(message.customer).url if message.letter and message.customer else "",
        "language": message.language,
    }
    if context["unsubscribe_url"]:  # RFC 8058: one tap in the mail program, without a page of ours
        mail["List-Unsubscribe"] = f"<{context['unsubscribe_url']}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    with force_locale(locale_of(shop, message.language)):
        mail.set_content(render_template("mail/message.txt", **context))
        mail.add_alternative(
            css_inline.inline(render_template("mail/message.html", **context), load_remote_stylesheets=False), subtype="html"
        )
        if message.appointment and message.kind in WITH_CALENDAR_ENTRY:
            _attach(mail, CalendarEntry(message.appointment))
    settings: Settings = current_app.extensions["settings"]
    return OutgoingMail(message_id, tagged(settings.bounce_address, message.uid) or shop.email, message.address, mail)


def _page(message: Message, links: Mapping[str, LetterLink]) -> str:
    """What the button opens; empty: there is none."""
    if VISIT in links:
        return links[VISIT].url
    return message.visit.link.url if message.visit and message.kind != "cancelled" else ""


def _places(message: Message, links: Mapping[str, LetterLink]) -> list[Place]:
    feedback = links.get(FEEDBACK)
    return places(message.shop, feedback.url, feedback.target) if feedback else places(message.shop)


def send(mail: OutgoingMail) -> str:
    """Hand the mail to the server; its Message-ID. Raises Undelivered, or FateUnknown: the connection broke while it was being taken."""
    server = _session()
    try:
        server.send_message(mail.content, mail.sender, [mail.recipient])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError) as problem:
        _idle.append((_url(), server))
        raise _refused(problem) from problem
    except (smtplib.SMTPException, OSError) as problem:
        server.close()
        raise (FateUnknown() if server.handing_over else Undelivered("unreachable", permanent=False)) from problem
    _idle.append((_url(), server))
    return mail.id


def hang_up() -> None:
    """End the sessions that are kept."""
    while _idle:
        _end(_idle.pop()[1])


def reach() -> str:
    """What a look at the mail server finds: good, here (on this machine), plain, none, or a word of ``models.failure``. Sends nothing."""
    parts = urlsplit(_url())
    if not parts.hostname:
        return "none"
    try:
        _end(_new_session())
    except Undelivered as problem:
        return problem.code
    if parts.scheme != "smtp":
        return "good"
    return "here" if parts.hostname in LOOPBACK else "plain"


class _Noting(smtplib.SMTP):
    """Notes when the mail itself begins to go over: before that, a connection that breaks has carried nothing."""

    handing_over = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.handing_over = True
        answer = super().data(msg)
        self.handing_over = False
        return answer


class _InTls(_Noting, smtplib.SMTP_SSL):
    pass


def _session() -> _Noting:
    """A session with the mail server, one that was kept or a new one. Raises Undelivered: nothing has been sent then."""
    while _idle:
        url, server = _idle.pop()
        if url == _url() and _awake(server):
            return server
        _end(server)
    return _new_session()


def _new_session() -> _Noting:
    settings: Settings = current_app.extensions["settings"]
    parts = urlsplit(settings.smtp_url)
    if not parts.hostname:
        raise Undelivered("mail_setup", permanent=True)
    tls = ssl.create_default_context()  # smtplib's own default does not check certificates
    here: dict[str, Any] = {"local_hostname": urlsplit(settings.public_base_url).hostname, "timeout": TIMEOUT}
    with ExitStack() as opened:
        try:
            if parts.scheme == "smtps":
                server: _Noting = _InTls(parts.hostname, parts.port or 465, context=tls, **here)
            else:
                server = _Noting(parts.hostname, parts.port or 587, **here)
            opened.callback(server.close)
            if parts.scheme == "smtp+starttls":
                server.starttls(context=tls)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
        except (smtplib.SMTPException, OSError) as problem:
            raise Undelivered(_trouble(problem), permanent=False) from problem
        opened.pop_all()
    return server


def _awake(server: _Noting) -> bool:
    """A server may have ended a session that was kept; asked before the mail, that costs nothing but a moment."""
    try:
        return server.noop()[0] == 250
    except smtplib.SMTPException:
        return False


def _end(server: _Noting) -> None:
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def _url() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.smtp_url


def _trouble(problem: Exception) -> str:
    if isinstance(problem, ssl.SSLCertVerificationError):
        return "certificate"
    ours = (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError, ssl.SSLError)
    return "mail_setup" if isinstance(problem, ours) else "unreachable"


def _refused(problem: smtplib.SMTPException) -> Undelivered:
    """The server's no is final from 500 on; without a code it is ours: the address has letters that this server doesn't know.

    What it says of the recipient, or of the mail once it has it, may be about the address; a no to the sender never is.
    """
    said = b""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        code, said = max(problem.recipients.values())
    elif isinstance(problem, smtplib.SMTPDataError):
        code, said = problem.smtp_code, problem.smtp_error if isinstance(problem.smtp_error, bytes) else problem.smtp_error.encode()
    else:
        code = getattr(problem, "smtp_code", 553)
    if code < 500:
        return Undelivered("mail_later", permanent=False)
    words = f"{code} {said.decode('utf-8', 'replace')}" if said else ""
    return Undelivered("mail_refused", permanent=True, said=words)


def _address(name: str, address: str) -> Address:
    """The library quotes and encodes the name, whatever is in it."""
    local, _at, domain = address.rpartition("@")
    return Address(_line(name), local, domain)


def _line(text: str) -> str:
    """Headers are lines: a name with a line break in it must not begin another one."""
    return " ".join(text.split())


def _attach(mail: EmailMessage, entry: CalendarEntry) -> None:
    parameters = {"method": entry.method, "charset": "utf-8"}
    mail.add_attachment(entry.file, maintype="text", subtype="calendar", params=parameters, filename="appointment.ics", cte="base64")
