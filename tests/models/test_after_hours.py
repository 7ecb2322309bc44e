"""A text while the shop is closed is answered by when somebody reads it: once a night, with consent, to no keyword, under no alarm."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from models import Consent, Delivery, IncomingText, Message, Shop, Thread, TypedText, db
from tests.ground.makers import MARIA, SAM, a_customer, a_shop, consenting

serial = iter(range(1, 1_000_000))
At = Callable[..., None]
NIGHT, WEEKEND, DAY = "2025-05-15 22:10", "2025-05-17 11:00", "2025-05-15 10:00"  # Thursday, Saturday, Thursday


@pytest.fixture
def shop(app: Flask, at: At) -> Shop:
    at("2025-05-01 09:00", "America/Chicago")
    shop = a_shop(answers_after_hours=True)
    shop.location.provider_answers_keywords = False
    consenting(a_customer(shop))
    return shop


def says(shop: Shop, words: str, number: str = MARIA) -> None:
    text = IncomingText.take(shop, f"SM{next(serial):032}", number, words, {})
    assert text
    text.work()
    db.session.commit()


def answers() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == "after_hours").order_by(Message.id)))


def test_a_text_at_night_is_answered_by_when_it_is_read(shop: Shop, at: At) -> None:
    at(NIGHT, "America/Chicago")
    says(shop, "Is it ready?")
    (answer,) = answers()
    assert answer.body.startswith("Harbour Street Garage: thanks, we are closed now. Somebody reads this Fri, May 16 8:00 AM. Questions: ")
    assert answer.state is Delivery.queued
    assert answer.segments == 1


def test_at_the_weekend_it_names_monday_and_closing_days_are_left_out(shop: Shop, at: At) -> None:
    at(WEEKEND, "America/Chicago")
    says(shop, "Is it ready?")
    assert "Mon, May 19 8:00 AM" in answers()[0].body


@pytest.mark.parametrize(("language", "words"), [("es", "ahora estamos cerrados"), ("nl", "we zijn nu gesloten")])
def test_it_speaks_the_customers_language(shop: Shop, at: At, language: str, words: str) -> None:
    Thread.at(shop, MARIA).customers[0].language = language
    at(NIGHT, "America/Chicago")
    says(shop, "Hola")
    assert words in answers()[0].body


def test_in_opening_hours_there_is_none(shop: Shop, at: At) -> None:
    at(DAY, "America/Chicago")
    says(shop, "Is it ready?")
    assert not answers()


def test_once_for_each_night(shop: Shop, at: At) -> None:
    for moment in (NIGHT, "2025-05-15 23:50", "2025-05-16 06:00"):
        at(moment, "America/Chicago")
        says(shop, "Hello?")
    assert len(answers()) == 1
    at("2025-05-16 20:00", "America/Chicago")
    says(shop, "Hello?")
    assert len(answers()) == 2


@pytest.mark.parametrize("word", ["STOP", "HELP", "START", "stop!"])
def test_no_keyword_gets_one(shop: Shop, at: At, word: str) -> None:
    at(NIGHT, "America/Chicago")
    says(shop, word)
    assert not answers()


def test_without_consent_there_is_none(shop: Shop, at: At) -> None:
    at(NIGHT, "America/Chicago")
    says(shop, "Hello?", "+13125550143")
    Consent.note(shop, MARIA, given=False, source="stop", by=SAM)
    says(shop, "Hello?")
    assert not answers()


def test_while_an_alarm_rings_there_is_none(shop: Shop, at: At) -> None:
    at(NIGHT, "America/Chicago")
    says(shop, "Please stop the work")
    says(shop, "Hello?")
    assert not answers()


def test_while_somebody_of_the_shop_is_writing_there_is_none(shop: Shop, at: At) -> None:
    at("2025-05-15 21:30", "America/Chicago")
    TypedText("Still here.", "0123456789abcdef").send(Thread.at(shop, MARIA), by=SAM)
    at(NIGHT, "America/Chicago")
    says(shop, "Great")
    assert not answers()


def test_a_shop_can_do_without(shop: Shop, at: At) -> None:
    shop.location.answers_after_hours = False
    at(NIGHT, "America/Chicago")
    says(shop, "Hello?")
    assert not answers()


def test_a_shop_that_never_opens_promises_nothing(shop: Shop, at: At) -> None:
    shop.hours = []
    at(NIGHT, "America/Chicago")
    says(shop, "Hello?")
    assert not answers()
