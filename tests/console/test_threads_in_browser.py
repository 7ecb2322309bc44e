"""A conversation in Chromium: the customer writes on the built-in phone, two receptionists see it and answer once."""

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from models import Message, Shop, db
from models.opt_out import opt_out
from tests.ground.browser import Windows, opened
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_texting_number, a_work_order, consenting
from tests.ground.running import Running

serial = itertools.count(1)


class Garage:
    """A shop with Sam and Rita at the desk and Maria's car on the board."""

    def __init__(self, slug: str, number: str, maria: str, running: Running) -> None:
        self.slug, self.number, self.maria, self.running = slug, number, maria, running

    def hear(self, page: Page, words: str) -> None:
        """Maria answers on her phone."""
        form = {"from": self.maria, "to": self.number, "body": words}
        assert page.request.post(f"{self.running.address}/phone/messages", form=form).ok

    def heard(self, page: Page) -> list[dict[str, Any]]:
        """What has arrived on Maria's phone."""
        listed: list[dict[str, Any]] = page.request.get(f"{self.running.address}/phone/messages.json").json()
        return [message for message in listed if message["to"] == self.maria]

    def sign_in(self, page: Page, who: str, address: str = "/console/board") -> Page:
        return opened(page, f"{who}@{self.slug}.example", address)


@pytest.fixture
def garage(running: Running) -> Iterator[Garage]:
    n = next(serial)
    slug, maria = f"texts{n}", f"+1847555{100 + n:04}"
    with running.data():
        shop = a_shop(slug, texting_number=a_texting_number())
        a_member(shop, email=f"sam@{slug}.example")
        a_member(shop, email=f"rita@{slug}.example", name="Rita Vance")
        a_work_order(shop, consenting(a_customer(shop, phones=[maria])))
        yield Garage(slug, shop.texting_number or "", maria, running)


def open_texts(page: Page) -> Page:
    page.get_by_role("button", name=re.compile("^Texts")).first.click()
    expect(page.get_by_role("log", name="Texts")).to_be_visible()
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    return page


def test_a_conversation_is_held_from_the_board_and_no_customer_is_answered_twice(windows: Windows, garage: Garage) -> None:
    sam, rita = garage.sign_in(windows.desktop(), "sam"), garage.sign_in(windows.desktop(), "rita")
    garage.hear(sam, "Is my car ready?" + "\nI wait." * 15)
    expect(rita.get_by_role("button", name="Texts, 1 unread")).to_be_visible()
    expect(sam).to_have_title(re.compile(r"^\(1\) "))

    open_texts(sam)
    expect(sam.get_by_text("Is my car ready?")).to_be_visible()
    expect(sam.get_by_text("New", exact=True)).to_be_visible()
    expect(rita.get_by_role("button", name="Texts", exact=True)).to_be_visible()  # read by one is read for the shop
    open_texts(rita)
    expect(rita.get_by_text("Sam Ortiz has this open too.")).to_be_visible()
    expect(sam.get_by_text("Rita Vance has this open too.")).to_be_visible()

    sam.get_by_label("Message", exact=True).press_sequentially("Nearly! 4 pm.")
    expect(rita.get_by_text("Sam Ortiz is writing…")).to_be_visible()
    rita.get_by_label("Message", exact=True).fill("Yes, come by.")
    expect(rita.get_by_text(re.compile("1 segment"))).to_be_visible()
    sam.keyboard.press("Control+Enter")
    expect(sam.get_by_label("Message", exact=True)).to_have_value("")
    rita.get_by_role("button", name="Send message").click()
    expect(rita.get_by_text("Sam Ortiz has answered meanwhile.")).to_be_visible()
    expect(rita.get_by_label("Message", exact=True)).to_have_value("Yes, come by.")
    expect(rita.get_by_role("log").get_by_text("Nearly! 4 pm.")).to_be_in_viewport()  # although the box has grown by what it says
    for screen in (sam, rita):
        expect(screen.get_by_role("log").get_by_text("Nearly! 4 pm.")).to_be_visible()
    expect(sam.get_by_role("log").get_by_text("Delivered").first).to_be_visible()
    assert ["Nearly! 4 pm." in message["body"] for message in garage.heard(sam)] == [True]


def test_what_is_typed_while_a_text_is_on_its_way_is_not_lost(desktop: Page, garage: Garage) -> None:
    open_texts(garage.sign_in(desktop, "sam"))
    box = desktop.get_by_label("Message", exact=True)

    def slowly(route: Route) -> None:
        box.press_sequentially(" And then?")
        route.continue_()

    desktop.route("**/texts", slowly, times=1)
    box.fill("One.")
    desktop.keyboard.press("Control+Enter")
    expect(box).to_have_value("And then?")
    expect(box).to_be_focused()
    assert [message["body"] for message in garage.heard(desktop) if message["body"].endswith("And then?")] == []


