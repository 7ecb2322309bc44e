"""Customers in Chromium: found by keyboard, added by the number first, made one and two again; readable on desk and phone."""

import itertools
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from models import Customer, Shop, WorkOrder, db
from tests.ground import browser
from tests.ground.browser import Windows
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_vehicle, consenting
from tests.ground.running import Running

pytestmark = pytest.mark.browser
serial = itertools.count(1)
OFFICE = "+13125550177"


@pytest.fixture
def slug(running: Running) -> Iterator[str]:
    """A shop of this test's own: Maria twice, Ruth and Paul with one number, a bakery with vans."""
    slug = f"counter{next(serial)}"
    with running.data():
        shop = a_shop(slug, texting_number=None)
        a_member(shop, email=f"sam@{slug}.example")
        maria = a_customer(shop, "María", "Lopez")
        WorkOrder.walk_in(maria, a_vehicle(maria, odometer=68_412, vin="1ZZDM5A19JD000101"), by=SAM)
        again = consenting(a_customer(shop, "M.", "Lopez", phones=[OFFICE]))
        a_vehicle(again, year=2020, make="VW", model="Golf", plate="DEMO 107")
        for first in ("Ruth", "Paul"):
            a_customer(shop, first, "Berg", phones=["+13125550145"], emails=[])
        people = [
            {"name": "Inez Farrow", "phone": "312 555 0149", "email": "inez@bakery.example", "role": "Fleet manager", "approves": "1"}
        ]
        bakery = Customer.add(shop, by=SAM, company_name="Corner Bakery", phones=["+13125550150"], contacts=people)
        for number in (1, 2, 3):
            a_vehicle(bakery, make="Ford", model="Transit", plate=f"DEMO 11{number}", unit_number=f"Van {number}")
        db.session.commit()
    return slug


def opened(page: Page, slug: str, address: str = "customers") -> Page:
    return browser.opened(page, f"sam@{slug}.example", f"/console/{address}")


def ids(running: Running, slug: str) -> dict[str, int]:
    with running.data():
        return {customer.name: customer.id for customer in Customer.newest(Shop.known(slug))}


def test_a_receptionist_finds_adds_and_merges_by_keyboard_alone(desktop: Page, running: Running, slug: str) -> None:
    opened(desktop, slug, "")
    keys = desktop.keyboard
    keys.press("/")
    keys.type("maria")
    found = desktop.locator("#found a").first
    expect(found).to_contain_text("María Lopez")
    expect(found.locator("mark").first).to_have_text("María")
    expect(found).to_contain_text("In the shop · WO 1001")
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(desktop.get_by_role("heading", level=1)).to_have_text("María Lopez")

    desktop.get_by_role("link", name="This is the same as…").focus()
    keys.press("Enter")
    desktop.get_by_role("link", name="M. Lopez").focus()
    keys.press("Enter")
    expect(desktop.get_by_role("heading", level=1)).to_contain_text("Make them one")
    desktop.get_by_role("button", name="Make them one").focus()
    keys.press("Enter")
    expect(desktop.locator("#customer")).to_contain_text("2020 VW Golf")
    desktop.get_by_role("button", name="Undo").focus()
    keys.press("Enter")
    expect(desktop.locator("#customer")).not_to_contain_text("2020 VW Golf")

    desktop.goto("/console/customers/new")
    expect(desktop.get_by_label("Phone number")).to_be_focused()
    keys.type("312 555 0145")
    expect(desktop.locator("#who-found")).to_contain_text("2 customers have this number.")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    expect(desktop.get_by_role("link", name="Add another customer with this number")).to_be_focused()
    keys.press("Enter")
    expect(desktop.get_by_label("Mobile phone")).to_have_value("312 555 0145")
    desktop.get_by_label("Last name").fill("Berg-Smith")
    keys.press("Enter")
    expect(desktop.get_by_role("heading", level=1)).to_have_text("Berg-Smith")


def test_without_a_script_the_number_comes_first_in_two_steps(windows: Windows, running: Running, slug: str) -> None:
    page = windows.desktop(java_script_enabled=False)
    browser.sign_in(page, f"sam@{slug}.example")
    page.goto("/console/customers/new")
    page.get_by_label("Phone number").fill("312 555 0145")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("link", name=re.compile("Ruth Berg"))).to_be_visible()
    page.get_by_label("Phone number").fill("312 555 0199")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("Mobile phone")).to_have_value("312 555 0199")


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_it_is_for_everyone_on_desk_and_phone(
    windows: Windows, running: Running, slug: str, axe: Callable[..., list[str]], screen: str
) -> None:
    known = ids(running, slug)
    maria, bakery = known["María Lopez"], known["Corner Bakery"]
    with running.data():
        car = db.session.get_one(Customer, maria).vehicles[0].id
    addresses = [
        "customers?q=lopez",
        f"customers/{maria}",
        f"customers/{bakery}",
        f"customers/{bakery}/edit",
        "customers/new?who=312+555+0145",
        f"customers/{maria}/merges/new",
        f"customers/{maria}/merges/new?with={known['M. Lopez']}",
        f"vehicles/{car}",
        f"vehicles/{car}/owner?who=berg",
    ]
    page = opened(getattr(windows, screen)(), slug)
    for address in addresses:
        page.goto(f"/console/{address}")
        expect(page.locator("#live-state")).to_contain_text("Live")
        assert axe(page, dark=True) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
