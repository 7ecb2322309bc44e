"""Name, address and numbers of the shop."""

from collections.abc import Callable
from datetime import date, time

import pytest
from flask import Flask

from models import Shop
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.makers import a_drop_off, a_member, a_shop, local, signed_in

HTMX = {"HX-Request": "true"}
ADDRESS = "/console/settings/shop"
GOOD = {
    "name": "Harbour Garage",
    "street": "14 Pier Street",
    "city": "Chicago",
    "region": "IL",
    "postal_code": "60602",
    "country": "us",
    "voice_phone": "312 555 0188",
    "texting_number": "(312) 555-0189",
    "email": "Front@Harbour.Example",
    "zone": "America/Chicago",
    "language": "es",
}


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop, "administrator"))
    return client


def test_what_is_typed_is_kept_numbers_in_one_form(ada: Visitor, shop: Shop) -> None:
    assert ada.post(ADDRESS, data=GOOD).status_code == 303
    assert (shop.name, shop.address, shop.country, shop.language) == ("Harbour Garage", "14 Pier Street, Chicago, IL 60602", "US", "es")
    assert (shop.voice_phone, shop.texting_number, shop.email) == ("+13125550188", "+13125550189", "Front@harbour.example")
    assert "(312) 555-0189" in ada.get(ADDRESS).text


def test_numbers_and_address_may_be_left_out(ada: Visitor, shop: Shop) -> None:
    ada.post(ADDRESS, data={**GOOD, "voice_phone": "", "texting_number": "", "email": "", "street": ""})
    assert (shop.voice_phone, shop.texting_number, shop.email, shop.street) == ("", None, "", "")


@each(
    ("field", "typed"),
    [
        ("name", " "),
        ("name", "x" * 61),
        ("street", "x" * 121),
        ("country", "Oz"),
        ("country", ""),
        ("voice_phone", "911"),
        ("voice_phone", "call us"),
        ("texting_number", "12"),
        ("email", "front desk"),
        ("zone", "Mars/Olympus"),
        ("zone", "../etc/passwd"),
        ("zone", ""),
        ("language", "xx"),
    ],
)
def test_nonsense_is_refused_beside_its_field_and_nothing_changes(ada: Visitor, shop: Shop, field: str, typed: str) -> None:
    answer = ada.post(ADDRESS, data={**GOOD, field: typed}, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert 'value="60602"' in answer.text
    assert shop.postal_code == "60601"


def test_two_shops_do_not_text_from_one_number(ada: Visitor, shop: Shop) -> None:
    other = a_shop("elm")
    answer = ada.post(ADDRESS, data={**GOOD, "texting_number": other.texting_number or ""}, headers=HTMX)
    assert answer.status_code == 422
    assert "Another shop sends its texts from this number." in answer.text


def test_in_another_zone_booked_drop_offs_keep_their_time_on_the_wall(ada: Visitor, shop: Shop) -> None:
    drop_off = a_drop_off(shop, date(2025, 5, 16), time(10))
    ada.post(ADDRESS, data={**GOOD, "zone": "America/New_York"})
    assert drop_off.starts_at == local("2025-05-16 10:00", "America/New_York")
    assert drop_off.follow_up_at == local("2025-05-15 10:00", "America/New_York")
