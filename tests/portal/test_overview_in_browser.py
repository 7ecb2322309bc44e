"""The overview on a phone: read, chosen from with one thumb, signed and sent; with a script and without."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from itertools import count

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from jobs import photos
from models import Attachment, Reply, WorkItem, WorkOrder, db
from models.item_line import Line
from models.sent_file import SentFile
from models.tax import Kind
from tests.ground.browser import Windows
from tests.ground.films import a_photo
from tests.ground.makers import SAM, a_customer, a_shop, a_texting_number, a_work_order, consenting
from tests.ground.overviews import FOUND, an_inspected_order, item_called, rules, sent
from tests.ground.running import Running
from tests.portal.test_size import ALL, TO_READ, Meter

pytestmark = pytest.mark.browser
NUMBERS = count(1)
WHY = "Measured {number} mm on the left and a little more on the right; past the limit of that it wears what it runs on, number {number}."


class Sent:
    """An overview in a shop of its own, among the data of the running processes."""

    def __init__(self, running: Running, items: int = 0, accent: str = "#1f5f8b", **rule: object) -> None:
        self.running = running
        with running.data():
            shop = a_shop(f"overview-{next(NUMBERS)}", name="Harbour Street Garage", texting_number=a_texting_number())
            shop.branding.accent = accent
            rules(shop, **rule)
            order = self._many(shop, items) if items else self._few(shop)
            sent(order, "The front brakes can't wait. The rest is up to you.")
            self.id, self.link = order.id, order.visit.link.path

    @staticmethod
    def _few(shop: object) -> WorkOrder:
        order = an_inspected_order(shop)  # type: ignore[arg-type]
        stored = SentFile.stored(order.shop_id, BytesIO(a_photo(size=(1600, 1200))), "pads.jpg", "form")
        picture = Attachment.take(order, stored, by=SAM, item=item_called(order, "Front brake pads"))
        db.session.commit()
        photos.convert(picture.id)
        return order

    @staticmethod
    def _many(shop: object, items: int) -> WorkOrder:
        order = a_work_order(shop, consenting(a_customer(shop)))  # type: ignore[arg-type]
        categories = [category for category, _price in FOUND.values()]
        for number in range(items):
            lines = [Line(Kind.labour, "", Decimal(1), 5000 + number), Line(Kind.part, f"Part {number} of it", Decimal(2), 1999 + number)]
            title, category = f"Work that is to be done, number {number}", categories[number % 4]
            WorkItem.add(order, title, by=SAM, category=category, why=WHY.format(number=number), lines=lines)
        db.session.commit()
        return order

    def replies(self) -> list[dict[str, str]]:
        with self.running.data():
            found = db.session.query(Reply).filter_by(work_order_id=self.id).order_by(Reply.id)
            return [{one.item.title: one.chosen.word for one in reply.answers} for reply in found]

    def signed(self) -> bool:
        with self.running.data():
            return db.session.query(Reply).filter_by(work_order_id=self.id).one().signature is not None


def item(page: Page, title: str) -> Locator:
    return page.get_by_role("article").filter(has=page.get_by_role("heading", name=title))


def test_read_choose_come_back_sign_and_send(phone: Page, running: Running) -> None:
    overview = Sent(running)
    phone.goto(overview.link)
    expect(phone.get_by_text("The front brakes can't wait.")).to_be_visible()
    phone.get_by_role("link", name="Open the overview").click()
    item(phone, "Front brake pads").get_by_role("radio", name="Repair").check()
    expect(phone.get_by_role("link", name="1 of 3 chosen")).to_contain_text("$404.69")
    item(phone, "Tyres").get_by_text("Contact me").click()
    expect(phone.get_by_role("link", name="2 of 3 chosen")).to_be_in_viewport()

    item(phone, "Front brake pads").get_by_role("link").click()
    expect(phone.get_by_role("dialog").get_by_role("img")).to_be_visible()
    phone.get_by_role("button", name="Close").click()
    expect(phone.get_by_role("dialog")).to_be_hidden()

    phone.goto("about:blank")
    phone.goto(f"{overview.link}/overview")
    expect(item(phone, "Tyres").get_by_role("radio", name="Contact me")).to_be_checked()
    item(phone, "Wiper blades").get_by_text("Do not agree").click()
    item(phone, "Wiper blades").get_by_text("Undo my choice").click()
    phone.get_by_label("Comments and questions").fill("When will it be ready?")
    phone.get_by_role("link", name="2 of 3 chosen").click()
    expect(phone.get_by_role("heading", name="You will be contacted for")).to_be_in_viewport()
    expect(phone.get_by_text("I authorise the work named above, for $404.69 including tax.")).to_be_visible()
    phone.get_by_label("Your name").fill("Maria Lopez")
    phone.get_by_text("Draw your signature").click()
    box = phone.locator("canvas").bounding_box()
    assert box
    phone.mouse.move(box["x"] + 40, box["y"] + 40)
    phone.mouse.down()
    phone.mouse.move(box["x"] + 200, box["y"] + 90, steps=6)
    phone.mouse.up()
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("heading", name="Thank you, we have your answers")).to_be_visible()
    assert overview.replies() == [{"Front brake pads": "repair", "Tyres": "contact"}]
    assert overview.signed()
    phone.get_by_role("link", name="Receipt").click()
    expect(phone.get_by_text("Signed by Maria Lopez")).to_be_visible()
    expect(phone.get_by_role("img", name="Your drawn signature")).to_be_visible()


def test_all_of_it_without_a_script(windows: Windows, running: Running) -> None:
    overview, page = Sent(running), windows.phone(java_script_enabled=False)
    page.goto(overview.link)
    page.get_by_role("link", name="Open the overview").click()
    item(page, "Front brake pads").get_by_role("radio", name="Repair").check()
    page.get_by_role("button", name="Keep my choices").click()
    expect(page.get_by_role("link", name="1 of 3 chosen")).to_be_visible()
    item(page, "Tyres").get_by_role("radio", name="Contact me").check()
    item(page, "Wiper blades").get_by_role("radio", name="Repair").check()
    page.get_by_label("Your name").fill("Maria Lopez")
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_text("This is what it comes to. Please look at it once more, then send.")).to_be_visible()
    expect(page.get_by_text("for $447.29 including tax")).to_be_visible()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", name="Thank you, we have your answers")).to_be_visible()
    assert overview.replies() == [{"Front brake pads": "repair", "Tyres": "contact", "Wiper blades": "repair"}]


def test_send_right_after_a_tap_waits_for_its_sum_and_taps_again_and_again_send_once(phone: Page, running: Running) -> None:
    overview = Sent(running)
    phone.goto(f"{overview.link}/overview")
    phone.get_by_label("Your name").fill("Maria Lopez")

    def slowly(route: Route) -> None:
        phone.wait_for_timeout(700)
        route.continue_()

    phone.route("**/overview/draft*", slowly)
    item(phone, "Front brake pads").get_by_text("Repair", exact=True).click(no_wait_after=True)
    phone.get_by_role("button", name="Send my answers").click(click_count=5, no_wait_after=True)
    expect(phone.get_by_role("heading", name="Thank you, we have your answers")).to_be_visible()
    assert overview.replies() == [{"Front brake pads": "repair"}]


@pytest.mark.parametrize("accent", ["#f5c400", "#101828"])
def test_axe_finds_nothing_before_during_and_after(phone: Page, running: Running, axe: Callable[..., list[str]], accent: str) -> None:
    overview = Sent(running, accent=accent, may_decline_necessary=True, may_put_off=True)
    phone.goto(overview.link)
    assert axe(phone, dark=True) == []
    phone.goto(f"{overview.link}/overview")
    item(phone, "Front brake pads").get_by_text("Do not agree").click()
    item(phone, "Tyres").get_by_text("Not now, remind me").click()
    item(phone, "Tyres").get_by_text("In 3 months").click()
    item(phone, "Wiper blades").get_by_text("Repair", exact=True).click()
    phone.get_by_text("Draw your signature").click()
    expect(phone.get_by_role("link", name="3 of 3 chosen")).to_be_visible()
    assert axe(phone, dark=True) == []
    phone.get_by_label("Your name").fill("Maria Lopez")
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_text("Tap that you have read this, please.")).to_be_visible()
    assert axe(phone, dark=True) == []
    phone.get_by_label("I have read this").check()
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("heading", name="Thank you, we have your answers")).to_be_visible()
    assert axe(phone, dark=True) == []
    phone.get_by_role("link", name="Receipt").click()
    expect(phone.get_by_text("Signed by Maria Lopez")).to_be_visible()
    assert axe(phone, dark=True) == []


def test_on_a_desktop_the_summary_stands_beside_and_all_can_be_done_with_the_keyboard(
    desktop: Page, running: Running, axe: Callable[..., list[str]]
) -> None:
    overview = Sent(running)
    desktop.goto(f"{overview.link}/overview")
    expect(desktop.get_by_role("heading", name="Your choices")).to_be_in_viewport()
    assert axe(desktop) == []
    item(desktop, "Front brake pads").get_by_role("link").focus()
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("dialog")).to_be_visible()
    desktop.keyboard.press("Escape")
    expect(item(desktop, "Front brake pads").get_by_role("link")).to_be_focused()
    desktop.keyboard.press("Tab")
    expect(item(desktop, "Front brake pads").get_by_text("Labour and parts")).to_be_focused()
    desktop.keyboard.press("Tab")
    desktop.keyboard.press("Space")
    expect(item(desktop, "Front brake pads").get_by_role("radio", name="Repair")).to_be_checked()
    desktop.keyboard.press("ArrowRight")
    expect(desktop.locator("#sums").get_by_text("Front brake pads")).to_be_visible()
    expect(item(desktop, "Front brake pads").get_by_role("radio", name="Contact me")).to_be_focused()
    desktop.get_by_label("Your name").focus()
    desktop.keyboard.type("Maria Lopez")
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("heading", name="Thank you, we have your answers")).to_be_visible()
    assert overview.replies() == [{"Front brake pads": "contact"}]


def test_nothing_sticks_out_every_target_is_large_enough_and_letters_may_be_twice_as_large(phone: Page, running: Running) -> None:
    overview = Sent(running, may_decline_necessary=True, may_put_off=True)
    small = """e => [...document.querySelectorAll('main a, button, summary, label:has(input), input:not([type=hidden]):not(label input)')]
        .filter(x => x.checkVisibility() && x.getBoundingClientRect().height < 43.5).map(x => x.outerHTML.slice(0, 90))"""
    for path in ("/overview", "/overview?lang=es", "/overview?lang=nl"):
        phone.goto(overview.link + path)
        phone.locator(".later summary").first.click()
        for width in (320, 390):
            phone.set_viewport_size({"width": width, "height": 740})
            assert phone.evaluate("document.documentElement.scrollWidth") <= width
            assert phone.evaluate(small) == []
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.evaluate("document.documentElement.style.fontSize = '200%'")
    wide = "[...document.querySelectorAll('body *')].filter(x => x.getBoundingClientRect().right > 391).map(x => x.outerHTML.slice(0, 120))"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390, phone.evaluate(wide)


def test_with_24_items_it_fits_the_first_round_trip_and_pictures_wait(windows: Windows, running: Running) -> None:
    overview = Sent(running, items=24, may_decline_necessary=True, may_put_off=True)
    page = windows.phone(extra_http_headers={"Accept-Encoding": "gzip, br"})
    page.goto("about:blank")
    meter = Meter(page)
    for language in ("en", "es", "nl"):
        meter.begin_anew()
        page.goto(f"{overview.link}/overview?lang={language}", wait_until="load")
        assert sorted(meter.kinds) == ["document", "script", "stylesheet"]
        assert meter.sent("document", "stylesheet") <= TO_READ
        assert meter.sent("document", "stylesheet", "script") <= ALL


def test_a_tap_without_a_network_is_said_where_it_was_tapped_and_the_choice_stays(windows: Windows, running: Running) -> None:
    page = windows.phone()
    page.goto(f"{Sent(running).link}/overview")
    item(page, "Wiper blades").scroll_into_view_if_needed()
    page.context.set_offline(True)
    item(page, "Wiper blades").get_by_text("Repair", exact=True).click()
    expect(page.get_by_role("alert")).to_be_in_viewport()
    expect(item(page, "Wiper blades")).to_be_in_viewport()
    expect(item(page, "Wiper blades").get_by_role("radio", name="Repair")).to_be_checked()
    page.context.set_offline(False)
    item(page, "Tyres").get_by_text("Repair", exact=True).click()
    expect(page.get_by_role("link", name="2 of 3 chosen")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_hidden()
    windows.errors[:] = [error for error in windows.errors if "Failed to fetch" not in error and "DISCONNECTED" not in error]
