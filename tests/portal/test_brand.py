"""A shop's look: one stylesheet that browsers may keep for ever, its logo, and one script."""

from io import BytesIO

import brotli
import pytest
from PIL import Image

from models import Branding, StoredFile
from models.branding import ENOUGH, contrast
from tests.ground.client import Visitor
from tests.ground.makers import a_drop_off, a_shop

pytestmark = pytest.mark.one_database

FOREVER = "public, max-age=31536000, immutable"


def stylesheet_of(client: Visitor, link: str) -> str:
    html = client.get(link).text
    address, _, _ = html.partition('<link rel="stylesheet" href="')[2].partition('"')
    return address


def a_logo(colour: str = "red") -> bytes:
    picture = BytesIO()
    Image.new("RGB", (220, 80), colour).save(picture, "PNG")
    return picture.getvalue()


def test_the_page_names_one_stylesheet_which_brings_the_shops_colours_and_may_be_kept_for_ever(client: Visitor) -> None:
    shop = a_shop()
    shop.branding.accent = "#f5c400"
    answer = client.get(stylesheet_of(client, a_drop_off(shop).visit.link.path))
    assert answer.status_code == 200
    assert answer.mimetype == "text/css"
    assert answer.headers["Cache-Control"] == FOREVER
    assert answer.text.startswith(":root{--brand:#f5c400;--on-brand:#000000;")


def test_another_look_is_another_address(client: Visitor) -> None:
    shop = a_shop()
    link = a_drop_off(shop).visit.link.path
    before = stylesheet_of(client, link)
    shop.branding.accent = "#0b7a55"
    after = stylesheet_of(client, link)
    assert before != after
    assert client.get(before).headers["Cache-Control"] == "no-cache"
    assert "#0b7a55" in client.get(before).text


def test_a_shop_with_hyphens_in_its_short_name_has_a_look_too(client: Visitor) -> None:
    address = stylesheet_of(client, a_drop_off(a_shop("north-gate-2")).visit.link.path)
    assert client.get(address).headers["Cache-Control"] == FOREVER


@pytest.mark.parametrize("path", ["/brand/nobody-123456.css", "/brand/nobody-123456/logo", "/brand/-.css"])
def test_the_look_of_no_shop_is_not_found(client: Visitor, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_logo_is_shown_with_its_size_and_may_be_kept_for_ever(client: Visitor) -> None:
    shop = a_shop()
    shop.branding.logo = StoredFile.keep(shop.id, a_logo(), "image/png", 220, 80)
    html = client.get(a_drop_off(shop).visit.link.path).text
    address = f"/brand/{shop.slug}-{shop.branding.version}/logo"
    assert f'<img src="{address}" alt="" width="220" height="80">' in html
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/png", a_logo())
    assert answer.headers["Cache-Control"] == FOREVER


def test_a_shop_without_a_logo_shows_its_initial(client: Visitor) -> None:
    assert '<span class="mark" aria-hidden="true">H</span>' in client.get(a_drop_off(a_shop()).visit.link.path).text


def test_the_script_is_one_file_packed_for_those_who_can_unpack_it(client: Visitor) -> None:
    html = client.get(a_drop_off(a_shop()).visit.link.path).text
    address, _, _ = html.partition('<script src="')[2].partition('"')
    packed, plain = client.get(address, headers={"Accept-Encoding": "gzip, br"}), client.get(address)
    assert packed.headers["Content-Encoding"] == "br"
    assert brotli.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert packed.headers["Cache-Control"] == FOREVER


@pytest.mark.parametrize("grey", range(0, 256, 15))
def test_words_on_any_colour_can_be_read(grey: int) -> None:
    branding = Branding(accent=f"#{grey:02x}{grey:02x}{grey:02x}")
    assert contrast(branding.accent_text, branding.accent) >= ENOUGH
