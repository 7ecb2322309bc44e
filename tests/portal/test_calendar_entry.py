"""The .ics file, read back by two parsers that know nothing of each other."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import icalendar
import ics
import pytest
from flask import Flask

from models import Appointment, CalendarEntry, Shop
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_drop_off, a_shop, next_open_day
from tests.portal.forms import read

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def spring(at: Callable[..., None]) -> None:
    at("2026-03-02 08:15", "America/Chicago")


def event_of(appointment: Appointment) -> icalendar.Event:
    (event,) = icalendar.Calendar.from_ical(CalendarEntry(appointment).file).walk("VEVENT")
    return event  # type: ignore[no-any-return]


def as_others_read_it(appointment: Appointment) -> Any:
    (event,) = ics.Calendar(CalendarEntry(appointment).file.decode()).events
    return event


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_it_downloads_as_a_file_that_calendars_open(client: Visitor) -> None:
    answer = client.get(f"{a_drop_off(a_shop()).visit.link.path}/appointment.ics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    assert answer.data.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert b"METHOD:PUBLISH\r\n" in answer.data
    assert b"VTIMEZONE" not in answer.data
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))


@pytest.mark.parametrize(
    ("day", "zone", "starts"),
    [
        ("2026-03-06", "America/Chicago", "2026-03-06 15:00"),
        ("2026-03-09", "America/Chicago", "2026-03-09 14:00"),  # clocks went forward on the 8th
        ("2026-10-30", "America/Chicago", "2026-10-30 14:00"),
        ("2026-11-02", "America/Chicago", "2026-11-02 15:00"),  # and back on the 1st
        ("2026-03-27", "Europe/Amsterdam", "2026-03-27 08:00"),
        ("2026-03-30", "Europe/Amsterdam", "2026-03-30 07:00"),
        ("2026-03-09", "America/Phoenix", "2026-03-09 16:00"),
    ],
)
def test_nine_in_the_morning_is_nine_on_the_shops_clock_whatever_the_season(app: Flask, day: str, zone: str, starts: str) -> None:
    drop_off = a_drop_off(a_shop(zone=zone), day=date.fromisoformat(day))
    event = event_of(drop_off)
    assert event["DTSTART"].to_ical() == utc(starts).strftime("%Y%m%dT%H%M%SZ").encode()
    assert (event.start, event.end) == (utc(starts), utc(starts) + timedelta(minutes=30))
    other = as_others_read_it(drop_off)
    assert (other.begin.datetime, other.end.datetime) == (event.start, event.end)


@pytest.mark.parametrize(
    ("day", "evening"), [("2026-03-06", "2026-03-06 00:00"), ("2026-03-09", "2026-03-08 23:00"), ("2026-11-02", "2026-11-02 00:00")]
)
def test_the_alarm_rings_at_six_on_the_evening_before_whatever_the_season(app: Flask, day: str, evening: str) -> None:
    drop_off = a_drop_off(a_shop(), day=date.fromisoformat(day))
    event = event_of(drop_off)
    (alarm,) = event.walk("VALARM")
    assert event.start + alarm.TRIGGER == utc(evening)
    assert drop_off.shop.local(utc(evening)).time() == time(18)
    (other,) = as_others_read_it(drop_off).alarms
    assert other.trigger == alarm.TRIGGER


def test_both_parsers_read_the_same_words(app: Flask) -> None:
    drop_off = a_drop_off(a_shop(name="Müller; Söhne, Inc. 🚗\r\nBcc: x", street="1 Back\\slash Rd, Unit 5"))
    event, other = event_of(drop_off), as_others_read_it(drop_off)
    assert str(event["SUMMARY"]) == other.name == "Drop-off: 2018 Honda Civic, Müller; Söhne, Inc. 🚗\nBcc: x"
    assert "1 Back\\slash Rd, Unit 5, Chicago, IL 60601" in str(event["LOCATION"])
    assert str(event["LOCATION"]) == other.location
    assert str(event["DESCRIPTION"]) == other.description
    assert str(event["UID"]) == other.uid == drop_off.uid
    assert str(event["URL"]) == other.url


def test_the_words_tell_the_shops_own_clock_its_phone_and_a_link_that_can_do_little(app: Flask) -> None:
    drop_off = a_drop_off(a_shop())
    event = event_of(drop_off)
    words = str(event["DESCRIPTION"])
    assert "Tuesday, March 3, 2026, 9:00 AM CST" in words
    assert "Phone: (312) 555-0100" in words
    assert drop_off.visit.calendar_link.url in words
    assert drop_off.visit.link.token not in CalendarEntry(drop_off).file.decode().replace("\r\n ", "")
    assert event["CONTACT"] == "+13125550100"


def test_without_a_time_it_starts_when_the_shop_opens(app: Flask) -> None:
    drop_off = a_drop_off(a_shop(), at=None)
    assert event_of(drop_off).start == utc("2026-03-03 14:00")
    assert "from 8:00 AM CST" in str(event_of(drop_off)["DESCRIPTION"])


def test_a_moved_appointment_replaces_the_entry_in_the_calendar(app: Flask, at: Callable[..., None]) -> None:
    shop = a_shop()
    drop_off = a_drop_off(shop)
    before = event_of(drop_off)
    at("2026-03-02 11:00", "America/Chicago")
    drop_off.move(next_open_day(shop, 3), time(10, 30), by=SAM)
    after = event_of(drop_off)
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert before["LAST-MODIFIED"].dt < after["LAST-MODIFIED"].dt
    assert before["DTSTAMP"].dt < after["DTSTAMP"].dt
    assert after.start == utc("2026-03-05 16:30")


def test_a_cancelled_appointment_takes_the_entry_off_the_calendar(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop())
    uid = event_of(drop_off)["UID"]
    drop_off.cancel(by=SAM)
    answer = client.get(f"{drop_off.visit.link.path}/appointment.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=CANCEL"
    event = event_of(drop_off)
    assert b"METHOD:CANCEL\r\n" in answer.data
    assert (event["STATUS"], event["UID"], event["SEQUENCE"]) == ("CANCELLED", uid, 1)
    assert event.walk("VALARM") == []


def test_the_same_appointment_gives_the_same_file(app: Flask) -> None:
    drop_off = a_drop_off(a_shop())
    assert CalendarEntry(drop_off).file == CalendarEntry(drop_off).file


def test_google_and_outlook_are_told_the_same_time_and_place(app: Flask) -> None:
    entry = CalendarEntry(a_drop_off(a_shop()))
    google, outlook = parse_qs(urlsplit(entry.google).query), parse_qs(urlsplit(entry.outlook).query)
    assert google["dates"] == ["20260303T150000Z/20260303T153000Z"]
    assert (outlook["startdt"], outlook["enddt"]) == (["2026-03-03T15:00:00Z"], ["2026-03-03T15:30:00Z"])
    assert google["location"] == outlook["location"] == ["Harbour Street Garage, 12 Harbour Street, Chicago, IL 60601"]
    assert google["text"] == outlook["subject"] == ["Drop-off: 2018 Honda Civic, Harbour Street Garage"]


def test_the_entry_speaks_the_language_of_the_page(client: Visitor) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    form = read(client.get(f"{link}?lang=es")).forms["Confirmar la cita"]
    client.post(form.action, data=form.fields)
    links = read(client.get(f"{link}?lang=es")).links
    assert links["Agregar al calendario"] == f"{link}/appointment.ics?lang=es"
    assert "SUMMARY:Entrega: 2018 Honda Civic" in client.get(links["Agregar al calendario"]).text


def test_a_shop_without_phone_or_address_has_entries_too(app: Flask) -> None:
    shop: Shop = a_shop(voice_phone="", street="", city="", region="", postal_code="")
    event = event_of(a_drop_off(shop))
    assert "CONTACT" not in event
    assert event["LOCATION"] == "Harbour Street Garage"
