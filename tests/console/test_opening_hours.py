"""Opening hours, weekday by weekday."""

from collections.abc import Callable
from datetime import date, time

import pytest
from flask import Flask

from models import Shop
from tests.ground.client import Visitor
from tests.ground.makers import a_drop_off, a_member, a_shop, local, signed_in

HTMX = {"HX-Request": "true"}
ADDRESS = "/console/settings/hours"
MONDAY = date(2025, 5, 12)


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


def week(**changed: str) -> dict[str, str]:
    """Monday to Friday, seven to four."""
    words = {f"{name}_{weekday}": at for weekday in range(5) for name, at in (("open", "1"), ("opens", "07:00"), ("closes", "16:00"))}
    return {**words, **changed}


def test_the_week_is_kept_as_typed_and_days_without_a_tick_are_closed(ada: Visitor, shop: Shop) -> None:
    assert ada.post(ADDRESS, data=week(open_2="", open_5="1", opens_5="09:00", closes_5="12:30")).status_code == 303
    assert (shop.opens(MONDAY), shop.closes(MONDAY)) == (time(7), time(16))
    assert [shop.is_open(date(2025, 5, 12 + weekday)) for weekday in range(7)] == [True, True, False, True, True, True, False]
    assert 'value="12:30"' in ada.get(ADDRESS).text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"closes_0": "06:00"}, "closes_0"),
        ({"closes_4": "07:00"}, "closes_4"),
        ({"opens_1": "25:99"}, "opens_1"),
        ({"opens_1": ""}, "opens_1"),
        ({"closes_3": "late"}, "closes_3"),
    ],
)
def test_what_can_not_be_is_refused_beside_its_day(ada: Visitor, shop: Shop, changed: dict[str, str], field: str) -> None:
    answer = ada.post(ADDRESS, data=week(**changed), headers=HTMX)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert 'value="16:00"' in answer.text
    assert shop.opens(MONDAY) == time(8)


def test_times_of_a_closed_day_are_not_looked_at(ada: Visitor, shop: Shop) -> None:
    assert ada.post(ADDRESS, data=week(open_0="", opens_0="x", closes_0="y")).status_code == 303
    assert not shop.is_open(MONDAY)


def test_a_shop_may_close_on_every_day(ada: Visitor, shop: Shop) -> None:
    assert ada.post(ADDRESS, data={}).status_code == 303
    assert ada.get("/console/calendar?view=week").status_code == 200
    assert shop.hours == []


def test_reminders_skip_days_that_are_closed_from_now_on(ada: Visitor, shop: Shop) -> None:
    drop_off = a_drop_off(shop, date(2025, 5, 16), time(10))
    ada.post(ADDRESS, data=week(open_3=""))
    assert drop_off.follow_up_at == local("2025-05-14 10:00")


def test_a_drop_off_without_a_time_begins_when_the_shop_opens_from_now_on(ada: Visitor, shop: Shop) -> None:
    drop_off = a_drop_off(shop, date(2025, 5, 16), None)
    ada.post(ADDRESS, data=week())
    assert drop_off.starts_at == local("2025-05-16 07:00")
