"""Mail that comes back, and complaints: read, piped in, posted; what follows for the letter, the address and the customer."""

import hmac
import json
import mailbox
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time as clock_time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from jobs.bounces import bounces
from jobs.gateways.returned_mail import returns
from models import BouncedAddress, Customer, DoNotMail, MailEvent, Message, ReturnedMail, Shop, clock, db
from models.bounce_tag import tagged
from models.mail_standing import MailStanding
from models.mail_status import sharper, status_in, weight
from tests.ground import returned
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.letters import a_letter_shop, a_visit, nightly
from tests.ground.makers import SAM, a_customer, a_member, a_shop, signed_in

SECRET = b"thirty-two bytes of a secret, ok"


@pytest.fixture
def shop(app: object) -> Shop:
    shop = a_letter_shop(thank_you=3)
    shop.location.quiet_from = shop.location.quiet_until
    db.session.commit()
    return shop


def a_letter(shop: Shop, days_ago: int = 1, customer: Customer | None = None) -> Message:
    """A thank-you that the mail server took."""
    customer = customer or a_customer(shop)
    day = shop.today() - timedelta(days=days_ago)
    a_visit(shop, day - timedelta(days=3), customer)
    (message,) = nightly(shop, day)
    with clock.at(clock.instant(day, clock_time(10, 5), shop.tz)):
        assert message.claim()
        message.accepted(f"<{message.uid}@visit.harbour.example>")
        db.session.commit()
    return message


def read(app: Flask, *mails: bytes) -> list[str]:
    """Each piped in by the mail server, for itself: what became of it."""
    for mail in mails:
        result = app.test_cli_runner().invoke(bounces, ["-"], input=mail)
        assert (result.exception, result.output) == (None, "")
    db.session.expire_all()
    return [mail.outcome for mail in db.session.query(ReturnedMail).order_by(ReturnedMail.id)]


@pytest.mark.parametrize("shape", [returned.postfix, returned.exim, returned.gmail], ids=lambda shape: shape.__name__)
def test_a_mailbox_that_is_gone_fails_the_letter_and_ends_mail_to_it(app: Flask, shop: Shop, shape: Callable[[str], bytes]) -> None:
    message = a_letter(shop)
    assert read(app, shape(message.uid)) == ["failed"]
    assert (message.state, message.failure) == ("failed", "mail_unknown")
    assert message.customer
    row = MailStanding.of(message.customer).bounced["maria@mail.example"]
    assert row.kind == "bounced"
    assert row.said
    (event,) = MailEvent.of(message)
    assert (event.kind, event.status[:2]) == ("hard", "5.")


def test_even_after_the_other_side_had_said_that_it_was_delivered(app: Flask, shop: Shop) -> None:
    message = a_letter(shop)
    message.arrived()
    db.session.commit()
    read(app, returned.postfix(message.uid))
    assert message.state == "failed"


def test_a_full_mailbox_fails_the_letter_and_blocks_nothing_until_the_third_in_a_month(app: Flask, shop: Shop) -> None:
    maria = a_customer(shop)
    first, second = a_letter(shop, 20, maria), a_letter(shop, 10, maria)
    read(app, returned.exchange(first.uid))
    assert (first.state, first.failure_words) == ("failed", "The customer's mailbox is full. Call, or try again in some days.")
    read(app, *(returned.postfix(second.uid, status="4.4.7", serial=serial) for serial in "ab"))  # twice about one letter is once
    assert not BouncedAddress.holds(shop, "maria@mail.example")
    third = a_letter(shop, 2, maria)
    read(app, returned.postfix(third.uid, status="4.4.7", serial="c"))
    assert BouncedAddress.holds(shop, "maria@mail.example")


def test_a_delay_is_no_failure(app: Flask, shop: Shop) -> None:
    message = a_letter(shop)
    assert read(app, returned.postfix(message.uid, status="4.4.1", action="delayed")) == ["delayed"]
    assert message.state == "sent"


def test_what_is_about_our_mail_and_not_the_address_blocks_nothing_however_often(app: Flask, shop: Shop) -> None:
    message = a_letter(shop)
    read(app, *(returned.postfix(message.uid, status="5.7.1", serial=serial) for serial in "abcd"))
    assert (message.state, message.failure) == ("failed", "mail_rules")
    assert not BouncedAddress.holds(shop, "maria@mail.example")


