"""Settings, Texting and E-mail: the forms, their faults, and a message to oneself."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from models import Consent, ConsentFact, Message, ProviderAccount, SetupCheck, Shop, db
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.makers import SAM, a_member, a_shop, signed_in

pytestmark = pytest.mark.one_database

HTMX = {"HX-Request": "true"}
OWN, TOKEN = "AC" + "a" * 32, "0123456789abcdef0123456789abcdef"
ACCOUNT = {"account_sid": OWN, "auth_token": TOKEN, "service_sid": ""}
MINE = "+13125550177"


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop, "administrator", name="Ada Harbour"))
    return client


def trials() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == "trial").order_by(Message.id)))


# the account


def test_the_shops_own_account_is_kept_looked_at_and_its_token_never_shown(ada: Visitor, shop: Shop) -> None:
    assert ada.post("/console/settings/texting/account", data=ACCOUNT).location == "/console/settings/texting"
    assert shop.provider_account
    assert shop.provider_account.token == TOKEN
    assert SetupCheck.newest(shop, "texting")
    page = ada.get("/console/settings/texting").text
    assert TOKEN not in page
    assert "ends in cdef" in page


def test_a_token_that_was_refused_is_not_shown_either(ada: Visitor) -> None:
    answer = ada.post("/console/settings/texting/account", data={**ACCOUNT, "account_sid": "AC1"}, headers=HTMX)
    assert answer.status_code == 422
    assert 'id="account_sid-error"' in answer.text
    assert 'value="AC1"' in answer.text
    assert TOKEN not in answer.text


def test_it_is_removed_and_the_installations_counts_again(ada: Visitor, shop: Shop) -> None:
    ProviderAccount.keep(shop, OWN, TOKEN, "", by=SAM)
    assert ada.post("/console/settings/texting/account/removal").status_code == 303
    assert shop.provider_account is None
    assert ada.post("/console/settings/texting/account/removal").status_code == 404


# registration and price


def test_registration_and_price_are_kept_and_the_price_shows_in_the_window(ada: Visitor, shop: Shop) -> None:
    facts = {"registration": "10dlc", "registered_on": shop.today().isoformat(), "segment_price": "0.0079"}
    assert ada.post("/console/settings/texting/facts", data=facts).status_code == 303
    assert (shop.location.registration, shop.location.registered_on, shop.location.segment_price) == (
        "10dlc",
        shop.today(),
        Decimal("0.0079"),
    )
    page = ada.get("/console/settings/texting").text
    assert "10DLC: a US local number" in page
    assert 'value="0.0079"' in page


@each(
    ("wrong", "field"),
    [
        ({"registration": "bribed"}, "registration"),
        ({"registration": "10dlc"}, "registered_on"),
        ({"registration": "10dlc", "registered_on": "2999-01-01"}, "registered_on"),
        ({"registered_on": "soon"}, "registered_on"),
        ({"segment_price": "-0.01"}, "segment_price"),
        ({"segment_price": "0.00791"}, "segment_price"),
        ({"segment_price": "11"}, "segment_price"),
        ({"segment_price": "cheap"}, "segment_price"),
        ({"segment_price": "9" * 20_000}, "segment_price"),
    ],
)
def test_facts_that_can_not_be_are_refused_beside_their_field(ada: Visitor, shop: Shop, wrong: dict[str, str], field: str) -> None:
    facts = {"registration": "", "registered_on": "", "segment_price": "", **wrong}
    answer = ada.post("/console/settings/texting/facts", data=facts, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert (shop.location.registration, shop.location.segment_price) == ("", None)


# a text to oneself


def test_a_test_text_goes_with_consent_in_writing_by_whose_phone_it_is(ada: Visitor, shop: Shop) -> None:
    assert ada.post("/console/settings/texting/trial", data={"trial_number": "312 555 0177", "trial_agreed": "1"}).status_code == 303
    (text,) = trials()
    assert (text.address, text.state, text.channel) == (MINE, "queued", "text")
    assert shop.name in text.body
    assert "STOP" in text.body
    assert text.segments == 1
    fact = Consent.of(shop, MINE)
    assert fact
    assert (fact.given, fact.source, fact.actor_name) == (True, "written", "Ada Harbour")
    assert shop.name in fact.wording
    assert "Queued" in ada.get("/console/settings/texting/trial", headers=HTMX).text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"trial_agreed": ""}, "trial_agreed"),
        ({"trial_number": ""}, "trial_number"),
        ({"trial_number": "12"}, "trial_number"),
        ({"trial_number": "x" * 20_000}, "trial_number"),
        ({"trial_number": "+31 20 555 0123"}, "trial_number"),
    ],
)
def test_without_a_number_or_an_agreement_nothing_goes(ada: Visitor, shop: Shop, wrong: dict[str, str], field: str) -> None:
    answer = ada.post("/console/settings/texting/trial", data={"trial_number": MINE, "trial_agreed": "1", **wrong}, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert trials() == []
    assert db.session.scalars(select(ConsentFact)).all() == []


def test_a_shop_without_a_number_is_told_so(client: Visitor) -> None:
    signed_in(client, a_member(a_shop("northgate", texting_number=None), "administrator"))
    answer = client.post("/console/settings/texting/trial", data={"trial_number": MINE, "trial_agreed": "1"}, headers=HTMX)
    assert answer.status_code == 422
    assert "no number for texts yet" in answer.text


def test_of_two_clicks_one_text_goes_and_later_another_may(ada: Visitor) -> None:
    for _ in range(2):
        ada.post("/console/settings/texting/trial", data={"trial_number": MINE, "trial_agreed": "1"})
    (first,) = trials()
    first.advance("claim")
    first.accepted("SM1")
    first.created_at -= timedelta(minutes=1)
    ada.post("/console/settings/texting/trial", data={"trial_number": MINE, "trial_agreed": "1"})
    assert len(trials()) == 2


def test_a_test_is_no_message_to_a_customer(ada: Visitor, shop: Shop) -> None:
    ada.post("/console/settings/texting/trial", data={"trial_number": MINE, "trial_agreed": "1"})
    assert Message.listed(shop) == []


# e-mail


def test_a_test_mail_goes_to_the_address_that_was_typed(ada: Visitor, shop: Shop) -> None:
    assert 'value="administrator@harbour.example"' in ada.get("/console/settings/e-mail").text
    assert ada.post("/console/settings/e-mail/trial", data={"trial_address": "Ada@Home.Example"}).status_code == 303
    (mail,) = trials()
    assert (mail.address, mail.channel, mail.state) == ("Ada@home.example", "email", "queued")
    answer = ada.post("/console/settings/e-mail/trial", data={"trial_address": "nowhere"}, headers=HTMX)
    assert answer.status_code == 422
    assert 'id="trial_address-error"' in answer.text


def test_a_selector_is_kept_and_looked_up(ada: Visitor, shop: Shop) -> None:
    ada.post("/console/settings/e-mail/selector", data={"dkim_selector": "S1._domainkey"})
    assert shop.location.dkim_selector == "s1"
    assert SetupCheck.newest(shop, "mail")


@pytest.mark.parametrize("typed", ["a b", "-s1", "s1.example/", "x" * 20_000, "sélecteur"])
def test_a_selector_that_can_not_be_is_refused(ada: Visitor, shop: Shop, typed: str) -> None:
    answer = ada.post("/console/settings/e-mail/selector", data={"dkim_selector": typed}, headers=HTMX)
    assert answer.status_code == 422
    assert 'id="dkim_selector-error"' in answer.text
    assert shop.location.dkim_selector == ""


@pytest.mark.parametrize("page", ["texting", "e-mail"])
def test_a_look_is_asked_for_and_the_page_waits_for_it_without_a_script_too(ada: Visitor, page: str) -> None:
    assert "Looking…" not in ada.get(f"/console/settings/{page}").text
    assert ada.post(f"/console/settings/{page}/check").location == f"/console/settings/{page}"
    shown = ada.get(f"/console/settings/{page}").text
    assert "Looking…" in shown
    assert '<noscript><meta http-equiv="refresh"' in shown
    assert "Looking…" in ada.get(f"/console/settings/{page}/checklist", headers=HTMX).text


@pytest.mark.parametrize("page", ["texting", "e-mail"])
def test_the_page_asks_the_database_little(ada: Visitor, page: str) -> None:
    from tests.ground.queries import counted

    with counted() as queries:
        ada.get(f"/console/settings/{page}")
    assert len(queries) <= 12
