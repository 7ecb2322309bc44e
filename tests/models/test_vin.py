"""VINs: what can be one, what its check digit catches, which model year it names."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models import Refused, vin
from models.vin import Vin

pytestmark = pytest.mark.one_database

CHARACTERS = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
some_vin = st.text(CHARACTERS, min_size=17, max_size=17)


def with_check_digit(number: str) -> str:
    """The same, made to fit."""
    return number[:8] + Vin(number).check_digit + number[9:]


@pytest.fixture(autouse=True)
def today(at: Callable[..., None]) -> None:
    at("2026-11-22 09:00")


@pytest.mark.parametrize(
    ("number", "fits", "years"),
    [
        ("1M8GDM9AXKP042788", True, [1989, 2019]),
        ("11111111111111111", True, [2001]),
        ("1ZZDM5A14JD000101", True, [2018, 1988]),
        ("1ZZDM5A12PD000106", True, [2023, 1993]),
        ("1ZZDM5A19JD000101", False, [2018, 1988]),
        ("WVWZZZ1JZXW000001", False, [1999]),
    ],
)
def test_check_digit_and_model_year_by_the_seventh_character(number: str, fits: bool, years: list[int]) -> None:
    assert (Vin.parse(number).fits, Vin.parse(number).years) == (fits, years)


def test_a_european_vin_whose_check_digit_does_not_fit_names_no_year_for_sure() -> None:
    assert (Vin("WVWZZZ1JZXW000001").year, Vin("WBA3A5C57CF256651").year, Vin("1ZZDM5A19JD000101").year) == (None, 2012, 2018)
    assert not vin.is_doubtful("WVWZZZ1JZXW000001")


def test_a_year_that_is_far_ahead_is_none() -> None:
    assert Vin("1ZZDM5A14YD000101").years == [2000]  # a letter in the seventh place would say 2030
    assert Vin("1ZZDM5A14UD000101").years == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("1zzdm5a1-4jd0 0o101", "is the O at place 14 a 0?"),
        ("IZZ", "is the I at place 1 a 1?"),
        ("1ZZDM5A14JD00010", "here are 16"),
        ("1ZZDM5A14JD0001011", "here are 18"),
        ("1ZZDM5A14JD0001٣1", "digits and letters alone"),
    ],
)
def test_what_is_wrong_with_a_vin_is_said_to_the_character(typed: str, words: str) -> None:
    with pytest.raises(Refused, match=words.replace("?", r"\?")) as refused:
        Vin.parse(typed)
    assert "vin" in refused.value.errors


@given(some_vin, st.integers(0, 16), st.sampled_from(CHARACTERS))
def test_one_wrong_character_is_caught_unless_it_counts_alike(number: str, place: int, other: str) -> None:
    number = with_check_digit(number)
    wrong = number[:place] + other + number[place + 1 :]
    assume(wrong != number)
    alike = place != 8 and vin._VALUES[other] == vin._VALUES[number[place]]
    assert Vin(wrong).fits == alike


@given(some_vin, st.sampled_from([place for place in range(16) if place not in (7, 8)]))
def test_two_neighbours_that_changed_places_are_caught_unless_they_count_alike(number: str, place: int) -> None:
    number = with_check_digit(number)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    alike = vin._VALUES[number[place]] == vin._VALUES[number[place + 1]]
    assert Vin(swapped).fits == alike
