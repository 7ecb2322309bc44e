"""The customer's way through the page in Chromium, with the real processes behind it."""

from collections.abc import Callable
from itertools import count
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from models import Appointment, Confirmation, Opening, RescheduleRequest, StoredFile, db
from tests.ground.browser import Windows
from tests.ground.makers import SAM as SHOP
from tests.ground.makers import a_drop_off, a_shop
from tests.ground.running import Running
from tests.portal.test_brand import a_logo

pytestmark = pytest.mark.browser
CONFIRMED = "Your appointment is confirmed"
NUMBERS = count(1)


class Booked:
    """A drop-off in a shop of its own, among the data of the running processes."""

    def __init__(self, running: Running, accent: str = "#1f5f8b", logo: bool = False, **shop: object) -> None:
        self.running = running
        with running.data():
            harbour = a_shop(f"harbour-{next(NUMBERS)}", name="Harbour Street Garage", texting_number=None, **shop)
            harbour.branding.accent = accent
            if logo:
                harbour.branding.logo = StoredFile.keep(harbour.id, a_logo(), "image/png", 220, 80)
            drop_off = a_drop_off(harbour, preference="phone", customer_note="Please leave the wheel lock key on the seat.")
            self.id, self.visit_id, self.link, self.calendar_link = (
                drop_off.id,
                drop_off.visit_id,
                drop_off.visit.link.path,
                drop_off.visit.calendar_link.path,
            )

    def number_of(self, noun: type) -> int:
        with self.running.data():
            return db.session.query(noun).filter_by(appointment_id=self.id).count()

    def openings(self, evidence: str) -> int:
        with self.running.data():
            return db.session.query(Opening).filter_by(visit_id=self.visit_id, evidence=evidence).count()

    def change(self, verb: Callable[[Appointment], object]) -> None:
        with self.running.data():
            appointment = db.session.get(Appointment, self.id)
            assert appointment
            verb(appointment)
            db.session.commit()


@pytest.fixture
def booked(running: Running) -> Booked:
    return Booked(running)


def confirm(page: Page) -> None:
    page.get_by_role("button", name="Confirm appointment").click()


def test_confirm_and_add_to_calendar(phone: Page, booked: Booked) -> None:
    phone.goto(booked.link)
    confirm(phone)
    expect(phone.get_by_role("heading", name=CONFIRMED)).to_be_focused()
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Add to calendar").click()
    assert download.value.suggested_filename == "appointment.ics"
    assert b"BEGIN:VEVENT" in download.value.path().read_bytes()
    assert booked.number_of(Confirmation) == 1


def test_ask_to_reschedule_and_say_which_days_suit(phone: Page, booked: Booked) -> None:
    phone.goto(booked.link)
    phone.get_by_role("button", name="Request reschedule").click()
    sentence = "A representative from “Harbour Street Garage” will be contacting you to reschedule your repair"
    expect(phone.get_by_text(sentence, exact=True)).to_be_visible()
    phone.get_by_label("Which days or times suit you?").fill("x" * 1001)
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_text("Please keep it under 1000 characters.")).to_be_visible()
    expect(phone.get_by_label("Which days or times suit you?")).to_have_value("x" * 1001)
    phone.get_by_label("Which days or times suit you?").fill("Any morning next week")
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_text("Any morning next week")).to_be_visible()
    expect(phone.get_by_role("button", name="Confirm appointment")).to_be_visible()
    assert booked.number_of(RescheduleRequest) == 1


def test_all_of_it_works_without_a_script(windows: Windows, booked: Booked) -> None:
    page = windows.phone(java_script_enabled=False)
    page.goto(booked.link)
    page.get_by_role("button", name="Request reschedule").click()
    expect(page.get_by_text("A representative from “Harbour Street Garage”")).to_be_visible()
    page.get_by_label("Which days or times suit you?").fill("x" * 1001)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Which days or times suit you?")).to_have_value("x" * 1001)
    page.goto(booked.link)
    confirm(page)
    expect(page.get_by_role("heading", name=CONFIRMED)).to_be_visible()
    assert page.url.endswith(booked.link)
    page.reload()
    expect(page.get_by_role("heading", name=CONFIRMED)).to_be_visible()
    assert (booked.number_of(Confirmation), booked.number_of(RescheduleRequest)) == (1, 1)
    assert booked.openings("opened") == 1


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_tapping_ten_times_confirms_once(windows: Windows, booked: Booked, script: bool) -> None:
    page = windows.phone(java_script_enabled=script)
    page.goto(booked.link)
    page.get_by_role("button", name="Confirm appointment").click(click_count=10, no_wait_after=True)
    expect(page.get_by_role("heading", name=CONFIRMED)).to_be_visible()
    assert booked.number_of(Confirmation) == 1


