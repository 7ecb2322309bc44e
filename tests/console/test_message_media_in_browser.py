"""A picture goes to the customer and one comes back, through the real processes and the built-in phone."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from models import Thread, db
from tests.ground.browser import Windows, sign_in
from tests.ground.films import a_photo
from tests.ground.makers import a_customer, a_member, a_shop, a_texting_number, consenting
from tests.ground.running import Running


def test_a_picture_goes_to_the_customers_handset_and_one_comes_back(
    running: Running, windows: Windows, axe: Callable[[Page], list[str]], tmp_path: Path
) -> None:
    number = "+17735550188"
    with running.data():
        shop = a_shop("lens", texting_number=a_texting_number())
        consenting(a_customer(shop, "Lena", "Ruiz", phones=[number]))
        email = a_member(shop, email="lens@example.com").email
        address, party = f"/console/threads/{Thread.at(shop, number).id}", shop.texting_number
        db.session.commit()
    (tmp_path / "brakes.jpg").write_bytes(a_photo(size=(1200, 800)))
    (tmp_path / "notes.txt").write_text("no picture")
    desk = windows.desktop()
    sign_in(desk, email)
    desk.goto(address)
    desk.set_input_files("#files", tmp_path / "notes.txt")
    expect(desk.get_by_text("This is no picture, PDF or video")).to_be_visible()
    desk.get_by_role("button", name="Dismiss").click()
    desk.set_input_files("#files", tmp_path / "brakes.jpg")
    expect(desk.locator(".enclosed__file")).to_contain_text("MMS")
    desk.reload()
    expect(desk.locator(".enclosed__file")).to_contain_text("brakes.jpg")
    assert axe(desk, dark=True) == []
    desk.get_by_label("Message", exact=True).fill("Your brakes.")
    desk.get_by_role("button", name="Send message").click()
    expect(desk.locator(".bubble--out .bubble__picture img")).to_be_visible()
    expect(desk.locator(".enclosed__file")).to_have_count(0)

    handset = windows.phone()
    handset.goto(f"/phone/text/{number}/{party}")
    expect(handset.locator(".theirs .picture img")).to_be_visible()
    handset.set_input_files("#picture", tmp_path / "brakes.jpg")
    handset.get_by_role("button", name="Send answer").click()
    expect(handset.locator(".mine .picture img")).to_be_visible()
    expect(desk.locator(".bubble--in .bubble__picture img")).to_be_visible()
    assert axe(desk) == []
