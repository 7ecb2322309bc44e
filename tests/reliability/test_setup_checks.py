"""Looks at a shop's set-up from outside: what the provider, the mail server and DNS may answer, and what the checklist then says."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from socket import create_server

import pytest
from flask import Flask

from jobs.gateways import domain_names
from jobs.gateways.phone import Alone
from jobs.tick import sweep
from models import ProviderAccount, SetupCheck, Shop, clock, db
from models.mail_setup import MailSetup
from models.setup_check import MAIL, TEXTING
from models.setup_item import SetupItem
from models.texting_setup import TextingSetup
from tests.ground import name_server
from tests.ground.makers import SAM, a_shop

pytestmark = pytest.mark.one_database

Work = Callable[[], int]
SERVICE = "MG" + "b" * 32


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop(email="desk@harbour.example")


@pytest.fixture
def dns(app: Flask, provider: Alone) -> Iterator[name_server.NameServer]:
    """The name server that this test's look-ups ask."""
    with name_server.serving() as server:
        app.extensions["settings"] = replace(app.extensions["settings"], dns_server=server.address)
        yield server


def checked(shop: Shop, kind: str, work: Work) -> SetupCheck:
    check = SetupCheck.begin(shop, kind, by=SAM)
    work()
    assert not check.is_running
    return check


def line(setup: TextingSetup | MailSetup, key: str) -> SetupItem:
    return next(item for item in setup.items if item.key == key)


def codes(check: SetupCheck) -> dict[str, str]:
    return {step: code for step, code, _note in check.findings}


# texting


def test_where_all_is_well_the_provider_is_asked_and_says_so(shop: Shop, provider: Alone, work: Work) -> None:
    assert line(TextingSetup(shop), "webhook").mark == "unchecked"
    check = checked(shop, TEXTING, work)
    assert {step: code for step, code in codes(check).items() if step != "service"} == {
        "account": "good",
        "number": "good",
        "webhook": "good",
    }
    assert {line(TextingSetup(shop), key).mark for key in ("number", "account", "webhook")} == {"good"}


def test_a_webhook_that_leads_elsewhere_is_named_with_the_address_to_paste(shop: Shop, provider: Alone, work: Work) -> None:
    provider.make_trouble(webhook_elsewhere="on")
    checked(shop, TEXTING, work)
    item = line(TextingSetup(shop), "webhook")
    assert item.mark == "wrong"
    assert "https://elsewhere.example/sms" in item.words
    assert item.exact == "http://localhost/hooks/twilio/message"


def test_a_number_that_the_account_does_not_have_is_named(shop: Shop, provider: Alone, work: Work) -> None:
    provider.make_trouble(number_missing="on")
    check = checked(shop, TEXTING, work)
    item = line(TextingSetup(shop), "number")
    assert (item.mark, check.found("webhook").code) == ("wrong", "silent")  # type: ignore[union-attr]
    assert shop.texting_number
    assert shop.texting_number in item.words


def test_credentials_that_the_provider_refuses_are_said_to_be(shop: Shop, provider: Alone, work: Work) -> None:
    ProviderAccount.keep(shop, "AC" + "a" * 32, "f" * 32, "", by=SAM)
    checked(shop, TEXTING, work)
    item = line(TextingSetup(shop), "account")
    assert item.mark == "wrong"
    assert "refuses these credentials" in item.words
    assert "ffff" in item.words
    assert "f" * 32 not in item.words


def test_a_messaging_service_is_looked_up_too(app: Flask, shop: Shop, provider: Alone, work: Work) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, twilio_messaging_service_sid=SERVICE)
    assert codes(checked(shop, TEXTING, work)) == {"account": "good", "number": "good", "service": "good", "webhook": "good"}


def test_a_provider_that_is_away_is_no_fault_of_the_shops(app: Flask, shop: Shop, work: Work) -> None:
    """At this test's address of the provider nobody listens."""
    assert set(codes(checked(shop, TEXTING, work)).values()) == {"silent"}
    item = line(TextingSetup(shop), "account")
    assert item.mark == "unchecked"
    assert "did not answer" in item.words


def test_without_an_account_or_a_number_the_list_says_what_to_do(app: Flask, work: Work) -> None:
    shop = a_shop(texting_number=None)
    app.extensions["settings"], usual = replace(app.extensions["settings"], twilio_auth_token=""), app.extensions["settings"]
    try:
        checked(shop, TEXTING, work)
        found = {key: line(TextingSetup(shop), key) for key in ("number", "account", "registration")}
    finally:
        app.extensions["settings"] = usual
    assert {item.mark for item in found.values()} == {"missing"}
    assert all(item.todo for item in found.values())


# mail


