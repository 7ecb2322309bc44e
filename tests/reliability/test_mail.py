"""E-mail against a real SMTP server that refuses, breaks off, goes away, or shows a certificate of somebody else."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from flask import Flask

from jobs.gateways import mail
from jobs.messages import deliver
from jobs.sending import HANDFULS
from models import Appointment, BouncedAddress, MailLink, Message, clock, db
from models.bounce_tag import LONGEST, uid_in
from models.letter_planning import write_due_letters
from tests.ground.letters import a_letter_shop, a_visit, noon
from tests.ground.makers import a_customer, a_drop_off, a_shop
from tests.ground.running import free_port

# the database has no part in it
pytestmark = pytest.mark.one_database
Work = Callable[[], int]


@dataclass
class Mailroom:
    """aiosmtpd's handler. ``answers`` are given to recipients in their order; ``break_off`` cuts the connection at that step."""

    answers: list[str] = field(default_factory=list)
    break_off: str = ""
    kept: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str | None, list[str], bool]] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)
    signed_in: list[bool] = field(default_factory=list)

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        self.sessions.add(id(session))
        envelope.mail_from = address
        return self._cut(server, "MAIL") or "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self._cut(server, "RCPT") or answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.break_off == "unkept":
            return self._cut(server, "unkept")
        self.kept.append(message_from_bytes(bytes(envelope.original_content or b""), policy=policy.default))  # type: ignore[arg-type]
        assert server.transport
        self.signed_in.append(session.authenticated)
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos, server.transport.get_extra_info("sslcontext") is not None))
        return self._cut(server, "DATA") or "250 Kept"

    def _cut(self, server: SMTP, step: str) -> str:
        if self.break_off != step:
            return ""
        assert server.transport
        server.transport.abort()
        return "421 gone"


@pytest.fixture
def serve(app: Flask, settings: Any) -> Iterator[Callable[..., Mailroom]]:
    """``serve()``: a mail server that the app of this test sends to, until the test ends; with TLS by ``scheme`` and ``certificate``."""
    running: list[Controller] = []

    def start(
        scheme: str = "smtp", certificate: trustme.LeafCert | None = None, port: int = 0, sign_in: str = "", **trouble: Any
    ) -> Mailroom:
        room, port = Mailroom(**trouble), port or free_port()
        options: dict[str, Any] = {}
        if certificate:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(tls)
            options = {"ssl_context": tls} if scheme == "smtps" else {"tls_context": tls}
        if sign_in:
            right = AuthResult(success=True), AuthResult(success=False, handled=False)
            options |= {"authenticator": lambda *given: right[given[4].password != b"r:ght"], "auth_require_tls": False}
        controller = Controller(room, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True, **options)
        controller.start()
        running.append(controller)
        app.extensions["settings"] = replace(settings, smtp_url=f"{scheme}://{sign_in}localhost:{port}")
        return room

    yield start
    mail.hang_up()
    for controller in running:
        controller.stop()
    app.extensions["settings"] = settings


