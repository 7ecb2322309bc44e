"""From an empty installation to a shop that works: the set-up link, the steps, and what is said next."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from models import Business, FirstSetup, Shop, StaffMember, clock, db
from models.first_setup import LASTS, Step
from tests.ground.client import Visitor
from tests.ground.makers import PASSWORD, a_member, a_shop, signed_in

GOOD = {
    "business": "Pier Motors LLC",
    "shop": "Café Pier",
    "country": "NL",
    "zone": "Europe/Amsterdam",
    "language": "nl",
    "name": "Pat Doe",
    "email": "pat@pier.example",
    "password": PASSWORD,
}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def link(app: Flask) -> str:
    token = FirstSetup.issue()
    db.session.commit()
    return f"/console/first-start/{token}"


@pytest.fixture
def pat(client: Visitor, link: str) -> Visitor:
    assert client.post(link, data=GOOD).location == "/console/set-up/address"
    return client


def the_shop() -> Shop:
    return db.session.scalars(select(Shop)).one()


def test_an_empty_installation_says_where_its_link_is_and_one_with_people_says_nothing(client: Visitor) -> None:
    assert "flask --app wsgi set-up" in client.get("/").text
    a_member(a_shop())
    assert "flask --app wsgi set-up" not in client.get("/").text


def test_the_link_opens_a_business_with_a_shop_of_its_country_and_lets_its_administrator_in(pat: Visitor) -> None:
    shop = the_shop()
    assert (shop.business.name, shop.name, shop.slug) == ("Pier Motors LLC", "Café Pier", "cafe-pier")
    assert (shop.country, shop.currency, shop.language) == ("NL", "EUR", "nl")
    member = db.session.scalars(select(StaffMember)).one()
    assert (member.name, shop.business.main_administrator_id) == ("Pat Doe", member.id)
    assert pat.get("/console/settings").status_code == 200


def test_every_fault_of_the_first_page_is_told_at_once_and_nothing_is_opened(client: Visitor, link: str) -> None:
    wrong = client.post(link, data={"country": "XX", "zone": "Chicago", "email": "pat", "password": "short", "language": "en", "shop": " "})
    assert wrong.status_code == 422
    assert re.findall(r'id="(\w+)-error"', wrong.text) == ["business", "shop", "country", "zone", "name", "email", "password"]
    assert db.session.scalars(select(Business)).all() == []
    assert client.post(link, data=GOOD).status_code == 303  # the link is as good as before


def test_a_link_that_was_used_opens_nothing_more(pat: Visitor, visitors, link: str) -> None:  # type: ignore[no-untyped-def]
    stranger = visitors()
    assert (stranger.get(link).status_code, stranger.post(link, data={**GOOD, "email": "eve@mail.example"}).status_code) == (404, 404)
    assert pat.get(link).location == "/console/set-up"
    assert len(db.session.scalars(select(Business)).all()) == 1


@pytest.mark.parametrize("how", ["unknown", "old", "replaced"])
def test_an_unknown_an_old_and_a_replaced_link_say_how_to_get_a_new_one(client: Visitor, link: str, how: str) -> None:
    if how == "old":
        db.session.scalars(select(FirstSetup)).one().issued_at = clock.now() - LASTS - timedelta(seconds=1)
    elif how == "replaced":
        FirstSetup.issue()
    else:
        link = f"{link[:-3]}xyz"
    page = client.post(link, data=GOOD)
    assert page.status_code == 404
    assert "flask --app wsgi set-up" in page.text
    assert db.session.scalars(select(Business)).all() == []


def test_only_one_of_two_who_send_the_form_at_once_gets_the_link(link: str) -> None:
    setup = FirstSetup.found(link.rpartition("/")[2])
    assert [setup.claim(), setup.claim()] == [True, False]


def test_the_command_prints_a_link_and_with_once_only_where_nobody_can_sign_in(app: Flask, client: Visitor) -> None:
    run = app.test_cli_runner()
    printed = run.invoke(args=["set-up", "--once"]).output.strip()
    assert client.get(printed).status_code == 200
    a_member(a_shop())
    assert run.invoke(args=["set-up", "--once"]).output == ""
    assert "/console/first-start/" in run.invoke(args=["set-up"]).output


def test_steps_save_each_by_itself_and_the_console_says_which_is_next_until_all_are_saved_and_it_is_put_away(pat: Visitor) -> None:
    assert "Go on: Address and phone" in pat.get("/console/").text
    address = {"street": "Pier 1", "city": "Utrecht", "region": "", "postal_code": "3511 AB", "voice_phone": "030 123 4567", "email": ""}
    assert pat.post("/console/set-up/address", data=address).location == "/console/set-up/hours"
    assert the_shop().voice_phone == "+31301234567"
    assert "Go on: Opening hours" in pat.get("/console/").text  # left, and come back to by the front door
    week = {"open_5": "1", "opens_5": "09:00", "closes_5": "12:00"}
    assert pat.post("/console/set-up/hours", data=week).location == "/console/set-up/look"
    assert [row.weekday for row in the_shop().hours] == [5]
    assert pat.post("/console/set-up/look", data={"accent": "#8b1f5f"}).location == "/console/set-up/texting"
    assert pat.post("/console/set-up/texting", data={"texting_number": "06 1234 5678"}).location == "/console/set-up"
    assert the_shop().texting_number == "+31612345678"
    assert "Your shop is set up." in pat.get("/console/set-up").text
    assert "What to do next" in pat.get("/console/").text
    pat.post("/console/set-up/end")
    assert "What to do next" not in pat.get("/console/").text


def test_a_step_that_is_refused_is_not_saved_and_keeps_what_was_typed(pat: Visitor) -> None:
    for step, typed, field in (
        ("business", {"business": "", "shop": "Pier", "country": "NL", "zone": "Europe/Amsterdam", "language": "nl"}, "business"),
        ("address", {"street": "Pier 1", "voice_phone": "12"}, "voice_phone"),
        ("hours", {"open_0": "1", "opens_0": "17:00", "closes_0": "08:00"}, "closes_0"),
        ("look", {"accent": "blue"}, "accent"),
        ("texting", {"texting_number": "911"}, "texting_number"),
    ):
        for headers in ({}, HTMX):
            page = pat.post(f"/console/set-up/{step}", data=typed, headers=headers)
            assert page.status_code == 422
            assert f'id="{field}-error"' in page.text
    setup = FirstSetup.of(the_shop())
    assert setup
    assert [step for step in Step if setup.has(step)] == [Step.business]
    assert the_shop().name == "Café Pier"


def test_a_shop_of_the_demo_is_asked_nothing_and_a_receptionist_never(client: Visitor) -> None:
    signed_in(client, a_member(a_shop(), "administrator"))
    assert "First set-up" not in client.get("/console/").text
    assert client.get("/console/set-up").status_code == 200
    signed_in(client, a_member(a_shop("pier")))
    assert client.get("/console/set-up").status_code == 403
