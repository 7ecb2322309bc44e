"""Money: exact, rounded half-up where it says so, and split without a cent lost."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import number
from models.money import LARGEST, Exact, Money, decimals, shown
from models.refused import Refused

AMOUNTS = st.integers(-LARGEST, LARGEST)
WEIGHTS = st.lists(st.integers(0, LARGEST), min_size=1, max_size=30)
CURRENCIES = st.sampled_from(["JPY", "USD", "EUR", "BHD"])


@given(AMOUNTS, WEIGHTS)
def test_the_parts_of_a_split_add_up_to_the_whole(minor: int, weights: list[int]) -> None:
    parts = Money(minor, "USD").split(weights)
    assert sum(part.minor for part in parts) == (minor if any(weights) else 0)


@given(st.integers(0, LARGEST), WEIGHTS)
def test_no_part_is_a_whole_unit_away_from_its_share(minor: int, weights: list[int]) -> None:
    for part, weight in zip(Money(minor, "USD").split(weights), weights, strict=True):
        assert abs(part.minor * sum(weights) - minor * weight) < max(sum(weights), 1)


def test_equal_parts_give_the_odd_cent_to_the_first() -> None:
    assert [part.minor for part in Money(100, "USD").split([1, 1, 1])] == [34, 33, 33]
    assert [part.minor for part in Money(-100, "USD").split([1, 1, 1])] == [-34, -33, -33]


@pytest.mark.parametrize(
    ("minor", "factor", "rounded"), [(1, "0.5", 1), (1, "0.49999", 0), (5, "0.5", 3), (-1, "0.5", -1), (14500, "1.8", 26100)]
)
def test_a_product_is_rounded_half_up(minor: int, factor: str, rounded: int) -> None:
    assert Money(minor, "USD").times(Decimal(factor)).minor == rounded


@given(st.integers(0, LARGEST), st.decimals(0, 100, places=4))
def test_what_is_within_a_price_and_what_is_left_make_the_price(minor: int, rate: Decimal) -> None:
    price = Money(minor, "EUR")
    assert price - price.included(rate) + price.included(rate) == price
    assert abs((price - price.included(rate)).percent(rate).minor - price.included(rate).minor) <= 1


def test_twenty_one_of_a_hundred_and_twenty_one_is_tax() -> None:
    assert Money(12100, "EUR").included(Decimal(21)).minor == 2100


@given(CURRENCIES, st.integers(0, LARGEST))
def test_an_amount_comes_out_as_it_went_in_whatever_the_decimals(currency: str, minor: int) -> None:
    assert Money.of(Money(minor, currency).amount, currency).minor == minor


@pytest.mark.parametrize(("currency", "count"), [("JPY", 0), ("USD", 2), ("EUR", 2), ("BHD", 3)])
def test_currencies_have_their_own_decimals(currency: str, count: int) -> None:
    assert decimals(currency) == count
    with pytest.raises(Refused):
        Money.of(Decimal(1).scaleb(-count - 1), currency)


@pytest.mark.parametrize("amount", ["-0.01", "10000000.00", "1e30", "NaN", "Infinity"])
def test_what_is_negative_or_beyond_all_prices_is_refused(amount: str) -> None:
    with pytest.raises(Refused):
        Money.of(Decimal(amount), "USD")


def test_two_currencies_are_never_added() -> None:
    with pytest.raises(ValueError, match="can't be added"):
        Money(1, "USD") + Money(1, "EUR")


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "text"),
    [
        (123450, "USD", "en_US", "$1,234.50"),
        (123450, "USD", "es_US", "$1,234.50"),
        (123450, "EUR", "nl_NL", "€\u00a01.234,50"),
        (1234, "JPY", "en_US", "¥1,234"),
        (1234500, "BHD", "en_US", "BHD1,234.500"),
        (-500, "USD", "en_US", "-$5.00"),
    ],
)
def test_people_read_it_as_their_country_writes_it(minor: int, currency: str, locale: str, text: str) -> None:
    assert shown(Money(minor, currency), locale).replace("BHD\u00a0", "BHD") == text


def test_a_kept_decimal_with_too_many_places_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="places"):
        Exact(2).process_bind_param(Decimal("0.125"), None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "locale", "value"),
    [
        ("12.50", "en_US", "12.50"),
        ("12,50", "en_US", "12.50"),
        ("12,50", "nl_NL", "12.50"),
        ("12.50", "nl_NL", "12.50"),
        ("1,234", "en_US", "1234"),
        ("1.234", "nl_NL", "1234"),
        ("1.234", "en_US", "1.234"),
        ("1,234", "nl_NL", "1.234"),
        ("1,234.56", "nl_NL", "1234.56"),
        ("1.234,56", "en_US", "1234.56"),
        ("1,234,567", "en_US", "1234567"),
        (" 1 234,5 ", "nl_NL", "1234.5"),
        (".5", "en_US", "0.5"),
        ("5.", "en_US", "5"),
        ("-3", "en_US", "-3"),
        ("0,125", "en_US", "0.125"),
    ],
)
def test_a_point_or_a_comma_before_the_decimals_is_understood(text: str, locale: str, value: str) -> None:
    assert number.read(text, locale) == Decimal(value)


@pytest.mark.parametrize("text", ["", "-", ".", "1e5", "NaN", "1.2.3", "12,34,5", "½", "٣", "1..2", "--1", "9" * 25, "0x1F", "1_000"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"like 12\.50"):
        number.read(text, "en_US")


@given(st.decimals(0, 99999, places=3), st.sampled_from(["en_US", "nl_NL", "es_ES"]))
def test_what_a_field_shows_is_read_back_the_same(value: Decimal, locale: str) -> None:
    assert number.read(number.written(value, locale), locale) == value


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_is_refused(text: str) -> None:
    with suppress(Refused):
        assert number.read(text, "en_US").is_finite()
