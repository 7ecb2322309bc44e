"""The words of messages: the shop's own, what Maria would read, and back to the preset."""

import html

import pytest
from flask import Flask

from models import MessageTemplate, Shop, db
from models.link import LENGTH
from models.message_template import KEYS, presets
from models.wording_example import TOKEN, example
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.makers import a_drop_off, a_member, a_shop, signed_in

pytestmark = pytest.mark.one_database

HTMX = {"HX-Request": "true"}
ADDRESS = "/console/settings/messages"
TEXT, MAIL = f"{ADDRESS}/appt_confirm/text/en", f"{ADDRESS}/appt_confirm/email/en"
WORDS = "{shop}: {first}, see you {date} at {time}: {link}"


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop, "administrator"))
    return client


@pytest.mark.parametrize(("language", "words"), [("en", "Hi Maria, please confirm"), ("es", "Hola Maria, confirme"), ("nl", "Maria")])
def test_every_template_of_a_language_is_listed_as_maria_would_read_it(ada: Visitor, language: str, words: str) -> None:
    page = ada.get(f"{ADDRESS}?language={language}").text
    assert words in page
    assert page.count('id="template-') == sum(key[0] in KEYS and key[2] == language for key in presets())


# what a status sends that has no words of its own is tried with one in test_statuses
@each("key", sorted(key for key in presets() if key[0] != "st_update"))
def test_every_preset_can_be_opened_and_leaves_no_field_unfilled(app: Flask, shop: Shop, key: tuple[str, str, str]) -> None:
    wording = example(shop, MessageTemplate.of(shop, *key))
    assert "{" not in wording.subject + wording.body


def test_the_shops_own_words_are_kept_and_sent(ada: Visitor, shop: Shop) -> None:
    assert ada.post(TEXT, data={"body": WORDS}, headers=HTMX).headers["HX-Redirect"] == f"{ADDRESS}?language=en"
    assert "Your own" in ada.get(ADDRESS).text
    assert "Maria, see you" in a_drop_off(shop).messages[0].body


def test_words_of_one_channel_and_language_leave_the_others_alone(ada: Visitor, shop: Shop) -> None:
    ada.post(TEXT, data={"body": WORDS})
    others = [MessageTemplate.of(shop, *key) for key in presets() if key != ("appt_confirm", "text", "en")]
    assert all(template.is_preset for template in others)


@each(
    ("body", "sentence"),
    [
        ("{nope} {link}", "There is no field {nope}."),
        ("{first.__class__} {link}", "There is no field {first.__class__}."),
        ("{} {link}", "There is no field {}."),
        ("Hi {first {link}", "A brace is left open."),
        ("Hi first} {link}", "A brace is left open."),
        ("Hi {first}", "This text needs {link}"),
        ("", "Write something."),
        ("   \r\n ", "Write something."),
        ("{link}" + "x" * 2000, "under 1600 characters"),
    ],
)
def test_words_that_can_not_be_sent_are_refused_and_stay_typed(ada: Visitor, shop: Shop, body: str, sentence: str) -> None:
    for address, headers in ((TEXT, HTMX), (TEXT, {}), (f"{TEXT}/preview", HTMX)):
        answer = ada.post(address, data={"body": body}, headers=headers)
        assert answer.status_code == 422
        assert sentence in html.unescape(answer.text)
    assert html.escape(body.strip(), quote=False)[:60] in html.unescape(ada.post(TEXT, data={"body": body}, headers=HTMX).text)
    assert MessageTemplate.of(shop, "appt_confirm", "text", "en").is_preset


def test_a_reply_to_a_keyword_knows_the_shop_only(ada: Visitor) -> None:
    address = f"{ADDRESS}/stop_reply/text/en"
    page = ada.get(address).text
    assert ('data-insert="{shop}"' in page, 'data-insert="{first}"' in page) == (True, False)
    assert ada.post(address, data={"body": "Bye {first}"}, headers=HTMX).status_code == 422


def test_a_mail_needs_a_subject(ada: Visitor) -> None:
    answer = ada.post(MAIL, data={"subject": " ", "body": "Hi {first}"}, headers=HTMX)
    assert (answer.status_code, 'id="subject-error"' in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("body", "segments"),
    [
        ("{link}", "1 segment"),
        ("{link} " + "a" * 150, "2 segments"),
        ("{link} 🙂" + "a" * 40, "2 segments"),
        ("{link} " + "€" * 60, "2 segments"),
    ],
)
def test_the_preview_counts_segments_of_what_arrives(ada: Visitor, body: str, segments: str) -> None:
    preview = ada.post(f"{TEXT}/preview", data={"body": body}, headers=HTMX)
    assert preview.status_code == 200
    assert segments in preview.text


def test_the_preview_keeps_nothing_and_shows_markup_as_words(ada: Visitor, shop: Shop) -> None:
    preview = ada.post(f"{MAIL}/preview", data={"subject": "<b>{first}</b>", "body": "<script>{shop}</script>"}, headers=HTMX)
    assert "&lt;b&gt;Maria&lt;/b&gt;" in preview.text
    assert "<script>" not in preview.text
    assert db.session.query(MessageTemplate).count() == 0


def test_the_example_link_is_as_long_as_a_real_one() -> None:
    assert len(TOKEN) == LENGTH


def test_back_to_the_preset_offers_to_undo_and_undoing_brings_the_words_back(ada: Visitor, shop: Shop) -> None:
    ada.post(TEXT, data={"body": WORDS})
    answer = ada.post(f"{TEXT}/preset", headers=HTMX)
    assert "Back to the preset." in answer.text
    assert f'name="body" value="{WORDS}"' in answer.text
    assert MessageTemplate.of(shop, "appt_confirm", "text", "en").is_preset
    ada.post(TEXT, data={"subject": "", "body": WORDS}, headers=HTMX)
    assert MessageTemplate.of(shop, "appt_confirm", "text", "en").body == WORDS


def test_back_to_the_preset_twice_is_once(ada: Visitor) -> None:
    ada.post(TEXT, data={"body": WORDS})
    assert [ada.post(f"{TEXT}/preset", headers=HTMX).status_code for _time in range(2)] == [200, 200]
    assert "Undo" not in ada.post(f"{TEXT}/preset", headers=HTMX).text


@pytest.mark.parametrize("address", ["nope/text/en", "appt_confirm/fax/en", "appt_confirm/text/fr", "stop_reply/email/en"])
def test_a_template_that_is_none_is_not_found(ada: Visitor, address: str) -> None:
    assert [ada.get(f"{ADDRESS}/{address}").status_code, ada.post(f"{ADDRESS}/{address}", data={"body": "x"}).status_code] == [404, 404]
    assert ada.post(f"{ADDRESS}/{address}/preview", data={"body": "x"}).status_code == 404
    assert ada.post(f"{ADDRESS}/{address}/preset").status_code == 404


def test_another_shops_words_are_its_own(ada: Visitor, shop: Shop) -> None:
    ada.post(TEXT, data={"body": WORDS})
    assert MessageTemplate.of(a_shop("elm"), "appt_confirm", "text", "en").is_preset