@pytest.fixture
def our_authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """A certificate authority that this machine trusts while the test lasts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return authority


def booked(**details: Any) -> Message:
    appointment: Appointment = a_drop_off(a_shop(), preference="email", **details)
    return appointment.messages[0]


@contextmanager
def in_a_while(**amount: float) -> Iterator[None]:
    with clock.at(datetime.now(UTC) + timedelta(**amount)):
        yield


# what is in it


def test_a_mail_is_html_and_text_with_the_appointment_beside_it(serve: Callable[..., Mailroom], work: Work) -> None:
    room, message = serve(), booked()
    work()
    assert message.state == "sent"
    (letter,) = room.kept
    assert letter.get_content_type() == "multipart/mixed"
    alternatives, entry = letter.iter_parts()
    assert [part.get_content_type() for part in alternatives.iter_parts()] == ["text/plain", "text/html"]
    assert (entry.get_content_type(), entry.get_filename(), entry["Content-Transfer-Encoding"]) == (
        "text/calendar",
        "appointment.ics",
        "base64",
    )
    assert dict(entry["Content-Type"].params) == {"method": "PUBLISH", "charset": "utf-8"}
    assert b"BEGIN:VEVENT" in entry.get_payload(decode=True)
    link = message.visit.link.url if message.visit else ""
    assert all(link in part.get_content() for part in alternatives.iter_parts())
    assert room.envelopes == [("desk@harbour.example", ["maria@mail.example"], False)]
    assert letter["Message-ID"] == f"<{message.uid}@localhost>" == message.provider_id


def test_an_address_in_other_letters_goes_to_a_server_that_knows_them(serve: Callable[..., Mailroom], work: Work, app: Flask) -> None:
    room = serve()
    message = booked()
    message.address = "jörg@exämple.com"
    work()
    assert (message.state, room.envelopes[0][1]) == ("sent", ["jörg@exämple.com"])


def test_the_message_id_is_the_same_at_every_attempt(serve: Callable[..., Mailroom], app: Flask, work: Work) -> None:
    room, message = serve(answers=["450 Later"]), booked()
    first = mail.outgoing(message).content["Message-ID"]
    work()
    with in_a_while(seconds=31):
        deliver(message.id)
    assert [letter["Message-ID"] for letter in room.kept] == [first]


@pytest.mark.parametrize(
    "name", ["Maria\r\nBcc: everybody@mail.example", "Maria\nX-Evil: 1\n\nbody", "Maria\u2028Lopez\x0b\x85", 'Ma"ria, <x@y>; Ünal']
)
def test_a_name_cannot_write_headers(name: str, serve: Callable[..., Mailroom], work: Work, app: Flask) -> None:
    room, shop = serve(), a_shop()
    customer = a_customer(shop)
    customer.first_name = name
    shop.name = f"Garage {name}"
    shop.branding.sender_name = name
    message = a_drop_off(shop, preference="email", customer=customer).messages[0]
    message.subject = f"Your appointment, {name}"
    work()
    assert message.state == "sent"
    (letter,) = room.kept
    assert set(letter.keys()) == {"From", "To", "Subject", "Message-ID", "Date", "Reply-To", "MIME-Version", "Content-Type"}
    assert [address.addr_spec for address in letter["To"].addresses] == ["maria@mail.example"]
    assert room.envelopes[0][1] == ["maria@mail.example"]


# what the server says to it


def test_a_mailbox_that_is_none_fails_in_plain_words(serve: Callable[..., Mailroom], work: Work) -> None:
    room, message = serve(answers=["550 5.1.1 No such mailbox"]), booked()
    work()
    assert (message.state, message.failure_words) == ("failed", "There is no such mailbox. Ask the customer for another e-mail address.")
    assert not room.kept
    assert BouncedAddress.holds(message.shop, "maria@mail.example")


@pytest.mark.parametrize("answer", ["550 No", "550 5.7.1 Not you", "554 5.2.2 Full"])
def test_a_refusal_that_says_nothing_of_the_mailbox_blocks_no_address(answer: str, serve: Callable[..., Mailroom], work: Work) -> None:
    message = (serve(answers=[answer]), booked())[1]
    work()
    assert message.state == "failed"
    assert not BouncedAddress.holds(message.shop, "maria@mail.example")


def test_mail_comes_back_to_the_address_that_the_operator_gave(serve: Callable[..., Mailroom], work: Work, app: Flask) -> None:
    room, message = serve(), booked()
    app.extensions["settings"] = replace(app.extensions["settings"], bounce_address="bounces@mail.example.com")
    work()
    assert (message.state, room.envelopes[0][0]) == ("sent", "bounces@mail.example.com")
    assert room.kept[0]["From"].addresses[0].addr_spec == "desk@harbour.example"


def test_where_the_operator_left_room_each_mail_comes_back_to_an_address_of_its_own(
    serve: Callable[..., Mailroom], work: Work, app: Flask
) -> None:
    room, message = serve(), booked()
    app.extensions["settings"] = replace(app.extensions["settings"], bounce_address="bounces+*@mail.example.com")
    work()
    sender = room.envelopes[0][0]
    assert sender.startswith(f"bounces+{message.uid}-")
    assert len(sender.partition("@")[0]) <= LONGEST
    assert uid_in(f"Maria <{sender}>") == message.uid


def test_a_server_that_says_later_gets_it_later(serve: Callable[..., Mailroom], work: Work) -> None:
    room, message = serve(answers=["450 4.2.1 Mailbox busy"]), booked()
    work()
    assert (message.state, message.failure_words) == ("queued", "The mail server can't take it now. It goes by itself in a while.")
    with in_a_while(seconds=31):
        deliver(message.id)
    assert (message.state, message.failure, len(room.kept)) == ("sent", "", 1)


def test_a_refusal_of_one_keeps_no_other_from_going(serve: Callable[..., Mailroom], work: Work, app: Flask) -> None:
    room, shop = serve(answers=["550 No"]), a_shop()
    states = [
        a_drop_off(shop, preference="email", customer=a_customer(shop, emails=[f"{number}@mail.example"], phones=[])).messages[0]
        for number in range(5)
    ]
    work()
    assert sorted(message.state for message in states) == ["failed", *["sent"] * 4]
    assert len(room.sessions) <= HANDFULS["email"], "sessions are kept, one a sender"


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
def test_a_session_that_breaks_before_the_mail_goes_over_is_tried_again(step: str, serve: Callable[..., Mailroom], work: Work) -> None:
    room, message = serve(break_off=step), booked()
    work()
    assert (message.state, message.failure) == ("queued", "unreachable")
    room.break_off = ""
    with in_a_while(seconds=31):
        deliver(message.id)
    assert (message.state, len(room.kept)) == ("sent", 1)


@pytest.mark.parametrize("step", ["DATA", "unkept"])
def test_a_session_that_breaks_while_the_mail_goes_over_leaves_its_fate_unknown(
    step: str, serve: Callable[..., Mailroom], work: Work
) -> None:
    room, message = serve(break_off=step), booked()
    work()
    assert message.state == "unknown"
    room.break_off = ""
    for hours in (1, 5):
        with in_a_while(hours=hours):
            work()
            deliver(message.id)
    assert (message.state, len(room.kept)) == ("unknown", step == "DATA")


def test_a_session_that_the_server_ended_meanwhile_is_not_used_again(serve: Callable[..., Mailroom], app: Flask) -> None:
    port, shop = free_port(), a_shop()
    first, second = (
        a_drop_off(shop, preference="email", customer=a_customer(shop, emails=[f"{name}@mail.example"], phones=[])).messages[0]
        for name in "ab"
    )
    serve(port=port)
    deliver(first.id)
    assert mail._idle, "a session is kept"
    kept = mail._idle[0][1]
    assert kept.sock
    kept.sock.shutdown(2)
    deliver(second.id)
    assert (first.state, second.state) == ("sent", "sent")


def test_with_the_server_down_it_waits_in_plain_words_and_goes_when_it_is_back(
    serve: Callable[..., Mailroom], app: Flask, work: Work
) -> None:
    port = free_port()
    app.extensions["settings"] = replace(app.extensions["settings"], smtp_url=f"smtp://localhost:{port}")
    message = booked()
    work()
    assert (message.state, message.failure) == ("queued", "unreachable")
    assert message.failure_words == "The provider could not be reached. It goes by itself as soon as it answers."
    room = serve(port=port)
    with in_a_while(seconds=31):
        deliver(message.id)
    assert (message.state, len(room.kept)) == ("sent", 1)


# whom it talks to


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_over_tls_it_goes_to_a_server_that_proves_its_name(
    scheme: str, serve: Callable[..., Mailroom], work: Work, our_authority: trustme.CA
) -> None:
    room, message = serve(scheme, our_authority.issue_cert("localhost"), sign_in="wrench%40line:r%3Aght@"), booked()
    work()
    assert (message.state, [encrypted for _, _, encrypted in room.envelopes], room.signed_in) == ("sent", [True], [True])


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
@pytest.mark.parametrize("whose", ["another authority's", "another name's"])
def test_a_wrong_certificate_is_refused_nothing_is_sent_and_it_is_tried_again(
    scheme: str, whose: str, serve: Callable[..., Mailroom], work: Work, our_authority: trustme.CA
) -> None:
    wrong = trustme.CA().issue_cert("localhost") if whose == "another authority's" else our_authority.issue_cert("mail.example")
    room, message = serve(scheme, wrong), booked()
    work()
    assert (message.state, room.kept, room.sessions) == ("queued", [], set())
    assert message.failure_words.startswith("The other side's certificate can't be trusted, so nothing was sent.")
    assert message.due_at > datetime.now(UTC)


def test_a_server_that_offers_no_tls_gets_neither_password_nor_mail(serve: Callable[..., Mailroom], work: Work) -> None:
    room, message = serve("smtp+starttls"), booked()
    work()
    assert (message.state, message.failure, room.kept) == ("queued", "mail_setup", [])


def test_a_password_that_is_refused_is_said_and_tried_again(serve: Callable[..., Mailroom], work: Work, our_authority: trustme.CA) -> None:
    room, message = serve("smtps", our_authority.issue_cert("localhost"), sign_in="wrench:wrong@"), booked()
    work()
    assert (message.state, message.failure, room.kept) == ("queued", "mail_setup", [])


def test_without_a_mail_server_it_fails_in_plain_words(app: Flask, settings: Any, work: Work) -> None:
    app.extensions["settings"] = replace(settings, smtp_url="")
    try:
        message = booked()
        work()
    finally:
        app.extensions["settings"] = settings
    assert (message.state, message.failure) == ("failed", "mail_setup")
    db.session.commit()


def test_a_letter_carries_the_one_click_headers_the_postal_address_and_the_way_out(serve: Callable[..., Mailroom], work: Work) -> None:
    """RFC 8058, section 3.1; CAN-SPAM, 15 USC 7704."""
    room = serve()
    shop = a_letter_shop(thank_you=3)
    shop.location.quiet_from = shop.location.quiet_until  # else the test could not run at night
    maria = a_visit(shop, shop.today() - timedelta(days=4)).visit.customer
    with clock.at(noon(shop, shop.today() - timedelta(days=1))):
        for _part in write_due_letters():
            db.session.commit()
    work()
    (mail,) = room.kept
    url = MailLink.of(maria).url
    assert mail["List-Unsubscribe"] == f"<{url}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body
        assert url in body.get_content()
        assert "12 Harbour Street" in body.get_content()
        assert "Thank you for bringing your Civic to us" in body.get_content()
