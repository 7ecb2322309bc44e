"""Important items and the communication log in Chromium: shared at the desk, seen in the bay without a touch."""

import itertools
import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from models import Authorisation, Remark, db
from models.sent_file import SentFile
from tests.ground import browser
from tests.ground.browser import Windows
from tests.ground.films import a_film, a_photo
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_texting_number, a_work_order, consenting
from tests.ground.overviews import FOUND, OWNER, an_item, answered, item_called, sent
from tests.ground.running import Running

pytestmark = pytest.mark.browser
serial = itertools.count(1)
ORDER, LOG = "/console/work-orders/1001", "/console/work-orders/1001/communications"
NOISE = "There is a noise on the left when I brake, since the pothole on Lake Street. Could that be the tyre? I filmed it this morning."
CONVERTED = 60_000  # milliseconds, on a machine that has much else to do


@pytest.fixture
def slug(running: Running) -> Iterator[str]:
    """Maria has answered with a remark, a picture and a film; the tyres are pinned."""
    slug = f"remarks{next(serial)}"
    with running.data():
        shop = a_shop(slug, texting_number=a_texting_number())
        a_member(shop, email=f"sam@{slug}.example", name="Sam Ortiz")
        a_member(shop, "mechanic", email=f"tess@{slug}.example", name="Tess Park")
        order = a_work_order(shop, consenting(a_customer(shop)))
        for title, (category, price) in FOUND.items():
            an_item(order, title, category, price)
        overview = sent(order, "Please look at the brakes.")
        overview.opened(by=OWNER, agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148")
        reply = answered(overview, {"Front brake pads": "repair", "Wiper blades": "decline", "Tyres": "contact"}, comment=NOISE)
        remark = Remark.made_of(reply)
        for name, content in (("left.jpg", a_photo(size=(1200, 900))), ("noise.mov", a_film())):
            remark.add(SentFile.stored(shop.id, BytesIO(content), name, "form"), by=OWNER)
        item_called(order, "Tyres").pin(by=SAM)
        order.lock()
        Authorisation.take_over(order, by=SAM)
        db.session.commit()
    return slug


def opened(page: Page, slug: str, who: str = "sam", address: str = ORDER) -> Page:
    return browser.opened(page, f"{who}@{slug}.example", address)


def test_what_the_desk_shares_is_seen_in_the_bay_without_a_touch_and_taken_back(
    windows: Windows, slug: str, axe: Callable[..., list[str]]
) -> None:
    desk, bay = opened(windows.desktop(), slug), opened(windows.phone(), slug, "tess")
    expect(desk.locator("#remarks img")).to_have_count(4, timeout=CONVERTED)  # beside the words, and in the window
    expect(bay.get_by_text("There is a noise")).to_have_count(0)
    for scheme in (False, True):
        assert axe(desk, dark=scheme) == []
    desk.get_by_role("button", name="Mechanic…").click()
    window = desk.get_by_role("dialog", name="What the mechanic sees")
    boxes = window.get_by_role("checkbox", name="Visible to mechanic")
    expect(boxes).to_have_count(3)
    shot(desk, "window")
    assert axe(desk) == []
    boxes.nth(0).check()
    boxes.nth(2).check()
    window.get_by_role("button", name="Save").click()
    expect(bay.get_by_text("There is a noise")).to_be_visible()
    expect(bay.locator("#remarks img")).to_have_count(1)
    shot(bay, "bay")
    for scheme in (False, True):
        assert axe(bay, dark=scheme) == []
    expect(desk.get_by_text("Mechanic sees some of it")).to_be_visible()
    desk.get_by_role("button", name="Mechanic…").click()
    boxes.nth(0).uncheck()
    boxes.nth(2).uncheck()
    window.get_by_role("button", name="Save").click()
    expect(bay.locator("#remarks")).to_be_hidden()
    shot(desk, "desk")


def test_what_was_pinned_is_unpinned_where_it_stands(desktop: Page, slug: str) -> None:
    page = opened(desktop, slug)
    important = page.get_by_role("region", name="Important items")
    expect(important.get_by_role("link", name="Tyres")).to_be_visible()
    important.get_by_role("button", name="Unpin").click()
    expect(important.get_by_role("link", name="Tyres")).to_have_count(0)
    page.get_by_role("button", name="Pin", exact=True).first.click()
    expect(important.get_by_role("link", name="Oil and filter")).to_be_visible()


def test_a_remark_is_marked_as_read_and_the_way_back_is_in_the_toast(desktop: Page, slug: str) -> None:
    page = opened(desktop, slug)
    page.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_text("1 remark that was read")).to_be_visible()
    shot(page, "read")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Mark as read")).to_be_visible()


def test_the_log_is_verified_on_its_page(windows: Windows, slug: str, axe: Callable[..., list[str]]) -> None:
    for page in (opened(windows.desktop(), slug), opened(windows.phone(), slug)):
        page.get_by_role("link", name="Customer communication log").click()
        expect(page.get_by_role("heading", name="Customer communication log")).to_be_visible()
        page.get_by_role("link", name="Verify").click()
        expect(page.get_by_text("records of the shop are as they were written")).to_be_visible()
        for scheme in (False, True):
            assert axe(page, dark=scheme) == []
        shot(page, "log" if page.viewport_size["width"] > 600 else "log-phone")


def shot(page: Page, name: str) -> None:
    if into := os.environ.get("SHOTS"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=Path(into) / f"{name}-{scheme}.png", full_page=True)
        page.emulate_media(color_scheme="light")
