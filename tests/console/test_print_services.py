"""Settings, Print service: what is kept and never shown, what is refused, and a look at the service."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from jobs.gateways.phone import Alone
from models import Money, PrintService, Shop, db
from models.print_setup import PrintSetup
from tests.ground.client import Visitor
from tests.ground.makers import a_member, a_shop, signed_in
from tests.ground.print_service import KEY, SECRET, serving

pytestmark = pytest.mark.one_database

PAGE = "/console/settings/print-service"
TYPED = {
    "on": "1",
    "key": KEY,
    "secret": SECRET,
    "price": "0.79",
    "currency": "usd",
    "shop_code": "HARBOUR-7",
    "use_type": "marketing",
    "mail_type": "usps_first_class",
    "api_address": "",
}


@pytest.fixture
def shop(app: Flask) -> Shop:
    shop = a_shop()
    shop.business.posts_cards = True
    db.session.commit()
    return shop


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop, "administrator", name="Ada Harbour"))
    return client


@pytest.fixture
def service(app: Flask, tmp_path: Path) -> Iterator[Alone]:
    with serving(app, tmp_path) as alone:
        yield alone


def found(shop: Shop) -> PrintService:
    service = PrintService.of(shop)
    assert service
    return service


def test_key_and_secret_are_kept_sealed_and_never_shown_again(ada: Visitor, shop: Shop) -> None:
    assert ada.post(PAGE, data=TYPED).location == PAGE
    service = found(shop)
    assert (service.key, service.secret, service.card_price, service.works) == (KEY, SECRET, Money(79, "USD"), True)
    assert KEY not in service.sealed_key
    page = ada.get(PAGE).text
    assert KEY not in page
    assert SECRET not in page
    assert f"ends in {KEY[-4:]}" in page
    ada.post(PAGE, data={**TYPED, "key": "", "secret": "", "price": "0.85"})
    assert (found(shop).key, found(shop).secret, found(shop).price) == (KEY, SECRET, 85)


def test_what_is_wrong_is_said_at_every_field_and_nothing_is_kept(ada: Visitor, shop: Shop) -> None:
    wrong = {"key": "a b", "price": "cheap", "currency": "XXQ", "shop_code": "über", "use_type": "x", "mail_type": "y", "secret": "s"}
    answer = ada.post(PAGE, data={**TYPED, **wrong, "api_address": "http://prints.example"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    for name in (*wrong, "api_address"):
        assert f'id="{name}-error"' in answer.text, name
    assert 'value="XXQ"' in answer.text
    assert PrintService.of(shop) is None


@pytest.mark.parametrize(
    "address", ["ftp://api.lob.com", "https://user:word@api.lob.com", "http://169.254.169.254", "https://api.lob.com/?q=1"]
)
def test_only_an_address_over_https_is_taken(ada: Visitor, shop: Shop, address: str) -> None:
    assert ada.post(PAGE, data={**TYPED, "api_address": address}).status_code == 422


def test_a_kept_key_never_goes_to_another_address(ada: Visitor, shop: Shop) -> None:
    ada.post(PAGE, data=TYPED)
    assert "paste the API key that belongs to it" in ada.post(PAGE, data={**TYPED, "key": "", "api_address": "https://other.example"}).text
    assert found(shop).api_address == ""


def test_a_look_at_the_service_says_in_plain_words_what_it_found(ada: Visitor, shop: Shop, service: Alone, work: Callable[[], int]) -> None:
    ada.post(PAGE, data=TYPED)
    work()
    assert "It takes the key." in ada.get(f"{PAGE}/checklist").text
    ada.post(PAGE, data={**TYPED, "key": "live_0123456789abcdef"})
    work()
    page = ada.get(f"{PAGE}/checklist").text
    assert "The service refuses the key." in page
    assert "live_0123456789" not in page


def test_a_service_that_is_away_is_said_not_to_answer(app: Flask, ada: Visitor, shop: Shop, work: Callable[[], int]) -> None:
    """At this test's address of the service nobody listens."""
    ada.post(PAGE, data=TYPED)
    work()
    assert "did not answer" in ada.get(f"{PAGE}/checklist").text


def test_a_new_address_for_reports_ends_the_old_one(ada: Visitor, shop: Shop) -> None:
    ada.post(PAGE, data=TYPED)
    old = found(shop).webhook_address
    assert old in ada.get(PAGE).text
    ada.post(f"{PAGE}/address")
    assert found(shop).webhook_address != old
    assert old not in ada.get(PAGE).text


def test_a_european_shop_is_told_that_the_cards_are_a_little_longer(app: Flask) -> None:
    items = {item.key: item for item in PrintSetup(a_shop("delinde", "Europe/Amsterdam", country="NL")).items}
    assert "not A6" in items["size"].words
    assert items["enabled"].mark == "missing"
