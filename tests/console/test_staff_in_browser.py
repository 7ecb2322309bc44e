"""The staff in Chromium: from the menu to a new colleague at work, seen live by who invited them; pages for everyone."""

import itertools
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models import AccountLink, StaffMember, db
from tests.ground.browser import Windows, opened
from tests.ground.makers import PASSWORD, a_member, a_shop
from tests.ground.running import Running

pytestmark = pytest.mark.browser
serial = itertools.count(1)


@pytest.fixture
def slug(running: Running) -> str:
    slug = f"crew{next(serial)}"
    with running.data():
        shop = a_shop(slug, name="Pier Garage", texting_number=None)
        shop.business.main_administrator_id = a_member(shop, "administrator", f"ada@{slug}.example", "Ada Whitfield").id
    return slug


def test_an_administrator_adds_a_colleague_and_sees_them_activate(
    desktop: Page, windows: Windows, running: Running, slug: str, axe: Callable[..., list[str]]
) -> None:
    opened(desktop, f"ada@{slug}.example")
    desktop.locator("#me-button").click()
    desktop.get_by_role("link", name="Add new administrator").click()
    assert axe(desktop) == []
    desktop.get_by_label("Name").fill("Kim Sandoval")
    desktop.get_by_label("Email").fill("kim@")
    desktop.get_by_label("Role").select_option("mechanic")
    desktop.get_by_role("button", name="Send activation link").click()
    expect(desktop.get_by_label("Email")).to_be_focused()
    expect(desktop.get_by_label("Name")).to_have_value("Kim Sandoval")
    desktop.get_by_label("Email").fill(f"kim@{slug}.example")
    desktop.get_by_role("button", name="Send activation link").click()
    expect(desktop.locator("#pending-staff")).to_contain_text("Kim Sandoval")
    expect(desktop.locator("#live-state")).to_contain_text("Live")
    assert axe(desktop) == []
    with running.data():
        link = db.session.scalars(
            select(AccountLink).join(AccountLink.staff_member).where(StaffMember.email == f"kim@{slug}.example")
        ).one()
        path = urlsplit(link.url).path
    kim = windows.phone()
    kim.goto(path)
    assert axe(kim) == []
    kim.get_by_label("Password").fill(PASSWORD)
    kim.get_by_role("button", name="Activate my account").click()
    kim.wait_for_url("**/console/queue")
    expect(kim.locator("#live-state")).to_contain_text("Live")
    expect(desktop.locator("#active-staff")).to_contain_text("Kim Sandoval")
    desktop.locator("#active-staff li", has_text="Kim Sandoval").get_by_role("button", name="Disable").click()
    expect(desktop.locator("#disabled-staff")).to_contain_text("Kim Sandoval")
    kim.wait_for_url("**/console/sign-in**")  # the page that is open there leaves by itself
    desktop.get_by_role("button", name="Undo").click()
    expect(desktop.locator("#active-staff")).to_contain_text("Kim Sandoval")
