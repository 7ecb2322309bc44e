"""The console in Chromium against the real processes: by keyboard, live on two screens, and what ends when somebody signs out."""

import itertools
import re
from collections.abc import Iterator
from datetime import time
from time import sleep

import pytest
from playwright.sync_api import Page, expect

from models import Appointment, Shop, db
from tests.ground.browser import Windows, opened, violations
from tests.ground.browser import sign_in as browser_sign_in
from tests.ground.makers import PASSWORD, SAM, a_customer, a_drop_off, a_member, a_shop, a_texting_number, a_vehicle, next_open_day
from tests.ground.running import Running

serial = itertools.count(1)


@pytest.fixture
def garage(running: Running) -> Iterator[str]:
    """The slug of a shop of this test's own, with Maria on file and a receptionist."""
    slug = f"desk{next(serial)}"
    with running.data():
        shop = a_shop(slug, texting_number=a_texting_number())
        a_member(shop, email=f"sam@{slug}.example")
        a_vehicle(a_customer(shop))
    return slug


def sign_in(page: Page, slug: str) -> Page:
    return opened(page, f"sam@{slug}.example")


def booked(running: Running, slug: str) -> int:
    with running.data():
        shop = Shop.known(slug)
        return a_drop_off(shop, next_open_day(shop), time(9), customer=_maria(shop)).id


def _maria(shop: Shop):  # type: ignore[no-untyped-def]
    from models import Customer

    return Customer.search(shop, "lopez")[0]


def test_signing_in_leads_to_today(desktop: Page, garage: str) -> None:
    desktop.goto("/")
    desktop.get_by_label("Email").fill(f"sam@{garage}.example")
    desktop.get_by_label("Password").fill(PASSWORD)
    desktop.get_by_role("button", name="Sign in", exact=True).click()
    expect(desktop.get_by_role("heading", level=1)).to_contain_text("Today")
    expect(desktop.locator("#live-state")).to_have_text("Live")


def test_a_booking_is_made_by_keyboard_alone(desktop: Page, running: Running, garage: str) -> None:
    sign_in(desktop, garage)
    with running.data():
        day = next_open_day(Shop.known(garage))
    desktop.get_by_role("link", name="New appointment", exact=True).press("Enter")
    expect(desktop.get_by_label("Phone or last name")).to_be_focused()
    desktop.keyboard.type("555 0142")
    expect(desktop.get_by_role("button", name=re.compile("Maria Lopez"))).to_be_visible()
    desktop.keyboard.press("ArrowDown")
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_label("Date")).to_be_focused()
    desktop.keyboard.type(day.strftime("%m%d%Y"))
    desktop.keyboard.press("Tab")
    desktop.get_by_label("Time").focus()
    desktop.keyboard.type("0900AM")
    expect(desktop.locator("#day")).to_contain_text("Open 8:00 AM to 5:30 PM.")
    desktop.get_by_label("Type of work").focus()
    desktop.keyboard.type("Front brakes")
    desktop.keyboard.press("Enter")
    expect(desktop.locator("#preference-error")).to_contain_text("Text needs the customer's permission for this number.")
    expect(desktop.get_by_label("Type of work")).to_have_value("Front brakes")
    desktop.get_by_role("radio", name="Not asked").focus()
    desktop.get_by_role("radio", name="Yes", exact=True).press("Space")
    desktop.get_by_role("button", name="Book", exact=True).press("Enter")
    expect(desktop.get_by_role("heading", level=1)).to_contain_text("Maria Lopez")
    expect(desktop.locator("#toasts")).to_contain_text("Booked: Maria Lopez")
    with running.data():
        appointment = db.session.query(Appointment).filter_by(shop_id=Shop.known(garage).id).one()
        assert (appointment.date, appointment.time, appointment.type_of_work) == (day, time(9), "Front brakes")


def test_what_one_receptionist_does_the_other_sees_without_a_reload(windows: Windows, running: Running, garage: str) -> None:
    id = booked(running, garage)
    here, there = sign_in(windows.desktop(), garage), sign_in(windows.desktop(), garage)
    with running.data():
        day = next_open_day(Shop.known(garage))
    for page in (here, there):
        page.goto(f"/console/?day={day}")
        expect(page.locator("#live-state")).to_have_text("Live")
    there.evaluate("window.untouched = true")
    here.locator(f"#drop-off-{id}").get_by_role("button", name="Check in", exact=True).click()
    here.get_by_role("button", name="Check in now").click()  # it asks, as the day is not yet
    expect(here.locator(f"#drop-off-{id}")).to_contain_text("Checked in")
    expect(there.locator(f"#drop-off-{id}")).to_contain_text("Checked in")
    assert there.evaluate("window.untouched")


def test_a_customers_request_appears_with_a_count_by_itself_and_goes_when_it_is_dealt_with(
    windows: Windows, running: Running, garage: str
) -> None:
    id = booked(running, garage)
    desk = sign_in(windows.desktop(), garage)
    expect(desk.locator("#live-state")).to_have_text("Live")
    with running.data():
        link = db.session.get_one(Appointment, id).visit.link.path
    phone = windows.phone()
    phone.goto(link)
    phone.get_by_role("button", name="Request reschedule", exact=True).click()
    expect(desk.locator("#requests")).to_contain_text("Maria Lopez")
    expect(desk.locator("#requests-count")).to_contain_text("1")
    expect(desk).to_have_title(re.compile(r"^\(1\) Today"))
    desk.get_by_role("button", name="Keep the date", exact=True).click()
    expect(desk.locator("#requests")).to_have_count(0)
    expect(desk.locator("#requests-count")).to_be_hidden()


