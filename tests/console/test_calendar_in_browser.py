"""The calendar in Chromium: live on a second screen, by keyboard, a click on an empty place, readable on a phone."""

import itertools
import re
from collections.abc import Callable, Iterator
from datetime import time

import pytest
from playwright.sync_api import Page, expect

from models import Policy, Shop, db
from models.agenda import Agenda
from tests.ground import browser
from tests.ground.browser import Windows
from tests.ground.makers import SAM, a_customer, a_drop_off, a_member, a_shop, a_vehicle, next_open_day
from tests.ground.running import Running

pytestmark = pytest.mark.browser
serial = itertools.count(1)


@pytest.fixture
def slug(running: Running) -> Iterator[str]:
    """A shop of this test's own with Maria's drop-off on the next open day at nine."""
    slug = f"wall{next(serial)}"
    with running.data():
        shop = a_shop(slug, texting_number=None, capacity=4, past_policy=Policy.warn, closed_policy=Policy.warn)
        a_member(shop, email=f"sam@{slug}.example")
        maria = a_customer(shop)
        a_vehicle(maria)
        a_drop_off(shop, next_open_day(shop), time(9), "email", maria)
    return slug


def day_of(running: Running, slug: str) -> str:
    with running.data():
        return next_open_day(Shop.known(slug)).isoformat()


def opened(page: Page, slug: str, address: str) -> Page:
    return browser.opened(page, f"sam@{slug}.example", f"/console/calendar{address}")


def test_a_confirmation_shows_on_the_wall_by_itself(windows: Windows, running: Running, slug: str) -> None:
    day = day_of(running, slug)
    walls = [opened(windows.desktop(), slug, f"?view={view}&date={day}") for view in ("month", "week", "day")]
    with running.data():
        shop = Shop.known(slug)
        Agenda(shop, "day", next_open_day(shop)).days[0].drop_offs[0].confirm(by=SAM)
        db.session.commit()
    for wall in walls:
        expect(wall.locator("#calendar")).to_contain_text("Confirmed")


def test_a_click_on_an_empty_place_begins_a_booking_there(desktop: Page, running: Running, slug: str) -> None:
    day = day_of(running, slug)
    opened(desktop, slug, f"?view=week&date={day}")
    desktop.locator(f"#day-{day} .slot[data-time='14:00']").click()
    expect(desktop.get_by_label("Date")).to_have_value(day)
    expect(desktop.get_by_label("Time optional")).to_have_value("14:00")


def test_arrows_walk_through_days_and_page_keys_through_months(desktop: Page, running: Running, slug: str) -> None:
    day = day_of(running, slug)
    opened(desktop, slug, f"?view=month&date={day}")
    desktop.locator("#calendar .day__date").nth(8).focus()
    start = desktop.evaluate("document.activeElement.closest('[data-date]').dataset.date")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        desktop.keyboard.press(key)
        assert desktop.evaluate("document.activeElement.closest('[data-date]') !== null")
    assert desktop.evaluate("document.activeElement.closest('[data-date]').dataset.date") == start
    before = desktop.url
    desktop.keyboard.press("PageDown")
    expect(desktop).not_to_have_url(before)


def test_a_drop_off_leads_to_its_page(desktop: Page, running: Running, slug: str) -> None:
    opened(desktop, slug, f"?view=month&date={day_of(running, slug)}")
    desktop.get_by_role("link", name=re.compile("Maria Lopez")).click()
    expect(desktop).to_have_url(re.compile(r"/console/appointments/\d+"))


@pytest.mark.parametrize("view", ["month", "week"])
def test_print_and_remind_are_reached_by_keyboard_and_shown_when_they_are(desktop: Page, running: Running, slug: str, view: str) -> None:
    opened(desktop, slug, f"?view={view}&date={day_of(running, slug)}")
    desktop.locator(".drop > a").focus()
    desktop.keyboard.press("Tab")
    dots = desktop.locator(".drop").get_by_role("button", name="Print / Remind")
    expect(dots).to_be_focused()
    expect(dots.locator("..")).to_have_css("opacity", "1")
    desktop.keyboard.press("Enter")
    for _ in range(2):
        desktop.keyboard.press("Tab")
    expect(desktop.get_by_role("button", name="Remind", exact=True)).to_be_focused()
    desktop.keyboard.press("Enter")
    expect(desktop.locator("#toasts")).to_contain_text("On its way to Maria Lopez.")
    expect(desktop.locator("#calendar .popover:popover-open")).to_have_count(0)


def test_on_a_phone_print_and_remind_are_under_the_thumb(windows: Windows, running: Running, slug: str) -> None:
    for view in ("month", "week"):
        page = opened(windows.phone(), slug, f"?view={view}&date={day_of(running, slug)}")
        dots = page.locator(".drop").get_by_role("button", name="Print / Remind")
        box = dots.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44, view
        dots.tap()
        expect(page.get_by_role("button", name="Print", exact=True)).to_be_visible()
        page.get_by_role("button", name="Remind", exact=True).tap()
        expect(page.locator("#toasts")).not_to_be_empty()


@pytest.mark.parametrize("view", ["month", "week"])
def test_without_script_remind_works_from_the_calendar_all_the_same(windows: Windows, running: Running, slug: str, view: str) -> None:
    page = windows.desktop(java_script_enabled=False)
    browser.sign_in(page, f"sam@{slug}.example")
    page.goto(f"/console/calendar?view={view}&date={day_of(running, slug)}")
    page.locator(".drop").hover()
    page.locator(".drop").get_by_role("button", name="Print / Remind").click()
    page.get_by_role("button", name="Remind", exact=True).click()
    expect(page).to_have_url(re.compile(r"/console/appointments/\d+"))


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_it_is_for_everyone_on_desk_and_phone(
    windows: Windows, running: Running, slug: str, axe: Callable[..., list[str]], screen: str
) -> None:
    page = opened(getattr(windows, screen)(), slug, "")
    for view in ("month", "week", "day"):
        page.goto(f"/console/calendar?view={view}&date={day_of(running, slug)}")
        assert axe(page, dark=True) == [], view
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view
