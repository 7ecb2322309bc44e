"""When the reminder before a drop-off goes (specification 1, points 6 and 7)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import clock, follow_up
from models.follow_up import QuietHours
from tests.ground.makers import local

CHICAGO = ZoneInfo("America/Chicago")
MEMORIAL_DAY = date(2025, 5, 26)
ZONES = st.sampled_from(["America/Chicago", "America/New_York", "America/Phoenix", "Europe/Amsterdam", "Australia/Lord_Howe"]).map(ZoneInfo)


def is_open(day: date) -> bool:
    return day.weekday() < 5 and day != MEMORIAL_DAY


def follow_up_of(
    day: str, at: str | None, days_before: int, booked: str = "2025-05-01 08:00", quiet: QuietHours | None = None
) -> datetime | None:
    with clock.at(local(booked)):
        return follow_up.due_at(
            date.fromisoformat(day),
            time.fromisoformat(at) if at else None,
            days_before=days_before,
            morning=time(9),
            is_open=is_open,
            zone=CHICAGO,
            quiet=quiet or QuietHours(time(21), time(8), CHICAGO),
        )


@pytest.mark.parametrize(
    ("drop_off", "at", "days_before", "expected"),
    [
        ("2025-05-16", "09:00", 1, "2025-05-15 09:00"),
        ("2025-05-19", "09:00", 1, "2025-05-16 09:00"),
        ("2025-05-20", "14:00", 3, "2025-05-15 14:00"),
        ("2025-05-27", "08:00", 1, "2025-05-23 08:00"),
        ("2025-05-17", "10:00", 2, "2025-05-15 10:00"),
        ("2025-05-30", "09:00", 7, "2025-05-20 09:00"),
        ("2025-05-16", None, 1, "2025-05-15 09:00"),
    ],
)
def test_it_goes_that_many_business_days_before_at_the_drop_offs_own_time(
    drop_off: str, at: str | None, days_before: int, expected: str
) -> None:
    assert follow_up_of(drop_off, at, days_before) == local(expected)


def test_there_is_none_if_its_moment_is_past_when_the_appointment_is_made() -> None:
    assert follow_up_of("2025-05-15", None, 3, booked="2025-05-14 10:00") is None


def test_there_is_none_where_the_shop_turned_it_off() -> None:
    assert follow_up_of("2025-05-16", "09:00", 0) is None


def test_there_is_none_where_the_shop_is_never_open() -> None:
    assert follow_up.business_days_before(date(2025, 5, 16), 1, lambda day: False) is None


def test_in_quiet_hours_it_moves_to_the_last_minute_before_them() -> None:
    assert follow_up_of("2025-05-16", "07:30", 1) == local("2025-05-14 20:59")


def test_quiet_hours_are_those_of_the_recipient() -> None:
    in_new_york = QuietHours(time(21), time(8), ZoneInfo("America/New_York"))
    assert follow_up_of("2025-05-16", "20:30", 1, quiet=in_new_york) == local("2025-05-15 19:59")


def test_on_the_day_the_clocks_change_it_keeps_the_time_on_the_wall() -> None:
    with clock.at(local("2026-03-01 08:00")):
        due = follow_up.due_at(
            date(2026, 3, 9),
            time(9),
            days_before=1,
            morning=time(9),
            is_open=lambda day: True,
            zone=CHICAGO,
            quiet=QuietHours(time(21), time(8), CHICAGO),
        )
    assert due is not None
    assert due.astimezone(CHICAGO).isoformat() == "2026-03-08T09:00:00-05:00"


@given(
    moment=st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(lambda naive: naive.replace(tzinfo=ZoneInfo("UTC"))),
    zone=ZONES,
    start=st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None)),
    end=st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None)),
)
def test_the_next_allowed_moment_is_never_earlier_and_never_quiet_unless_clocks_jump(
    moment: datetime, zone: ZoneInfo, start: time, end: time
) -> None:
    quiet = QuietHours(start, end, zone)
    allowed = quiet.next_allowed(moment)
    assert moment - timedelta(hours=1) <= allowed <= moment + timedelta(hours=25)
    assert moment in quiet or allowed == moment


@given(days_before=st.integers(1, 7), day=st.dates(date(2025, 1, 1), date(2026, 12, 31)))
def test_between_the_reminder_and_the_drop_off_lie_exactly_the_other_business_days(days_before: int, day: date) -> None:
    reminder = follow_up.business_days_before(day, days_before, is_open)
    assert reminder is not None
    between = (reminder + timedelta(days=n) for n in range(1, (day - reminder).days))
    assert is_open(reminder)
    assert sum(map(is_open, between)) == days_before - 1
