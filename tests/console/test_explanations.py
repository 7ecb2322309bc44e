"""The library of explanations: who writes to customers finds each, shows it and copies its link."""

import re
from collections.abc import Callable

import pytest
from flask import Flask, g, render_template
from playwright.sync_api import Page

from models import Explanation
from tests.ground.browser import opened
from tests.ground.client import Visitor
from tests.ground.makers import a_member, a_shop, signed_in
from tests.ground.running import Running

pytestmark = pytest.mark.one_database


def test_each_is_shown_in_a_tab_of_its_own_and_its_link_can_be_copied(client: Visitor) -> None:
    shop = a_shop()
    signed_in(client, a_member(shop))
    page = client.get("/console/explanations").text
    for explanation in Explanation.every():
        link = explanation.link(shop, explanation.key)
        assert f'href="{link}" target="_blank"' in page
        assert f'data-copy="{link}"' in page
        assert f">{explanation.title}</h3>" in page


def test_it_is_found_from_the_messages(client: Visitor) -> None:
    signed_in(client, a_member(a_shop()))
    assert 'href="/console/explanations"' in client.get("/console/messages").text


def test_a_mechanic_does_not_write_to_customers_and_is_not_let_in(client: Visitor) -> None:
    signed_in(client, a_member(a_shop(), "mechanic"))
    assert client.get("/console/explanations").status_code == 403


def test_for_a_message_one_is_chosen_by_its_button(app: Flask) -> None:
    with app.test_request_context():
        g.shop = a_shop()
        choice = render_template("console/explanations/_choice.html")
    assert re.findall(r'name="explanation" value="([^"]+)"', choice) == [one.key for one in Explanation.every()]


@pytest.mark.browser
def test_the_library_is_for_everyone(desktop: Page, running: Running, axe: Callable[..., list[str]]) -> None:
    with running.data():
        a_member(a_shop("library", texting_number=None), "administrator", email="ada@library.example")
    opened(desktop, "ada@library.example", "/console/explanations")
    assert axe(desktop, dark=True) == []
    desktop.set_viewport_size({"width": 390, "height": 844})
    assert axe(desktop) == []
    assert desktop.evaluate("document.documentElement.scrollWidth <= innerWidth")
