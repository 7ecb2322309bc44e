"""The rules of a location: kept as typed, refused with a sentence, and what a change means for what is booked."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from console.locations import TICKS, _read
from models import Entry, Policy, Shop, db
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.makers import a_drop_off, a_member, a_shop, local, signed_in

HTMX = {"HX-Request": "true"}
ADDRESS = "/console/settings"
GOOD: dict[str, str] = {
    "days_before": "2",
    "morning_time": "10:15",
    "quiet_from": "20:00",
    "quiet_until": "07:30",
    "capacity": "12",
    "past_policy": "warn",
    "closed_policy": "refuse",
    "hours_policy": "refuse",
    "capacity_policy": "refuse",
    "consent_keyword": "garage",
    "booking_message": "1",
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


def test_what_is_typed_is_kept_and_a_box_that_is_not_ticked_is_off(ada: Visitor, shop: Shop) -> None:
    assert ada.post(ADDRESS, data=GOOD).status_code == 303
    location = shop.location
    assert (location.days_before, location.capacity, location.consent_keyword) == (2, 12, "GARAGE")
    assert (location.morning_time, location.quiet_from, location.quiet_until) == (time(10, 15), time(20), time(7, 30))
    assert (location.past_policy, location.capacity_policy) == (Policy.warn, Policy.refuse)
    assert [name for name in TICKS if getattr(location, name)] == ["booking_message"]
    assert 'value="GARAGE"' in ada.get(ADDRESS).text


def test_no_capacity_is_no_limit(ada: Visitor, shop: Shop) -> None:
    ada.post(ADDRESS, data={**GOOD, "capacity": ""})
    assert shop.location.capacity is None


@each(
    ("field", "typed"),
    [
        ("capacity", "0"),
        ("capacity", "abc"),
        ("capacity", "-1"),
        ("capacity", "8.5"),
        ("capacity", "501"),
        ("capacity", "9" * 40),
        ("capacity", "٣"),
        ("days_before", "8"),
        ("days_before", ""),
        ("days_before", "-1"),
        ("morning_time", "25:99"),
        ("morning_time", ""),
        ("quiet_from", "noon"),
        ("past_policy", "sometimes"),
        ("closed_policy", ""),
        ("consent_keyword", "STOP"),
        ("consent_keyword", "two words"),
        ("consent_keyword", ""),
    ],
)
def test_nonsense_is_refused_beside_its_field_and_everything_typed_is_kept(ada: Visitor, shop: Shop, field: str, typed: str) -> None:
    answer = ada.post(ADDRESS, data={**GOOD, field: typed, "reschedule_allowed": ""}, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "20:00" in answer.text or field == "quiet_from"
    assert (shop.location.days_before, shop.location.reschedule_allowed) == (1, True)


def test_all_that_is_wrong_is_said_at_once(ada: Visitor) -> None:
    answer = ada.post(ADDRESS, data={**GOOD, "capacity": "abc", "days_before": "9", "quiet_until": "x"}, headers=HTMX)
    assert all(f'id="{field}-error"' in answer.text for field in ("capacity", "days_before", "quiet_until"))


@given(typed=st.dictionaries(st.sampled_from(sorted(GOOD)), st.text(max_size=30)))
def test_whatever_is_typed_is_taken_or_refused(app: Flask, typed: dict[str, Any]) -> None:
    values, faults = _read({**GOOD, **typed})
    assert set(GOOD) <= set(values) | set(faults)


def test_changed_rules_plan_the_reminders_of_what_is_booked_anew(ada: Visitor, shop: Shop) -> None:
    drop_off = a_drop_off(shop, date(2025, 5, 16), time(10))  # Friday
    assert drop_off.follow_up_at == local("2025-05-15 10:00")
    ada.post(ADDRESS, data={**GOOD, "capacity": ""})
    assert drop_off.follow_up_at == local("2025-05-14 10:00")
    ada.post(ADDRESS, data={**GOOD, "days_before": "0"})
    assert drop_off.follow_up_at is None


def test_who_changed_the_rules_is_in_the_log(ada: Visitor, shop: Shop) -> None:
    ada.post(ADDRESS, data=GOOD)
    entry = db.session.query(Entry).filter_by(verb="location.changed").one()
    assert (entry.actor_name, entry.sentence) == ("Sam Ortiz", "Settings changed")
    assert isinstance(entry.at, datetime)