def test_a_refresh_that_comes_before_the_answer_leaves_the_box_alone(desktop: Page, garage: Garage) -> None:
    open_texts(garage.sign_in(desktop, "sam"))
    box = desktop.get_by_label("Message", exact=True)
    shown = []

    def late(route: Route) -> None:
        with desktop.expect_response(re.compile("/composer")):
            answer = route.fetch()
        desktop.wait_for_timeout(300)
        shown.append((box.input_value(), desktop.get_by_role("button", name="Send message").is_enabled()))
        route.fulfill(response=answer)

    desktop.route("**/texts", late, times=1)
    box.fill("One.")
    desktop.get_by_role("button", name="Send message").click()
    expect(box).to_have_value("")
    assert shown == [("One.", False)]


def test_texts_in_a_row_all_go(desktop: Page, garage: Garage) -> None:
    """Each sets off refreshes of the box, which come when they come."""
    open_texts(garage.sign_in(desktop, "sam"))
    box = desktop.get_by_label("Message", exact=True)
    for number in range(5):
        box.fill(f"Number {number}.")
        desktop.get_by_role("button", name="Send message").click()
        expect(box).to_have_value("")
    for number in range(5):
        expect(desktop.get_by_role("log").get_by_text(f"Number {number}.")).to_have_count(1)


def test_what_was_begun_is_there_after_closing_and_reloading(desktop: Page, garage: Garage) -> None:
    open_texts(garage.sign_in(desktop, "sam"))
    with desktop.expect_response(re.compile("/draft$")):
        desktop.get_by_label("Message", exact=True).fill("We will call you")
    desktop.get_by_role("link", name="Cancel").click()
    desktop.go_back()
    expect(desktop.get_by_label("Message", exact=True)).to_have_value("We will call you")
    desktop.reload()
    expect(desktop.get_by_label("Message", exact=True)).to_have_value("We will call you")
    assert not garage.heard(desktop)


def test_stop_takes_the_box_away_while_one_types_and_greys_the_icon(windows: Windows, garage: Garage) -> None:
    sam, rita = garage.sign_in(windows.desktop(), "sam"), garage.sign_in(windows.desktop(), "rita")
    open_texts(sam)
    sam.get_by_label("Message", exact=True).fill("Your car is")
    garage.hear(sam, " stop. ")
    expect(sam.get_by_role("button", name="Send message")).to_be_hidden()
    expect(sam.get_by_text("Without the customer's express consent")).to_be_visible()
    expect(rita.get_by_role("button", name=re.compile("no consent"))).to_be_visible()


def test_an_idle_window_reads_nothing(windows: Windows, garage: Garage) -> None:
    sam = garage.sign_in(windows.desktop(), "sam")
    open_texts(sam)
    other = sam.context.new_page()
    other.goto("/console/board")
    other.bring_to_front()
    sam.evaluate("Object.defineProperty(document, 'hasFocus', {value: () => false})")
    garage.hear(other, "Hello?")
    expect(other.get_by_role("button", name="Texts, 1 unread")).to_be_visible()
    expect(sam.get_by_text("Hello?")).to_be_visible()
    expect(other.get_by_role("button", name="Texts, 1 unread")).to_be_visible()


def test_a_typed_number_is_asked_for_its_own_consent_and_a_wrong_one_said(desktop: Page, garage: Garage) -> None:
    open_texts(garage.sign_in(desktop, "sam"))
    desktop.get_by_label("Mobile phone").fill("12")
    desktop.get_by_role("button", name="Change").click()
    expect(desktop.get_by_text("This is no phone number.")).to_be_visible()
    desktop.get_by_label("Mobile phone").fill("773 555 0199")
    desktop.get_by_role("button", name="Change").click()
    expect(desktop.get_by_role("heading", name="Unknown number")).to_be_visible()
    expect(desktop.get_by_role("button", name="Send message")).to_be_hidden()


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_it_is_for_everyone(windows: Windows, garage: Garage, axe: Callable[..., list[str]], device: str) -> None:
    page = garage.sign_in(getattr(windows, device)(), "sam")
    shop = Shop.known(garage.slug)
    Message.received(shop, garage.maria, "Is it ready?", "SM1" + garage.slug, None)
    db.session.commit()
    page.goto("/console/messages")
    expect(page.get_by_text("Is it ready?")).to_be_visible()
    assert axe(page, dark=True) == []
    page.get_by_role("link", name=re.compile("Maria Lopez")).click()
    expect(page.get_by_label("Message", exact=True)).to_be_visible()
    assert axe(page, dark=True) == []
    opt_out(shop, garage.maria, source="stop", wording="STOP", by=SAM)
    db.session.commit()
    expect(page.get_by_label("Message", exact=True)).to_be_hidden()
    assert axe(page, dark=True) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
