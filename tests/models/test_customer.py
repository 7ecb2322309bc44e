"""Customers and their vehicles: what is taken, what is refused, how they are found."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from models import Customer, Refused, phone
from tests.ground.makers import a_customer, a_shop, a_vehicle


@pytest.mark.parametrize(
    "number", ["abc", "12", "312555014", "+1 312 555 01422 x", "00000000000", "(312) CALL-NOW now", "٣١٢", "+999 12345678"]
)
def test_a_phone_number_that_is_none_is_refused(number: str) -> None:
    with pytest.raises(Refused) as refused:
        phone.normalised(number, "US")
    assert "phone" in refused.value.errors


@pytest.mark.parametrize(
    ("typed", "country", "e164"),
    [
        ("312 555 0142", "US", "+13125550142"),
        ("(312) 555-0142", "US", "+13125550142"),
        ("06 12345678", "NL", "+31612345678"),
        ("+31 97 0102040", "NL", "+31970102040"),
    ],
)
def test_a_number_is_kept_in_one_form_however_it_is_typed(typed: str, country: str, e164: str) -> None:
    assert phone.normalised(typed, country) == e164


@given(text=st.text(max_size=40))
def test_whatever_is_typed_as_a_number_is_kept_or_refused(text: str) -> None:
    try:
        assert phone.normalised(text, "US").startswith("+")
    except Refused:
        pass


@pytest.mark.parametrize(
    "address", ["maria", "maria@", "@mail.example", "maria@mail", "maria @mail.example", "a@b@mail.example", "maria@-.example"]
)
def test_an_address_that_is_none_is_refused(app: Flask, address: str) -> None:
    with pytest.raises(Refused) as refused:
        a_customer(a_shop(), emails=[address])
    assert "email" in refused.value.errors


def test_a_customer_needs_some_name(app: Flask) -> None:
    with pytest.raises(Refused) as refused:
        a_customer(a_shop(), " ", "")
    assert "last_name" in refused.value.errors


def test_the_first_name_is_not_required(app: Flask) -> None:
    devon = a_customer(a_shop(), "", "Pratt")
    assert (devon.name, devon.greeting) == ("Pratt", "")


def test_a_company_goes_by_its_own_name(app: Flask) -> None:
    bakery = a_customer(a_shop(), "", "", company_name="Corner Bakery")
    assert (bakery.kind, bakery.mailing_name) == ("company", "Corner Bakery")


def test_a_customer_is_found_by_phone_name_and_plate(app: Flask) -> None:
    customer = a_customer(a_shop())
    a_vehicle(customer)
    for words in ["0142", "312 555", "(312) 555-0142", "lop", "Maria L", "lopez maria", "demo 1", "DEMO-101"]:
        assert Customer.search(customer.shop, words) == [customer], words


def test_nobody_is_found_by_what_fits_nobody(app: Flask) -> None:
    customer = a_customer(a_shop())
    a_vehicle(customer)
    for words in ["", "m", "zz", "9999", "%", "__", "lop%z"]:
        assert Customer.search(customer.shop, words) == [], words


def test_nobody_is_found_in_another_shop(app: Flask) -> None:
    a_customer(a_shop("harbour"))
    assert Customer.search(a_shop("elm"), "lopez") == []


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"make": "", "model": "", "plate": ""}, "make"),
        ({"year": 1700}, "year"),
        ({"year": 2099}, "year"),
        ({"odometer": -1}, "odometer"),
        ({"vin": "TOO SHORT"}, "vin"),
    ],
)
def test_a_vehicle_that_can_not_be_is_refused(app: Flask, details: dict[str, Any], field: str) -> None:
    customer = a_customer(a_shop())
    with pytest.raises(Refused) as refused:
        a_vehicle(customer, **details)
    assert field in refused.value.errors
