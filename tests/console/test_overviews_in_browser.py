"""The overview at the desk in Chromium: sent from the window, and what the customer does with it appears by itself."""

import itertools
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from models import Overview, Shop, WorkOrder, db
from tests.ground.browser import Windows, opened
from tests.ground.makers import a_member, a_shop, a_texting_number
from tests.ground.overviews import an_inspected_order, answered
from tests.ground.running import Running

serial = itertools.count(1)
COUNTING = """
window.notes = 0;
const begin = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) { window.notes += 1; return begin.call(this, at); };
"""
ORDER = "/console/work-orders/1001"


@pytest.fixture
def garage(running: Running) -> Iterator[str]:
    """The slug of a shop with Maria's car in it, and a receptionist and an administrator."""
    slug = f"overview{next(serial)}"
    with running.data():
        shop = a_shop(slug, texting_number=a_texting_number())
        a_member(shop, email=f"sam@{slug}.example")
        a_member(shop, "administrator", email=f"ada@{slug}.example")
        an_inspected_order(shop)
    return slug


def at_desk(page: Page, slug: str, path: str = ORDER) -> Page:
    return opened(page, f"sam@{slug}.example", path)


def link(running: Running, slug: str) -> str:
    with running.data():
        return WorkOrder.open_in(Shop.known(slug))[0].visit.link.url


def customer_does(running: Running, slug: str, what: Callable[[Overview], object]) -> None:
    with running.data():
        order = WorkOrder.open_in(Shop.known(slug))[0]
        overview = Overview.newest(order.id)
        assert overview
        what(overview)
        db.session.commit()


def test_it_is_sent_from_the_window_and_opened_and_answered_appear_by_themselves(windows: Windows, running: Running, garage: str) -> None:
    desk, board = at_desk(windows.desktop(), garage), at_desk(windows.desktop(), garage, "/console/board")
    desk.get_by_role("button", name="Customer Communication").click()
    window = desk.get_by_role("dialog", name="Customer Communication")
    window.get_by_label("Note").fill("Please look at the brakes first.")
    desk.keyboard.press("Escape")
    expect(window).to_be_hidden()
    desk.get_by_role("button", name="Customer Communication").click()
    tyres = window.get_by_role("listitem").filter(has_text="Tyres")
    tyres.get_by_role("button", name="Do not show to customer").click()
    expect(tyres.get_by_text("not shown")).to_be_visible()
    expect(window.get_by_text("$447.29")).to_be_visible()
    expect(window.get_by_label("Note")).to_have_value("Please look at the brakes first.")
    window.get_by_role("button", name="Send").click()
    expect(window).to_be_hidden()
    expect(desk.get_by_text("Version 1 is kept.")).to_be_visible()
    bar = desk.get_by_role("region", name="Overview for the customer")
    expect(bar.get_by_text("Not opened yet")).to_be_visible()
    expect(board.get_by_role("link", name="Overview sent")).to_be_visible()
    phone = windows.phone()
    phone.goto(link(running, garage))
    phone.get_by_role("link", name="Open the overview").click()
    phone.get_by_role("article").filter(has_text="Front brake pads").get_by_text("Repair", exact=True).click()
    expect(bar.get_by_text("Opened", exact=True)).to_be_visible()
    expect(board.get_by_text("Maria Lopez has opened the overview")).to_be_visible()
    phone.get_by_role("article").filter(has_text="Wiper blades").get_by_text("Contact me", exact=True).click()
    phone.get_by_label("Your name").fill("Maria Lopez")
    phone.get_by_role("button", name="Send my answers").click()
    expect(bar.get_by_text("Answered 2 of 2")).to_be_visible()
    expect(board.get_by_role("link", name=re.compile("Answered 2 of 2.*to authorise"))).to_be_visible()
    board.get_by_role("link", name="Maria Lopez has answered: 2 of 2").click()
    expect(board.get_by_role("region", name="Overview for the customer")).to_be_visible()


def test_what_is_refused_stays_typed_and_says_so_beside_the_field(desktop: Page, garage: str) -> None:
    page = at_desk(desktop, garage)
    page.get_by_role("button", name="Customer Communication").click()
    window = page.get_by_role("dialog", name="Customer Communication")
    window.get_by_label("Note").fill("x" * 1001)
    window.get_by_role("button", name="Send").click()
    expect(window.get_by_text("Please keep it under 1001 characters.")).to_be_visible()
    expect(window.get_by_label("Note")).to_be_focused()
    window.get_by_label("Note").fill("Short")
    window.get_by_role("button", name="Send").click()
    expect(window).to_be_hidden()


def test_two_tabs_tell_it_once_and_a_sound_is_switched_on_for_good(windows: Windows, running: Running, garage: str) -> None:
    one = windows.desktop()
    one.context.add_init_script(COUNTING)
    at_desk(one, garage)
    one.get_by_role("button", name="Sam Ortiz").click()
    switch = one.get_by_role("button", name="Sound when customers answer")
    expect(switch).to_have_attribute("aria-pressed", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    one.keyboard.press("Escape")
    two = one.context.new_page()
    two.goto("/console/board")
    expect(two.locator("#live-state")).to_contain_text("Live")
    expect(two.locator("[data-sound]")).to_have_attribute("aria-pressed", "true")
    one.get_by_role("button", name="Customer Communication").click()
    one.get_by_role("button", name="Send", exact=True).click()
    expect(two.get_by_role("link", name="Overview sent")).to_be_visible()
    customer_does(running, garage, lambda overview: answered(overview, {"Front brake pads": "repair"}))
    expect(one.get_by_text("Answered 1 of 3").first).to_be_visible()
    expect(two.get_by_role("link", name="Answered 1 of 3")).to_be_visible()
    told = [page.get_by_text("Maria Lopez has answered: 1 of 3") for page in (one, two)]
    for _ in range(100):
        if any(each.count() for each in told):
            break
        one.wait_for_timeout(100)
    one.wait_for_timeout(300)  # for a second one, which must not come
    assert sum(each.count() for each in told) == 1
    notes = [page.evaluate("notes") for page in (one, two)]
    blocked = two.get_by_text("Click anywhere once, so that the browser lets the sound play.").count()
    assert (notes, blocked) in (([4, 0], 0), ([2, 0], 1)), "switching on sounds once; a tab that nobody has touched may not, and says so"


def test_it_is_for_everyone(windows: Windows, running: Running, garage: str, axe: Callable[..., list[str]]) -> None:
    page = at_desk(windows.desktop(), garage)
    page.get_by_role("button", name="Customer Communication").click()
    expect(page.get_by_role("dialog", name="Customer Communication")).to_be_visible()
    assert axe(page, dark=True) == []
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Version 1 is kept.")).to_be_visible()
    customer_does(running, garage, lambda overview: answered(overview, {"Front brake pads": "repair"}))
    expect(page.get_by_text("Maria Lopez has answered: 1 of 3")).to_be_visible()
    assert axe(page, dark=True) == []
    for path in ("overviews", "overviews/new", "overviews/1", "overviews/preview"):
        page.goto(f"{ORDER}/{path}")
        assert axe(page, dark=True) == []
    phone = opened(windows.phone(), f"ada@{garage}.example", f"{ORDER}/overviews/new")
    for path in (f"{ORDER}/overviews/new", f"{ORDER}/overviews", f"{ORDER}/overviews/1", "/console/settings/overviews"):
        phone.goto(path)
        assert axe(phone, dark=True) == []
