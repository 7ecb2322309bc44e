"""Settings, Own name: a name is kept, looked at, switched on and off and removed; and what is no name is refused beside the field."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as some

from models import OwnHost, Refused, SetupCheck, Shop, db
from models.host_name import host_name
from models.own_host_setup import OwnHostSetup
from models.setup_check import HOST, Finding
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.makers import SAM, a_drop_off, a_member, a_shop, an_own_host, signed_in

PAGE = "/console/settings/own-name"
NAME = "visit.harbour.example"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop, "administrator", name="Ada Harbour"))
    return client


@pytest.fixture
def in_business(app: Flask) -> Iterator[None]:
    """As at ``https://visit.example.com``."""
    kept = app.extensions["settings"]
    app.extensions["settings"] = replace(kept, public_base_url="https://visit.example.com")
    yield
    app.extensions["settings"] = kept


def looked(shop: Shop, code: str, name: str = NAME) -> None:
    check = SetupCheck.begin(shop, HOST, by=SAM)
    check.note(Finding("page", code, name))
    check.finish()
    db.session.commit()


# the way through


def test_a_name_is_kept_looked_at_and_not_used_yet(ada: Visitor, shop: Shop) -> None:
    assert ada.post(PAGE, data={"host": f" {NAME.title()}. "}).location == PAGE
    assert shop.own_host
    assert (shop.own_host.name, shop.own_host.named_by, shop.own_host.is_on) == (NAME, "Ada Harbour", False)
    assert SetupCheck.newest(shop, HOST)
    page = ada.get(PAGE).text
    assert "Not so far: customers get links to localhost." in page
    assert "Switch it on</span>" not in page


def test_it_can_not_be_switched_on_before_it_is_known_to_lead_here(ada: Visitor, shop: Shop) -> None:
    ada.post(PAGE, data={"host": NAME})
    for code, name in (("elsewhere", NAME), ("certificate", NAME), ("good", "other.example")):
        looked(shop, code, name)
        for typed in ({}, {"sure": "1"}):
            answer = ada.post(f"{PAGE}/use", data=typed, headers=HTMX)
            assert answer.status_code == 422
            assert "Check it first" in answer.text
    assert shop.own_host
    assert not shop.own_host.is_on


def test_where_we_get_no_answer_a_person_may_be_sure(ada: Visitor, shop: Shop) -> None:
    ada.post(PAGE, data={"host": NAME})
    looked(shop, "silent")
    assert "I opened it on a phone" in ada.get(PAGE).text
    assert ada.post(f"{PAGE}/use", headers=HTMX).status_code == 422
    ada.post(f"{PAGE}/use", data={"sure": "1"})
    assert shop.own_host
    assert shop.own_host.is_on


def test_switched_on_links_are_made_with_it_until_it_is_switched_off(ada: Visitor, shop: Shop) -> None:
    ada.post(PAGE, data={"host": NAME})
    looked(shop, "good")
    assert "Switch it on</span>" in ada.get(PAGE).text
    link = a_drop_off(shop).visit.link
    assert ada.post(f"{PAGE}/use").status_code == 303
    assert link.url == f"http://{NAME}{link.path}"
    assert f"http://{NAME}/v/…" in ada.get(PAGE).text
    assert ada.post(f"{PAGE}/use/removal").status_code == 303
    assert link.url == f"http://localhost{link.path}"
    assert "Those that were sent before still work." in ada.get(PAGE).text


def test_removed_it_is_free_for_another_name(ada: Visitor, shop: Shop) -> None:
    an_own_host(shop)
    assert ada.post(f"{PAGE}/removal").status_code == 303
    assert shop.own_host is None
    for path in ("removal", "use", "use/removal", "check"):
        assert ada.post(f"{PAGE}/{path}").status_code == 404
    assert ada.post(PAGE, data={"host": "car.harbour.example"}).status_code == 303


