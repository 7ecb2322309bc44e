"""Technician priority by drag and by keyboard, live on a second screen; a sheet put in order by keys; pages for everyone."""

import itertools
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from models import InspectionSheet, PartRequest, Shop, WorkOrder, db
from models.assignment import lanes
from models.inspection_sheet import preset
from tests.ground import browser
from tests.ground.browser import Windows
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_vehicle
from tests.ground.running import Running

pytestmark = pytest.mark.browser
serial = itertools.count(1)


@pytest.fixture
def slug(running: Running) -> str:
    """A shop with two mechanics, four vehicles that nobody has yet, and a sheet."""
    slug = f"bay{next(serial)}"
    with running.data():
        shop = a_shop(slug, name="Pier Garage", texting_number=None)
        for role, who in (("administrator", "Ada"), ("mechanic", "Tess"), ("mechanic", "Marcus")):
            a_member(shop, role, email=f"{who.lower()}@{slug}.example", name=f"{who} of {slug}")
        for number in range(4):
            customer = a_customer(shop, last_name=f"Berg {number}", phones=[], emails=[])
            order = WorkOrder.walk_in(customer, a_vehicle(customer, plate=f"DEMO {number}"), by=SAM)
        PartRequest.ask(order, {"description": "Front pads"}, by=SAM)
        InspectionSheet.make(shop, "Courtesy inspection", preset(), by=SAM)
        db.session.commit()
    return slug


def opened(page: Page, slug: str, address: str, who: str = "ada") -> Page:
    return browser.opened(page, f"{who}@{slug}.example", f"/console{address}")


def listed(running: Running, slug: str) -> dict[str, list[int]]:
    with running.data():
        return {
            lane.mechanic.name.split()[0] if lane.mechanic else "": [one.number for one in lane.orders] for lane in lanes(Shop.known(slug))
        }


def lane(page: Page, name: str):  # type: ignore[no-untyped-def]
    return page.get_by_role("region", name=name)


def test_cards_are_dragged_to_a_mechanic_and_into_order_and_the_mechanic_sees_it_come(
    windows: Windows, running: Running, slug: str
) -> None:
    desk = opened(windows.desktop(), slug, "/technician-priority")
    bay = opened(windows.phone(), slug, "/queue", "tess")
    bay.evaluate("window.untouched = true")
    for number in (1001, 1002):
        box = desk.locator(f"#card-{number} .card__words").bounding_box()
        there = lane(desk, "Tess").bounding_box()
        assert box
        assert there
        desk.mouse.move(box["x"] + 90, box["y"] + box["height"] - 6)
        desk.mouse.down()
        desk.mouse.move(there["x"] + 100, there["y"] + 45, steps=6)
        desk.mouse.up()
        expect(desk.locator("#toasts")).to_contain_text(f"{number}, 2018 Honda Civic: number 1 of {number - 1000} for Tess")
        expect(lane(desk, "Tess").locator("[data-card]").first).to_have_id(f"card-{number}")
    assert listed(running, slug) == {"Marcus": [], "Tess": [1002, 1001], "": [1003, 1004]}
    expect(bay.locator("#queue li").first).to_contain_text("1002")
    assert bay.evaluate("window.untouched")


