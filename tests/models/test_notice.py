"""Privacy notice and messaging terms: ours, or the shop's own; each version is kept."""

import pytest
from flask import Flask

from models import NotFound, Notice, Refused
from models.consent_wording import VERSION, version_in
from models.notice import KINDS, LONGEST
from tests.ground.makers import SAM, a_shop

pytestmark = pytest.mark.one_database

ALL = [(kind, language) for kind in KINDS for language in ("en", "es", "nl")]


@pytest.mark.parametrize(("kind", "language"), ALL, ids="-".join)
def test_our_words_name_the_shop_and_leave_no_field_open(app: Flask, kind: str, language: str) -> None:
    notice = Notice.of(a_shop(), kind, language)
    assert "Harbour Street Garage" in notice.body
    assert "(312) 555-0100" in notice.body
    assert not {"{", "}"} & set(notice.body)
    assert len([paragraph for paragraph in notice.paragraphs if paragraph.is_heading]) >= 8


@pytest.mark.parametrize(("kind", "language"), ALL, ids="-".join)
def test_a_shop_without_numbers_has_no_holes_in_its_words(app: Flask, kind: str, language: str) -> None:
    shop = a_shop(texting_number=None, voice_phone="", email="", street="", city="", region="", postal_code="", country="US")
    body = Notice.of(shop, kind, language).body
    assert not [line for line in body.splitlines() if line.rstrip().endswith((":", "to", "al", "naar"))]
    assert ": ." not in body


def test_both_say_what_carriers_look_for(app: Flask) -> None:
    shop = a_shop()
    for kind in KINDS:
        assert "not shared with third parties" in Notice.of(shop, kind, "en").body
    terms = Notice.of(shop, "texting", "en").body
    assert all(words in terms for words in ("STOP", "HELP", "rates may apply", "How often varies", "never a condition", "not liable"))


def test_the_shops_own_words_replace_ours_and_every_version_is_kept(app: Flask) -> None:
    shop = a_shop()
    for body in ("First.", "First.", "Second.", "", ""):
        Notice.rewrite(shop, "texting", "en", body, by=SAM)
    assert [(one.version, one.body) for one in Notice.versions(shop, "texting", "en")] == [(3, ""), (2, "Second."), (1, "First.")]
    assert not Notice.of(shop, "texting", "en").is_own
    assert not Notice.of(shop, "texting", "es").is_own


def test_a_consent_names_the_version_of_the_shops_own_terms(app: Flask) -> None:
    shop = a_shop()
    assert version_in(shop, "en") == VERSION
    Notice.rewrite(shop, "texting", "en", "Ours.", by=SAM)
    assert version_in(shop, "en") == f"{VERSION}, terms 1"


def test_saving_our_own_words_changes_nothing(app: Flask) -> None:
    shop = a_shop()
    Notice.rewrite(shop, "privacy", "nl", Notice.of(shop, "privacy", "nl").body.replace("\n", "\r\n"), by=SAM)
    assert Notice.versions(shop, "privacy", "nl") == []


def test_too_many_words_are_refused(app: Flask) -> None:
    with pytest.raises(Refused):
        Notice.rewrite(a_shop(), "privacy", "en", "x" * (LONGEST + 1), by=SAM)


@pytest.mark.parametrize(("kind", "language"), [("privacy", "de"), ("cookies", "en"), ("../notices/privacy", "en")])
def test_there_is_no_other_notice(app: Flask, kind: str, language: str) -> None:
    with pytest.raises(NotFound):
        Notice.of(a_shop(), kind, language)