def test_a_look_at_another_name_says_nothing_of_this_one(ada: Visitor, shop: Shop) -> None:
    own = an_own_host(shop)
    own.remove(by=SAM)
    assert OwnHost.name_it(shop, "car.harbour.example", by=SAM).finding == ""


def test_only_one_shop_has_a_name(ada: Visitor, shop: Shop) -> None:
    an_own_host(a_shop("northgate", "America/New_York"), NAME)
    answer = ada.post(PAGE, data={"host": NAME.upper()}, headers=HTMX)
    assert answer.status_code == 422
    assert "This name is in use already." in answer.text
    assert shop.own_host is None


def test_a_second_name_asks_to_remove_the_first(ada: Visitor, shop: Shop) -> None:
    an_own_host(shop)
    answer = ada.post(PAGE, data={"host": "car.harbour.example"})
    assert answer.status_code == 422
    assert shop.own_host
    assert shop.own_host.name == NAME


# what to enter


@pytest.mark.usefixtures("in_business")
def test_the_checklist_says_what_to_enter_in_dns_and_at_the_proxy(shop: Shop) -> None:
    OwnHost.name_it(shop, NAME, by=SAM)
    dns, proxy, use = OwnHostSetup(shop).items
    assert dns.exact == f"{NAME}. CNAME visit.example.com."
    assert proxy.exact.startswith(f"{NAME} {{")
    assert "certificate" in proxy.todo
    assert use.mark == "waiting"


# what is a name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (NAME, NAME),
        ("VISIT.Harbour.Example", NAME),
        ("garage-müller.de", "xn--garage-mller-klb.de"),
        ("xn--garage-mller-klb.de", "xn--garage-mller-klb.de"),
        ("visit.harbour.example.", NAME),
        ("harbour.localhost", "harbour.localhost"),
        ("1a.2b.example", "1a.2b.example"),
    ],
)
def test_names_are_kept_as_dns_knows_them(app: Flask, typed: str, kept: str) -> None:
    assert host_name(typed) == kept


@each(
    "typed",
    [
        "",
        "harbour",
        "localhost",
        "127.0.0.1",
        "１２７.０.０.１",
        "0x7f.0x1",
        "2130706433",
        "[::1]",
        "::1",
        "visit.harbour.example:8443",
        "https://visit.harbour.example",
        "visit.harbour.example/v",
        "ada@harbour.example",
        "visit_us.harbour.example",
        "-visit.harbour.example",
        "visit-.harbour.example",
        "visit..harbour.example",
        ".harbour.example",
        "*.harbour.example",
        "visit harbour.example",
        "visit.harbour.example\r\nX: y",
        "visit.harbour.example\0",
        f"{'a' * 64}.example",
        f"{'a.' * 130}example",
        "visit.harbour.123",
        "xn--.",
    ],
)
def test_what_is_no_name_that_others_could_open_is_refused_beside_the_field(ada: Visitor, shop: Shop, typed: str) -> None:
    answer = ada.post(PAGE, data={"host": typed}, headers=HTMX)
    assert answer.status_code == 422
    assert 'id="host-error"' in answer.text
    assert shop.own_host is None


@pytest.mark.usefixtures("in_business")
@pytest.mark.parametrize("typed", ["visit.example.com", "Visit.Example.com.", "harbour.localhost"])
def test_the_installations_own_name_and_names_of_the_device_itself_are_refused(app: Flask, typed: str) -> None:
    with pytest.raises(Refused):
        host_name(typed)


@given(some.text(max_size=80))
@example("xn--a.com")
@example("\ud800.com")
@example("ß.example")
@example("a。b.example")
def test_whatever_is_typed_a_name_comes_of_it_that_stays_as_it_is_or_a_refusal(app: Flask, typed: str) -> None:
    try:
        name = host_name(typed)
    except Refused as refused:
        name = "/".join(str(field) for field in refused.errors)
    assert name == "host" or (host_name(name) == name and name.isascii())
