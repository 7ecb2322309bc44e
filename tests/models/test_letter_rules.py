"""After how many days which letter goes: the sources' examples and the vectors of the demo data, section 8."""

from datetime import date
from itertools import pairwise, takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import LetterKind, LetterRules, Refused, Shop, db
from models.letter_rules import FIELDS
from tests.ground.letters import a_letter_shop, set_days
from tests.ground.makers import SAM


def rules(**days: int) -> LetterRules:
    return LetterRules(channel="email", **{**dict.fromkeys(FIELDS, 0), "never_stop": False, **days})


@pytest.mark.parametrize(
    ("inactive", "dead", "interval", "days"),
    [
        (90, 365, 90, [90, 180, 270, 360]),
        (90, 180, 60, [90, 150]),
        (100, 400, 100, [100, 200, 300]),
        (90, 91, 30, [90]),
        (90, 90, 30, []),
        (0, 365, 30, []),
        (90, 365, 0, [90]),
    ],
)
def test_inactive_letters_go_on_these_days(inactive: int, dead: int, interval: int, days: list[int]) -> None:
    assert list(rules(inactive=inactive, dead=dead, inactive_interval=interval).inactive_days()) == days


@given(inactive=st.integers(1, 400), dead=st.integers(0, 1000), interval=st.integers(0, 400))
def test_no_inactive_letter_goes_from_dead_on_and_they_are_an_interval_apart(inactive: int, dead: int, interval: int) -> None:
    days = list(rules(inactive=inactive, dead=dead, inactive_interval=interval).inactive_days())
    assert all(inactive <= day < dead for day in days)
    assert {later - earlier for earlier, later in pairwise(days)} <= {interval}
    if interval and dead > inactive:
        assert days[-1] + interval >= dead, "it does not stop too early either"


def test_without_an_end_they_go_on() -> None:
    endless = rules(inactive=100, inactive_interval=100, never_stop=True).inactive_days()
    assert list(takewhile(lambda day: day <= 1000, endless)) == list(range(100, 1001, 100))


@pytest.mark.parametrize(
    ("days", "fields"),
    [
        ({"inactive": 90, "dead": 60, "inactive_interval": 30}, {"dead"}),
        ({"inactive": 120, "dead": 0, "inactive_interval": 60}, {"dead"}),
        ({"thank_you": -1}, {"thank_you"}),
        ({"reminder_1": 61, "no_show": -5, "deferred": 4000}, {"reminder_1", "no_show", "deferred"}),
    ],
)
def test_numbers_that_make_no_sense_are_refused_all_at_once(app: object, days: dict[str, int], fields: set[str]) -> None:
    shop = a_letter_shop()
    with pytest.raises(Refused) as refused:
        LetterRules.change(shop, "email", days, on=True, never_stop=False, by=SAM)
    assert set(refused.value.errors) == fields
    assert db.session.query(LetterRules).count() == 0


def test_dead_without_a_number_is_taken_where_it_never_stops_and_an_equal_one_is_warned_about(app: object) -> None:
    shop = a_letter_shop()
    assert not set_days(shop, inactive=120, inactive_interval=60, never_stop=True).warnings
    assert "dead" in set_days(shop, inactive=90, dead=90, inactive_interval=30).warnings


def test_a_customer_past_dead_is_dead() -> None:
    year = rules(inactive=90, dead=365, inactive_interval=90)
    assert not year.is_dead(date(2025, 1, 1), date(2025, 12, 31))
    assert year.is_dead(date(2025, 1, 1), date(2026, 1, 1))


def test_letters_need_the_operators_word_for_the_business(app: object) -> None:
    shop: Shop = a_letter_shop(thank_you=3)
    assert LetterRules.of(shop, "email").sends
    shop.business.mails_letters = False
    assert not LetterRules.of(shop, "email").sends
    assert LetterRules.of(shop, "postcard").days(LetterKind.thank_you) == 0
