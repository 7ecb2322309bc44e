"""Work items in Chromium: added by typing, priced in place, live for the colleague, and for everyone."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Route, expect

from models import WorkOrder, db
from tests.ground import browser
from tests.ground.browser import Windows
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_vehicle
from tests.ground.running import Running

pytestmark = pytest.mark.browser
serial = itertools.count(1)


@dataclass
class Place:
    slug: str
    number: int


@pytest.fixture
def place(running: Running) -> Place:
    slug = f"lift{next(serial)}"
    with running.data():
        shop = a_shop(slug, texting_number=None)
        a_member(shop, "administrator", email=f"ada@{slug}.example")
        customer = a_customer(shop)
        order = WorkOrder.walk_in(customer, a_vehicle(customer), SAM)
        db.session.commit()
        return Place(slug, order.number)


def opened(page: Page, place: Place, address: str = "") -> Page:
    return browser.opened(page, f"ada@{place.slug}.example", f"/console/{address or f'work-orders/{place.number}'}")


def add(page: Page, words: str) -> None:
    page.locator("#new-work").fill(words)
    expect(page.locator("#job-free")).to_contain_text(words)
    page.keyboard.press("Enter")
    expect(page.locator("#new-work")).to_have_value("")
    expect(page.locator("#new-work")).to_be_focused()


def test_work_is_added_by_typing_priced_in_place_and_seen_by_the_colleague(windows: Windows, place: Place) -> None:
    mine, theirs = opened(windows.desktop(), place), opened(windows.desktop(), place)
    add(mine, "BRK-FP")
    add(mine, "WIP")
    expect(theirs.locator("#work-totals")).to_contain_text("$603.82")
    wipers = theirs.locator(".item", has_text="Wiper blades")
    wipers.get_by_role("link", name="Edit").click()
    theirs.get_by_label("Price of line 2").fill("50")
    expect(theirs.locator(".item__sum")).to_contain_text("$85.01")

    add(mine, "BAT")
    expect(theirs.locator("#work-totals")).to_contain_text("$918.10")
    expect(theirs.get_by_label("Price of line 2")).to_have_value("50")
    theirs.locator(".item--open").get_by_role("button", name="Save").click()
    expect(wipers).to_contain_text("$85.01")
    expect(mine.locator("#work-totals")).to_contain_text("$926.76")


def test_items_are_put_in_order_by_keyboard_and_removed_with_undo(desktop: Page, place: Place) -> None:
    opened(desktop, place)
    add(desktop, "BRK-FP")
    add(desktop, "WIP")
    titles = desktop.locator(".item__title .strong")
    expect(titles).to_have_text(["Front brake pads and rotors", "Wiper blades, front pair"])
    wipers = desktop.locator(".item", has_text="Wiper")
    more = wipers.get_by_role("button", name="More")
    more.focus()
    desktop.keyboard.press("Enter")
    wipers.get_by_role("button", name="Move up").focus()
    desktop.keyboard.press("Enter")
    expect(titles).to_have_text(["Wiper blades, front pair", "Front brake pads and rotors"])
    expect(more).to_be_focused()
    more.click()
    wipers.get_by_role("button", name="Remove").click()
    expect(titles).to_have_text(["Front brake pads and rotors"])
    desktop.get_by_role("button", name="Undo").click()
    expect(titles).to_have_text(["Wiper blades, front pair", "Front brake pads and rotors"])


def test_the_focus_stays_where_the_list_is_refreshed_before_the_answer_comes(desktop: Page, place: Place) -> None:
    opened(desktop, place)
    add(desktop, "BRK-FP")
    add(desktop, "WIP")
    titles = desktop.locator(".item__title .strong")
    expect(titles).to_have_text(["Front brake pads and rotors", "Wiper blades, front pair"])
    under_way: list[Route] = []
    desktop.route(lambda url: url.endswith("/position"), lambda route: under_way.append(route))
    wipers = desktop.locator(".item", has_text="Wiper")
    more = wipers.get_by_role("button", name="More")
    more.focus()
    desktop.keyboard.press("Enter")
    wipers.get_by_role("button", name="Move up").focus()
    with desktop.expect_request(lambda request: request.url.endswith("/position")):
        desktop.keyboard.press("Enter")
    refreshed = "addEventListener('htmx:after:swap', (event) => { if (event.target.id === 'work-items') done(); })"
    desktop.evaluate(f"new Promise((done) => {{ {refreshed}; htmx.trigger(document.body, 'refresh'); }})")
    under_way[0].continue_()
    expect(titles).to_have_text(["Wiper blades, front pair", "Front brake pads and rotors"])
    expect(more).to_be_focused()


def test_the_repair_order_is_made_while_one_waits(desktop: Page, place: Place) -> None:
    opened(desktop, place)
    add(desktop, "BRK-FP")
    desktop.get_by_role("button", name="Repair order (PDF)").click()
    expect(desktop.get_by_role("link", name="Open the repair order")).to_be_visible()


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_work_jobs_and_prices_are_for_everyone(windows: Windows, place: Place, axe: Callable[..., list[str]], screen: str) -> None:
    page = opened(getattr(windows, screen)(), place)
    add(page, "BRK-FP")
    page.get_by_role("link", name="Edit").first.click()
    expect(page.get_by_label("Price of line 2")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")  # what is half under the bar at the top counts as too small
    assert axe(page, dark=True) == []
    for address in ("prices", "jobs", "jobs/new"):
        page.goto(f"/console/settings/{address}")
        assert axe(page, dark=True) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
