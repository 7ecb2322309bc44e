"""A first load in Chromium: a file with semicolons and old letters, a column put right, the dry run and the load with their progress."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.ground.browser import Windows, opened
from tests.ground.makers import a_member, a_shop
from tests.ground.running import Running

pytestmark = pytest.mark.browser
ROWS = "".join(f"K{each};Muñoz {each};312-555-01{each:02};W{each};2016;Ford;Transit;DEMO {100 + each};x\n" for each in range(40))
FILE = f"Customer No;Naam;Mobile;Vehicle ID;Year;Make;Model;Tag;Colour\n{ROWS}K40;Moss;12;;;;;;\n"


def test_a_file_is_sent_put_right_tried_and_loaded(running: Running, windows: Windows, axe: Callable[..., list[str]]) -> None:
    with running.data():
        shop = a_shop("loading", texting_number=None)
        a_member(shop, "administrator", email="ada@loading.example")
    page = opened(windows.desktop(), "ada@loading.example", "/console/settings/transfer")
    page.get_by_role("link", name="Load from files").click()
    page.get_by_role("combobox", name="Other system").fill("Protractor")
    page.get_by_label("CSV file").set_input_files(
        {"name": "export.csv", "mimeType": "text/csv", "buffer": FILE.encode("cp1252")},
    )
    assert axe(page) == []
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("combobox", name="Letters")).to_have_value("cp1252")
    expect(page.get_by_role("combobox", name="Between the columns")).to_have_value(";")
    expect(page.locator("#load-reading")).to_contain_text("Muñoz 0")
    page.get_by_role("combobox", name="Naam").select_option("customers.last_name")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("Saved")
    page.get_by_role("button", name="Dry run").click()
    expect(page.locator("#load-faults")).to_contain_text("This is no phone number")
    assert axe(page) == []
    page.get_by_role("button", name="Load 40 rows").click()
    expect(page.locator("#load")).to_contain_text("The bad rows are left out")
    expect(page.locator("#load-reading")).to_have_count(0)
    page.set_viewport_size({"width": 390, "height": 844})
    assert axe(page, dark=True) == []