def test_cancel_asks_first_and_escape_leaves_it_be(desktop: Page, running: Running, garage: str) -> None:
    id = booked(running, garage)
    sign_in(desktop, garage).goto(f"/console/appointments/{id}")
    cancel = desktop.get_by_role("button", name="Cancel", exact=True)
    cancel.press("Enter")
    expect(desktop.get_by_role("dialog")).to_contain_text("Cancel the drop-off of Maria Lopez on")
    desktop.keyboard.press("Escape")
    expect(desktop.get_by_role("dialog")).to_be_hidden()
    expect(cancel).to_be_focused()
    cancel.click()
    desktop.get_by_role("button", name="Cancel the drop-off", exact=True).dblclick()
    expect(desktop.locator("#appointment")).to_contain_text("Cancelled")
    with running.data():
        appointment = db.session.get_one(Appointment, id)
        assert [fact.verb for fact in appointment.facts].count("appointment.cancelled") == 1


def test_print_and_remind_are_in_one_menu_and_the_slip_is_ready_in_a_moment(desktop: Page, running: Running, garage: str) -> None:
    id = booked(running, garage)
    sign_in(desktop, garage).goto(f"/console/appointments/{id}")
    desktop.get_by_role("button", name="Print / Remind", exact=True).click()
    expect(desktop.get_by_role("button", name="Remind", exact=True)).to_be_visible()
    desktop.get_by_role("button", name="Print", exact=True).click()
    expect(desktop.get_by_role("link", name="Open the slip")).to_be_visible()


def test_without_a_script_the_slip_is_there_in_a_moment_too_and_nothing_pretends_to_be_live(
    windows: Windows, running: Running, garage: str
) -> None:
    page = windows.desktop(java_script_enabled=False)
    browser_sign_in(page, f"sam@{garage}.example")
    page.goto(f"/console/appointments/{booked(running, garage)}")
    expect(page.get_by_role("button", name="Copy the link")).to_be_hidden()
    page.get_by_role("button", name="Print / Remind").click()
    page.get_by_role("button", name="Print", exact=True).click()
    expect(page.locator("#live-state")).to_be_hidden()
    expect(page.get_by_role("link", name="Open the slip")).to_be_visible()


def test_signing_out_in_one_tab_ends_the_other(windows: Windows, running: Running, garage: str) -> None:
    here = sign_in(windows.desktop(), garage)
    other = here.context.new_page()
    other.goto("/console/")
    expect(other.locator("#live-state")).to_have_text("Live")
    here.get_by_role("button", name="Sam Ortiz").click()
    here.get_by_role("button", name="Sign out", exact=True).click()
    expect(here.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(other.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_when_the_stream_is_lost_the_page_says_so_and_heals(windows: Windows, garage: str) -> None:
    desktop = sign_in(windows.desktop(), garage)
    expect(desktop.locator("#live-state")).to_have_text("Live")
    desktop.context.set_offline(True)
    desktop.evaluate("document.querySelector('#live')._htmx.sse.reader.cancel()")
    expect(desktop.locator("#live-state")).to_have_text("Not live: trying again…")
    desktop.context.set_offline(False)
    expect(desktop.locator("#live-state")).to_have_text("Live")
    windows.errors.clear()  # of being offline


def test_the_stream_opens_also_when_its_script_comes_last(desktop: Page, garage: str) -> None:
    desktop.route("**/hx-sse*", lambda route: (sleep(0.5), route.continue_()))
    sign_in(desktop, garage)


def test_customers_are_found_as_one_types_and_reached_by_arrows(desktop: Page, garage: str) -> None:
    sign_in(desktop, garage)
    desktop.keyboard.press("/")
    expect(desktop.get_by_role("searchbox", name="Search customers", exact=True)).to_be_focused()
    desktop.keyboard.type("demo 1")
    expect(desktop.locator("#found")).to_contain_text("Maria Lopez")
    desktop.keyboard.press("ArrowDown")
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("heading", level=1)).to_have_text("Maria Lopez")


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_axe_finds_nothing_wrong_with_the_consoles_pages(windows: Windows, running: Running, garage: str, screen: str) -> None:
    id = booked(running, garage)
    page = getattr(windows, screen)()
    page.goto("/")
    found = violations(page, dark=True)
    sign_in(page, garage)
    with running.data():
        appointment = db.session.get_one(Appointment, id)
        appointment.request_reschedule("Thursday", by=SAM)
        db.session.commit()
        customer, vehicle, day = appointment.customer.id, appointment.vehicle.id, appointment.date
    for address in (
        "",
        f"?day={day}",
        f"appointments/{id}",
        "appointments/new",
        f"appointments/new?customer={customer}",
        "customers",
        f"customers/{customer}",
        f"customers/{customer}/edit",
        f"vehicles/{vehicle}",
        "vehicles",
        "messages",
        "queue",
    ):
        page.goto(f"/console/{address}")
        found += [f"/console/{address} {line}" for line in violations(page, dark=True)]
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{address} is wider than the screen"
    assert found == []