def test_two_phones_with_the_same_link_end_in_one_truth(windows: Windows, booked: Booked) -> None:
    one, other = windows.phone(), windows.phone()
    one.goto(booked.link)
    other.goto(booked.link)
    confirm(one)
    expect(one.get_by_role("heading", name=CONFIRMED)).to_be_visible()
    confirm(other)
    expect(other.get_by_role("heading", name=CONFIRMED)).to_be_visible()
    assert booked.number_of(Confirmation) == 1


def test_the_back_button_shows_the_truth_and_a_tap_there_says_nothing_twice(phone: Page, booked: Booked) -> None:
    phone.goto(booked.link)
    confirm(phone)
    expect(phone.get_by_role("heading", name=CONFIRMED)).to_be_visible()
    phone.goto("/v/somewhere-else")
    phone.go_back()
    if phone.get_by_role("button", name="Confirm appointment").is_visible():
        confirm(phone)
    expect(phone.get_by_role("heading", name=CONFIRMED)).to_be_visible()
    assert booked.number_of(Confirmation) == 1


def test_what_the_shop_did_meanwhile_is_shown_instead_of_an_error(phone: Page, booked: Booked) -> None:
    phone.goto(booked.link)
    booked.change(lambda appointment: appointment.cancel(by=SHOP))
    confirm(phone)
    expect(phone.get_by_role("heading", name="This appointment was cancelled")).to_be_visible()
    expect(phone.get_by_role("link", name="Call (312) 555-0100")).to_have_attribute("href", "tel:+13125550100")
    assert booked.number_of(Confirmation) == 0


def test_a_tap_that_gets_lost_on_the_way_is_said_and_can_be_repeated(windows: Windows, booked: Booked) -> None:
    page = windows.phone()
    page.goto(booked.link)
    page.context.set_offline(True)
    confirm(page)
    expect(page.get_by_role("alert")).to_have_text("That did not reach us. Please check your connection and tap again.")
    page.context.set_offline(False)
    confirm(page)
    expect(page.get_by_role("heading", name=CONFIRMED)).to_be_visible()
    windows.errors[:] = [error for error in windows.errors if "Failed to fetch" not in error and "DISCONNECTED" not in error]


def test_looking_for_two_seconds_and_touching_is_opened_and_looking_alone_is_not(windows: Windows, booked: Booked) -> None:
    page = windows.phone()
    page.goto(booked.link)
    page.wait_for_timeout(2300)
    assert (booked.openings("fetched"), booked.openings("opened")) == (1, 0)
    with page.expect_response(lambda response: response.url.endswith("/opening")) as answer:
        page.touchscreen.tap(180, 40)
    assert answer.value.status == 204
    assert booked.openings("opened") == 1


def test_a_touch_in_the_first_moment_counts_once_two_seconds_are_over(windows: Windows, booked: Booked) -> None:
    page = windows.phone()
    page.goto(booked.link)
    with page.expect_response(lambda response: response.url.endswith("/opening")):
        page.touchscreen.tap(180, 40)
        too_soon = booked.openings("opened")
        assert too_soon == 0 or page.evaluate("performance.now()") > 2000, "a starved machine may have taken two seconds to get here"
    assert booked.openings("opened") == 1


def test_the_calendars_link_can_do_the_same_and_tells_less(phone: Page, booked: Booked) -> None:
    phone.goto(booked.calendar_link)
    expect(phone.get_by_text("Maria")).to_have_count(0)
    confirm(phone)
    expect(phone.get_by_role("heading", name=CONFIRMED)).to_be_visible()


def test_a_cut_off_link_is_a_friendly_page(phone: Page, booked: Booked) -> None:
    answer = phone.goto(booked.link[:-1])
    assert answer
    assert answer.status == 404
    expect(phone.get_by_role("heading", name="This link does not work")).to_be_visible()


def test_the_language_can_be_picked_and_stays(phone: Page, booked: Booked) -> None:
    phone.goto(booked.link)
    phone.get_by_role("link", name="Español").click()
    phone.get_by_role("button", name="Confirmar la cita").click()
    expect(phone.get_by_role("heading", name="Su cita está confirmada")).to_be_visible()
    expect(phone.locator("html")).to_have_attribute("lang", "es")


