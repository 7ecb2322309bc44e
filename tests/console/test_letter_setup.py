"""CRM Setup: numbers of days by e-mail and by postcard, who signs, and what that would send before it is saved."""

from datetime import timedelta

import pytest

from models import LetterRules, Shop, db
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.letters import a_letter_shop, a_visit
from tests.ground.makers import a_member, signed_in

ADDRESS = "/console/settings/follow-ups"
HTMX = {"HX-Request": "true"}
USUAL = {"email_on": "1", "email_thank_you": "3", "email_inactive": "90", "email_inactive_interval": "90", "email_dead": "365"}


@pytest.fixture
def shop(app: object) -> Shop:
    return a_letter_shop()


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop, "administrator"))


def test_what_is_set_is_kept_and_shown_again(ada: Visitor, shop: Shop) -> None:
    answer = ada.post(ADDRESS, data={**USUAL, "owner_name": "Joe Harbour", "feedback": "https://harbour.example/rate"})
    assert answer.status_code == 303
    rules = LetterRules.of(shop, "email")
    assert (rules.on, rules.thank_you, rules.inactive, rules.dead, rules.no_show) == (True, 3, 90, 365, 0)
    assert not LetterRules.of(shop, "postcard").on
    page = ada.get(ADDRESS).text
    assert 'value="365"' in page
    assert 'value="Joe Harbour"' in page


@each(
    ("typed", "field"),
    [
        ({"email_dead": "60"}, "email_dead"),
        ({"email_dead": "0"}, "email_dead"),
        ({"email_thank_you": "-3"}, "email_thank_you"),
        ({"email_thank_you": "soon"}, "email_thank_you"),
        ({"postcard_no_show": "99999"}, "postcard_no_show"),
        ({"feedback": "javascript:alert(1)"}, "feedback"),
        ({"feedback": "mailto:nobody"}, "feedback"),
        ({"feedback": "https://[reviews.example/harbour"}, "feedback"),
        ({"owner_name": "x" * 100}, "owner_name"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field_and_nothing_is_kept(
    ada: Visitor, shop: Shop, typed: dict[str, str], field: str
) -> None:
    answer = ada.post(ADDRESS, data=USUAL | typed, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert next(iter(typed.values()))[:20] in answer.text, "what was typed is kept"
    assert db.session.query(LetterRules).count() == 0


def test_every_fault_is_said_at_once(ada: Visitor) -> None:
    answer = ada.post(ADDRESS, data=USUAL | {"email_dead": "1", "postcard_deferred": "-1", "feedback": "what?"}, headers=HTMX)
    assert all(f'id="{field}-error"' in answer.text for field in ("email_dead", "postcard_deferred", "feedback"))


def test_a_mailto_keeps_its_subject_on_one_line_and_nothing_else(ada: Visitor, shop: Shop) -> None:
    ada.post(ADDRESS, data=USUAL | {"feedback": "mailto:desk@harbour.example?bcc=x@y.example&subject=Hi%0D%0ABcc:x@y.example&body=Free"})
    assert shop.location.feedback == "mailto:desk@harbour.example?subject=Hi%20Bcc%3Ax%40y.example"
    assert "feedback" in ada.get(ADDRESS).text


def test_dead_as_many_days_as_inactive_is_warned_about(ada: Visitor, shop: Shop) -> None:
    ada.post(ADDRESS, data=USUAL | {"email_dead": "90"})
    assert "no inactive letter ever goes" in ada.get(ADDRESS).text


def test_the_dry_run_shows_what_would_go_and_keeps_nothing(ada: Visitor, shop: Shop) -> None:
    a_visit(shop, shop.today() - timedelta(days=1))
    answer = ada.post(f"{ADDRESS}/dry-run", data=USUAL, headers=HTMX)
    assert "Maria Lopez" in answer.text
    assert "Thank You" in answer.text
    assert db.session.query(LetterRules).count() == 0
    nothing = ada.post(f"{ADDRESS}/dry-run", data=USUAL | {"email_thank_you": "0"}, headers=HTMX)
    assert "Nothing would go out" in nothing.text
    wrong = ada.post(f"{ADDRESS}/dry-run", data=USUAL | {"email_thank_you": "-1"}, headers=HTMX)
    assert [page.text.count('<form id="letter-setup"') for page in (answer, wrong)] == [1, 1], "both answer with the form, faults and all"


def test_without_the_operators_word_the_page_says_so(ada: Visitor, shop: Shop) -> None:
    shop.business.mails_letters = False
    db.session.commit()
    assert "has not enabled this for your business" in ada.get(ADDRESS).text
