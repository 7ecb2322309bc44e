"""A customer's own data in Chromium: made while one looks, erased at the provider too; in light and dark, on desk and phone."""

import itertools
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models import Category, Message, Thread, TypedText, db
from tests.ground import browser
from tests.ground.browser import Windows
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_texting_number, a_work_order, consenting
from tests.ground.overviews import an_item
from tests.ground.running import Running

pytestmark = pytest.mark.browser
serial = itertools.count(1)
NUMBER = "+13125550186"


def test_an_administrator_exports_and_erases(windows: Windows, running: Running, axe: Callable[..., list[str]], tmp_path: Path) -> None:
    slug = f"vault{next(serial)}"
    with running.data():
        shop = a_shop(slug, texting_number=a_texting_number())
        a_member(shop, "administrator", f"ada@{slug}.example", "Ada")
        customer = consenting(a_customer(shop, phones=[NUMBER]))
        order = a_work_order(shop, customer)
        an_item(order, "Front brake pads", Category.scheduled)
        TypedText("Your car is ready, Maria.", "abcdefgh1234").send(Thread.at(shop, NUMBER), by=SAM)
        order.close(by=SAM)
        db.session.commit()
        customer_id = customer.id
    page: Page = windows.desktop()
    browser.opened(page, f"ada@{slug}.example", f"/console/customers/{customer_id}")
    panel = page.locator("#personal-data")
    panel.get_by_role("button", name="Export their data").click()
    with page.expect_download() as download:
        panel.get_by_role("button", name="Download").click()
    download.value.save_as(tmp_path / "own.zip")
    with ZipFile(tmp_path / "own.zip") as archive:
        archive.extractall(tmp_path)
    file = windows.desktop(color_scheme="dark")
    file.goto(f"file://{tmp_path}/index.html")
    expect(file.get_by_text("Your car is ready, Maria.").first).to_be_visible()
    assert axe(file) == []

    panel.get_by_role("link", name="Erase…").click()
    assert axe(page) == []
    page.get_by_label("Type “Maria Lopez” to confirm").fill("Maria")
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("so that nobody is erased by a slip")).to_be_visible()
    page.get_by_label("Type “Maria Lopez” to confirm").fill("Maria Lopez")
    page.get_by_role("button", name="Erase for good").click()
    expect(panel).to_contain_text("made nameless")
    expect(panel).not_to_contain_text("still to be deleted at the provider")
    assert axe(page) == []
    with running.data():
        texts = db.session.scalars(select(Message).where(Message.customer_id == customer_id)).all()
        assert texts
        assert all((text.body, text.address, text.provider_id) == ("", "", None) for text in texts)
    page.goto("/console/settings/retention")
    page.emulate_media(color_scheme="dark")
    assert axe(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_label("Links to closed visits, days").fill("0")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Give a whole number from 1 to 3650.")).to_be_visible()
    assert axe(page) == []
