"""Exports in Chromium: set up with a live look at the file, agreed to, looked at, a row released; everybody can use it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.ground.browser import Windows, opened
from tests.ground.exports import WRONG_VIN, a_service
from tests.ground.makers import a_member, a_shop, a_texting_number
from tests.ground.running import Running

pytestmark = pytest.mark.browser


def test_an_administrator_sets_carfax_up_and_lets_a_row_go(running: Running, windows: Windows, axe: Callable[..., list[str]]) -> None:
    with running.data():
        shop = a_shop("handover", name="Ferry Garage", texting_number=a_texting_number())
        a_member(shop, "administrator", email="ada@handover.example")
        a_service(shop, shop.today(), vin=WRONG_VIN)
    page = opened(windows.desktop(), "ada@handover.example", "/console/settings/exports/carfax")
    expect(page.get_by_label("Server address")).to_be_hidden()
    page.get_by_role("radio", name="Upload by FTP").check()
    expect(page.get_by_label("Server address")).to_be_visible()
    page.get_by_label("Heading of VIN").fill("VehicleNumber")
    expect(page.locator("#export-sample")).to_contain_text("RODate,RONumber,VehicleNumber")
    page.get_by_role("button", name="Switch it on").click()
    expect(page.locator("#agreed-error")).to_be_visible()
    assert axe(page, dark=True) == []
    page.locator("#agreed").check()
    page.get_by_role("button", name="Switch it on").click()
    expect(page.locator("#export-switch")).to_contain_text("Agreed to by")

    page.goto("/console/exports")
    tonight = page.locator("#tonight-carfax")
    expect(tonight).to_contain_text("0 rows go, 1 waits for a person")
    assert axe(page, dark=True) == []
    tonight.get_by_role("button", name="Release").click()
    expect(tonight).to_contain_text("1 row goes")
    page.get_by_role("link", name="Look at tonight's rows").click()
    expect(page.get_by_role("region", name="Rows as they go")).to_contain_text(WRONG_VIN)
    assert axe(page, dark=True) == []

    phone = opened(windows.phone(), "ada@handover.example", "/console/exports")
    expect(phone.locator("#tonight-carfax")).to_contain_text("1 row goes")
    assert axe(phone) == []
    phone.goto("/console/settings/exports/carfax")
    assert axe(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
