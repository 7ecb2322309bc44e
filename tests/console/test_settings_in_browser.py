"""Settings in Chromium: previews that follow the typing, undo, and pages for everyone."""

import itertools
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from models import Shop
from tests.ground import browser
from tests.ground.browser import Windows
from tests.ground.makers import a_customer, a_member, a_shop, a_vehicle
from tests.ground.running import Running

pytestmark = pytest.mark.browser
serial = itertools.count(1)
TABS = (
    "",
    "/hours",
    "/closed-dates",
    "/branding",
    "/messages",
    "/messages/appt_confirm/text/en",
    "/messages/appt_confirm/email/es",
    "/shop",
)


@pytest.fixture
def slug(running: Running) -> Iterator[str]:
    slug = f"office{next(serial)}"
    with running.data():
        shop = a_shop(slug, name="Pier Garage", texting_number=None, holiday_calendar="US-IL")
        a_member(shop, "administrator", email=f"ada@{slug}.example")
        a_vehicle(a_customer(shop))
    return slug


def opened(page: Page, slug: str, address: str) -> Page:
    return browser.opened(page, f"ada@{slug}.example", f"/console{address}")


def test_the_preview_of_a_text_follows_the_typing_and_fields_are_clicked_in(desktop: Page, slug: str) -> None:
    opened(desktop, slug, "/settings/messages/appt_confirm/text/en")
    preview = desktop.locator("#preview")
    words = desktop.get_by_label("Words", exact=True)
    words.fill("Hello ")
    desktop.locator("[data-insert='{first}']").click()
    expect(words).to_have_value("Hello {first}")
    expect(words).to_be_focused()
    expect(preview).to_contain_text("This text needs {link}")
    desktop.keyboard.type(" {link} " + "a" * 150)
    expect(preview).to_contain_text("Hello Maria")
    expect(preview).to_contain_text("2 segments")
    expect(words).to_be_focused()
    words.fill("{nope} {link}")
    expect(preview).to_contain_text("There is no field {nope}.")
    desktop.get_by_role("button", name="Save", exact=True).click()
    expect(words).to_have_attribute("aria-invalid", "true")
    expect(words).to_have_value("{nope} {link}")


def test_own_words_go_back_to_the_preset_and_come_back(desktop: Page, slug: str) -> None:
    address = "/settings/messages/appt_cancelled/text/en"
    opened(desktop, slug, address)
    words = desktop.get_by_label("Words", exact=True)
    words.fill("Gone, {first}.")
    desktop.get_by_role("button", name="Save", exact=True).click()
    expect(desktop.locator("#toasts")).to_contain_text("saved")
    desktop.goto(f"/console{address}")
    desktop.get_by_role("button", name="Back to the preset").click()
    expect(words).to_have_value("{shop}: your {model} drop-off {date} is cancelled. Questions: {phone}")
    desktop.get_by_role("button", name="Undo").click()
    expect(desktop.locator("#template-appt_cancelled-text")).to_contain_text("Gone, Maria.")


def test_the_preview_of_the_look_follows_colour_and_words(desktop: Page, slug: str) -> None:
    opened(desktop, slug, "/settings/branding")
    button = desktop.locator(".preview__button").first
    desktop.get_by_label("Colour", exact=True).fill("#ffee00")
    desktop.get_by_label("Welcome words").fill("Since 1962")
    expect(button).to_have_css("background-color", "rgb(255, 238, 0)")
    expect(button).to_have_css("color", "rgb(0, 0, 0)")
    expect(desktop.locator("#preview")).to_contain_text("Since 1962")
    expect(desktop.get_by_label("Choose the colour")).to_have_value("#ffee00")
    desktop.get_by_label("Colour", exact=True).fill("red")
    expect(desktop.locator("#preview")).to_contain_text("six digits")
    desktop.get_by_role("button", name="Save", exact=True).click()
    expect(desktop.locator("#accent-error")).to_contain_text("six digits")


def test_a_logo_is_uploaded_and_one_that_is_none_is_refused(desktop: Page, running: Running, slug: str) -> None:
    opened(desktop, slug, "/settings/branding")
    file = desktop.get_by_label("PNG, JPEG or WebP")
    file.set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": b"<svg xmlns='http://www.w3.org/2000/svg'/>"})
    desktop.get_by_role("button", name="Use this logo").click()
    expect(desktop.locator("#logo-error")).to_contain_text("no picture that we can use")
    buffer = BytesIO()
    Image.new("RGB", (800, 200), "teal").save(buffer, "WEBP")
    file.set_input_files({"name": "logo.webp", "mimeType": "image/webp", "buffer": buffer.getvalue()})
    desktop.get_by_role("button", name="Use this logo").click()
    expect(desktop.get_by_alt_text("The logo now")).to_be_visible()
    with running.data():
        logo = Shop.known(slug).branding.logo
        assert logo is not None
        assert (logo.width, logo.height) == (512, 128)


def test_a_removed_date_is_brought_back_by_undo(desktop: Page, slug: str) -> None:
    opened(desktop, slug, "/settings/closed-dates")
    first = desktop.locator("#holidays input[type=checkbox]").first
    day = first.get_attribute("value")
    first.check()
    desktop.get_by_role("button", name="Close on the ticked dates").click()
    row = desktop.locator(f"#closing-{day}")
    expect(row).to_be_visible()
    row.get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)
    desktop.get_by_role("button", name="Undo").click()
    expect(row).to_be_visible()


def test_an_estimate_is_asked_declined_brought_back_and_booked(desktop: Page, slug: str) -> None:
    opened(desktop, slug, "/estimates/new")
    desktop.get_by_label("Phone or last name").press_sequentially("lopez")
    desktop.get_by_role("button", name="Maria Lopez").click()
    expect(desktop.locator("#asking").get_by_role("link", name="Maria Lopez")).to_be_visible()
    desktop.get_by_label("Type of work").fill("Front brakes")
    desktop.get_by_label("Note").fill("Genuine parts")
    desktop.get_by_role("button", name="Keep the estimate").click()
    row = desktop.locator("#estimates li", has_text="Front brakes")
    row.get_by_role("button", name="Decline").click()
    expect(row).to_have_count(0)
    desktop.get_by_role("button", name="Undo").click()
    expect(row).to_be_visible()
    desktop.get_by_role("link", name="Search", exact=True).click()
    desktop.get_by_label("Name, phone, plate or vehicle").press_sequentially("civic")
    row.get_by_role("link", name="Make appointment").click()
    expect(desktop.get_by_label("Type of work")).to_have_value("Front brakes")
    expect(desktop.get_by_label("Note for the shop")).to_have_value("Genuine parts")


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_every_tab_is_for_everyone_on_desk_and_phone(windows: Windows, slug: str, axe: Callable[..., list[str]], screen: str) -> None:
    page = opened(getattr(windows, screen)(), slug, "/estimates")
    assert axe(page, dark=True) == []
    for tab in TABS:
        page.goto(f"/console/settings{tab}")
        assert axe(page, dark=True) == [], tab
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab
