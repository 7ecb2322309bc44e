"""The call list under two receptionists' eyes: at a desk and on a phone, with what axe-core finds of it."""

from datetime import timedelta

from playwright.sync_api import Locator, Page, expect

from models import Call, db
from models.call import NO_ADDRESS
from models.letter_kind import LetterKind
from models.occasion import Occasion
from tests.ground.browser import Windows, opened
from tests.ground.letters import a_letter_shop
from tests.ground.makers import a_customer, a_member, a_vehicle
from tests.ground.running import Running

NAMES = ("Lopez", "Finch", "Price")


def fill(running: Running) -> None:
    with running.data():
        shop = a_letter_shop("calls", thank_you=3)
        for number, name in enumerate(NAMES):
            customer = a_customer(shop, "Maria", name, phones=[f"+1312555014{number}"], emails=[])
            day = shop.today() + timedelta(days=5)
            about = Occasion(LetterKind.thank_you, shop.today(), f"letter:{number}", customer.id, a_vehicle(customer).id, day)
            Call.instead(about, about.key, shop, NO_ADDRESS)
        a_member(shop, email="sam@calls.example")
        a_member(shop, email="rita@calls.example", name="Rita Ng")
        db.session.commit()


def row(page: Page, name: str) -> Locator:
    return page.locator("li.call", has_text=f"Maria {name}")


def test_what_came_of_a_call_is_one_tap_seen_at_once_by_others_and_undone(running: Running, windows: Windows, axe) -> None:  # type: ignore[no-untyped-def]
    fill(running)
    desk = opened(windows.desktop(), "sam@calls.example", "/console/follow-ups/calls")
    hand = opened(windows.phone(), "rita@calls.example", "/console/follow-ups/calls")
    expect(desk.locator("li.call")).to_have_count(3)
    assert axe(desk, dark=True) == []
    row(desk, "Lopez").get_by_role("button", name="No answer").press("Enter")
    expect(hand.locator("li.call")).to_have_count(2)
    expect(hand.locator("section", has_text="Try again").first).to_contain_text("1 of 3 tries")
    desk.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(hand.locator("li.call")).to_have_count(3)

    assert {box["height"] >= 44 for box in (one.bounding_box() for one in row(hand, "Finch").locator(".button").all()) if box} == {True}
    row(hand, "Finch").get_by_role("button", name="Doesn't want calls or letters").click()
    hand.get_by_role("button", name="Set Do Not Mail").click()
    expect(desk.locator("li.call")).to_have_count(2)
    expect(desk.locator("section", has_text="Called today")).to_contain_text("Rita Ng")
    row(hand, "Price").get_by_role("button", name="Reached, booked").click()
    expect(hand.locator("li.call")).to_have_count(1)
    assert axe(hand, dark=True) == []
    desk.goto("/console/follow-ups/statistics")
    expect(desk.get_by_role("table", name="Calls by kind")).to_contain_text("Thank You")
    assert axe(desk) == []
