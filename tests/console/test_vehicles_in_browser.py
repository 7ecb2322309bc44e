"""A vehicle's card in Chromium: the plate finds the VIN, the VIN fills the rest, and what differs waits for a click."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from jobs.gateways.phone.plates import KEY
from models import PlateService, db, plate_terms
from tests.ground import browser
from tests.ground.browser import Windows
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_texting_number, a_vehicle
from tests.ground.running import Running

pytestmark = pytest.mark.browser
CIVIC, WRONG = "2HGFC2F50JH000000", "1ZZDM5A19JD000101"


def test_by_plate_to_vin_to_year_and_make_and_only_where_nothing_is_typed(
    windows: Windows, running: Running, axe: Callable[..., list[str]]
) -> None:
    with running.data():
        shop = a_shop("platecard", texting_number=a_texting_number())
        a_member(shop, email="sam@platecard.example")
        car = a_vehicle(a_customer(shop), year=None, make="", model="Civic EX", plate="DEMO 130").id
        shop.business.looks_up_plates = True
        service = PlateService.of(shop)
        service.subscribe(f"{running.address.replace('localhost', '127.0.0.1')}/phone/plates/v1/vin", KEY, 300, by=SAM)
        service.agree(plate_terms.VERSION, by=SAM)
        service.switch_on(by=SAM)
        db.session.commit()
    page = windows.desktop()
    browser.opened(page, "sam@platecard.example", f"/console/vehicles/{car}")
    vin, year, make = (page.locator(f"#{name}") for name in ("vin", "year", "make"))
    page.get_by_role("button", name="Find VIN").click()
    expect(page.locator("#plate-said")).to_contain_text("Type the plate's state too")
    page.get_by_label("Plate's state").fill("il")
    page.get_by_role("button", name="Find VIN").click()
    expect(vin).to_have_value(CIVIC)
    expect(year).to_have_value("2018")
    expect(make).to_have_value("Honda")
    expect(page.locator("#model")).to_have_value("Civic EX")

    vin.fill("1ZZDM5A19JDO")
    expect(page.locator("#vin-reading")).to_contain_text("is the O at place 12 a 0?")
    expect(make).to_have_value("")  # the VIN that said so is gone
    year.fill("2017")
    vin.fill(WRONG)
    sure = page.get_by_label("It is on the vehicle like this")
    expect(page.get_by_role("button", name="Use these")).to_have_count(0)
    sure.check()
    page.get_by_role("button", name="Use these").click()
    expect(year).to_have_value("2018")
    expect(sure).to_be_checked()
    assert axe(page, dark=True) == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Maria Lopez")

    small = windows.phone()
    browser.opened(small, "sam@platecard.example", f"/console/vehicles/{car}")
    expect(small.locator("#vehicle-life")).to_contain_text("Sam Ortiz said")
    assert axe(small, dark=True) == []
    assert small.evaluate("document.documentElement.scrollWidth <= innerWidth")