def test_a_complaint_ends_mail_to_the_address_and_every_letter_to_the_customer(app: Flask, shop: Shop) -> None:
    message = a_letter(shop)
    assert read(app, returned.complaint(message.uid)) == ["complained"]
    assert message.state == "sent"
    assert message.customer
    standing = MailStanding.of(message.customer)
    assert standing.bounced["maria@mail.example"].kind == "complained"
    assert standing.wish
    assert standing.wish.source == "complaint"


def test_not_spam_after_all_asks_nothing_of_us(app: Flask, shop: Shop) -> None:
    assert read(app, returned.complaint(a_letter(shop).uid, kind="not-spam")) == ["no_report"]
    assert db.session.query(DoNotMail).count() == 0


def test_what_no_standard_describes_is_kept_for_a_person_and_people_s_answers_are_not(app: Flask, shop: Shop) -> None:
    message = a_letter(shop)
    out_of_office = returned.answer().replace(b"Message-ID: <a@b>", b"Message-ID: <c@d>\r\nAuto-Submitted: auto-replied")
    assert read(app, returned.qmail(message.uid), returned.answer(), out_of_office) == ["not_understood", "no_report", "no_report"]
    assert message.state == "sent"
    (left,) = ReturnedMail.left()
    assert b"no mailbox here by that name" in left.raw
    assert [mail.raw for mail in db.session.query(ReturnedMail) if mail is not left] == [b"", b""], "their words are not ours to keep"
    runner = app.test_cli_runner()
    assert "failure notice" in runner.invoke(bounces, ["--left"]).output
    runner.invoke(bounces, ["--put-away", str(left.id)])
    assert ReturnedMail.left() == []


def without_the_letter(mail: bytes) -> bytes:
    return mail.partition(b"--edge\r\nContent-Type: message/rfc822")[0] + b"--edge--\r\n"


def test_without_proof_that_our_letter_is_meant_it_stops_nobodys_mail_and_waits_for_a_person(app: Flask, shop: Shop) -> None:
    message = a_letter(shop)
    forged = without_the_letter(returned.postfix("", serial="x"))
    assert read(app, forged, without_the_letter(returned.complaint(""))) == ["not_sure", "not_sure"]
    assert message.state == "sent"
    assert not BouncedAddress.holds(shop, "maria@mail.example")
    assert db.session.query(DoNotMail).count() == db.session.query(MailEvent).count() == 0
    runner, left = app.test_cli_runner(), ReturnedMail.left()[0].id
    assert f"#{left} " in (said := runner.invoke(bounces, ["--left"]).output)
    assert "no proof that a mail of ours is meant" in said
    assert runner.invoke(bounces, ["--believe", str(left)]).output == f"#{left} is believed: failed.\n"
    db.session.expire_all()
    assert (message.state, BouncedAddress.holds(shop, "maria@mail.example")) == ("failed", True)
    assert [mail.id for mail in ReturnedMail.left()] == [left + 1]
    assert runner.invoke(bounces, ["--believe", str(left)]).exit_code == 1, "once"


def test_what_comes_back_to_the_letters_own_address_is_believed_without_a_word_of_the_letter(app: Flask, shop: Shop) -> None:
    message = a_letter(shop)
    own = tagged("Bounces+*@mail.example.com", message.uid).encode()
    report = without_the_letter(returned.postfix(""))
    assert read(app, report.replace(b"To: bounces@example.com", b"Delivered-To: " + own.upper() + b"\r\nTo: bounces@example.com")) == [
        "failed"
    ]
    assert (message.state, BouncedAddress.holds(shop, "maria@mail.example")) == ("failed", True)


def test_a_code_that_was_made_up_or_belongs_to_another_letter_proves_nothing(app: Flask, shop: Shop) -> None:
    message, other = a_letter(shop), a_letter(shop, 5, a_customer(shop, "Walter", "Finch", phones=[], emails=["walter@mail.example"]))
    code = tagged("*", other.uid).partition("-")[2]
    report = without_the_letter(returned.postfix(""))
    made_up = (f"bounces+{message.uid}@x.example", f"bounces+{message.uid}-{'a' * 10}@x.example", f"bounces+{message.uid}-{code}@x.example")
    mails = [
        report.replace(b"bounces@example.com", address.encode()).replace(b"<1.", f"<{n}.".encode()) for n, address in enumerate(made_up)
    ]
    assert read(app, *mails) == ["not_sure"] * 3
    assert message.state == "sent"


