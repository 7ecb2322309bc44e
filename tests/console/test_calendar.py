"""The calendar: a month, a week or a day of drop-offs, how full they are, and where a click books."""

from collections.abc import Callable
from datetime import date, time

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from models import Actor, Policy, Shop
from models.agenda import Agenda
from models.shop_settings import close_on
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_customer, a_drop_off, a_member, a_shop, a_vehicle, signed_in
from tests.ground.queries import counted

HTMX = {"HX-Request": "true"}
TUESDAY = date(2025, 5, 13)
CUSTOMER = Actor("customer", "Maria Lopez", ip="127.0.0.1")


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop(capacity=8)


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop))
    return client


def booked(shop: Shop, count: int, day: date = TUESDAY) -> None:
    for number in range(count):
        customer = a_customer(shop, "Lena", f"Berg{number}", phones=[], emails=[f"berg{number}@mail.example"])
        a_vehicle(customer)
        a_drop_off(shop, day, time(9 + number % 6), "email", customer, accept_warnings=True)


@pytest.mark.parametrize("view", ["month", "week", "day"])
def test_each_view_shows_who_comes_and_how_it_stands(sam: Visitor, shop: Shop, view: str) -> None:
    a_drop_off(shop, TUESDAY).confirm(by=SAM)
    page = sam.get(f"/console/calendar?view={view}&date=2025-05-13").text
    assert "Maria Lopez" in page
    assert "Confirmed" in page
    assert f"/console/appointments/{Agenda(shop, 'day', TUESDAY).days[0].drop_offs[0].id}" in page


@pytest.mark.parametrize(
    ("address", "span"),
    [
        ("", "May 2025"),
        ("?view=week", "May 11"),
        ("?view=day", "Monday, May 12, 2025"),
        ("?view=fortnight&date=soon", "May 2025"),
        ("?view=day&date=0001-01-01", "Monday, May 12, 2025"),
        ("?view=month&date=9999-12-31", "May 2025"),
        ("?view=day&date=2024-02-29", "Thursday, February 29, 2024"),
    ],
)
def test_the_address_says_what_is_shown_and_nonsense_shows_today(sam: Visitor, address: str, span: str) -> None:
    answer = sam.get(f"/console/calendar{address}")
    assert answer.status_code == 200
    assert span in answer.text


def test_weeks_begin_as_they_do_in_the_country_of_the_shop(shop: Shop) -> None:
    linde = a_shop("delinde", "Europe/Amsterdam", country="NL", texting_number="+31970102040")
    assert Agenda(shop, "week", TUESDAY).first == date(2025, 5, 11)
    assert Agenda(linde, "week", TUESDAY).first == date(2025, 5, 12)


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), view=st.sampled_from(["month", "week", "day"]))
def test_every_day_is_in_its_view_and_views_follow_each_other_without_a_gap(app: Flask, day: date, view: str) -> None:
    agenda = Agenda(Shop(country="US"), view, day)
    assert agenda.first <= day <= agenda.last
    assert (agenda.last - agenda.first).days + 1 in {"month": {28, 35, 42}, "week": {7}, "day": {1}}[view]
    following = Agenda(Shop(country="US"), view, agenda.after)
    assert following.first <= date.fromordinal(agenda.last.toordinal() + 1) <= following.last
    assert Agenda(Shop(country="US"), view, following.before).first == agenda.first


def test_a_closed_date_shows_its_name_and_closed_weekdays_that_they_are_closed(sam: Visitor, shop: Shop) -> None:
    close_on(shop, {date(2025, 5, 26): "Memorial Day"}, by=SAM)
    page = sam.get("/console/calendar?view=month").text
    assert "Memorial Day" in page
    assert page.count('class="closed"') == 11  # five weekends and Memorial Day


def test_a_day_says_how_full_it_is_without_those_who_cancelled(sam: Visitor, shop: Shop) -> None:
    booked(shop, 5)
    a_drop_off(shop, TUESDAY).cancel(by=SAM)
    assert "5 of 8" in sam.get("/console/calendar?view=day&date=2025-05-13").text
    booked(shop, 3)
    assert "full" in sam.get("/console/calendar?view=week&date=2025-05-13").text


def test_a_month_names_four_of_a_day_and_counts_the_rest(sam: Visitor, shop: Shop) -> None:
    booked(shop, 7)
    page = sam.get("/console/calendar?view=month").text
    assert page.count('data-appointment="') == 4
    assert "+ 3 more" in page