@pytest.mark.parametrize("accent", ["#f5c400", "#101828"])
def test_axe_finds_nothing_at_any_stage_in_any_colour(phone: Page, running: Running, axe: Callable[..., list[str]], accent: str) -> None:
    booked = Booked(running, accent=accent, logo=accent == "#101828")
    page = phone
    page.goto(booked.link)
    assert axe(page, dark=True) == []
    confirm(page)
    expect(page.get_by_role("heading", name=CONFIRMED)).to_be_visible()
    assert axe(page, dark=True) == []
    page.get_by_role("button", name="Request reschedule").click()
    page.get_by_label("Which days or times suit you?").fill("x" * 1001)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Please keep it under 1000 characters.")).to_be_visible()
    assert axe(page, dark=True) == []
    booked.change(lambda appointment: appointment.cancel(by=SHOP))
    page.goto(booked.link)
    assert axe(page, dark=True) == []
    page.goto(booked.link[:-1])
    assert axe(page, dark=True) == []


def test_axe_finds_nothing_on_a_desktop_and_once_the_vehicle_is_here(desktop: Page, booked: Booked, axe: Callable[..., list[str]]) -> None:
    desktop.goto(booked.link)
    assert axe(desktop) == []
    booked.change(lambda appointment: appointment.check_in(by=SHOP))
    desktop.reload()
    expect(desktop.get_by_role("heading", name="Your Honda Civic is with us")).to_be_visible()
    assert axe(desktop) == []


def test_all_of_it_can_be_done_with_the_keyboard(desktop: Page, booked: Booked) -> None:
    desktop.goto(booked.link)
    for _ in range(12):
        desktop.keyboard.press("Tab")
        if desktop.evaluate("document.activeElement.textContent.trim()") == "Confirm appointment":
            break
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("heading", name=CONFIRMED)).to_be_focused()


def test_nothing_sticks_out_and_every_target_is_large_enough(phone: Page, booked: Booked) -> None:
    small = "e => [...document.querySelectorAll('a, button')].filter(x => x.getBoundingClientRect().height < 44).map(x => x.textContent)"
    for path in (booked.link, f"{booked.link}?lang=es", f"{booked.link}?lang=nl"):
        phone.goto(path)
        for width in (320, 360, 390, 430):
            phone.set_viewport_size({"width": width, "height": 740})
            assert phone.evaluate("document.documentElement.scrollWidth") == width
            assert phone.evaluate(small) == []


def test_twice_as_large_letters_still_fit(windows: Windows, booked: Booked) -> None:
    page = windows.phone(viewport={"width": 390, "height": 844})
    page.goto(booked.link)
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.reload()
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("getComputedStyle(document.querySelector('.actions')).position") == "static"
    confirm(page)
    expect(page.get_by_role("heading", name=CONFIRMED)).to_be_visible()


def test_on_a_phone_the_main_button_is_at_the_thumb_and_hides_nothing_that_has_the_focus(phone: Page, booked: Booked) -> None:
    phone.goto(booked.link)
    button = phone.get_by_role("button", name="Confirm appointment").bounding_box()
    assert button
    assert button["y"] > 844 / 2
    assert button["y"] + button["height"] < 844
    call = phone.get_by_role("link", name="Call the shop")
    call.focus()
    box, bar = call.bounding_box(), phone.locator(".actions").first.bounding_box()
    assert box
    assert bar
    assert box["y"] + box["height"] <= bar["y"] + 1


def test_two_taps_on_two_phones_at_the_very_same_time_confirm_once(running: Running, booked: Booked) -> None:
    from urllib.parse import urlencode
    from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

    from tests.portal.forms import Reading

    form = Reading(urlopen(f"{running.address}{booked.link}").read().decode()).forms["Confirm appointment"]
    codes: list[int] = []

    def tap() -> None:
        request = Request(f"{running.address}{form.action}", data=urlencode(form.fields).encode())
        codes.append(build_opener(HTTPRedirectHandler()).open(request).status)

    taps = [Thread(target=tap) for _ in range(8)]
    for thread in taps:
        thread.start()
    for thread in taps:
        thread.join()
    assert codes == [200] * 8
    assert booked.number_of(Confirmation) == 1
