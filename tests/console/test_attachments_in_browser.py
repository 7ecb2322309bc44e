"""Photos and videos in Chromium: chosen, sent with progress, converted under one's eyes, and played."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from models import Attachment, Shop
from tests.ground import browser
from tests.ground.browser import Windows
from tests.ground.films import a_film, a_photo, place_and_turn
from tests.ground.makers import a_member, a_shop, a_work_order
from tests.ground.running import Running

pytestmark = pytest.mark.browser
serial = itertools.count(1)
CONVERTED = 60_000  # milliseconds, on a machine that has much else to do
PLAYS = (
    "video => new Promise(done => { video.muted = true; video.ontimeupdate = () => video.currentTime > 0.2 && done(true); video.play() })"
)


@pytest.fixture
def slug(running: Running) -> Iterator[str]:
    slug = f"camera{next(serial)}"
    with running.data():
        shop = a_shop(slug, texting_number=None)
        a_member(shop, "mechanic", email=f"tess@{slug}.example", name="Tess Park")
        a_work_order(shop)
    return slug


def opened(page: Page, slug: str, address: str = "/work-orders/1001") -> Page:
    return browser.opened(page, f"tess@{slug}.example", f"/console{address}")


@pytest.fixture
def roll(tmp_path: Path) -> list[Path]:
    """What is on a mechanic's telephone: a photo, a film, and something that is neither."""
    things = {
        "IMG_1.HEIC": a_photo("HEIF", (1200, 800), exif=place_and_turn()),
        "IMG_2.MOV": a_film(seconds=2),
        "drawing.jpg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    }
    for name, content in things.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in things]


def test_a_photo_and_a_film_are_sent_from_a_phone_and_seen_and_played(
    windows: Windows, running: Running, slug: str, roll: list[Path], axe: Callable[..., list[str]]
) -> None:
    phone, desk = opened(windows.phone(), slug), opened(windows.desktop(), slug)
    phone.get_by_label("Add photos or videos").set_input_files(roll)
    expect(phone.locator(".sending__file")).to_have_count(1)  # the others are on their way to the list
    expect(phone.locator(".sending__file")).to_contain_text("no photo or video that we can use")
    for page in (phone, desk):
        expect(page.locator("#attachments img")).to_have_count(2, timeout=CONVERTED)
    assert phone.locator("#attachments img").first.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [320, 480]
    assert axe(phone) == []
    with running.data():
        for one in Attachment.of(Shop.known(slug).work_order(1001)):
            assert one.original_id is None
    desk.locator("#attachments a", has=desk.get_by_label("Video")).click()
    video = desk.locator("video")
    assert video.evaluate("video => video.canPlayType('video/mp4; codecs=\"avc1.640028, mp4a.40.2\"')") == "probably"
    assert video.evaluate(PLAYS)
    assert video.evaluate("video => [video.videoWidth, video.videoHeight]") == [240, 320]
    assert axe(desk) == []


def test_a_film_is_described_removed_and_brought_back(desktop: Page, slug: str, roll: list[Path]) -> None:
    opened(desktop, slug)
    desktop.get_by_label("Add photos or videos").set_input_files(roll[0])
    desktop.locator("#attachments a").first.click(timeout=CONVERTED)
    desktop.get_by_label("What is to be seen").fill("Inner pad, two millimetres")
    desktop.get_by_role("button", name="Save", exact=True).click()
    expect(desktop.get_by_role("heading", level=1)).to_have_text("Inner pad, two millimetres")
    desktop.get_by_role("button", name="Remove", exact=True).click()
    expect(desktop.locator("#attachments")).to_contain_text("Removed: Inner pad")
    desktop.get_by_role("button", name="Bring back").click()
    expect(desktop.get_by_role("img", name="Inner pad, two millimetres")).to_be_visible()


def test_files_are_dropped_onto_the_panel(desktop: Page, slug: str) -> None:
    opened(desktop, slug)
    desktop.evaluate(
        """async () => {
            const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 48 });
            const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
            const data = new DataTransfer();
            data.items.add(new File([blob], "drawn.png", { type: "image/png" }));
            const options = { dataTransfer: data, bubbles: true, cancelable: true };
            for (const name of ["dragover", "drop"]) document.querySelector("#media").dispatchEvent(new DragEvent(name, options));
        }"""
    )
    expect(desktop.locator("#attachments img")).to_have_count(1, timeout=CONVERTED)
    expect(desktop.locator(".sending__file")).to_have_count(0)


def test_without_a_script_the_form_sends_them_all(windows: Windows, slug: str, roll: list[Path]) -> None:
    page = windows.desktop(java_script_enabled=False)
    browser.sign_in(page, f"tess@{slug}.example")
    page.goto("/console/work-orders/1001")
    page.get_by_label("Add photos or videos").set_input_files(roll)
    page.get_by_role("button", name="Send them").click()
    expect(page.locator("#files-error")).to_contain_text("drawing.jpg: This is no photo")
    expect(page.locator("#attachments li")).to_have_count(2)


def test_what_is_too_large_is_said_before_it_goes_and_a_lost_connection_is_no_end(windows: Windows, slug: str, roll: list[Path]) -> None:
    desktop = opened(windows.desktop(), slug)
    desktop.evaluate("document.querySelector('#sending').dataset.largest = '9000'")
    desktop.get_by_label("Add photos or videos").set_input_files(roll[1])
    expect(desktop.locator(".sending__file")).to_contain_text("more than 500 MB")
    desktop.get_by_role("button", name="Dismiss").click()
    expect(desktop.locator(".sending__file")).to_have_count(0)
    desktop.evaluate("document.querySelector('#sending').dataset.largest = '500000000'")
    desktop.context.set_offline(True)
    desktop.get_by_label("Add photos or videos").set_input_files(roll[0])
    expect(desktop.locator(".sending__file")).to_contain_text("The connection was lost.")
    desktop.context.set_offline(False)
    desktop.get_by_role("button", name="Try again").click()
    expect(desktop.locator("#attachments img")).to_have_count(1, timeout=CONVERTED)
    windows.errors[:] = [error for error in windows.errors if "INTERNET_DISCONNECTED" not in error]


def test_the_pages_are_for_everyone(desktop: Page, slug: str, roll: list[Path], axe: Callable[..., list[str]]) -> None:
    page = opened(desktop, slug, "/work-orders/1001/attachments")
    assert axe(page, dark=True) == []
    page.get_by_label("Add photos or videos").set_input_files(roll)
    expect(page.locator("#attachments img")).to_have_count(2, timeout=CONVERTED)
    assert axe(page, dark=True) == []
    page.locator("#attachments a").first.click()
    assert axe(page, dark=True) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
