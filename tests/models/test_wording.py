"""Templates and their fields (specification 1, point 8; demo data 5 and 6)."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from models import MessageTemplate, Refused, segments
from models.letter_kind import CHANNELS, LETTERS
from models.message_template import FIELDS, KEYS, presets
from models.wording import write
from tests.ground.makers import SAM, a_customer, a_drop_off, a_shop, a_vehicle, consenting

pytestmark = pytest.mark.one_database


def body_of(app_customer: Any, **vehicle: Any) -> str:
    a_vehicle(app_customer, **vehicle)
    return a_drop_off(app_customer.shop, customer=consenting(app_customer)).messages[0].body


def test_the_text_greets_by_first_name_names_the_shop_and_holds_one_link(app: Flask) -> None:
    body = a_drop_off(a_shop()).messages[0].body
    assert body.startswith("Harbour Street Garage: Hi Maria, please confirm your Civic drop-off")
    assert body.count("http") == 1


def test_without_a_first_name_it_says_hello(app: Flask) -> None:
    assert ": Hello, please confirm your F-150" in body_of(a_customer(a_shop(), "", "Pratt"), make="Ford", model="F-150")


def test_without_a_model_there_is_no_hole(app: Flask) -> None:
    assert "your vehicle drop-off" in body_of(a_customer(a_shop()), make="", model="", plate="DEMO 9")


def test_a_model_that_is_a_number_goes_with_its_make(app: Flask) -> None:
    assert "your Mazda 3 drop-off" in body_of(a_customer(a_shop()), make="Mazda", model="3")


@pytest.mark.parametrize("language", ["en", "es", "nl"])
def test_a_usual_text_takes_one_segment_in_every_language(app: Flask, language: str) -> None:
    body = body_of(a_customer(a_shop(), language=language))
    assert segments(body).encoding == "GSM-7"
    assert segments(body).count == 1


def test_a_name_outside_the_alphabet_takes_the_longer_way(app: Flask) -> None:
    assert segments(body_of(a_customer(a_shop(), "Łukasz", "Nowak"))).encoding == "UCS-2"


def test_every_template_is_there_in_every_language() -> None:
    texts = {(key, language) for key, channel, language in presets() if channel == "text"}
    keys = {*KEYS, *(key for key, _language in texts if key.startswith("st_"))} - LETTERS
    assert texts == {(key, language) for key in keys for language in ("en", "es", "nl")}
    letters = {(key, channel, language) for key, channel, language in presets() if key in LETTERS}
    assert letters == {(key, channel, language) for key in LETTERS for channel in CHANNELS for language in ("en", "es", "nl")}


@pytest.mark.parametrize("preset", sorted(presets()), ids="-".join)
def test_a_preset_uses_known_fields_alone(preset: tuple[str, str, str]) -> None:
    subject, body = presets()[preset]
    assert set(re.findall(r"\{(\w*)\}", subject + body)) <= set(FIELDS)


@pytest.mark.parametrize(
    "body", ["{nope} {link}", "{ {link}", "{link} {first", "no link at all", "", "x" * 1600 + "{link}", "{{link}}", "{} {link}"]
)
def test_a_text_that_would_leave_a_hole_is_refused_when_it_is_saved(app: Flask, body: str) -> None:
    template = MessageTemplate.of(a_shop(), "appt_confirm", "text", "en")
    with pytest.raises(Refused) as refused:
        template.save("", body, by=SAM)
    assert "body" in refused.value.errors


def test_a_shops_own_words_are_used_until_they_are_reset(app: Flask) -> None:
    shop = a_shop()
    MessageTemplate.of(shop, "appt_confirm", "text", "en").save("", "Ahoy {first}: {link}", by=SAM)
    appointment = a_drop_off(shop)
    assert appointment.messages[0].body.startswith("Ahoy Maria")
    MessageTemplate.of(shop, "appt_confirm", "text", "en").reset(by=SAM)
    assert "Ahoy" not in write(appointment, "booking", "text").body


def test_the_mail_says_the_date_in_full(app: Flask) -> None:
    appointment = a_drop_off(a_shop(), preference="email")
    assert f"{appointment.date:%A, %B} {appointment.date.day}" in appointment.messages[0].subject


def test_a_spanish_time_at_the_end_of_a_sentence_has_one_full_stop(app: Flask) -> None:
    customer = a_customer(a_shop(), language="es")
    a_vehicle(customer)
    body = a_drop_off(customer.shop, customer=customer, preference="email").messages[0].body
    assert " a.m.\n" in body


def test_a_dutch_customer_reads_dutch(app: Flask) -> None:
    customer = a_customer(a_shop(country="NL", language="nl", zone="Europe/Amsterdam"), "Daan", "Bakker", phones=["06 12345678"])
    assert "bevestig" in body_of(customer)


@given(text=st.text(max_size=700))
def test_segments_hold_all_characters_and_no_more_than_needed(text: str) -> None:
    counted = segments(text)
    size = {("GSM-7", True): 160, ("GSM-7", False): 153, ("UCS-2", True): 70, ("UCS-2", False): 67}[counted.encoding, counted.count == 1]
    assert counted.characters + counted.left == size * counted.count
    assert 0 <= counted.left < size or counted.count == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("é" * 160, 1),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments_are_counted_as_carriers_do(text: str, count: int) -> None:
    assert segments(text).count == count


def test_the_day_of_a_reminder_reads_as_people_say_it(app: Flask, at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")
    customer = consenting(a_customer(a_shop()))
    a_vehicle(customer)
    appointment = a_drop_off(customer.shop, date(2025, 5, 16), customer=customer)
    assert "Fri, May 16 9:00 AM" in appointment.messages[0].body