def test_records_that_are_right_make_the_list_green(shop: Shop, dns: name_server.NameServer, work: Work) -> None:
    shop.location.dkim_selector = "s1"
    dns.records = {
        "harbour.example": ["google-site-verification=1", "v=spf1 include:mail.example -all"],
        "s1._domainkey.harbour.example": ["v=DKIM1; k=rsa; p=" + "A" * 400],
        "_dmarc.harbour.example": ["v=DMARC1; p=quarantine; rua=mailto:desk@harbour.example"],
    }
    assert codes(checked(shop, MAIL, work)) == {"server": "here", "spf": "good", "dkim": "good", "dmarc": "good"}
    assert {item.mark for item in MailSetup(shop).items} == {"good"}


def test_what_is_missing_is_said_with_the_record_to_publish(shop: Shop, dns: name_server.NameServer, work: Work) -> None:
    shop.location.dkim_selector = "s1"
    dns.records = {"harbour.example": []}
    assert codes(checked(shop, MAIL, work)) == {"server": "here", "spf": "none", "dkim": "none", "dmarc": "none"}
    assert line(MailSetup(shop), "dmarc").exact == '_dmarc.harbour.example TXT "v=DMARC1; p=none; rua=mailto:desk@harbour.example"'
    assert line(MailSetup(shop), "dkim").exact == "s1._domainkey.harbour.example"
    assert {line(MailSetup(shop), key).mark for key in ("spf", "dkim", "dmarc")} == {"missing"}


def test_a_policy_of_the_domain_above_counts(dns: name_server.NameServer, work: Work) -> None:
    shop = a_shop(email="desk@garage.harbour.example")
    dns.records = {"_dmarc.harbour.example": ["v=DMARC1; p=none"]}
    assert codes(checked(shop, MAIL, work))["dmarc"] == "watching"
    assert "_dmarc.example" not in dns.asked


def test_a_name_server_that_is_silent_leaves_it_open(
    shop: Shop, dns: name_server.NameServer, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain_names, "TIMEOUT", 0.2)
    dns.silent = True
    assert codes(checked(shop, MAIL, work)) == {"server": "here", "spf": "silent", "dmarc": "silent", "dkim": "silent"}
    assert line(MailSetup(shop), "spf").mark == "unchecked"


@pytest.mark.parametrize(("scheme", "code"), [("smtp", "unreachable"), ("smtps", "unreachable"), ("smtp+starttls", "unreachable")])
def test_a_mail_server_that_is_away_is_said_to_be(
    app: Flask, shop: Shop, dns: name_server.NameServer, work: Work, scheme: str, code: str
) -> None:
    with closing(create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    app.extensions["settings"] = replace(app.extensions["settings"], smtp_url=f"{scheme}://127.0.0.1:{port}")
    assert codes(checked(shop, MAIL, work))["server"] == code
    item = line(MailSetup(shop), "server")
    assert item.mark == "wrong"
    assert "does not answer" in item.words


def test_a_mail_server_without_the_encryption_that_was_asked_for_is_said_to_be(
    app: Flask, shop: Shop, dns: name_server.NameServer, work: Work
) -> None:
    plain = app.extensions["settings"].smtp_url
    app.extensions["settings"] = replace(app.extensions["settings"], smtp_url=plain.replace("smtp:", "smtp+starttls:"))
    assert codes(checked(shop, MAIL, work))["server"] == "mail_setup"
    assert "encryption" in line(MailSetup(shop), "server").words


def test_an_address_that_anybody_can_have_is_no_sender(app: Flask) -> None:
    shop = a_shop(email="harbourgarage@gmail.com")
    assert line(MailSetup(shop), "sender").mark == "wrong"


# the job


def test_two_clicks_ask_for_one_look(shop: Shop) -> None:
    first = SetupCheck.begin(shop, MAIL, by=SAM)
    assert SetupCheck.begin(shop, MAIL, by=SAM) is first
    assert SetupCheck.begin(shop, TEXTING, by=SAM) is not first


def test_a_look_that_got_lost_is_taken_up_and_one_too_old_is_given_up(shop: Shop, provider: Alone, queue: object, work: Work) -> None:
    check = SetupCheck.begin(shop, TEXTING, by=SAM)
    db.session.commit()
    queue.flushall()  # type: ignore[attr-defined]
    sweep()
    work()
    assert check.is_running, "it may still be under way"
    check.asked_at = clock.now() - timedelta(minutes=2)
    sweep()
    work()
    assert codes(check)["account"] == "good"
    old = SetupCheck.begin(shop, TEXTING, by=SAM)
    old.asked_at = clock.now() - timedelta(minutes=11)
    sweep()
    work()
    assert (old.is_running, set(codes(old).values())) == (False, {"silent"})
