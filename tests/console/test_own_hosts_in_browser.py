"""A shop's own name in Chromium: it is found to lead here by itself, switched on, and a customer confirms under it."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from models import Shop
from tests.ground.browser import Windows, opened
from tests.ground.makers import a_drop_off, a_member, a_shop
from tests.ground.running import Running

pytestmark = pytest.mark.browser


def test_an_administrator_gives_the_shop_a_name_and_a_customer_comes_by_it(
    running: Running, windows: Windows, axe: Callable[..., list[str]]
) -> None:
    with running.data():
        a_member(a_shop("named", name="Pier Garage", texting_number=None), "administrator", email="ada@named.example")
    page = opened(windows.desktop(), "ada@named.example", "/console/settings/own-name")
    page.get_by_label("Name for the customers' pages").fill("127.0.0.1")
    page.get_by_role("button", name="Keep this name").click()
    expect(page.locator("#host-error")).to_be_visible()
    assert axe(page) == []
    page.get_by_label("Name for the customers' pages").fill("Pier.localhost")
    page.get_by_role("button", name="Keep this name").click()
    expect(page.locator("#setup-page")).to_contain_text("Whoever opens the name arrives here.")
    page.get_by_role("button", name="Switch it on").click()
    expect(page.locator("#setup-use")).to_contain_text("Customers get links like this one.")
    assert axe(page, dark=True) == []

    with running.data():
        link = a_drop_off(Shop.known("named"), preference="phone").visit.link.url
    assert urlsplit(link).hostname == "pier.localhost"
    phone = windows.phone()
    phone.goto(link)
    phone.get_by_role("button", name="Confirm appointment").click()
    expect(phone.get_by_role("heading", name="Your appointment is confirmed")).to_be_focused()
    phone.goto(link[:-1])
    expect(phone.get_by_role("banner")).to_contain_text("Pier Garage")
    assert axe(phone) == []
