"""The mail catcher, met by a real SMTP client."""

import re
import smtplib
from email.message import EmailMessage

import pytest
from flask.testing import FlaskClient

from jobs.gateways.phone import Alone

TOMAS = "tomas@novak.example"


@pytest.fixture
def letter() -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = "Harbour Street Garage <service@harbour.example>"
    letter["To"] = f"Tomás Novák <{TOMAS}>"
    letter["Subject"] = "Ihr Termin am Dienstag: Ölwechsel"
    letter["Message-ID"] = "<17@harbour.example>"
    letter.set_content("Hello Tomás: http://localhost:8000/v/abc")
    letter.add_alternative(
        '<html><head><title>x</title></head><body><a href="http://localhost:8000/v/abc">Open</a></body></html>', subtype="html"
    )
    letter.add_attachment(b"BEGIN:VCALENDAR\r\n", maintype="text", subtype="calendar", filename="Ölwechsel.ics")
    return letter


def post(mailbox: Alone, letter: EmailMessage, *to: str) -> None:
    with smtplib.SMTP("127.0.0.1", mailbox.smtp_port or 0) as smtp:
        smtp.send_message(letter, to_addrs=to or None)


def test_a_mail_is_listed_with_its_words_its_html_and_its_files(mailbox: Alone, web: FlaskClient, letter: EmailMessage) -> None:
    post(mailbox, letter)
    [caught] = web.get("/phone/messages.json").get_json()
    assert (caught["channel"], caught["from"], caught["to"]) == ("email", "service@harbour.example", TOMAS)
    assert caught["from_name"] == "Harbour Street Garage"
    assert caught["subject"] == "Ihr Termin am Dienstag: Ölwechsel"
    assert caught["body"].strip() == "Hello Tomás: http://localhost:8000/v/abc"
    assert '<a href="http://localhost:8000/v/abc">' in caught["html"]
    download = web.get(caught["media"][0])
    assert download.data == b"BEGIN:VCALENDAR\r\n"
    assert download.mimetype == "text/calendar"
    assert download.headers["Content-Disposition"].startswith("attachment; filename")
    assert mailbox.store.accepted_mails() == {(TOMAS, "<17@harbour.example>"): 1}


def test_the_html_is_served_in_a_sandbox_with_links_that_leave_it(mailbox: Alone, web: FlaskClient, letter: EmailMessage) -> None:
    post(mailbox, letter)
    sid = mailbox.store.messages()[0].sid
    page = web.get(f"/phone/letters/{sid}/body.html")
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert '<base target="_blank">' in page.text
    assert "Subject:" in web.get(f"/phone/letters/{sid}/raw").text
    assert re.search(r"img-src data: http://[^ ;]+/brand/;", policy)  # the shop's logo, and nothing else from the net


def test_a_picture_inside_the_letter_is_shown_in_place(mailbox: Alone, web: FlaskClient) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@harbour.example", TOMAS, "Picture"
    letter.set_content('<img src="cid:car">', subtype="html")
    letter.add_related(b"\x89PNG", maintype="image", subtype="png", cid="<car>")
    post(mailbox, letter)
    assert 'src="data:image/png;base64,iVBORw=="' in web.get(f"/phone/letters/{mailbox.store.messages()[0].sid}/body.html").text


def test_a_calendar_entry_among_the_alternatives_is_a_file_too(mailbox: Alone, web: FlaskClient) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@harbour.example", TOMAS, "Invitation"
    letter.set_content("words")
    letter.add_alternative("BEGIN:VCALENDAR", subtype="calendar")
    post(mailbox, letter)
    assert web.get("/phone/messages.json").get_json()[0]["media_names"] == ["part-1.ics"]


def test_each_recipient_gets_the_letter(mailbox: Alone, letter: EmailMessage) -> None:
    post(mailbox, letter, TOMAS, "Maria@Lopez.example")
    assert {caught.handset for caught in mailbox.store.messages()} == {TOMAS, "maria@lopez.example"}


def test_a_letter_that_is_no_letter_is_kept_all_the_same(mailbox: Alone, web: FlaskClient) -> None:
    broken = b"Subject: =?nonsense?Q?=FF?=\r\nContent-Type: text/plain; charset=klingon\r\n\r\n\xff\xfe hello\r\n"
    with smtplib.SMTP("127.0.0.1", mailbox.smtp_port or 0) as smtp:
        smtp.sendmail("a@harbour.example", [TOMAS], broken)
    sid = mailbox.store.messages()[0].sid
    assert "hello" in web.get("/phone/messages.json").get_json()[0]["body"]
    assert web.get(f"/phone/email/{TOMAS}/unknown").status_code == 200
    assert web.get(f"/phone/letters/{sid}/body.html").status_code == 200


@pytest.mark.parametrize(("fate", "code"), [("refused", 550), ("503", 451)])
def test_an_address_is_refused_for_good_or_for_now_when_asked(mailbox: Alone, letter: EmailMessage, fate: str, code: int) -> None:
    mailbox.make_trouble(channel="email", fate=fate, to=TOMAS)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        post(mailbox, letter)
    assert refused.value.recipients[TOMAS][0] == code
    post(mailbox, letter)
    assert mailbox.store.accepted_mails().total() == 1


def test_a_login_of_any_name_is_taken(mailbox: Alone, letter: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", mailbox.smtp_port or 0) as smtp:
        smtp.login("shop", "secret")
        smtp.send_message(letter)
    assert mailbox.store.accepted_mails().total() == 1


@pytest.mark.parametrize("path", ["body.html", "attachments/0", "raw"])
def test_an_unknown_letter_is_404(web: FlaskClient, path: str) -> None:
    assert web.get(f"/phone/letters/EM{'0' * 32}/{path}").status_code == 404


def test_an_attachment_that_is_not_there_is_404(mailbox: Alone, web: FlaskClient, letter: EmailMessage) -> None:
    post(mailbox, letter)
    assert web.get(f"/phone/letters/{mailbox.store.messages()[0].sid}/attachments/7").status_code == 404