def test_where_two_shops_wrote_there_it_is_neither_s(app: Flask, shop: Shop) -> None:
    other = a_letter_shop("northgate", thank_you=3)
    messages = [a_letter(shop), a_letter(other)]
    assert read(app, without_the_letter(returned.postfix(messages[0].uid))) == ["not_sure"]
    (left,) = ReturnedMail.left()
    refused = app.test_cli_runner().invoke(bounces, ["--believe", str(left.id)])
    assert (refused.exit_code, "several shops" in refused.stderr) == (1, True)
    assert [message.state for message in messages] == ["sent", "sent"]


def test_a_report_about_other_mail_than_ours_is_left_alone(app: Flask, shop: Shop) -> None:
    message = a_letter(shop)
    assert read(app, returned.postfix("f" * 32), returned.postfix("ours-not", serial="2")) == ["foreign", "foreign"]
    assert message.state == "sent"


@pytest.mark.parametrize("kind", ["mbox", "maildir", "single"])
def test_a_mailbox_can_be_read_again_and_again(app: Flask, shop: Shop, tmp_path: Path, kind: str) -> None:
    message, place = a_letter(shop), tmp_path / kind
    mails = [returned.postfix(message.uid), returned.answer()]
    if kind == "single":
        place.write_bytes(mails[0])
    else:
        box: Any = mailbox.mbox(place) if kind == "mbox" else mailbox.Maildir(place)
        for mail in mails:
            box.add(mail)
        box.flush()
        box.close()
    runner = app.test_cli_runner()
    first, again = (runner.invoke(bounces, [str(place)]).output for _time in range(2))
    assert "1 came back" in first
    assert "known already" in again
    outcomes = ["failed"] if kind == "single" else ["failed", "no_report"]
    assert sorted(read(app, mails[0])) == outcomes, "the same one piped in is the same"
    assert db.session.query(MailEvent).count() == 1


@each(
    "mail",
    [
        b"",
        b"\xff\xfe\x00",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n\r\n--x--",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/feedback-report\r\n\r\n--x--",
        b"".join(b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (level, level) for level in range(3000)),
        returned.postfix("a" * 32).replace(b"Action: failed", b"Action: \xe9\x00"),
        returned.postfix("a" * 32)[:900],
    ],
)
def test_broken_mail_breaks_nothing(app: Flask, mail: bytes) -> None:
    assert set(read(app, mail)) <= {"not_understood", "not_sure", "no_report", "foreign"}


@pytest.mark.one_database
def test_a_report_inside_the_returned_mail_is_not_this_report(app: Flask) -> None:
    inner = returned.postfix("b" * 32, "walter@mail.example").decode().replace("edge", "inner")
    outer = returned.postfix("a" * 32).decode().replace("Dear Maria Lopez,", inner)
    found = returns(outer.encode()) or []
    assert [(one.address, one.uid) for one in found] == [("maria@mail.example", "a" * 32)]


@pytest.mark.one_database
@each(
    ("status", "said", "found", "heavy"),
    [
        ("5.0.0", "smtp; 550 5.1.1 unknown", "5.1.1", "hard"),
        ("5.1.10", "no MX", "5.1.10", "hard"),
        ("", "550 relay 10.5.1.1 says no", "", "soft"),
        ("5.2.2", "", "5.2.2", "soft"),
        ("5.1.8", "", "5.1.8", "none"),
        ("5.7.26", "DMARC", "5.7.26", "none"),
        ("4.7.0", "", "4.7.0", "none"),
    ],
)
def test_what_a_status_weighs(app: Flask, status: str, said: str, found: str, heavy: str) -> None:
    assert (sharper(status, said), weight(sharper(status, said)).value) == (found, heavy)
    assert status_in("version 5.1.1.2") == ""


# by webhook


@pytest.fixture
def hooked(app: Flask) -> Iterator[None]:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, mail_hook_secret="whsec_" + b64encode(SECRET).decode())
    yield
    app.extensions["settings"] = settings


def post(client: Visitor, body: bytes, kind: str = "application/json", secret: bytes = SECRET, age: int = 0) -> Any:
    moment = str(int(time.time()) - age)
    signature = b64encode(hmac.digest(secret, f"msg_1.{moment}.".encode() + body, "sha256")).decode()
    headers = {"webhook-id": "msg_1", "webhook-timestamp": moment, "webhook-signature": f"v1,old v1,{signature}", "Content-Type": kind}
    return client.post("/hooks/mail", data=body, headers=headers)


def events(*given: dict[str, str]) -> bytes:
    return json.dumps([{"at": "2026-11-22T14:00:00Z", "address": "maria@mail.example", **one} for one in given]).encode()


