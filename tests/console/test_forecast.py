"""What goes out: the next seven days on a page, each line with its why, and one that is skipped and taken back."""

from collections.abc import Callable
from datetime import date, time

import pytest
from flask import Flask

from models import Actor, Shop, Skip, db
from models.forecast import Forecast
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_customer, a_drop_off, a_member, a_shop, a_vehicle, signed_in
from tests.ground.queries import counted

HTMX = {"HX-Request": "true"}
PAGE = "/console/messages/forecast"
THURSDAY = date(2025, 5, 15)
CUSTOMER = Actor("customer", "Maria Lopez", ip="127.0.0.1")


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop(booking_message=False)


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop))
    return client


def what(shop: Shop) -> str:
    return Forecast(shop, 7).lines[0].what


def test_it_says_who_gets_what_when_and_why(sam: Visitor, shop: Shop) -> None:
    a_drop_off(shop, THURSDAY, time(14))
    page = sam.get(PAGE).text
    for words in ("Wed, May 14", "2:00 PM", "Maria Lopez", "(312) 555-0142", "Reminder", "Why?", "Nobody skipped it.", "Skip this one"):
        assert words in page


def test_what_will_be_stopped_says_by_what(sam: Visitor, shop: Shop) -> None:
    a_drop_off(shop, THURSDAY).request_reschedule("Friday", by=CUSTOMER)
    page = sam.get(PAGE).text
    assert "The customer asked for another date, and nobody has dealt with it yet." in page
    assert "Why not?" in page
    assert "Skip this one" not in page


def test_who_prefers_the_phone_is_a_call(sam: Visitor, shop: Shop) -> None:
    a_drop_off(shop, THURSDAY, preference="phone")
    assert "The customer prefers the phone: somebody calls." in sam.get(PAGE).text


def test_one_is_skipped_and_taken_back(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop, THURSDAY)
    answer = sam.post(f"{PAGE}/skips", data={"what": what(shop)}, headers=HTMX)
    assert "Skipped: Maria Lopez gets no message." in answer.text
    assert "Undo" in answer.text
    assert answer.headers["HX-Trigger"] == "refresh"
    page = sam.get(PAGE).text
    assert "Skipped by Sam Ortiz." in page
    assert "Let it go" in page
    assert sam.post(f"{PAGE}/returns", data={"what": what(shop)}).location == PAGE
    assert "Skip this one" in sam.get(PAGE).text
    log = [fact.sentence for fact in appointment.facts]
    assert log[-2:] == ["Decided that a message shall not go", "Decided that a message goes after all"]


def test_what_is_another_shops_or_nothing_is_not_there(sam: Visitor) -> None:
    elm = a_shop("elm", booking_message=False)
    a_drop_off(elm, THURSDAY)
    for verb in ("skips", "returns"):
        assert sam.post(f"{PAGE}/{verb}", data={"what": what(elm)}).status_code == 404
        assert sam.post(f"{PAGE}/{verb}").status_code == 404
    assert db.session.query(Skip).count() == 0


def test_a_name_like_markup_is_only_words(sam: Visitor, shop: Shop) -> None:
    customer = a_customer(shop, "<script>alert(1)</script>", "<b>", phones=[])
    a_vehicle(customer)
    a_drop_off(shop, THURSDAY, preference="email", customer=customer)
    assert "<script>alert" not in sam.get(PAGE).text


def test_messages_and_today_lead_there_and_it_listens(sam: Visitor) -> None:
    for address in ("/console/messages/log", "/console/"):
        assert f'href="{PAGE}"' in sam.get(address).text
    panel = sam.get(PAGE, headers=HTMX).text
    assert panel.lstrip().startswith('<div id="forecast"')
    assert "messages from:#live" in panel
    assert "Nothing goes out in the next seven days." in panel


def test_it_asks_as_often_for_many_as_for_few(client: Visitor) -> None:
    counts = []
    for slug, rows in (("few", 2), ("many", 20)):
        shop = a_shop(slug)
        for number in range(rows):
            customer = a_customer(shop, "Lena", f"Berg{number}", phones=[f"+1312555{number:04}"], emails=[f"berg{number}@mail.example"])
            a_vehicle(customer)
            drop_off = a_drop_off(shop, THURSDAY, time(9), "email" if number % 2 else "text", customer, accept_warnings=True)
            drop_off.confirm(by=SAM)
        signed_in(client, a_member(shop))
        with counted() as asked:
            assert client.get(PAGE).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


# why, on messages that are written


def test_a_message_that_was_called_off_says_why_not(sam: Visitor, shop: Shop) -> None:
    shop.location.booking_message = True
    appointment = a_drop_off(shop, THURSDAY)
    appointment.move(date(2025, 5, 16), time(9), by=SAM)
    first, second = appointment.messages
    page = sam.get(f"/console/messages/{first.id}").text
    assert "Why not?" in page
    assert "The appointment is over or was changed since." in page
    assert "Why not?" not in sam.get(f"/console/messages/{second.id}").text


def test_every_message_that_went_or_did_not_shows_the_rules_that_were_tried(sam: Visitor, shop: Shop) -> None:
    shop.location.booking_message = True
    appointment = a_drop_off(shop, THURSDAY)
    appointment.remind(by=SAM)
    appointment.cancel(by=SAM)
    for message in appointment.messages:
        assert 'class="trace"' in sam.get(f"/console/messages/{message.id}").text
