"""The customer agrees to texts and ends them again, on a phone, with the real processes behind the page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from models import Consent, Link, db
from tests.ground.browser import Windows
from tests.ground.makers import MARIA, a_drop_off, a_shop, a_texting_number
from tests.ground.running import Running
from tests.portal.test_size import TO_READ, Meter
from tests.portal.test_visit_in_browser import NUMBERS

pytestmark = pytest.mark.browser


@pytest.fixture
def link(running: Running) -> str:
    with running.data():
        shop = a_shop(f"harbour-{next(NUMBERS)}", name="Harbour Street Garage", texting_number=a_texting_number())
        path: str = a_drop_off(shop, preference="email").visit.link.path
        db.session.commit()
    return path


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_agree_and_end_again(windows: Windows, link: str, axe: Callable[[Page], list[str]], script: bool) -> None:
    page = windows.phone(java_script_enabled=script)
    page.goto(link)
    page.get_by_text("Texts from Harbour Street Garage").click()
    page.get_by_role("button", name="Agree to texts about my visits").click(click_count=2, no_wait_after=True)
    expect(page.get_by_text("On for ••• 0142")).to_be_visible()
    expect(page.get_by_role("button", name="End texts about my visits")).to_be_visible()
    if script:
        expect(page.get_by_role("heading", name="About your appointment and repair")).to_be_focused()
        assert axe(page) == []
    page.get_by_role("button", name="End texts about my visits").click()
    expect(page.get_by_text("Off for ••• 0142")).to_be_visible()


def test_two_taps_are_one_fact(windows: Windows, running: Running, link: str) -> None:
    page = windows.phone()
    page.goto(f"{link}/texts")
    page.get_by_role("button", name="Agree to reminders and offers").click(click_count=5, no_wait_after=True)
    expect(page.get_by_role("button", name="End reminders and offers")).to_be_visible()
    with running.data():
        shop = Link.found(link.removeprefix("/v/")).visit.shop
        assert [fact.scope for fact in Consent.history(shop, MARIA)] == ["marketing"]


def test_the_page_with_this_part_still_fits_the_first_round_trip(windows: Windows, link: str) -> None:
    page = windows.phone(extra_http_headers={"Accept-Encoding": "gzip, br"})
    meter = Meter(page)
    for language in ("en", "es", "nl"):
        meter.begin_anew()
        page.goto(f"{link}?lang={language}", wait_until="load")
        assert meter.sent("document", "stylesheet") <= TO_READ


def test_the_notices_are_easy_to_read(windows: Windows, link: str, axe: Callable[[Page], list[str]]) -> None:
    page = windows.phone()
    page.goto(link)
    page.locator("#notices").get_by_role("link", name="Messaging terms").click()
    expect(page.get_by_role("heading", name="Messaging terms")).to_be_visible()
    assert axe(page) == []