@pytest.mark.parametrize(
    ("address", "slot"),
    [
        ("view=month", "/console/appointments/new?date=2025-05-13"),
        ("view=week", "/console/appointments/new?date=2025-05-13&amp;time=14:00"),
        ("view=day&date=2025-05-13", "/console/appointments/new?date=2025-05-13&amp;time=14:00"),
    ],
)
def test_an_empty_slot_leads_to_a_booking_there(sam: Visitor, address: str, slot: str) -> None:
    page = sam.get(f"/console/calendar?{address}").text.replace("%3A", ":")
    assert f'href="{slot}"' in page


def test_what_a_shop_refuses_can_not_be_clicked_and_what_it_warns_of_can(sam: Visitor, shop: Shop) -> None:
    slot, address = "/console/appointments/new?date=2025-05-10", "/console/calendar?view=month"  # Saturday, and past
    assert slot not in sam.get(address).text
    shop.location.past_policy = shop.location.closed_policy = Policy.warn
    assert slot in sam.get(address).text


def test_hours_outside_opening_hours_are_drawn_when_something_is_booked_then(sam: Visitor, shop: Shop) -> None:
    assert "8pm" not in sam.get("/console/calendar?view=week").text
    a_drop_off(shop, TUESDAY, time(20, 15), accept_warnings=True)
    page = sam.get("/console/calendar?view=week").text
    assert "8:15pm" in page


def test_today_is_marked_once(sam: Visitor) -> None:
    assert sam.get("/console/calendar?view=month").text.count("cell--today") == 1
    assert "cell--today" not in sam.get("/console/calendar?view=month&date=2025-07-01").text


@pytest.mark.parametrize("view", ["month", "week", "day"])
def test_each_drop_off_offers_print_and_remind_under_its_name(sam: Visitor, shop: Shop, view: str) -> None:
    booked(shop, 3)
    page = sam.get(f"/console/calendar?view={view}&date=2025-05-13").text
    for drop_off in Agenda(shop, "day", TUESDAY).days[0].drop_offs:
        assert f'aria-describedby="drop-off-{drop_off.id}-name"' in page
        assert page.count(f'id="drop-off-{drop_off.id}-name"') == 1
        assert f'hx-post="/console/appointments/{drop_off.id}/slip"' in page
        assert f'hx-post="/console/appointments/{drop_off.id}/reminder"' in page


@pytest.mark.parametrize("view", ["month", "week", "day"])
def test_what_is_over_can_still_be_printed_but_nobody_is_reminded_of_it(sam: Visitor, shop: Shop, view: str) -> None:
    a_drop_off(shop, TUESDAY, preference="phone").cancel(by=SAM)
    page = sam.get(f"/console/calendar?view={view}&date=2025-05-13").text
    assert "/slip" in page
    assert "/reminder" not in page
    assert "call instead of reminding" not in page


@pytest.mark.parametrize("view", ["month", "week", "day"])
def test_who_may_not_book_is_offered_neither(client: Visitor, shop: Shop, view: str) -> None:
    a_drop_off(shop, TUESDAY)
    signed_in(client, a_member(shop, "mechanic"))
    assert "Print / Remind" not in client.get(f"/console/calendar?view={view}&date=2025-05-13").text


def test_the_panel_comes_alone_to_htmx_and_listens_to_appointments(sam: Visitor) -> None:
    answer = sam.get("/console/calendar?view=week&date=2025-05-13", headers=HTMX)
    assert answer.text.lstrip().startswith('<section id="calendar"')
    assert 'hx-get="/console/calendar?view=week&amp;date=2025-05-13"' in answer.text
    assert "appointments from:#live" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_customer_called_like_markup_is_only_words(sam: Visitor, shop: Shop) -> None:
    customer = a_customer(shop, "<script>alert(1)</script>", "<b>", phones=[])
    a_vehicle(customer, model='"><img src=x>')
    a_drop_off(shop, TUESDAY, preference="email", customer=customer)
    for view in ("month", "week", "day"):
        page = sam.get(f"/console/calendar?view={view}&date=2025-05-13").text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_another_shops_drop_offs_are_not_shown(sam: Visitor) -> None:
    a_drop_off(a_shop("elm"), TUESDAY)
    assert "Maria Lopez" not in sam.get("/console/calendar?view=day&date=2025-05-13").text


@pytest.mark.parametrize("view", ["month", "week", "day"])
def test_it_asks_at_most_twelve_times_however_much_is_booked(client: Visitor, view: str) -> None:
    counts = []
    for slug, rows in (("few", 2), ("many", 24)):
        shop = a_shop(slug)
        booked(shop, rows)
        drop_off = a_drop_off(shop, TUESDAY)
        drop_off.request_reschedule("Friday", by=CUSTOMER)
        drop_off.confirm(by=SAM)
        signed_in(client, a_member(shop))
        with counted() as asked:
            assert client.get(f"/console/calendar?view={view}&date=2025-05-13").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12
