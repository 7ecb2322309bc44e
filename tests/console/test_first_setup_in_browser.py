"""From the set-up link to a console that says what to do next, on a telephone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from models import FirstSetup, db
from tests.ground.makers import PASSWORD
from tests.ground.running import Running

pytestmark = pytest.mark.browser


def test_a_shop_is_set_up_on_a_telephone_and_every_page_on_the_way_is_for_everyone(
    running: Running, phone: Page, axe: Callable[..., list[str]]
) -> None:
    with running.data():
        token = FirstSetup.issue()
        db.session.commit()
    phone.goto(f"/console/first-start/{token}")
    found = axe(phone, dark=True)
    fields = {"Name of the business": "Quay Motors", "Name of the shop": "Quay Garage", "Your name": "Pat Doe"}
    for label, words in {**fields, "Email": "pat@quay.example", "Password": PASSWORD}.items():
        phone.get_by_label(label, exact=True).fill(words)
    phone.get_by_role("button", name="Open the business and go on").tap()
    for heading in ("Address and phone", "Opening hours", "Colour and logo", "Texting"):
        expect(phone.get_by_role("heading", level=1)).to_contain_text(heading)
        found += axe(phone, dark=True)
        phone.get_by_role("button", name="Save and go on").tap()
    expect(phone.get_by_text("Your shop is set up.")).to_be_visible()
    found += axe(phone, dark=True)
    assert found == []
    phone.get_by_role("link", name="To Today").tap()
    expect(phone.get_by_role("heading", name="What to do next")).to_be_visible()
