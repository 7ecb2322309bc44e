"""The first password, by the link in the activation e-mail: once, for a week, by whoever holds the mail, not by who reads our rows."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from jobs.gateways import mail
from jobs.logs import scrub
from models import AccountLink, Message, Role, Shop, SignIn, Staff, StaffMember, db, password
from tests.ground.client import Visitor
from tests.ground.makers import PASSWORD, SAM, a_member, a_shop, signed_in

OVER = "This link does not work any more"
USED = "This link was used already"


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 09:00", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def staff(shop: Shop) -> Staff:
    return Staff(a_member(shop, "administrator", name="Ada Whitfield"), shop)


@pytest.fixture
def lorna(staff: Staff) -> StaffMember:
    member = staff.add("lorna@harbour.example", "Lorna Fitzgerald", Role.receptionist, [staff.shop.id], by=SAM)
    db.session.commit()
    return member


@pytest.fixture
def link(lorna: StaffMember) -> AccountLink:
    return db.session.query(AccountLink).filter_by(staff_member_id=lorna.id).one()


def path(link: AccountLink) -> str:
    return link.url.removeprefix("http://localhost")


# the mail


def test_the_mail_is_html_and_text_with_the_link_the_shop_and_until_when(link: AccountLink, shop: Shop) -> None:
    assert link.message
    outgoing = mail.outgoing(link.message)
    letter = outgoing.content
    assert (outgoing.recipient, letter["Subject"]) == ("lorna@harbour.example", "Your account at Harbour Street Garage")
    assert (letter["From"].addresses[0].addr_spec, letter["To"].addresses[0].display_name) == (shop.email, "Lorna Fitzgerald")
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    plain, html = (part.get_content() for part in letter.iter_parts())
    for words in (link.url, "Lorna Fitzgerald", "Harbour Street Garage", "May 19, 2025, 9:00 AM CDT", "Choose your password"):
        assert words in plain
        assert words in html


def test_a_name_that_is_html_stays_a_name(staff: Staff) -> None:
    staff.add("eve@harbour.example", "<img src=x> & Co", Role.mechanic, [staff.shop.id], by=SAM)
    message = db.session.query(Message).filter_by(address="eve@harbour.example").one()
    _plain, html = mail.outgoing(message).content.iter_parts()
    assert "&lt;img src=x&gt; &amp; Co" in html.get_content()


def test_the_mail_goes_out_by_the_outbox_once(link: AccountLink, work: Callable[[], int]) -> None:
    assert link.message
    assert link.message.state == "queued"
    assert link.message.claim()
    assert not db.session.get_one(Message, link.message.id).claim()


def test_no_row_and_no_log_line_holds_the_token(link: AccountLink) -> None:
    token = link.token
    for table in inspect(db.session.connection()).get_table_names():
        for row in db.session.execute(text(f'SELECT * FROM "{table}"')):
            assert token not in repr(tuple(row))
    line = scrub(None, "info", {"event": f"GET {path(link)} 200"})["event"]
    assert token not in line


def test_another_data_key_makes_another_token(link: AccountLink, make_app: Callable[..., Flask]) -> None:
    token = link.token
    db.session.commit()
    with make_app(DATA_KEY="another key of thirty-two characters").app_context():
        assert db.session.get_one(AccountLink, link.id).token != token
    assert len(token) == 22


# the page


def test_opening_the_link_shows_who_and_where_and_uses_nothing_up(client: Visitor, link: AccountLink) -> None:
    for method in ("GET", "HEAD", "GET"):
        page = client.open(path(link), method=method)
        assert page.status_code == 200
    assert "Welcome, Lorna Fitzgerald" in page.text
    assert "Harbour Street Garage" in page.text
    assert 'value="lorna@harbour.example"' in page.text
    assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == ("no-store", "noindex, nofollow, noarchive")
    assert link.works


def test_who_chooses_a_password_is_active_and_signed_in(client: Visitor, link: AccountLink, lorna: StaffMember) -> None:
    answer = client.post(path(link), data={"password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/console/")
    assert client.get("/console/").status_code == 200
    assert lorna.is_active
    assert password.verified(PASSWORD, lorna.password_hash)
    assert not link.works


def test_a_mechanic_lands_on_the_queue(client: Visitor, staff: Staff) -> None:
    member = staff.add("tess@harbour.example", "Tess", Role.mechanic, [staff.shop.id], by=SAM)
    link = db.session.query(AccountLink).filter_by(staff_member_id=member.id).one()
    assert client.post(path(link), data={"password": PASSWORD}).location == "/console/queue"


@pytest.mark.parametrize(
    "secret",
    ["", "short", "password1234", "x" * 257, "lorna@harbour.example", "LORNA FITZGERALD", "123456789012"],
    ids=lambda text: text[:20],
)
def test_a_weak_password_is_refused_and_the_link_still_works(client: Visitor, link: AccountLink, lorna: StaffMember, secret: str) -> None:
    answer = client.post(path(link), data={"password": secret})
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text
    assert not secret or f'value="{secret}"' not in answer.text or secret == lorna.email
    assert (lorna.is_pending, link.works) == (True, True)


def test_without_a_password_field_nothing_happens(client: Visitor, link: AccountLink) -> None:
    assert client.post(path(link)).status_code == 422
    assert link.works


def test_a_link_used_twice_says_so_and_leads_to_signing_in(client: Visitor, visitors: Callable[[], Visitor], link: AccountLink) -> None:
    client.post(path(link), data={"password": PASSWORD})
    before = link.staff_member.password_hash
    other = visitors()
    for answer in (other.get(path(link)), other.post(path(link), data={"password": "quite another one"})):
        assert answer.status_code == 404
        assert USED in answer.text
        assert 'href="/console/sign-in"' in answer.text
    assert link.staff_member.password_hash == before
    assert db.session.query(SignIn).count() == 1


def test_who_has_just_used_it_and_clicks_again_goes_on_to_work(client: Visitor, link: AccountLink) -> None:
    client.post(path(link), data={"password": PASSWORD})
    assert client.post(path(link), data={"password": PASSWORD}).location == "/console/"
    assert client.get(path(link)).location == "/console/"


def test_after_a_week_the_link_is_too_old_and_the_page_says_what_to_do(client: Visitor, link: AccountLink, at: Callable[..., None]) -> None:
    at("2025-05-19 08:59", "America/Chicago")
    assert client.get(path(link)).status_code == 200
    at("2025-05-19 09:00", "America/Chicago")
    for answer in (client.get(path(link)), client.post(path(link), data={"password": PASSWORD})):
        assert (answer.status_code, OVER in answer.text, "ask an administrator of your shop" in answer.text) == (404, True, True)
    assert link.staff_member.is_pending


def test_unknown_too_old_replaced_disabled_and_for_something_else_get_the_same_answer(
    client: Visitor, link: AccountLink, staff: Staff, lorna: StaffMember, at: Callable[..., None]
) -> None:
    first = path(link)
    sam = a_member(staff.shop)
    AccountLink.for_forgotten(sam.email, "")
    reset = db.session.query(AccountLink).filter_by(purpose="reset").one().token
    at("2025-05-12 10:00", "America/Chicago")
    second = path(staff.invite(lorna, by=SAM))
    db.session.commit()
    answers = [client.get(f"/console/activation/{token}").text for token in ("A" * 22, "A" * 500, "a", reset)]
    answers.append(client.get(first).text)
    lorna.disable()
    answers.append(client.get(second).text)
    lorna.enable()
    at("2025-06-12 09:00", "America/Chicago")
    answers.append(client.get(second).text)
    assert len(set(answers)) == 1
    assert OVER in answers[0]


def test_who_guesses_tokens_is_slowed_down_and_who_holds_one_was_never_counted(client: Visitor, link: AccountLink) -> None:
    assert {client.get(path(link)).status_code for _time in range(35)} == {200}
    answers = [client.get(f"/console/activation/{number:022}").status_code for number in range(32)]
    assert (set(answers[:30]), answers[-1]) == ({404}, 429)


def test_whoever_was_signed_in_at_this_screen_is_signed_out(client: Visitor, staff: Staff, link: AccountLink) -> None:
    ada = staff.giver
    signed_in(client, ada)
    client.post(path(link), data={"password": PASSWORD})
    assert "Lorna Fitzgerald" in client.get("/console/").text
    assert [one.ended_at is None for one in db.session.query(SignIn).order_by(SignIn.id)] == [False, True]


@pytest.mark.usefixtures("with_csrf")
def test_a_form_that_was_open_for_too_long_is_shown_again(client: Visitor, link: AccountLink) -> None:
    answer = client.post(path(link), data={"password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, path(link))
    page = client.get(path(link))
    assert "The page was too old." in page.text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    assert client.post(path(link), data={"password": PASSWORD, "csrf_token": token[1]}).location == "/console/"
