"""Customers read their own language, and nothing of it is left untranslated."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from tests.ground.client import Visitor
from tests.ground.makers import a_customer, a_drop_off, a_shop
from tests.portal.forms import press, read

pytestmark = pytest.mark.one_database

ROOT = Path(__file__).resolve().parents[2]
OTHERS = ("es", "nl")
FIELD = re.compile(r"%\((\w+)\)s")


def catalogue(language: str) -> Catalog:
    with (ROOT / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.fixture(scope="module")
def spoken() -> set[str]:
    """Every sentence that customers may read, taken from the sources."""
    with (ROOT / "translations" / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, keywords={"_": None, "_l": None, "gettext": None})
    return {str(message) for _file, _line, message, _comments, _context in found}


def test_there_is_something_to_translate(spoken: set[str]) -> None:
    assert "Confirm appointment" in spoken
    assert "Open" in spoken


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated_and_none_is_a_guess(spoken: set[str], language: str) -> None:
    translated = {message.id for message in catalogue(language) if message.id and message.string and not message.fuzzy}
    assert spoken - translated == set()


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_left_over_from_words_that_are_gone(spoken: set[str], language: str) -> None:
    assert {message.id for message in catalogue(language) if message.id} - spoken == set()


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_same_fields_as_the_sentence(language: str) -> None:
    for message in catalogue(language):
        assert set(FIELD.findall(str(message.id))) == set(FIELD.findall(str(message.string))), message.id


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_compiled_is_what_was_translated(language: str) -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    with (ROOT / "translations" / language / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        in_use = {message.id: message.string for message in read_mo(file) if message.id}
    assert in_use == {message.id: message.string for message in read_mo(compiled) if message.id}


@pytest.mark.parametrize(
    ("language", "headline"),
    [("en", "Please confirm your appointment"), ("es", "Por favor, confirme su cita"), ("nl", "Wilt u uw afspraak bevestigen?")],
)
def test_the_page_speaks_the_customers_language_and_says_which(client: Visitor, language: str, headline: str) -> None:
    shop = a_shop()
    drop_off = a_drop_off(shop, customer=a_customer(shop, language=language))
    page = read(client.get(drop_off.visit.link.path, headers={"Accept-Language": "de, en;q=0.5"}))
    assert page.language == language
    assert headline in page.text


@pytest.mark.parametrize(
    ("accept", "shops", "language"),
    [("nl-BE, en;q=0.5", "en", "nl"), ("de, fr", "es", "es"), ("es-MX", "nl", "es"), ("", "nl", "nl"), ("*", "en", "en")],
)
def test_without_a_known_language_the_browsers_counts_then_the_shops(client: Visitor, accept: str, shops: str, language: str) -> None:
    drop_off = a_drop_off(a_shop(language=shops))
    assert read(client.get(drop_off.visit.link.path, headers={"Accept-Language": accept})).language == language


def test_what_is_picked_on_the_page_comes_first_and_stays_through_the_forms(client: Visitor) -> None:
    shop = a_shop()
    link = a_drop_off(shop, customer=a_customer(shop, language="es")).visit.link.path
    page = read(client.get(link))
    answer = press(client, page.links["Nederlands"], "Afspraak bevestigen")
    assert answer.location == f"{link}?lang=nl"
    assert "Uw afspraak is bevestigd" in read(client.get(answer.location)).text


@pytest.mark.parametrize("nonsense", ["de", "", "xx", "../etc", "%00", "EN"])
def test_a_language_that_is_none_is_left_aside(client: Visitor, nonsense: str) -> None:
    answer = client.get(f"{a_drop_off(a_shop()).visit.link.path}?lang={nonsense}")
    assert (answer.status_code, read(answer).language) == (200, "en")


def test_dates_and_clocks_follow_language_and_country(client: Visitor) -> None:
    link = a_drop_off(a_shop(zone="Europe/Amsterdam", country="NL", language="nl")).visit.link.path
    assert re.search(r"(Maandag|Dinsdag|Woensdag|Donderdag|Vrijdag) \d+ \w+ \d{4} 09:00 CES?T", read(client.get(link)).text)
    american = a_drop_off(a_shop("elm")).visit.link.path
    assert re.search(r"9:00 AM C[SD]T", read(client.get(american)).text)
    assert re.search(r"9:00 a\.m\. C[SD]T", read(client.get(f"{american}?lang=es")).text)


def test_the_page_of_a_wrong_link_speaks_the_browsers_language(client: Visitor) -> None:
    page = read(client.get("/v/nothing", headers={"Accept-Language": "es"}))
    assert page.language == "es"
    assert "Este enlace no funciona" in page.text
    assert "Deze link werkt niet" in read(client.get("/v/nothing?lang=nl")).text
