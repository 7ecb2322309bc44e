"""Moving a drop-off in Chromium: dragged by a mouse and by a finger, moved by keyboard, asked about, undone."""

import itertools
import re
from collections.abc import Iterator
from datetime import date, time

import pytest
from playwright.sync_api import Locator, Page, expect

from models import Appointment, Policy, Shop, db
from tests.ground import browser
from tests.ground.browser import Windows
from tests.ground.makers import SAM, a_customer, a_drop_off, a_member, a_shop, a_vehicle, next_open_day
from tests.ground.running import Running

pytestmark = pytest.mark.browser
serial = itertools.count(1)


@pytest.fixture
def slug(running: Running) -> Iterator[str]:
    """A shop of this test's own with Maria's drop-off at nine on the first open day whose next day is open too."""
    slug = f"hand{next(serial)}"
    with running.data():
        shop = a_shop(slug, texting_number=None, quiet_from=time(3), quiet_until=time(3), hours_policy=Policy.warn)
        a_member(shop, email=f"sam@{slug}.example")
        maria = a_customer(shop)
        a_vehicle(maria)
        a_drop_off(shop, _pair(shop)[0], time(9), "email", maria)
    return slug


def _pair(shop: Shop) -> tuple[date, date]:
    """Two open days beside each other, in one week and one month."""
    for ahead in range(1, 12):
        day, after = next_open_day(shop, ahead), next_open_day(shop, ahead + 1)
        if (after - day).days == 1 and day.month == after.month:
            return day, after
    raise AssertionError("two such days come within two weeks")


def days_of(running: Running, slug: str) -> tuple[str, str]:
    with running.data():
        day, after = _pair(Shop.known(slug))
        return day.isoformat(), after.isoformat()


def stands_at(running: Running, slug: str) -> tuple[str, str]:
    with running.data():
        shop = Shop.known(slug)
        (one,) = Appointment.between(shop, date(2000, 1, 1), date(2100, 1, 1))
        return one.date.isoformat(), one.time.isoformat("minutes") if one.time else ""


def opened(page: Page, slug: str, address: str) -> Page:
    return browser.opened(page, f"sam@{slug}.example", f"/console/calendar{address}")


