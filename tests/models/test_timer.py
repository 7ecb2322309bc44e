"""Time in a status counts the shop's open hours, and says by itself when little is left (specification 2, point 5)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from models import ClosingDay, Shop, Status, StatusStay, Timer
from models.timer import OpenTime, Tone, margin
from tests.ground.makers import a_shop, local

MONDAY = "2025-05-12"


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


def stay_of(timer: Timer, estimate: int | None, since: str = f"{MONDAY} 09:00") -> StatusStay:
    return StatusStay(status=Status(name="Inspecting", timer=timer), entered_at=local(since), minutes=estimate)


@pytest.mark.parametrize(
    ("clock", "left", "tone"),
    [
        ("09:00:01", "0:44:59", Tone.fine),
        ("09:34:59", "0:10:01", Tone.fine),
        ("09:35:00", "0:10:00", Tone.soon),
        ("09:44:59", "0:00:01", Tone.soon),
        ("09:45:00", "0:00:00", Tone.over),
        ("09:50:00", "-1 day, 23:55:00", Tone.over),
    ],
)
def test_a_count_down_of_three_quarters_of_an_hour(shop: Shop, clock: str, left: str, tone: Tone) -> None:
    display = stay_of(Timer.count_down, 45).display(shop, local(f"{MONDAY} {clock}"))
    assert (str(display.left), display.tone) == (left, tone)


def test_twenty_minutes_left_at_closing_are_twenty_minutes_next_morning(shop: Shop) -> None:
    stay = stay_of(Timer.count_down, 60, f"{MONDAY} 16:50")
    for moment in (f"{MONDAY} 17:30", f"{MONDAY} 23:00", "2025-05-13 08:00"):
        assert stay.display(shop, local(moment)).left == minutes(20)
    assert stay.display(shop, local("2025-05-13 08:10")).left == minutes(10)


def test_a_weekend_and_a_closing_day_count_nothing_and_the_wall_shows_beside(shop: Shop) -> None:
    shop.closing_days.append(ClosingDay(date=date(2025, 5, 26), name="Memorial Day"))
    display = stay_of(Timer.count_up, None, "2025-05-23 17:00").display(shop, local("2025-05-27 08:30"))
    assert display.elapsed == minutes(60)
    assert display.wall == timedelta(days=3, hours=15, minutes=30)


def test_colours_change_at_instants_that_any_screen_can_wait_for(shop: Shop) -> None:
    display = stay_of(Timer.count_down, 60, f"{MONDAY} 17:00").display(shop, local(f"{MONDAY} 17:00"))
    assert display.soon_at == local("2025-05-13 08:18")
    assert display.over_at == local("2025-05-13 08:30")


def test_a_count_up_is_green_until_it_is_too_long(shop: Shop) -> None:
    assert stay_of(Timer.count_up, None).display(shop, local("2025-05-16 17:00")).tone is Tone.fine
    assert stay_of(Timer.count_up, 60).display(shop, local(f"{MONDAY} 09:59")).tone is Tone.fine
    assert stay_of(Timer.count_up, 60).display(shop, local(f"{MONDAY} 10:00")).tone is Tone.over


def test_an_open_status_tracks_nothing(shop: Shop) -> None:
    display = stay_of(Timer.open, None).display(shop, local(f"{MONDAY} 16:00"))
    assert (display.tone, display.left, display.over_at) == (Tone.plain, None, None)


def test_an_ended_stay_stands_still(shop: Shop) -> None:
    stay = stay_of(Timer.count_down, 45)
    stay.left_at = local(f"{MONDAY} 09:20")
    assert stay.display(shop, local("2025-05-16 12:00")).elapsed == minutes(20)


def test_a_shop_that_never_opens_again_counts_nothing_and_never_ends(shop: Shop) -> None:
    shop.hours = []
    display = stay_of(Timer.count_down, 45).display(shop, local("2025-05-16 12:00"))
    assert (display.elapsed, display.over_at) == (timedelta(), None)


@pytest.mark.parametrize(("estimate", "little"), [(45, 10), (200, 40), (16, 8), (10, 5), (50, 10), (51, 10.2)])
def test_little_is_a_fifth_or_ten_minutes_but_never_more_than_half(estimate: float, little: float) -> None:
    assert margin(minutes(estimate), percent=20, minutes=10) == minutes(little)


moments = st.datetimes(datetime(2025, 1, 1), datetime(2025, 12, 20)).map(lambda naive: local(naive.isoformat()))


@given(start=moments, length=st.integers(0, 10 * 24 * 60), cut=st.floats(0, 1))
def test_open_time_of_a_whole_is_that_of_its_parts(start: datetime, length: int, cut: float) -> None:
    hours = OpenTime(office())
    end = start + minutes(length)
    middle = start + (end - start) * cut
    assert hours.between(start, middle) + hours.between(middle, end) == hours.between(start, end)


@given(start=moments, wait=st.integers(1, 40 * 60))
def test_after_a_wait_just_that_wait_has_passed(start: datetime, wait: int) -> None:
    hours = OpenTime(office())
    end = hours.after(start, minutes(wait))
    assert end is not None
    assert hours.between(start, end) == minutes(wait)


def office() -> Shop:
    """A shop in memory alone: Monday to Friday 8 to 17:30, in Chicago."""
    from models import OpeningHours

    return Shop(zone="America/Chicago", hours=[OpeningHours(weekday=day, opens=time(8), closes=time(17, 30)) for day in range(5)])


def test_clocks_that_go_forward_or_back_leave_open_hours_as_long_as_they_are(shop: Shop, at: Callable[..., None]) -> None:
    for sunday in ("2025-03-09", "2025-11-02"):
        monday = date.fromisoformat(sunday) + timedelta(days=1)
        saturday = date.fromisoformat(sunday) - timedelta(days=1)
        assert OpenTime(shop).between(local(f"{saturday} 00:00"), local(f"{monday} 09:00")) == minutes(60)
