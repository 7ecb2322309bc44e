"""Postcards read back from their PDF: the boxes that printers cut by, and what the post needs to be left blank."""

from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image, ImageChops

from jobs.postcards import drawn
from models import LetterKind, PostcardSize, Shop
from models.postal_address import envelope
from models.postcard import Postcard
from tests.ground.makers import a_shop

pytestmark = pytest.mark.one_database
INCH = 144  # pixels
LONG = envelope(
    "Maximiliane Freifrau von Hohenschwangau-Großkreutz and Partners Transport & Logistics LLC",
    "c/o Müller-Lüdenscheidt, Building 17, Suite 1204\n1234 Northwest Kapitän-Lehmann Boulevard Extension",
    *("Rancho Santa Margarita", "CA", "92688-1234", "NL", "US"),
    capitals=True,
)
WORDY = "Dear Maximiliane Freifrau von Hohenschwangau-Großkreutz,\n\n" + "There is a good deal to look at before the winter. " * 10


@pytest.fixture
def shop(app: object) -> Shop:
    shop = a_shop(name="Harbour Street Garage & Body Shop of Greater Chicagoland")
    shop.location.owner_name, shop.location.feedback = "Ada Marsh", "https://harbour.example/feedback"
    return shop


def a_card(shop: Shop, kind: LetterKind = LetterKind.thank_you, **details: object) -> Postcard:
    return replace(Postcard.sample(shop, kind), **{"body": WORDY, "to": tuple(LONG), **details})  # type: ignore[arg-type]


def back_of(pdf: bytes) -> Image.Image:
    """The first card's back, from trim to trim (with its bleed where there are no marks)."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[1]
        page.set_cropbox(*(page.get_trimbox() if page.get_mediabox()[2] - page.get_trimbox()[2] > 10 else page.get_mediabox()))
        image: Image.Image = page.render(scale=INCH / 72).to_pil().convert("L")
        return image


def is_blank(image: Image.Image, left: float, top: float, right: float, bottom: float) -> bool:
    """Whether nothing is printed there (inches from the top left)."""
    area = image.crop(tuple(round(edge * INCH) for edge in (left, top, right, bottom)))  # type: ignore[arg-type]
    return area.getextrema() == (255, 255)


@pytest.mark.parametrize(
    ("size", "trim", "bleed"), [(PostcardSize.american, (432, 288), 9), (PostcardSize.a6, (419.53, 297.64), 8.504)], ids=["6x4", "a6"]
)
def test_printers_find_where_to_cut(shop: Shop, size: PostcardSize, trim: tuple[float, float], bleed: float) -> None:
    with pypdfium2.PdfDocument(drawn(shop, [a_card(shop, size=size)])) as document:
        assert len(document) == 2
        for page in document:
            left, bottom, right, top = page.get_trimbox()
            assert (right - left, top - bottom) == pytest.approx(trim, abs=0.1)
            assert page.get_bleedbox() == pytest.approx((left - bleed, bottom - bleed, right + bleed, top + bleed), abs=0.1)
            assert page.get_mediabox()[2] > right + bleed, "marks stand outside the bleed"


@pytest.mark.parametrize("kind", [LetterKind.thank_you, LetterKind.deferred])
def test_the_posts_bars_and_address_have_their_room_however_long_name_and_words_are(shop: Shop, kind: LetterKind) -> None:
    card = a_card(shop, kind)
    with_address, without = back_of(drawn(shop, [card])), back_of(drawn(shop, [card], addressed=False))
    assert is_blank(with_address, 1.25, 4 - 0.625, 6, 4), "clear zone of the bar code, 4¾ × ⅝ in"
    address = ImageChops.difference(with_address, without)
    address.paste(0, (0, 0, 6 * INCH, round(1.25 * INCH)))  # the stamp's box stands above
    left, top, right, bottom = (edge / INCH for edge in address.getbbox() or (0, 0, 0, 0))
    assert left >= 2.9
    assert right <= 5.5
    assert top >= 4 - 2.75
    assert bottom <= 4 - 0.625


def test_where_a_print_service_puts_the_address_nothing_is_printed(shop: Shop) -> None:
    pdf = drawn(shop, [a_card(shop)], addressed=False, marks=False)
    with pypdfium2.PdfDocument(pdf) as document:
        assert [page.get_size() for page in document] == [pytest.approx((450, 306))] * 2
    assert is_blank(back_of(pdf), 6.25 - 0.275 - 3.2835, 4.25 - 0.25 - 2.375, 6.25 - 0.275, 4.25 - 0.25)


def test_europes_sorting_machines_have_their_strip(shop: Shop) -> None:
    shop.country, shop.language = "NL", "nl"
    pdf = drawn(shop, [a_card(shop, size=PostcardSize.a6, language="nl")])
    assert is_blank(back_of(pdf), (148 - 140) / 25.4, (105 - 15) / 25.4, 148 / 25.4, 105 / 25.4)
    with pypdfium2.PdfDocument(pdf) as document:
        assert "Dank u wel." in document[0].get_textpage().get_text_bounded()


def test_a_picture_stands_in_the_file_once_however_many_cards_share_it(shop: Shop) -> None:
    kinds = [a_card(shop, kind, body="Dear you", to=(f"{kind}",)) for kind in LetterKind]
    few, many = drawn(shop, kinds), drawn(shop, [replace(kind, to=(f"{number}",)) for number in range(5) for kind in kinds])
    assert (len(many) - len(few)) / 24 < 2000, "bytes that one more card takes"
    with pypdfium2.PdfDocument(BytesIO(many)) as document:
        assert len(document) == 60
        assert "Still on the list." in document[2 * (6 + list(LetterKind).index(LetterKind.deferred))].get_textpage().get_text_bounded()
