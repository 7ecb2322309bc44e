"""A token made in Chromium, and what is pushed with it: on another screen's board by itself, in a moment."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.ground.browser import Windows, opened
from tests.ground.makers import a_member, a_shop
from tests.ground.running import Running

pytestmark = pytest.mark.browser


def test_what_another_system_pushes_is_on_the_board_by_itself(running: Running, windows: Windows, axe: Callable[..., list[str]]) -> None:
    with running.data():
        shop = a_shop("transferred", texting_number=None)
        a_member(shop, "administrator", email="ada@transferred.example")
        a_member(shop, email="sam@transferred.example")
    board = opened(windows.desktop(), "sam@transferred.example", "/console/board")
    page = opened(windows.desktop(), "ada@transferred.example", "/console/settings/transfer")
    page.get_by_label("Other system").fill("Protractor")
    page.get_by_role("button", name="Make a token").click()
    secret = page.get_by_role("textbox", name="Token").input_value()
    expect(page.locator("#api-tokens")).to_contain_text(f"…{secret[-4:]}")
    assert axe(page) == []

    def push(path: str, **record: Any) -> int:
        answer = page.request.put(f"/api/v1/{path}", data=record, headers={"Authorization": f"Bearer {secret}", "Cookie": ""})
        return answer.status

    vehicle = {"customer": "C1", "make": "Ford", "model": "Escape"}
    pushed = [push("customers/C1", last_name="Stone"), push("vehicles/V1", **vehicle), push("work-orders/W1", vehicle="V1", number=58123)]
    assert pushed == [201, 201, 201]
    expect(board.locator("#board")).to_contain_text("58123")
    assert push("work-orders/W1", status="Nonsense") == 409
    page.get_by_role("link", name="I have it").click()
    page.locator("#transfer-pushes").get_by_text("Why").click()
    expect(page.locator("#transfer-pushes")).to_contain_text("The shop has no such status.")
    page.set_viewport_size({"width": 390, "height": 844})
    assert axe(page, dark=True) == []