def test_a_drag_that_is_broken_off_by_escape_changes_nothing(desktop: Page, running: Running, slug: str) -> None:
    desk = opened(desktop, slug, "/technician-priority")
    desk.locator("#handle-1001").hover()
    desk.mouse.down()
    there = lane(desk, "Tess").bounding_box()
    assert there
    desk.mouse.move(there["x"] + 100, there["y"] + 45, steps=4)
    expect(lane(desk, "Tess").locator("#card-1001")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.mouse.up()
    expect(lane(desk, "Nobody yet").locator("#card-1001")).to_be_visible()
    assert listed(running, slug)[""] == [1001, 1002, 1003, 1004]


def test_cards_are_moved_by_the_arrow_keys_alone_and_the_focus_stays(desktop: Page, running: Running, slug: str) -> None:
    desk = opened(desktop, slug, "/technician-priority")
    for number in (1002, 1001):
        handle = desk.get_by_role("button", name=f"Move {number}, 2018 Honda Civic")
        handle.focus()
        desk.keyboard.press("ArrowLeft")
        expect(desk.locator("#toasts")).to_contain_text(f"{number}, 2018 Honda Civic: number")
    expect(lane(desk, "Tess").locator("[data-card]")).to_have_count(2)
    expect(handle).to_be_focused()
    assert listed(running, slug)["Tess"] == [1001, 1002]
    desk.keyboard.press("ArrowDown")
    expect(desk.locator("#toasts")).to_contain_text("1001, 2018 Honda Civic: number 2 of 2 for Tess")
    expect(lane(desk, "Tess").locator("[data-card]").last).to_have_id("card-1001")
    expect(handle).to_be_focused()
    assert listed(running, slug)["Tess"] == [1002, 1001]
    desk.keyboard.press("ArrowLeft")
    expect(desk.locator("#toasts")).to_contain_text("1001, 2018 Honda Civic: number 1 of 1 for Marcus")


def test_without_scripts_a_menu_of_small_forms_does_the_same(windows: Windows, running: Running, slug: str) -> None:
    desk = windows.desktop(java_script_enabled=False)
    browser.sign_in(desk, f"ada@{slug}.example")
    desk.goto("/console/technician-priority")
    expect(desk.locator("#handle-1001")).to_be_hidden()
    desk.locator("#move-1001-button").click()
    desk.locator("#move-1001").get_by_role("button", name="To Tess").click()
    expect(lane(desk, "Tess")).to_contain_text("1001")
    assert listed(running, slug)["Tess"] == [1001]


def test_parts_are_asked_for_one_after_the_other_and_ordered_and_a_step_is_undone(windows: Windows, slug: str) -> None:
    bay = opened(windows.phone(), slug, "/work-orders/1001", "tess")
    desk = opened(windows.desktop(), slug, "/work-orders/1001")
    for part in ("Brake hose", "Cabin filter"):
        bay.get_by_label("Part needed").fill(part)
        bay.keyboard.press("Enter")
        expect(bay.locator("#parts")).to_contain_text(part)
        expect(bay.get_by_label("Part needed")).to_have_value("")
    row = desk.locator("#parts li", has_text="Brake hose")
    row.get_by_role("button", name="Ordered", exact=True).click()
    expect(row.locator(".chip")).to_have_text("Ordered")
    expect(bay.locator("#parts li", has_text="Brake hose").locator(".chip")).to_have_text("Ordered")
    desk.get_by_role("button", name="Undo").click()
    expect(row.locator(".chip")).to_have_text("Needed")


def test_points_are_put_in_order_by_keys_and_a_removed_one_comes_back(desktop: Page, slug: str) -> None:
    page = opened(desktop, slug, "/settings/inspection-sheets")
    page.get_by_role("link", name="Courtesy inspection").click()
    expect(page.locator("[id^=point-].row")).to_have_count(63)
    page.get_by_role("link", name="Rear shocks", exact=True).focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#toasts")).to_contain_text("“Rear shocks”: 4 of 7 in “Steering and suspension”.")
    expect(page.get_by_role("link", name="Rear shocks", exact=True)).to_be_focused()
    row = page.locator("li.row--point", has=page.get_by_role("link", name="Rear shocks", exact=True))
    expect(row.locator(".row__number")).to_have_text("36")
    row.get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row.locator(".row__number")).to_have_text("36")
    page.get_by_label("Find a point").press_sequentially("tread")
    expect(page.locator("li.row--point")).to_have_count(4)
    expect(page.get_by_label("Find a point")).to_be_focused()


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_every_page_is_for_everyone_on_desk_and_phone(
    windows: Windows, running: Running, slug: str, axe: Callable[..., list[str]], screen: str
) -> None:
    with running.data():
        sheet = InspectionSheet.of(Shop.known(slug))[0]
        at = f"/settings/inspection-sheets/{sheet.id}"
        addresses = ("/queue", "/work-orders/1004", "/settings/inspection-sheets", at, f"{at}/points/{sheet.points[0].id}", f"{at}/name")
    page = opened(getattr(windows, screen)(), slug, "/technician-priority")
    assert axe(page, dark=True) == []
    for address in addresses:
        page.goto(f"/console{address}")
        assert axe(page, dark=True) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