def test_a_provider_posts_what_became_of_letters(hooked: None, client: Visitor, shop: Shop, work: Callable[[], int]) -> None:
    bounced, opened = a_letter(shop), a_letter(shop, 5, a_customer(shop, "Walter", "Finch", phones=[], emails=["walter@mail.example"]))
    body = events(
        {"type": "bounce", "message_id": f"<{bounced.uid}@visit.harbour.example>", "status": "5.1.1", "said": "no such\0 person"},
        {"type": "opened", "message_id": f"{opened.uid}@visit.harbour.example", "address": "walter@mail.example"},
    )
    assert post(client, body).json == {"taken": 2, "known": 0}
    assert post(client, body).json == {"taken": 0, "known": 2}
    work()
    assert (bounced.state, opened.state) == ("failed", "delivered")
    assert BouncedAddress.holds(shop, "maria@mail.example")
    assert [event.kind for event in MailEvent.of(opened)] == ["opened"]


def test_the_providers_own_word_needs_no_message_id_and_a_mail_that_it_passes_on_does(
    hooked: None, client: Visitor, shop: Shop, work: Callable[[], int]
) -> None:
    message = a_letter(shop)
    post(client, without_the_letter(returned.postfix("")), "message/rfc822")
    work()
    assert message.state == "sent"
    post(client, events({"type": "bounce", "status": "5.1.1"}))
    work()
    assert message.state == "failed"


def test_a_report_as_a_mail_server_wrote_it_can_be_posted_too(hooked: None, client: Visitor, shop: Shop, work: Callable[[], int]) -> None:
    message = a_letter(shop)
    post(client, returned.complaint(message.uid), "message/rfc822")
    work()
    assert message.customer
    assert DoNotMail.of(message.customer)


def test_unsigned_old_or_from_somebody_else_is_refused(hooked: None, client: Visitor, app: Flask) -> None:
    body = events({"type": "complaint"})
    assert post(client, body, secret=b"another secret").status_code == 403
    assert post(client, body, age=400).status_code == post(client, body, age=-400).status_code == 403
    assert client.post("/hooks/mail", data=body).status_code == 403
    assert client.post("/hooks/mail", data=body, headers={"webhook-timestamp": "²", "webhook-signature": "é"}).status_code == 403
    assert db.session.query(ReturnedMail).count() == 0


def test_without_a_secret_there_is_no_such_address(client: Visitor, app: Flask) -> None:
    assert post(client, events({"type": "complaint"})).status_code == 404


@pytest.mark.parametrize(
    "given",
    [b"", b"nonsense", b"[1]", events({"type": "x"}), events({"type": "bounce", "at": "soon"}), events({"type": "bounce", "address": ""})],
)
def test_a_wrong_event_is_refused_with_a_sentence_and_none_of_the_call_is_kept(hooked: None, client: Visitor, given: bytes) -> None:
    mixed = json.dumps([*json.loads(events({"type": "delivered"})), *json.loads(given)]).encode() if given[:1] == b"[" else given
    answer = post(client, mixed)
    assert answer.status_code == 400
    assert all(answer.json["errors"].values())
    assert db.session.query(ReturnedMail).count() == 0


# on the customer's card


def test_the_card_says_what_the_other_side_said_and_somebody_may_find_that_it_works_again(app: Flask, client: Visitor, shop: Shop) -> None:
    message = a_letter(shop, 6)
    read(app, returned.postfix(message.uid))
    sam, card = signed_in(client, a_member(shop)), f"/console/customers/{message.customer_id}"
    page = sam.get(card).text
    assert "Mail comes back" in page
    assert "no such person here" in page
    a_visit(shop, shop.today() - timedelta(days=4), message.customer)
    (held,) = nightly(shop, shop.today() - timedelta(days=1))
    assert held.held_by == "Mail to this address came back, or somebody there complained."
    sam.post(f"{card}/working-address", data={"address": "maria@mail.example"})
    assert not BouncedAddress.holds(shop, "maria@mail.example")
    db.session.expire_all()
    assert held.state == "queued", "what was held back for it goes"
    assert "Mail comes back" not in sam.get(card).text


def test_another_shops_address_is_not_forgotten_by_us(client: Visitor, shop: Shop) -> None:
    other = a_shop("northgate", "America/New_York")
    BouncedAddress.note(other, "maria@mail.example", "bounced", "no", by=SAM)
    mine, sam = a_customer(shop), signed_in(client, a_member(shop))
    sam.post(f"/console/customers/{mine.id}/working-address", data={"address": "maria@mail.example"})
    assert BouncedAddress.holds(other, "maria@mail.example")
    assert sam.post(f"/console/customers/{a_customer(other).id}/working-address").status_code == 404
