"""Settings, Texting and E-mail in Chromium: findings come by themselves, a test text is seen to arrive, and the pages are for all."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.ground.browser import Windows, opened
from tests.ground.makers import a_member, a_shop, a_texting_number
from tests.ground.running import Running

pytestmark = pytest.mark.browser


def test_an_administrator_sets_texting_and_mail_up(running: Running, windows: Windows, axe: Callable[..., list[str]]) -> None:
    with running.data():
        a_member(a_shop("setup", name="Pier Garage", texting_number=a_texting_number()), "administrator", email="ada@setup.example")
    page = opened(windows.desktop(), "ada@setup.example", "/console/settings/texting")
    expect(page.locator("#setup-webhook")).to_contain_text("Not checked")
    page.get_by_role("button", name="Check at the provider").click()
    expect(page.locator("#setup-webhook")).to_contain_text("What customers write arrives here.")

    page.get_by_label("Your mobile number").fill("312 555 0188")
    page.get_by_role("button", name="Send a test text").click()
    expect(page.locator("#trial_agreed-error")).to_be_visible()
    expect(page.get_by_label("Your mobile number")).to_have_value("312 555 0188")
    page.locator("#trial_agreed").check()
    page.get_by_role("button", name="Send a test text").click()
    expect(page.locator("#trial-fate")).to_contain_text("Delivered")
    expect(page.locator("#trial_agreed-error")).to_have_count(0)
    assert axe(page, dark=True) == []

    page.goto("/console/settings/e-mail")
    page.get_by_role("button", name="Send a test mail").click()
    expect(page.locator("#trial-fate")).to_contain_text("Sent")
    assert axe(page, dark=True) == []

    phone = opened(windows.phone(), "ada@setup.example", "/console/settings/texting")
    assert axe(phone) == []
    phone.goto("/console/settings/e-mail")
    assert axe(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
