"""The settings as a whole: who gets in, whose they are, and that each tab shows."""

import pytest
from flask import Flask

from models import Shop
from tests.ground.client import Visitor
from tests.ground.makers import a_member, a_shop, signed_in
from tests.ground.queries import counted
from tests.ground.routes import doors

pytestmark = pytest.mark.one_database

TABS = ("", "/hours", "/closed-dates", "/branding", "/messages", "/messages/appt_confirm/text/en", "/shop")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop(holiday_calendar="US-IL")


@pytest.mark.parametrize("role", ["receptionist", "mechanic"])
def test_only_administrators_get_in(app: Flask, client: Visitor, shop: Shop, role: str) -> None:
    signed_in(client, a_member(shop, role))
    behind = [door for door in doors(app) if door.url.startswith("/console/settings")]
    assert len(behind) > 20
    assert {str(door): client.open(door.url, method=door.method).status_code for door in behind} == {str(door): 403 for door in behind}


def test_a_receptionist_does_not_see_the_way_in(client: Visitor, shop: Shop) -> None:
    signed_in(client, a_member(shop))
    assert "/console/settings" not in client.get("/console/").text


@pytest.mark.parametrize("tab", TABS)
def test_each_tab_shows_and_asks_at_most_twelve_times(client: Visitor, shop: Shop, tab: str) -> None:
    signed_in(client, a_member(shop, "administrator"))
    with counted() as asked:
        page = client.get(f"/console/settings{tab}")
    assert page.status_code == 200
    assert page.text.count('aria-current="page"') >= 2  # in the navigation and among the tabs
    assert len(asked) <= 12


def test_an_administrator_changes_the_shop_they_are_in_and_no_other(client: Visitor, shop: Shop) -> None:
    elm = a_shop("elm")
    signed_in(client, a_member(shop, "administrator"))
    client.post("/console/settings/branding", data={"accent": "#884400"}, headers={"X-Shop": "elm"})
    assert (shop.branding.accent, elm.branding.accent) == ("#884400", "#1f5f8b")
