"""The link in every letter: only a POST ends them, from a person's tap or from the mail program by itself (RFC 8058)."""

import pytest

from models import Customer, DoNotMail, MailLink, Shop, db
from tests.ground.client import Visitor
from tests.ground.letters import a_letter_shop
from tests.ground.makers import a_customer


@pytest.fixture
def shop(app: object) -> Shop:
    return a_letter_shop()


@pytest.fixture
def maria(shop: Shop) -> Customer:
    return a_customer(shop)


def path(customer: Customer) -> str:
    link = MailLink.of(customer)
    db.session.commit()
    return f"/u/{link.token}"


def test_a_look_at_the_page_ends_nothing(client: Visitor, maria: Customer) -> None:
    for method in ("GET", "HEAD"):
        assert client.open(path(maria), method=method).status_code == 200
    assert DoNotMail.of(maria) is None
    assert "Unsubscribe" in client.get(path(maria)).text


def test_one_tap_ends_them_and_the_page_says_so(client: Visitor, maria: Customer) -> None:
    answer = client.post(path(maria))
    assert "You get no more letters from us" in answer.text
    wish = DoNotMail.of(maria)
    assert wish
    assert (wish.source, wish.by) == ("unsubscribed", "Maria Lopez")


def test_the_mail_program_ends_them_by_itself_without_cookie_or_redirect(client: Visitor, maria: Customer) -> None:
    headers = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    for _count in range(2):
        answer = client.post(path(maria), data={"List-Unsubscribe": "One-Click"}, headers=headers)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    assert db.session.query(DoNotMail).count() == 1


def test_a_wrong_link_tells_nothing(client: Visitor, maria: Customer) -> None:
    for wrong in ("/u/x", path(maria)[:-1] + "_", path(maria) + "a"):
        assert client.get(wrong).status_code == client.post(wrong).status_code == 404
    assert DoNotMail.of(maria) is None


def test_the_page_speaks_the_customers_language(client: Visitor, shop: Shop) -> None:
    yuki = a_customer(shop, "Yuki", "Tanaka", phones=[], language="es")
    assert 'lang="es"' in client.get(path(yuki)).text
