"""A subscribed calendar: made, renewed and stopped by whom it is for; fetched without a session; read back by two parsers."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import icalendar
import ics
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from jobs.logs import scrub
from models import Actor, CalendarFeed, Customer, Shop, StaffMember, db
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_customer, a_drop_off, a_member, a_shop, a_vehicle, local, signed_in

CUSTOMER = Actor("customer", "Maria Lopez", ip="127.0.0.1")
TUESDAY = date(2026, 3, 3)


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2026-03-02 08:15", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def member(shop: Shop) -> StaffMember:
    return a_member(shop)


@pytest.fixture
def feed(shop: Shop, member: StaffMember) -> CalendarFeed:
    feed = CalendarFeed.make(member, shop, by=SAM)
    db.session.commit()
    return feed


@pytest.fixture
def program(visitors: Callable[[], Visitor]) -> Visitor:
    """A calendar program: no session, no cookies."""
    return visitors()


def path(feed: CalendarFeed) -> str:
    return f"/calendar/{feed.token}.ics"


def events(answer: TestResponse) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(answer.data).walk("VEVENT")  # type: ignore[return-value]


def as_others_read_it(answer: TestResponse) -> list[Any]:
    return sorted(ics.Calendar(answer.data.decode()).events)


def a_friend(shop: Shop) -> Customer:
    lena = a_customer(shop, "Lena", "Berg", phones=["+13125550177"], emails=["lena@mail.example"])
    a_vehicle(lena, make="Müller; Söhne", model="X, 5")
    return lena


# what it says


def test_a_program_reads_the_drop_offs_without_a_session(program: Visitor, shop: Shop, feed: CalendarFeed) -> None:
    appointment = a_drop_off(shop, TUESDAY, type_of_work="Brakes", shop_note="Knows the boss")
    answer = program.get(path(feed))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in answer.headers
    (event,), (other,) = events(answer), as_others_read_it(answer)
    assert str(event["SUMMARY"]) == other.name == "Maria Lopez, 2018 Honda Civic"
    assert str(event["DESCRIPTION"]) == other.description
    for words in ("(312) 555-0142", "DEMO 101", "Brakes", f"http://localhost/console/appointments/{appointment.id}"):
        assert words in other.description
    assert str(event["URL"]) == other.url == f"http://localhost/console/appointments/{appointment.id}"


def test_no_link_of_the_customers_is_in_it(program: Visitor, shop: Shop, feed: CalendarFeed) -> None:
    appointment = a_drop_off(shop, TUESDAY)
    words = program.get(path(feed)).data.replace(b"\r\n ", b"").decode()
    assert not re.search(r"/v/", words)
    assert [link.token for link in appointment.visit.links if link.token in words] == []


@pytest.mark.parametrize(
    ("day", "zone", "starts"),
    [
        ("2026-03-06", "America/Chicago", "2026-03-06 15:00"),
        ("2026-03-09", "America/Chicago", "2026-03-09 14:00"),  # clocks went forward on the 8th
        ("2026-10-30", "America/Chicago", "2026-10-30 14:00"),
        ("2026-11-02", "America/Chicago", "2026-11-02 15:00"),  # and back on the 1st
        ("2026-03-27", "Europe/Amsterdam", "2026-03-27 08:00"),
        ("2026-03-30", "Europe/Amsterdam", "2026-03-30 07:00"),
    ],
)
def test_nine_is_nine_on_the_shops_clock_whatever_the_season(app: Flask, program: Visitor, day: str, zone: str, starts: str) -> None:
    shop = a_shop("far", zone)
    feed = CalendarFeed.make(a_member(shop), shop, by=SAM)
    a_drop_off(shop, date.fromisoformat(day))
    answer = program.get(path(feed))
    (event,), (other,) = events(answer), as_others_read_it(answer)
    moment = datetime.fromisoformat(starts).replace(tzinfo=UTC)
    assert (event.start, event.end) == (moment, moment + timedelta(minutes=30))
    assert (other.begin.datetime, other.end.datetime) == (event.start, event.end)


def test_without_a_time_it_is_on_the_day_as_a_whole(program: Visitor, shop: Shop, feed: CalendarFeed) -> None:
    a_drop_off(shop, TUESDAY, None)
    answer = program.get(path(feed))
    (event,), (other,) = events(answer), as_others_read_it(answer)
    assert (event.start, event.end) == (TUESDAY, date(2026, 3, 4))
    assert other.all_day
    assert event["TRANSP"] == "TRANSPARENT"


def test_a_moved_one_keeps_its_name_and_a_cancelled_one_says_so(program: Visitor, shop: Shop, feed: CalendarFeed) -> None:
    appointment = a_drop_off(shop, TUESDAY)
    (before,) = events(program.get(path(feed)))
    appointment.move(date(2026, 3, 5), time(10), by=SAM)
    (moved,) = events(program.get(path(feed)))
    appointment.cancel(by=SAM)
    (cancelled,) = events(program.get(path(feed)))
    assert before["UID"] == moved["UID"] == cancelled["UID"]
    assert before["UID"] != appointment.uid  # a customer's entry of it may be in the same calendar
    assert [event["SEQUENCE"] for event in (before, moved, cancelled)] == [0, 1, 2]
    assert [event["STATUS"] for event in (before, moved, cancelled)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert moved.start == local("2026-03-05 10:00")


def test_odd_words_survive_both_parsers(program: Visitor, shop: Shop, feed: CalendarFeed) -> None:
    a_drop_off(shop, TUESDAY, customer=a_friend(shop), type_of_work="Oil, filter; \\ done\nBEGIN:VALARM")
    answer = program.get(path(feed))
    (event,), (other,) = events(answer), as_others_read_it(answer)
    assert str(event["SUMMARY"]) == other.name == "Lena Berg, 2018 Müller; Söhne X, 5"
    assert "Oil, filter; \\ done\nBEGIN:VALARM" in other.description
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))


def test_it_spans_a_month_back_and_a_year_ahead(program: Visitor, shop: Shop, feed: CalendarFeed, at: Callable[..., None]) -> None:
    a_drop_off(shop, TUESDAY)
    for moment, there in (("2026-04-02 12:00", 1), ("2026-04-03 12:00", 0)):
        at(moment, "America/Chicago")
        assert len(events(program.get(path(feed)))) == there


def test_another_shops_drop_offs_are_not_in_it(program: Visitor, shop: Shop, feed: CalendarFeed) -> None:
    a_drop_off(a_shop("elm"), TUESDAY)
    assert events(program.get(path(feed))) == []


# fetching it again


def test_an_unchanged_calendar_is_not_sent_again_and_a_changed_one_is(program: Visitor, shop: Shop, feed: CalendarFeed) -> None:
    appointment = a_drop_off(shop, TUESDAY)
    first = program.get(path(feed))
    same = program.get(path(feed), headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    appointment.confirm(by=CUSTOMER)
    changed = program.get(path(feed), headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert "Confirmed" in str(events(changed)[0]["DESCRIPTION"])


def test_another_day_is_another_calendar(program: Visitor, shop: Shop, feed: CalendarFeed, at: Callable[..., None]) -> None:
    before = program.get(path(feed)).headers["ETag"]
    at("2026-03-03 08:15", "America/Chicago")
    assert program.get(path(feed)).headers["ETag"] != before


# whose it is


@pytest.mark.parametrize("token", ["A" * 22, "A" * 21, "", "..", "A" * 500, "%00"])
def test_an_unknown_address_is_not_there(app: Flask, program: Visitor, token: str) -> None:
    assert program.get(f"/calendar/{token}.ics").status_code == 404


def test_a_new_address_revokes_the_old_one_and_both_wrong_ones_look_alike(program: Visitor, feed: CalendarFeed) -> None:
    old = path(feed)
    assert program.get(old).status_code == 200
    feed.renew(by=SAM)
    assert program.get(path(feed)).status_code == 200
    revoked, unknown = program.get(old), program.get(f"/calendar/{'A' * 22}.ics")
    assert (revoked.status_code, revoked.data) == (unknown.status_code, unknown.data) == (404, unknown.data)


def test_a_stopped_address_never_works_again(program: Visitor, shop: Shop, member: StaffMember, feed: CalendarFeed) -> None:
    old = path(feed)
    feed.stop(by=SAM)
    assert program.get(old).status_code == 404
    again = CalendarFeed.make(member, shop, by=SAM)
    assert path(again) != old
    assert (program.get(path(again)).status_code, program.get(old).status_code) == (200, 404)


def test_who_is_disabled_or_no_longer_here_reads_nothing_any_more(
    program: Visitor, shop: Shop, member: StaffMember, feed: CalendarFeed
) -> None:
    member.memberships[0].role = "mechanic"
    assert program.get(path(feed)).status_code == 404
    member.memberships[0].role = "receptionist"
    assert program.get(path(feed)).status_code == 200
    member.memberships.clear()
    assert program.get(path(feed)).status_code == 404


def test_who_is_disabled_reads_nothing_any_more(program: Visitor, member: StaffMember, feed: CalendarFeed) -> None:
    member.disabled_at = local("2026-03-02 08:00")
    assert program.get(path(feed)).status_code == 404


def test_the_database_alone_does_not_give_the_address(feed: CalendarFeed) -> None:
    kept = [getattr(feed, column.name) for column in CalendarFeed.__table__.columns]
    assert feed.token not in map(str, kept)


def test_the_address_is_not_in_the_log(feed: CalendarFeed) -> None:
    assert feed.token not in str(scrub(None, "", {"event": f"GET {path(feed)} 200", "url": feed.url}))


def test_guessing_is_slowed_down(app: Flask, program: Visitor) -> None:
    answers = [program.get(f"/calendar/{number:022}.ics").status_code for number in range(32)]
    assert answers[:30] == [404] * 30
    assert answers[31] == 429


# the console's page


def test_a_member_makes_copies_renews_and_stops_it(client: Visitor, program: Visitor, shop: Shop, member: StaffMember) -> None:
    signed_in(client, member)
    address = "/console/calendar/subscription"
    assert "Make an address" in client.get(address).text
    assert client.post(address).status_code == 303
    client.post(address)
    feed = CalendarFeed.of(member, shop)
    assert feed
    page = client.get(address).text
    assert f"http://localhost{path(feed)}" in page
    assert f"webcal://localhost{path(feed)}" in page
    assert "not yet" in page
    program.get(path(feed))
    assert "8:15 AM" in client.get(address).text.partition("Last fetched")[2]
    old = path(feed)
    client.post(f"{address}/renewal")
    assert old not in client.get(address).text
    client.post(f"{address}/end")
    assert CalendarFeed.of(member, shop) is None
    assert client.post(f"{address}/renewal").status_code == 404


def test_each_member_has_an_address_of_their_own(client: Visitor, shop: Shop, feed: CalendarFeed) -> None:
    signed_in(client, a_member(shop, "administrator", name="Ada"))
    assert feed.token not in client.get("/console/calendar/subscription").text


def test_the_calendar_leads_there(client: Visitor, member: StaffMember) -> None:
    signed_in(client, member)
    assert 'href="/console/calendar/subscription"' in client.get("/console/calendar").text
