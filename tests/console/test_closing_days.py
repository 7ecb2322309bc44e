"""Closed dates: the shop's own, and holidays that it accepts."""

from collections.abc import Callable
from datetime import date, time

import pytest
from flask import Flask

from models import Shop
from models.closing_day import calendars, suggested
from models.refused import Refused
from models.shop_settings import close_on
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.makers import SAM, a_drop_off, a_member, a_shop, local, signed_in

HTMX = {"HX-Request": "true"}
ADDRESS = "/console/settings/closed-dates"


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop(holiday_calendar="US-IL")


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop, "administrator"))
    return client


def test_a_date_is_closed_with_its_reason(ada: Visitor, shop: Shop) -> None:
    assert ada.post(ADDRESS, data={"date": "2025-05-20", "name": "Stock-taking"}).status_code == 303
    assert not shop.is_open(date(2025, 5, 20))
    page = ada.get(ADDRESS).text
    assert "Tuesday, May 20, 2025" in page
    assert "Stock-taking" in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"date": ""}, "date"),
        ({"date": "soon"}, "date"),
        ({"date": "2025-02-30"}, "date"),
        ({"date": "2025-05-11"}, "date"),
        ({"date": "2025-05-26"}, "date"),
        ({"name": "x" * 81}, "name"),
    ],
)
def test_no_date_a_past_one_a_known_one_and_a_long_reason_are_refused(ada: Visitor, shop: Shop, typed: dict[str, str], field: str) -> None:
    close_on(shop, {date(2025, 5, 26): "Memorial Day"}, by=SAM)
    answer = ada.post(ADDRESS, data={"date": "2025-05-20", "name": "Stock-taking", **typed}, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert len(shop.closing_days) == 1


def test_drop_offs_that_are_booked_then_are_counted_and_led_to(ada: Visitor, shop: Shop) -> None:
    a_drop_off(shop, date(2025, 5, 20))
    a_drop_off(shop, date(2025, 5, 20), time(11)).cancel(by=SAM)
    ada.post(ADDRESS, data={"date": "2025-05-20"})
    page = ada.get(ADDRESS).text
    assert "1 drop-off is booked on it: move it." in page
    assert "1 drop-off to move" in page
    assert "/console/calendar?view=day&amp;date=2025-05-20" in page


def test_removing_offers_to_undo_and_undoing_keeps_the_name(ada: Visitor, shop: Shop) -> None:
    close_on(shop, {date(2025, 5, 26): "Memorial Day"}, by=SAM)
    answer = ada.post(f"{ADDRESS}/2025-05-26/removal", headers=HTMX)
    assert ("Undo" in answer.text, 'value="Memorial Day"' in answer.text, answer.headers["HX-Trigger"]) == (True, True, "refresh")
    assert shop.is_open(date(2025, 5, 26))
    ada.post(f"{ADDRESS}/2025-05-26/return", data={"name": "Memorial Day"}, headers=HTMX)
    assert [(day.date, day.name) for day in shop.closing_days] == [(date(2025, 5, 26), "Memorial Day")]


def test_removing_twice_and_undoing_twice_change_nothing_more(ada: Visitor, shop: Shop) -> None:
    close_on(shop, {date(2025, 5, 26): "Memorial Day"}, by=SAM)
    assert [ada.post(f"{ADDRESS}/2025-05-26/removal", headers=HTMX).status_code for _time in range(2)] == [200, 200]
    assert [ada.post(f"{ADDRESS}/2025-05-26/return", headers=HTMX).status_code for _time in range(2)] == [200, 200]
    assert len(shop.closing_days) == 1


def test_holidays_of_this_year_and_the_next_are_suggested_if_the_shop_would_be_open(ada: Visitor, shop: Shop) -> None:
    page = ada.get(ADDRESS).text
    assert 'value="2025-05-26"' in page
    assert 'value="2026-05-25"' in page
    assert 'value="2025-01-01"' not in page  # past
    assert 'value="2026-07-04"' not in page  # a Saturday


def test_only_ticked_suggestions_are_accepted(ada: Visitor, shop: Shop) -> None:
    ada.post(f"{ADDRESS}/holidays", data={"day": ["2025-05-26", "2025-11-27", "2025-05-27"]})
    assert {day.date: day.name for day in shop.closing_days} == {date(2025, 5, 26): "Memorial Day", date(2025, 11, 27): "Thanksgiving Day"}
    assert 'value="2025-05-26"' not in ada.get(ADDRESS).text


@pytest.mark.parametrize("day", ["yesterday", "2025-13-01", "1' OR '1", "%00"])
def test_an_address_without_a_date_is_not_found(ada: Visitor, day: str) -> None:
    assert ada.post(f"{ADDRESS}/{day}/removal").status_code == 404
    assert ada.post(f"{ADDRESS}/holidays", data={"day": day}).status_code == 404


@each("calendar", ["XX", "US-XX", "utils", "country_holidays", "date", "../etc", "x" * 300])
def test_a_calendar_that_is_none_is_refused_beside_its_field(ada: Visitor, shop: Shop, calendar: str) -> None:
    answer = ada.post(f"{ADDRESS}/calendar", data={"holiday_calendar": calendar}, headers=HTMX)
    assert answer.status_code == 422
    assert 'id="holiday_calendar-error"' in answer.text
    assert shop.location.holiday_calendar == "US-IL"


def test_a_calendar_may_be_changed_and_left_out(ada: Visitor, shop: Shop) -> None:
    assert suggested("US-", 2025), "a country without a region"
    ada.post(f"{ADDRESS}/calendar", data={"holiday_calendar": "nl"})
    assert shop.location.holiday_calendar == "NL"
    assert 'value="2026-04-27"' in ada.get(ADDRESS).text  # Koningsdag
    ada.post(f"{ADDRESS}/calendar", data={"holiday_calendar": ""})
    assert "No calendar chosen." in ada.get(ADDRESS).text


def test_reminders_skip_a_date_that_is_closed_from_now_on(ada: Visitor, shop: Shop) -> None:
    drop_off = a_drop_off(shop, date(2025, 5, 16), time(10))
    ada.post(ADDRESS, data={"date": "2025-05-15"})
    assert drop_off.follow_up_at == local("2025-05-14 10:00")


def test_every_calendar_that_is_offered_is_one() -> None:
    for country in ("US", "NL", "DE"):
        assert calendars(country)[0] == country
        assert all(suggested(calendar, 2025) for calendar in calendars(country))
    assert calendars("ZZ") == []
    with pytest.raises(Refused):
        suggested("ZZ", 2025)
