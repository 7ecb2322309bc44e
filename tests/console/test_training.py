"""Getting started, support and browsers: what the console says of itself."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from PIL import Image

from tests.ground.client import Visitor
from tests.ground.makers import a_member, a_shop, signed_in
from wsgi import STATIC

pytestmark = pytest.mark.one_database
LARGEST = 350_000  # bytes of all pictures that one page shows in one colour scheme


@pytest.mark.parametrize("role", ["receptionist", "mechanic", "administrator"])
def test_each_begins_with_the_page_of_their_own_role_and_the_others_are_one_tap_away(client: Visitor, role: str) -> None:
    signed_in(client, a_member(a_shop(), role))
    own = client.get("/console/getting-started").text
    assert re.findall(r'getting-started/(\w+)" aria-current="page"', own) == [role]
    assert 5 <= own.count('<li class="task') <= 8
    for other in ("receptionist", "mechanic", "administrator"):
        assert client.get(f"/console/getting-started/{other}").status_code == 200
    assert client.get("/console/getting-started/owner").status_code == 404


@pytest.mark.parametrize("role", ["receptionist", "mechanic", "administrator"])
def test_its_pictures_are_there_in_their_size_are_described_and_weigh_little(client: Visitor, role: str) -> None:
    signed_in(client, a_member(a_shop(), role))
    page = client.get("/console/getting-started").text
    shown = re.findall(r'<img src="/static/(training/[\w-]+\.webp)\?v=\w+" alt="([^"]+)" width="(\d+)" height="(\d+)"', page)
    assert len(shown) == page.count("<picture") >= 3
    for path, alt, width, height in shown:
        with Image.open(STATIC / path) as picture:
            size = picture.size
        assert len(alt) > 20
        assert abs(size[0] / size[1] - int(width) / int(height)) < 0.02
    assert sum((STATIC / path).stat().st_size for path, *_ in shown) < LARGEST


def test_support_is_in_the_menu_as_far_as_the_operator_named_it(client: Visitor, make_app: Callable[..., Flask]) -> None:
    member = a_member(a_shop())
    assert "support" not in signed_in(client, member).get("/console/").text
    app = make_app(SUPPORT_PHONE="+1 (312) 555-0199", SUPPORT_EMAIL="help@wrench.example")
    page = signed_in(Visitor(app, app.response_class), member).get("/console/").text
    assert 'href="tel:+13125550199"' in page
    assert "(312) 555-0199" in page
    assert 'href="mailto:help@wrench.example"' in page
    assert "sms:" not in page


def test_an_older_browser_is_told_by_a_rule_that_only_newer_ones_know(client: Visitor) -> None:
    assert 'class="older"' in client.get("/").text
    assert 'class="older"' in signed_in(client, a_member(a_shop())).get("/console/").text
    styles = (STATIC / "console.css").read_text()
    assert re.search(r"@supports selector\(:popover-open\) and \(color: light-dark\([^{]*\{ \.older \{ display: none; \} \}", styles)