def dragged(page: Page, what: Locator, onto: Locator, share: float = 0.5) -> None:
    """By mouse, in steps, to that share of the height of ``onto``."""
    onto.scroll_into_view_if_needed()
    begin, end = what.bounding_box(), onto.bounding_box()
    assert begin
    assert end
    page.mouse.move(begin["x"] + begin["width"] / 2, begin["y"] + begin["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] * share, steps=8)
    page.mouse.up()


def test_dragged_through_a_week_it_lands_on_the_quarter_and_undo_takes_it_back(desktop: Page, running: Running, slug: str) -> None:
    day, after = days_of(running, slug)
    opened(desktop, slug, f"?view=week&date={day}")
    drop_off = desktop.locator(".drop")
    dragged(desktop, drop_off, desktop.locator(f"#day-{after} [data-hour='10']"), 0.6)
    toast = desktop.locator("#toasts")
    expect(toast).to_contain_text("Maria Lopez moved to")
    expect(toast).to_contain_text("An e-mail goes out in 20 seconds.")
    expect(desktop.locator(f"#day-{after} .drop")).to_contain_text("10:30am")
    assert stands_at(running, slug) == (after, "10:30")
    toast.get_by_role("button", name="Undo").click()
    expect(desktop.locator(f"#day-{day} .drop")).to_contain_text("9am")
    assert stands_at(running, slug) == (day, "09:00")


def test_dragged_through_a_month_it_keeps_its_time_and_a_click_still_opens_it(desktop: Page, running: Running, slug: str) -> None:
    day, after = days_of(running, slug)
    opened(desktop, slug, f"?view=month&date={day}")
    dragged(desktop, desktop.locator(".drop"), desktop.locator(f"#day-{after}"))
    expect(desktop.locator("#toasts")).to_contain_text("Maria Lopez moved to")
    expect(desktop.locator(f"#day-{after} .drop")).to_contain_text("Maria Lopez")
    assert stands_at(running, slug) == (after, "09:00")
    desktop.get_by_role("link", name=re.compile("Maria Lopez")).click()
    expect(desktop).to_have_url(re.compile(r"/console/appointments/\d+"))


def test_dropped_on_a_closed_day_it_snaps_back_with_a_sentence(desktop: Page, running: Running, slug: str) -> None:
    day, _after = days_of(running, slug)
    opened(desktop, slug, f"?view=month&date={day}")
    closed = desktop.locator(f"#day-{day} ~ .cell--closed").first
    dragged(desktop, desktop.locator(".drop"), closed)
    expect(desktop.locator("#toasts")).to_contain_text("The shop is closed on that weekday.")
    expect(desktop.locator(f"#day-{day} .drop:not(.drop--held)")).to_contain_text("Maria Lopez")


def test_moved_by_keyboard_each_step_is_said_and_a_warning_is_asked(desktop: Page, running: Running, slug: str) -> None:
    day, after = days_of(running, slug)
    opened(desktop, slug, f"?view=week&date={day}")
    desktop.locator(".drop a").focus()
    press, said = desktop.keyboard.press, desktop.locator("#moving")
    press("m")
    expect(said).to_contain_text(re.compile(r"Picked up Maria Lopez, .*9:00"))
    press("Escape")
    expect(said).to_contain_text("Maria Lopez stays where it was")
    press("m")
    press("ArrowRight")
    press("ArrowUp")
    expect(said).to_contain_text(re.compile(r"Maria Lopez: .*8:45"))
    press("Shift+ArrowUp")
    press("Enter")
    question = desktop.get_by_role("dialog")
    expect(question).to_contain_text("Outside opening hours")
    press("Escape")
    expect(question).to_be_hidden()
    assert stands_at(running, slug) == (day, "09:00")
    desktop.locator(".drop a").focus()
    press("m")
    press("ArrowRight")
    for _ in range(5):
        press("ArrowUp")
    press("Enter")
    question.get_by_role("button", name="Move anyway").click()
    expect(desktop.locator("#toasts")).to_contain_text("Maria Lopez moved to")
    expect(desktop.locator(f"#day-{after} .drop")).to_contain_text("7:45am")
    assert stands_at(running, slug) == (after, "07:45")


def test_dropped_by_keyboard_the_focus_stays_with_it(desktop: Page, running: Running, slug: str) -> None:
    day, after = days_of(running, slug)
    opened(desktop, slug, f"?view=week&date={day}")
    desktop.locator(".drop a").focus()
    for key in ("m", "ArrowRight", "Enter"):
        desktop.keyboard.press(key)
    expect(desktop.locator(f"#day-{after} .drop a")).to_be_focused()


def test_a_finger_that_holds_drags_and_one_that_does_not_scrolls(windows: Windows, running: Running, slug: str) -> None:
    day, after = days_of(running, slug)
    page = opened(windows.phone(), slug, f"?view=month&date={day}")
    touch = page.context.new_cdp_session(page)

    def finger(kind: str, box: dict[str, float] | None = None) -> None:
        points = [{"x": box["x"] + 60, "y": box["y"] + box["height"] / 2}] if box else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    page.locator(f"#day-{day}").scroll_into_view_if_needed()
    begin, end = page.locator(".drop a").bounding_box(), page.locator(f"#day-{after}").bounding_box()
    finger("touchStart", begin)
    expect(page.locator(".drop--held")).to_be_visible()
    finger("touchMove", {**begin, "y": begin["y"] + 12})
    finger("touchMove", end)
    finger("touchEnd")
    expect(page.locator("#toasts")).to_contain_text("Maria Lopez moved to")
    assert stands_at(running, slug) == (after, "09:00")


def test_what_somebody_else_moves_while_it_is_in_the_hand_stays_there(desktop: Page, running: Running, slug: str) -> None:
    day, after = days_of(running, slug)
    opened(desktop, slug, f"?view=week&date={day}")
    desktop.locator(".drop a").focus()
    desktop.keyboard.press("m")
    desktop.keyboard.press("ArrowRight")
    with running.data():
        (one,) = Appointment.between(Shop.known(slug), date(2000, 1, 1), date(2100, 1, 1))
        one.move(date.fromisoformat(after), time(14), by=SAM)
        db.session.commit()
    expect(desktop.locator(f"#day-{after} .drop")).to_contain_text("2pm")
    desktop.keyboard.press("Enter")
    expect(desktop.locator("#toasts")).to_contain_text("Somebody else moved this appointment meanwhile.")
    assert stands_at(running, slug) == (after, "14:00")
