"""Postcards in Chromium: how each kind looks, a batch that becomes ready by itself, one card, posted and not posted after all."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from playwright.sync_api import expect

from models import Shop, clock, db
from models.letter_planning import write_due_letters
from models.postcard_making import make_batches
from tests.ground.browser import Windows, opened
from tests.ground.letters import JOHN, a_letter_shop, a_visit, set_days
from tests.ground.makers import SAM, a_customer, a_member
from tests.ground.running import Running

pytestmark = pytest.mark.browser


def cards_of_today(shop: Shop) -> None:
    """One that is printed and one that lacks an address, whatever the hour."""
    for name, place in (("Doyle", JOHN), ("Abbot", JOHN | {"postal_code": ""})):
        customer = a_customer(shop, "Hank", name, phones=[], emails=[], addresses=[place])
        a_visit(shop, shop.today() - timedelta(days=3), customer)
    set_days(shop, "postcard", thank_you=3)  # now, so that the ticker finds both or none
    with clock.at(clock.instant(shop.today(), time(10, 1), shop.tz)):
        for _part in write_due_letters():
            db.session.commit()
        list(make_batches(shop, by=SAM))  # unless the ticker was first
        db.session.commit()


def test_cards_are_looked_at_printed_and_posted(running: Running, windows: Windows, axe: Callable[..., list[str]]) -> None:
    with running.data():
        shop = a_letter_shop("cards")
        cards_of_today(shop)
        a_member(shop, "administrator", email="ada@cards.example")
    page = opened(windows.desktop(), "ada@cards.example", "/console/settings/follow-ups")
    samples = page.locator("#postcard-samples")
    expect(samples.locator("img")).to_have_count(12)
    assert axe(page, dark=True) == []
    page.goto("/console/follow-ups/postcards")
    expect(page.get_by_text("Missing: the postal code.")).to_be_visible()
    expect(page.get_by_text("Ready to print")).to_be_visible()
    assert axe(page, dark=True) == []
    page.get_by_role("link", name="1 postcard", exact=True).click()
    page.get_by_role("link", name="See the card").click()
    front = page.get_by_alt_text("Front of the postcard: Thank You, with the headline “Thank you.”")
    expect(front).to_be_visible()
    assert front.evaluate("image => image.decode().then(() => image.naturalWidth)") == 720
    assert axe(page) == []
    page.get_by_role("link", name="Card 1 of those printed together").click()
    page.get_by_role("button", name="Mark as posted").click()
    page.get_by_role("button", name="Yes, posted").click()
    expect(page.get_by_text("1 postcard counts as sent.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#batch").get_by_text("Ready to print")).to_be_visible()
    phone = opened(windows.phone(), "ada@cards.example", "/console/follow-ups/postcards")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(phone) == []
