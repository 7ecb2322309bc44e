"""Branding: logo, colour and words, and the preview while choosing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from models import Branding, Document, Shop, StoredFile, db
from settings import Settings
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_drop_off, a_member, a_shop, signed_in
from tests.models.test_picture import a_bomb, drawn

pytestmark = pytest.mark.one_database

HTMX = {"HX-Request": "true"}
ADDRESS = "/console/settings/branding"
GOOD = {"accent": "#AA3300", "sender_name": "Harbour  Street", "welcome": "Since 1962"}


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop, "administrator"))
    return client


@pytest.fixture
def upload(ada: Visitor) -> Callable[..., TestResponse]:
    return lambda content, headers=HTMX: ada.post(f"{ADDRESS}/logo", **a_form_with(content), headers=headers)


def a_form_with(content: bytes, name: str = "logo.png") -> dict[str, Any]:
    """As a browser sends it. The test client would keep a large one in a file that it leaves open."""
    head = f'--edge\r\nContent-Disposition: form-data; name="logo"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'
    return {"data": head.encode() + content + b"\r\n--edge--\r\n", "content_type": "multipart/form-data; boundary=edge"}


def test_colour_and_words_are_kept(ada: Visitor, shop: Shop) -> None:
    assert ada.post(ADDRESS, data=GOOD).status_code == 303
    assert (shop.branding.accent, shop.branding.sender_name, shop.branding.welcome) == ("#aa3300", "Harbour Street", "Since 1962")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("accent", "red"),
        ("accent", ""),
        ("accent", "#12345"),
        ("accent", "#fff;}body{display:none"),
        ("sender_name", "x" * 61),
        ("sender_name", "Garage\x00"),
        ("welcome", "x" * 161),
    ],
)
def test_nonsense_is_refused_beside_its_field_and_typed_words_stay(ada: Visitor, shop: Shop, field: str, typed: str) -> None:
    answer = ada.post(ADDRESS, data={**GOOD, field: typed}, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "Since 1962" in answer.text or field == "welcome"
    assert (shop.branding.accent, shop.branding.welcome) == ("#1f5f8b", "")


def test_a_senders_name_on_two_lines_can_not_add_a_header(ada: Visitor, shop: Shop) -> None:
    ada.post(ADDRESS, data={**GOOD, "sender_name": "Garage\r\nBcc: all@mail.example"})
    assert shop.branding.sender_name == "Garage Bcc: all@mail.example"


def test_a_logo_is_shown_to_customers_and_can_be_removed(ada: Visitor, shop: Shop, upload: Callable[..., TestResponse]) -> None:
    upload(drawn("WEBP"))
    assert shop.branding.logo is not None
    address = f"/brand/{shop.slug}-{shop.branding.version}/logo"
    assert address in ada.get(ADDRESS).text
    shown = ada.get(address)
    assert (shown.status_code, shown.mimetype, shown.headers["X-Content-Type-Options"]) == (200, "image/png", "nosniff")
    ada.post(f"{ADDRESS}/logo/removal", headers=HTMX)
    assert shop.branding.logo is None
    assert "No logo yet" in ada.get(ADDRESS).text


def test_a_logo_that_was_replaced_or_removed_leaves_the_storage(
    ada: Visitor, shop: Shop, upload: Callable[..., TestResponse], work: Callable[[], int], settings: Settings
) -> None:
    folder = Path(settings.storage_url.removeprefix("file://")) / str(shop.id)
    others = set(folder.glob("*"))

    def kept() -> tuple[int, int]:
        return db.session.query(StoredFile).count(), len(set(folder.glob("*")) - others)

    for _ in range(3):
        upload(drawn("PNG"))
    assert kept() == (3, 3)
    work()
    assert kept() == (1, 1)
    assert ada.get(f"/brand/{shop.slug}-{shop.branding.version}/logo").status_code == 200
    ada.post(f"{ADDRESS}/logo/removal", headers=HTMX)
    work()
    assert kept() == (0, 0)


def test_files_that_something_points_at_stay(shop: Shop) -> None:
    appointment = a_drop_off(shop)
    Document.slip(appointment, SAM).ready(b"%PDF-")
    db.session.commit()
    assert StoredFile.unused() == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture that we can use"),
        (b"<!doctype html>", "no picture that we can use"),
        (a_bomb(20_000, 20_000), "too many pixels"),
        (drawn("PNG")[:200], "broken"),
        (b"\0" * 6_000_000, "larger than 5 MB"),
    ],
    ids=["svg called png", "html", "bomb", "cut off", "six megabytes"],
)
def test_what_is_no_logo_is_refused_beside_it(shop: Shop, upload: Callable[..., TestResponse], content: bytes, sentence: str) -> None:
    answer = upload(content)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'id="logo-error"' in answer.text
    assert shop.branding.logo is None


def test_no_file_at_all_is_said(ada: Visitor) -> None:
    answer = ada.post(f"{ADDRESS}/logo", data={}, headers=HTMX)
    assert (answer.status_code, "Choose a file first." in answer.text) == (422, True)


def test_a_file_beyond_what_the_server_reads_is_answered_in_words(upload: Callable[..., TestResponse], with_csrf: None) -> None:
    answer = upload(b"\0" * 7 * 1024 * 1024)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#toasts")
    assert "larger than 5 MB" in answer.text
    plain = upload(b"\0" * 7 * 1024 * 1024, headers={})
    assert (plain.status_code, "larger than 5 MB" in plain.text) == (413, True)


def test_the_preview_shows_what_is_typed_and_keeps_nothing(ada: Visitor, shop: Shop) -> None:
    preview = ada.get(f"{ADDRESS}/preview", query_string={**GOOD, "accent": "#ffee00"}, headers=HTMX)
    assert preview.status_code == 200
    assert "Since 1962" in preview.text
    assert "written in black" in preview.text
    assert "preview.css?accent=%23ffee00" in preview.text
    assert shop.branding.accent == "#1f5f8b"


def test_the_preview_says_what_is_wrong(ada: Visitor) -> None:
    preview = ada.get(f"{ADDRESS}/preview", query_string={**GOOD, "accent": "#ffee0"}, headers=HTMX)
    assert (preview.status_code, "six digits" in preview.text) == (422, True)


def test_the_previews_stylesheet_has_readable_colours_and_takes_nothing_else(ada: Visitor) -> None:
    sheet = ada.get(f"{ADDRESS}/preview.css", query_string={"accent": "#ffee00"})
    assert (sheet.status_code, sheet.mimetype) == (200, "text/css")
    assert f"--brand: #ffee00; --on-brand: {Branding(accent='#ffee00').accent_text};" in sheet.text
    for wrong in ("red", "#fff}*{display:none", "", "#ffee00;"):
        assert ada.get(f"{ADDRESS}/preview.css", query_string={"accent": wrong}).status_code in {303, 422}
