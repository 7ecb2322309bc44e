"""Two windows in Chromium: the desk sets thumbs, and the mechanic's page says so by itself; what is put off comes back with Undo."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from models import Category
from tests.ground import browser
from tests.ground.browser import Windows
from tests.ground.makers import a_customer, a_member, a_shop, a_work_order, consenting
from tests.ground.overviews import an_item, answered, rules, sent
from tests.ground.running import Running

pytestmark = pytest.mark.browser
serial = itertools.count(1)
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}


@dataclass
class Place:
    slug: str
    number: int


@pytest.fixture
def place(running: Running) -> Place:
    slug = f"thumb{next(serial)}"
    with running.data():
        shop = a_shop(slug)
        a_member(shop, email=f"sam@{slug}.example")
        a_member(shop, "mechanic", email=f"tess@{slug}.example", name="Tess Vance")
        rules(shop, may_decline=True)
        order = a_work_order(shop, consenting(a_customer(shop)))
        an_item(order, "Oil and filter", Category.scheduled, 8000)
        for title, price in (("Front brake pads", 30000), ("Wiper blades", 4000), ("Tyres", 60000)):
            an_item(order, title, price=price)
        answered(sent(order), {"Front brake pads": "repair", "Wiper blades": "contact", "Tyres": "repair"})
        return Place(slug, order.number)


def opened(page: Page, place: Place, name: str) -> Page:
    return browser.opened(page, f"{name}@{place.slug}.example", f"/console/work-orders/{place.number}")


def item(page: Page, title: str) -> Locator:
    return page.locator(".item", has=page.get_by_text(title, exact=True))


def test_the_desk_sets_thumbs_and_the_mechanic_sees_it_without_touching_the_tablet(
    windows: Windows, place: Place, axe: Callable[..., list[str]]
) -> None:
    desk, bay = opened(windows.desktop(), place, "sam"), opened(windows.desktop(**TABLET), place, "tess")
    expect(item(bay, "Front brake pads")).to_contain_text("Not authorised yet. Ask the desk.")

    desk.get_by_role("button", name="Take over the customer's choices").click()
    expect(item(bay, "Front brake pads").get_by_role("button", name="Start")).to_be_visible()
    expect(item(desk, "Tyres").get_by_role("button", name="Authorise", exact=True)).to_have_attribute("aria-pressed", "true")
    desk.get_by_role("button", name="Undo").click()
    expect(item(bay, "Front brake pads")).to_contain_text("Not authorised yet. Ask the desk.")

    up = item(desk, "Front brake pads").get_by_role("button", name="Authorise", exact=True)
    expect(up).to_have_attribute("aria-pressed", "false")  # else the key takes back what is undone already
    up.focus()
    desk.keyboard.press("Enter")
    expect(up).to_have_attribute("aria-pressed", "true")
    expect(up).to_be_focused()
    item(bay, "Front brake pads").get_by_role("button", name="Start").click()
    expect(item(desk, "Front brake pads")).to_contain_text("Begun, Tess Vance")
    item(bay, "Front brake pads").get_by_role("button", name="Done").click()
    expect(item(desk, "Front brake pads")).to_contain_text("Done, Tess Vance")

    item(desk, "Tyres").get_by_role("button", name="Do not authorise").click()
    why = desk.get_by_label("The customer wants this. Why is it not done?")
    expect(why).to_be_focused()
    assert axe(desk, dark=True) == []
    why.fill("No parts until May")
    desk.keyboard.press("Enter")
    expect(item(desk, "Tyres")).to_contain_text("“No parts until May”")
    expect(item(bay, "Tyres")).to_contain_text("Not authorised: it is not to be done.")
    item(desk, "Tyres").get_by_role("button", name="Do not authorise").click()
    expect(item(bay, "Tyres")).to_contain_text("Not authorised yet. Ask the desk.")
    assert axe(bay, dark=True) == []

    item(desk, "Wiper blades").get_by_role("button", name="Wishes to be contacted").click()
    expect(desk.get_by_text("“Contact me”")).to_be_visible()
    desk.keyboard.press("Escape")
    item(desk, "Wiper blades").get_by_role("button", name="More").click()
    item(desk, "Wiper blades").get_by_role("link", name="By word of mouth").click()
    desk.get_by_label("In their words").fill("Yes, the wipers too")
    desk.get_by_role("button", name="Keep and authorise").click()
    expect(item(desk, "Wiper blades")).to_contain_text("By word of mouth, Maria Lopez")
    expect(item(bay, "Wiper blades").get_by_role("button", name="Start")).to_be_visible()


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_what_is_put_off_leaves_the_work_and_comes_back_and_all_is_for_everyone(
    windows: Windows, place: Place, axe: Callable[..., list[str]], screen: str
) -> None:
    page = opened(getattr(windows, screen)(), place, "sam")
    item(page, "Tyres").get_by_role("link", name="Snooze").click()
    expect(page.get_by_role("button", name="1 month")).to_be_focused()
    assert axe(page, dark=True) == []
    page.get_by_role("button", name="3 months").click()
    expect(page.locator("#deferred-items")).to_contain_text("Tyres")
    expect(item(page, "Tyres")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(item(page, "Tyres")).to_have_count(1)
    expect(page.locator("#deferred-items")).to_contain_text("Nothing is put off")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(f"/console/work-orders/{place.number}/oral-authorisations/new")
    assert axe(page, dark=True) == []
