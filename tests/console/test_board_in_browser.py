"""The board in Chromium: clocks that change their colour by themselves, statuses set by keyboard, live on a second screen."""

import itertools
import re
from collections.abc import Callable, Iterator
from datetime import time, timedelta

import pytest
from playwright.sync_api import Page, expect

from models import OpeningHours, Shop, Status, WorkOrder, clock, db
from models.status_update import Wish
from tests.ground.browser import Windows, opened
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_texting_number, a_vehicle, a_work_order, consenting
from tests.ground.running import Running

serial = itertools.count(1)


@pytest.fixture
def garage(running: Running) -> Iterator[str]:
    """The slug of a shop that never closes, with Maria's car in it and a receptionist."""
    slug = f"board{next(serial)}"
    with running.data():
        shop = a_shop(slug, texting_number=a_texting_number())
        for row in shop.hours:
            row.opens, row.closes = time(0), time(23, 59)
        shop.hours += [OpeningHours(weekday=day, opens=time(0), closes=time(23, 59)) for day in (5, 6)]
        a_member(shop, email=f"sam@{slug}.example")
        a_work_order(shop, consenting(a_customer(shop)))
    return slug


def sign_in(page: Page, slug: str) -> Page:
    return opened(page, f"sam@{slug}.example", "/console/board")


def put(running: Running, slug: str, name: str, minutes: int, ago: timedelta) -> None:
    """Maria's car went into that status a while ago."""
    with running.data():
        shop = Shop.known(slug)
        status = next(status for status in Status.all_of(shop) if status.name == name)
        order = WorkOrder.open_in(shop)[0]
        with clock.at(clock.now() - ago):
            order.set_status(status, by=SAM, minutes=minutes, wish=Wish(silently=True))
        db.session.commit()


def test_a_status_is_set_by_keyboard_undone_and_shown_on_the_second_screen(windows: Windows, running: Running, garage: str) -> None:
    desk, wall = sign_in(windows.desktop(), garage), sign_in(windows.desktop(), garage)
    desk.get_by_role("link", name="Maria Lopez").focus()
    desk.keyboard.press("s")
    expect(desk.get_by_role("dialog")).to_be_visible()
    desk.get_by_label("Ready").check()
    expect(desk.get_by_label("Words of the text")).to_have_value(re.compile("your Civic is ready"))
    desk.get_by_role("button", name="Set status").press("Enter")
    expect(desk.get_by_role("dialog")).to_be_hidden()
    expect(desk.get_by_text("Ready. Text goes in 20 seconds.")).to_be_visible()
    expect(wall.get_by_role("heading", name=re.compile("Ready"))).to_be_visible()
    desk.get_by_role("button", name="Undo").click()
    expect(wall.get_by_role("heading", name=re.compile("Checked in"))).to_be_visible()


def test_shift_and_enter_moves_it_silently(desktop: Page, garage: str) -> None:
    sign_in(desktop, garage)
    desktop.get_by_role("link", name="Maria Lopez").focus()
    desktop.keyboard.press("s")
    desktop.get_by_label("Ready").check()
    expect(desktop.get_by_label("Words of the text")).to_have_value(re.compile("your Civic is ready"))
    desktop.keyboard.press("Shift+Enter")
    expect(desktop.get_by_text("Ready. Nothing is sent.")).to_be_visible()


def test_what_is_missing_is_said_in_the_dialog_and_stays_typed(desktop: Page, garage: str) -> None:
    sign_in(desktop, garage)
    desktop.get_by_role("link", name="Set status").click()
    desktop.get_by_label("Delayed").check()
    desktop.get_by_label("Reason, as the customer reads it").wait_for()
    desktop.get_by_role("button", name="Set status").click()
    expect(desktop.get_by_text("Say why it takes longer.")).to_be_visible()
    desktop.get_by_label("Reason, as the customer reads it").fill("a bolt broke")
    desktop.get_by_role("button", name="Set silently").click()
    expect(desktop.get_by_role("dialog")).to_be_hidden()
    expect(desktop.get_by_role("heading", name=re.compile("Delayed"))).to_be_visible()


def test_orange_turns_red_by_itself_and_asks_why(desktop: Page, running: Running, garage: str) -> None:
    put(running, garage, "Inspecting", minutes=10, ago=timedelta(minutes=9, seconds=54))
    sign_in(desktop, garage)
    expect(desktop.locator(".tile--soon")).to_be_visible()
    expect(desktop.locator(".tile--over")).to_be_visible()
    desktop.get_by_label("Why does it take longer?").fill("seized caliper")
    desktop.get_by_role("button", name="Keep the reason").click()
    expect(desktop.locator(".tile").get_by_text("seized caliper")).to_be_visible()


def test_typing_finds_a_vehicle_while_the_others_wait(desktop: Page, running: Running, garage: str) -> None:
    with running.data():
        berg = a_customer(Shop.known(garage), "Ruth", "Berg", phones=["+13125550177"])
        a_vehicle(berg, make="Ford", model="Transit", plate="DEMO 777")
        a_work_order(Shop.known(garage), berg)
    sign_in(desktop, garage)
    desktop.get_by_label("Find on the board").press_sequentially("777")
    expect(desktop.get_by_role("link", name="Maria Lopez")).to_be_hidden()
    expect(desktop.get_by_role("link", name="Ruth Berg")).to_be_visible()


def test_it_is_for_everyone(desktop: Page, garage: str, axe: Callable[..., list[str]]) -> None:
    page = sign_in(desktop, garage)
    assert axe(page, dark=True) == []
    page.get_by_role("link", name="Set status").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert axe(page, dark=True) == []
    page.goto("/console/board")
    page.get_by_role("button", name="Rows").click()
    expect(page.get_by_role("table")).to_be_visible()
    assert axe(page, dark=True) == []
    for address in ("/console/work-orders/1001", "/console/work-orders/1001/closing"):
        page.goto(address)
        assert axe(page, dark=True) == []


def test_a_tab_that_had_no_network_says_so_and_misses_nothing_once_it_is_back(windows: Windows, running: Running, garage: str) -> None:
    desk, stale = sign_in(windows.desktop(), garage), sign_in(windows.desktop(), garage)
    stale.context.set_offline(True)
    expect(stale.locator("#live-state")).to_have_attribute("data-now", "false")
    put(running, garage, "Inspecting", minutes=45, ago=timedelta())
    expect(desk.get_by_role("heading", name=re.compile("Inspecting"))).to_be_visible()
    expect(stale.get_by_role("heading", name=re.compile("Checked in"))).to_be_visible()
    stale.context.set_offline(False)
    expect(stale.get_by_role("heading", name=re.compile("Inspecting"))).to_be_visible()
    expect(stale.get_by_text("Live", exact=True)).to_be_visible()
    windows.errors[:] = [error for error in windows.errors if "ERR_INTERNET_DISCONNECTED" not in error and "Failed to fetch" not in error]
