"""Letters in Chromium: a template read as a real customer while it is typed, the letter as it went, and its numbers; for everyone."""

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from models import LetterKind, LetterRules, MailEvent, clock, db
from models.letter_planning import due, write
from tests.ground import browser
from tests.ground.browser import Windows
from tests.ground.letters import a_letter_shop, a_visit, noon
from tests.ground.makers import a_customer, a_member
from tests.ground.running import Running

pytestmark = pytest.mark.browser
serial = itertools.count(1)


@pytest.fixture
def slug(running: Running) -> str:
    slug = f"postbox{next(serial)}"
    with running.data():
        shop = a_letter_shop(slug, thank_you=3)
        shop.texting_number = None
        shop.location.feedback = "https://reviews.example/harbour"
        a_member(shop, "administrator", email=f"ada@{slug}.example")
        day = shop.today() - timedelta(days=9)  # longer ago than a letter may be late: nobody but this test writes one
        walter = a_customer(shop, "Walter", "Finch", phones=[], emails=["walter@mail.example"])
        a_visit(shop, day - timedelta(days=3), walter)
        with clock.at(noon(shop, day)):
            rules = LetterRules.of(shop, "email")
            letter = write(rules, next(due(rules, LetterKind.thank_you, day)), walter)
            assert letter
            letter.message.accepted("<1@localhost>")  # before the commit, so that no worker finds it
            MailEvent.came_back(shop, "", letter.message, "5.2.2", "552 5.2.2 full")
            db.session.commit()
    return slug


def test_a_letter_is_read_as_a_customer_while_it_is_typed_and_looked_at_once_it_went(
    windows: Windows, desktop: Page, slug: str, axe: Callable[..., list[str]]
) -> None:
    browser.opened(desktop, f"ada@{slug}.example", "/console/settings/messages/thank_you/email/en")
    preview, words = desktop.locator("#preview"), desktop.get_by_label("Words", exact=True)
    expect(preview).to_contain_text("Dear Maria Lopez,")
    desktop.get_by_label("Find a customer").fill("finch")
    expect(desktop.locator("#readers label")).to_have_count(2)
    desktop.get_by_role("radio", name="Walter Finch").check()
    expect(preview).to_contain_text("Dear Walter Finch,")
    words.fill("Hello {mailing}, {nickname}")
    expect(preview).to_contain_text("There is no field {nickname}.")
    words.fill("Hello {mailing}, tell us: {feedback}")
    expect(preview).to_contain_text("Hello Walter Finch, tell us: reviews.example/harbour")
    expect(words).to_be_focused()
    assert axe(desktop, dark=True) == []

    desktop.goto("/console/follow-ups/statistics")
    expect(desktop.get_by_role("img", name="Letters by kind")).to_be_visible()
    assert axe(desktop, dark=True) == []
    desktop.locator("#mails").get_by_role("link", name="Thank You").click()
    expect(desktop.locator(".paper")).to_contain_text("Dear Walter Finch,")
    expect(desktop.locator("#letter")).to_contain_text("552 5.2.2 full")
    assert axe(desktop, dark=True) == []
    phone = windows.phone()
    for address in ("/console/follow-ups/statistics", "/console/settings/messages/thank_you/email/en"):
        browser.opened(phone, f"ada@{slug}.example", address)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
        assert axe(phone) == []
