"""E-mail over SMTP with verified TLS: HTML and text from one source, the appointment as .ics beside it."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from urllib.parse import unquote, urlsplit

import css_inline
from flask import current_app, render_template
from flask_babel import force_locale

from jobs.gateways import FateUnknown, Undelivered
from models import CalendarEntry, Message, clock
from models.wording import locale_of
from settings import Settings

TIMEOUT = 20  # seconds
WITH_CALENDAR_ENTRY = {"booking", "moved", "follow_up", "remind", "cancelled"}


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    id: str
    content: EmailMessage


def outgoing(message: Message) -> OutgoingMail:
    """The whole mail, made while the database is at hand. Its Message-ID stays the same whenever it is made."""
    settings: Settings = current_app.extensions["settings"]
    shop, mail = message.shop, EmailMessage()
    id = f"<{message.uid}@{urlsplit(settings.public_base_url).hostname}>"
    mail["From"] = formataddr((shop.branding.sender_name or shop.name, shop.email))
    mail["To"] = formataddr((message.customer.name if message.customer else "", message.address))
    mail["Subject"], mail["Message-ID"], mail["Date"] = message.subject, id, format_datetime(clock.now())
    mail["Reply-To"] = formataddr((shop.name, shop.email))
    context = {
        "shop": shop,
        "customer": message.customer,
        "appointment": message.appointment,
        "subject": message.subject,
        "body": message.body,
        "link_url": message.visit.link.url if message.visit and message.kind != "cancelled" else "",
        "language": message.language,
    }
    with force_locale(locale_of(shop, message.language)):
        mail.set_content(render_template("mail/appointment.txt", **context))
        mail.add_alternative(css_inline.inline(render_template("mail/appointment.html", **context), load_remote_stylesheets=False), subtype="html")
        if message.appointment and message.kind in WITH_CALENDAR_ENTRY:
            _attach(mail, CalendarEntry(message.appointment))
    return OutgoingMail(id, mail)


def send(mail: OutgoingMail) -> str:
    """Hand the mail to the server; its Message-ID. Raises Undelivered, or FateUnknown: the connection broke while it was being taken."""
    server = _connected()
    try:
        server.send_message(mail.content)
    except smtplib.SMTPRecipientsRefused as problem:
        code = max(code for code, _words in problem.recipients.values())
        raise Undelivered("mail_refused", permanent=code >= 500) from problem
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as problem:
        raise Undelivered("mail_refused", permanent=problem.smtp_code >= 500) from problem
    except (smtplib.SMTPException, OSError) as problem:
        raise FateUnknown from problem
    finally:
        server.close()
    return mail.id


def _connected() -> smtplib.SMTP:
    """A session with the mail server of SMTP_URL, its certificate checked. Raises Undelivered: nothing has been sent then."""
    settings: Settings = current_app.extensions["settings"]
    parts = urlsplit(settings.smtp_url)
    if not parts.hostname:
        raise Undelivered("mail_setup", permanent=True)
    tls = ssl.create_default_context()  # smtplib's own default does not check certificates
    try:
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(parts.hostname, parts.port or 465, timeout=TIMEOUT, context=tls)
        else:
            server = smtplib.SMTP(parts.hostname, parts.port or 587, timeout=TIMEOUT)
        if parts.scheme == "smtp+starttls":
            server.starttls(context=tls)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except (smtplib.SMTPAuthenticationError, ssl.SSLError) as problem:
        raise Undelivered("mail_setup", permanent=False) from problem
    except (smtplib.SMTPException, OSError) as problem:
        raise Undelivered("unreachable", permanent=False) from problem
    return server


def _attach(mail: EmailMessage, entry: CalendarEntry) -> None:
    parameters = {"method": entry.method, "charset": "utf-8"}
    mail.add_attachment(entry.file, maintype="text", subtype="calendar", params=parameters, filename="appointment.ics", cte="base64")
