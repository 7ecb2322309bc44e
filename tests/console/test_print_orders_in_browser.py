"""A batch goes to the print service in Chromium: the cost, the yes, every card on its way by itself, one called off and brought back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta

import pytest
from playwright.sync_api import expect

from models import PostcardBatch, PrintService, Shop, clock, db
from models.letter_planning import write_due_letters
from models.postcard_making import make_batches
from tests.ground.browser import Windows, opened
from tests.ground.letters import JOHN, a_letter_shop, a_visit, set_days
from tests.ground.makers import SAM, a_customer, a_member
from tests.ground.print_service import SETTINGS
from tests.ground.running import Running

pytestmark = pytest.mark.browser


def a_batch_of_today(shop: Shop, *names: str) -> int:
    """The number of a batch that waits, whatever the hour."""
    then = shop.today() - timedelta(days=3)
    for name in names:
        a_visit(shop, then, a_customer(shop, "Hank", name, phones=[], emails=[], addresses=[JOHN]))
    set_days(shop, "postcard", thank_you=3)  # now, so that the ticker finds both or none
    with clock.at(clock.instant(shop.today(), time(10, 1), shop.tz)):
        for _part in write_due_letters():
            db.session.commit()
        list(make_batches(shop, by=SAM))  # unless the ticker was first
        db.session.commit()
        (batch,) = PostcardBatch.listed(shop)
        for letter in batch.letters:
            letter.message.due_at = clock.now() - timedelta(days=1)
        db.session.commit()
    return batch.id


def test_a_batch_goes_to_the_print_service_and_each_card_is_seen_on_its_way(
    running: Running, windows: Windows, axe: Callable[..., list[str]]
) -> None:
    with running.data():
        shop = a_letter_shop("printed")
        with clock.at(clock.now() - timedelta(days=5)):
            PrintService.keep(shop, replace(SETTINGS, shop_code="PRINTED-1"), by=SAM)
        batch = a_batch_of_today(shop, "Doyle", "Abbot")
        a_member(shop, "receptionist", email="rita@printed.example")
    page = opened(windows.desktop(), "rita@printed.example", "/console/follow-ups/postcards")
    page.get_by_role("link", name="Print service: what it costs").click()
    expect(page.get_by_text("$1.58", exact=True)).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Print and post 2 for $1.58").click()
    expect(page.get_by_role("heading", name="2 cards handed to the print service")).to_be_visible()
    abbot = page.locator("li.row", has_text="Abbot")
    expect(page.locator("#print-order").get_by_text("With the service", exact=True)).to_have_count(2)
    abbot.get_by_role("button", name="Call off").click()
    expect(abbot.get_by_text("Called off", exact=True)).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(abbot.get_by_text("With the service", exact=True)).to_be_visible()
    assert axe(page, dark=True) == []
    phone = opened(windows.phone(), "rita@printed.example", f"/console/follow-ups/postcards/{batch}/print-order")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(phone) == []
