"""What belongs to a shop stays in it; its settings, hours and looks."""

from datetime import date, time

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from models import Branding, CalendarEntry, NotFound, Refused
from models.branding import ENOUGH, contrast
from models.closing_day import suggested
from models.postal_address import one_line
from models.shop_settings import change_hours, change_location
from tests.ground.makers import SAM, a_customer, a_drop_off, a_shop

COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


def test_what_belongs_to_another_shop_is_not_found(app: Flask) -> None:
    harbour, elm = a_shop("harbour"), a_shop("elm")
    appointment = a_drop_off(harbour)
    for load, id in ((elm.appointment, appointment.id), (elm.customer, appointment.customer.id), (elm.message, appointment.messages[0].id)):
        with pytest.raises(NotFound):
            load(id)


def test_a_zone_that_is_none_opens_no_shop(app: Flask) -> None:
    with pytest.raises(Refused, match="no time zone"):
        a_shop("mars", zone="Mars/Olympus")


def test_a_short_name_is_taken_once(app: Flask) -> None:
    a_shop("harbour")
    with pytest.raises(Refused, match="already"):
        a_shop("harbour", texting_number="+13125550199")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("days_before", 8),
        ("days_before", -1),
        ("capacity", 0),
        ("capacity", 501),
        ("consent_keyword", "STOP"),
        ("consent_keyword", "two words"),
        ("holiday_calendar", "XX"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_and_nothing_changes(app: Flask, setting: str, value: object) -> None:
    shop = a_shop()
    before = getattr(shop.location, setting)
    with pytest.raises(Refused) as refused:
        change_location(shop, {setting: value, "reschedule_allowed": False}, by=SAM)
    assert setting in refused.value.errors
    assert (getattr(shop.location, setting), shop.location.reschedule_allowed) == (before, True)


def test_changed_rules_plan_the_reminders_of_what_is_booked_anew(app: Flask) -> None:
    shop = a_shop()
    appointment = a_drop_off(shop, at=time(10))
    change_location(shop, {"days_before": 0}, by=SAM)
    assert appointment.follow_up_at is None


def test_changed_hours_may_cross_the_old_ones(app: Flask) -> None:
    shop = a_shop()
    change_hours(shop, {0: (time(18), time(22)), 1: None}, by=SAM)
    assert (shop.opens(date(2025, 5, 12)), shop.is_open(date(2025, 5, 13))) == (time(18), False)


def test_closing_before_opening_is_refused_beside_its_day(app: Flask) -> None:
    with pytest.raises(Refused) as refused:
        change_hours(a_shop(), {2: (time(17), time(9))}, by=SAM)
    assert list(refused.value.errors) == ["closes_2"]


@pytest.mark.parametrize(
    ("address", "line"),
    [
        (("12 Harbour Street", "Chicago", "IL", "60601", "US"), "12 Harbour Street, Chicago, IL 60601"),
        (("Lindelaan 14", "Utrecht", "", "3511 AB", "NL"), "Lindelaan 14, 3511 AB Utrecht"),
        (("Lindelaan 14", "Utrecht", "", "", "NL"), "Lindelaan 14, Utrecht"),
        (("Calle Mayor 3", "Alcobendas", "Madrid", "28100", "ES"), "Calle Mayor 3, 28100 Alcobendas, Madrid"),
        (("7 Mill Lane", "York", "", "YO1 7AB", "GB"), "7 Mill Lane, York, YO1 7AB"),
        (("", "", "", "", "US"), ""),
    ],
)
def test_an_address_stands_in_the_order_of_its_country(address: tuple[str, str, str, str, str], line: str) -> None:
    assert one_line(*address) == line


def test_a_dutch_shop_has_its_postal_code_before_the_town(app: Flask) -> None:
    shop = a_shop(country="NL", zone="Europe/Amsterdam", street="Lindelaan 14", city="Utrecht", region="", postal_code="3511 AB")
    assert CalendarEntry(a_drop_off(shop, preference="email")).place == "Harbour Street Garage, Lindelaan 14, 3511 AB Utrecht"


def test_holidays_are_suggested_by_calendar() -> None:
    assert suggested("US-IL", 2025)[date(2025, 5, 26)] == "Memorial Day"


@pytest.mark.parametrize(("language", "name"), [("nl", "Koningsdag"), ("en", "King's Day"), ("es", "King's Day")])
def test_holidays_are_named_in_the_shops_language_where_it_is_known(language: str, name: str) -> None:
    assert suggested("NL", 2026, language)[date(2026, 4, 27)] == name


@given(accent=COLOURS)
def test_every_accent_gets_colours_that_can_be_read(accent: str) -> None:
    branding = Branding(accent=accent)
    assert contrast(branding.accent_text, accent) >= ENOUGH
    assert contrast(branding.accent_on_light, "#ffffff") >= ENOUGH
    assert contrast(branding.accent_on_dark, "#16181b") >= ENOUGH


@pytest.mark.parametrize("colour", ["red", "#12345", "#12345g", "123456#", ""])
def test_a_colour_that_is_none_is_refused(colour: str) -> None:
    with pytest.raises(Refused):
        Branding(accent=colour)


def test_two_people_of_one_household_share_a_number_and_stay_two(app: Flask) -> None:
    shop = a_shop()
    ruth, paul = a_customer(shop, "Ruth", "Berg"), a_customer(shop, "Paul", "Berg")
    assert shop.customer(ruth.id) is not shop.customer(paul.id)
