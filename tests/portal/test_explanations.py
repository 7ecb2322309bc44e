"""Explanations: light pages that move, speak three languages, say the same when nothing may move, and hold nothing of anybody's own."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from models import Explanation, NotFound
from models.explanation_words import WORDS
from tests.ground.browser import Windows
from tests.ground.client import Visitor
from tests.ground.makers import a_shop
from tests.ground.running import Running

pytestmark = pytest.mark.one_database

STATIC = Path(__file__).resolve().parents[2] / "static" / "explanations"
MOST = 15_000  # bytes, as they are before they are packed
LANGUAGES = ("en", "es", "nl")
KEYS = list(WORDS)


def rules_of(name: str) -> str:
    return (STATIC / "page.css").read_text() + (STATIC / f"{name}.css").read_text()


def test_there_are_the_eight_that_cars_bring_up_most() -> None:
    assert KEYS == ["brake-pads", "tyre-tread", "battery", "air-filter", "timing-belt", "coolant", "suspension", "oil"]


@pytest.mark.parametrize("key", KEYS)
def test_a_page_and_its_rules_are_light_in_every_language(client: Visitor, key: str) -> None:
    a_shop()
    for language in LANGUAGES:
        answer = client.get(f"/x/harbour/{key}?lang={language}")
        assert answer.status_code == 200
        assert len(answer.data) + len(rules_of(key.replace("-", "_")).encode()) < MOST


@pytest.mark.parametrize("key", KEYS)
def test_everything_on_it_is_in_the_readers_language(client: Visitor, key: str) -> None:
    a_shop()
    explanation = Explanation.known(key)
    said: dict[str, list[str]] = {}
    for language in LANGUAGES:
        page = client.get(f"/x/harbour/{key}?lang={language}").text
        assert f'<html lang="{language}">' in page
        with force_locale(language):
            pairs = [*explanation.steps, *explanation.sentences]
            said[language] = [explanation.title, explanation.drawn, *(meaning for _name, meaning in pairs)]
        assert [words for words in said[language] if words.replace("'", "&#39;") not in page] == []
    assert all(len(set(three)) == 3 for three in zip(*said.values(), strict=True))


@pytest.mark.parametrize("key", KEYS)
def test_the_drawing_has_no_script_no_picture_file_and_nothing_that_the_policy_forbids(client: Visitor, key: str) -> None:
    a_shop()
    page = client.get(f"/x/harbour/{key}").text
    assert re.findall(r"<script|<style|<img|<image|style=|\son\w+=", page) == []
    assert 'role="img" aria-labelledby="drawn-title drawn"' in page
    assert page.count('rel="stylesheet"') == 1


@pytest.mark.parametrize("key", KEYS)
def test_every_class_that_is_drawn_has_its_rule(client: Visitor, key: str) -> None:
    a_shop()
    drawing = client.get(f"/x/harbour/{key}").text.partition('<g id="drawing">')[2].partition("</svg>")[0]
    named = {name for names in re.findall(r'class="([^"]+)"', drawing) for name in names.split()}
    assert {name for name in named if not re.search(rf"\.{name}\b", rules_of(key.replace("-", "_")))} == set()


def test_the_page_wears_the_shops_colours_in_one_stylesheet_that_may_be_kept_for_ever(client: Visitor) -> None:
    shop = a_shop()
    shop.branding.accent = "#0b7a55"
    address = client.get("/x/harbour/oil").text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    answer = client.get(address)
    assert answer.text.startswith(":root{--brand:#0b7a55;")
    assert all(rule in answer.text for rule in (".headline", ".frame", ".wetted"))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(address.replace("oil.css", "nothing.css")).status_code == 404


def test_it_speaks_the_language_of_the_browser_else_of_the_shop(client: Visitor) -> None:
    a_shop("delinde", "Europe/Amsterdam", language="nl", country="NL")
    assert '<html lang="es">' in client.get("/x/delinde/oil", headers={"Accept-Language": "es-MX,en;q=0.5"}).text
    assert '<html lang="nl">' in client.get("/x/delinde/oil", headers={"Accept-Language": "fr"}).text
    assert "Accept-Language" in client.get("/x/delinde/oil").headers["Vary"]


def test_depth_of_tread_is_told_as_people_measure_it_there(client: Visitor) -> None:
    a_shop()
    a_shop("delinde", "Europe/Amsterdam", language="nl", country="NL")
    assert "2/32″" in client.get("/x/harbour/tyre-tread").text
    assert "1,6 mm</text>" in client.get("/x/delinde/tyre-tread?lang=nl").text


@pytest.mark.parametrize("address", ["/x/nobody/oil", "/x/harbour/flux-capacitor", "/x/harbour/own_video", "/x/harbour/_oil"])
def test_no_such_shop_or_explanation_is_the_page_for_links_that_do_not_work(client: Visitor, address: str) -> None:
    a_shop()
    answer = client.get(address)
    assert (answer.status_code, "This link does not work" in answer.text) == (404, True)


def test_search_engines_leave_it_to_the_shops_own_pages(client: Visitor) -> None:
    a_shop()
    assert client.get("/x/harbour/oil").headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"


def test_a_link_is_the_whole_address_in_the_customers_language(app: Flask) -> None:
    shop = a_shop()
    base = app.extensions["settings"].public_base_url
    assert Explanation.link(shop, "oil", "es") == f"{base}/x/harbour/oil?lang=es"
    assert Explanation.link(shop, "oil") == f"{base}/x/harbour/oil"
    with pytest.raises(NotFound):
        Explanation.link(shop, "flux-capacitor", "es")


@pytest.mark.browser
def test_they_are_for_everyone_and_stand_still_where_nothing_may_move(
    windows: Windows, running: Running, axe: Callable[..., list[str]]
) -> None:
    with running.data():
        a_shop("drawn", texting_number=None)
    phone, desk = windows.phone(), windows.desktop()
    for key in KEYS:
        phone.goto(f"/x/drawn/{key}")
        assert phone.locator(".frame").evaluate_all("drawings => drawings.filter(one => one.checkVisibility()).length") == 3
        assert phone.evaluate("document.getAnimations().length") == 0
        assert phone.locator(".frame").nth(2).evaluate("drawing => getComputedStyle(drawing).getPropertyValue('--w')") == "1"
        assert axe(phone, dark=True) == []
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    desk.emulate_media(reduced_motion="no-preference")
    desk.goto("/x/drawn/brake-pads")
    assert axe(desk, dark=True) == []
    assert desk.evaluate("document.getAnimations().length") > 0
    desk.get_by_role("checkbox", name="Pause").check()
    assert desk.evaluate("document.getAnimations().filter(one => one.playState == 'running').length") == 0
