"""Privacy notice and messaging terms as everybody may read them."""

import pytest

from models import Notice
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_drop_off, a_shop
from tests.portal.forms import read

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("kind", "language", "heading"),
    [
        ("privacy", "en", "Privacy notice Who we are"),
        ("privacy", "es", "Aviso de privacidad Quiénes somos"),
        ("texting", "nl", "Voorwaarden voor sms'jes Wat wij sturen"),
    ],
)
def test_a_shop_has_both_in_three_languages(client: Visitor, kind: str, language: str, heading: str) -> None:
    a_shop()
    page = read(client.get(f"/p/harbour/{kind}?lang={language}"))
    assert page.language == language
    assert heading in page.text
    assert "Harbour Street Garage" in page.text


def test_they_are_linked_from_the_foot_of_the_customers_page(client: Visitor) -> None:
    links = read(client.get(a_drop_off(a_shop(texting_number=None), preference="email").visit.link.path)).links
    for name in ("Privacy notice", "Messaging terms"):
        assert client.get(links[name]).status_code == 200


def test_the_shops_own_words_are_escaped_and_keep_their_paragraphs(client: Visitor) -> None:
    Notice.rewrite(a_shop(), "privacy", "en", "What <b>we</b> keep\nNothing & more.\n\nSecond.", by=SAM)
    html = client.get("/p/harbour/privacy?lang=en").text
    assert "<h2>What &lt;b&gt;we&lt;/b&gt; keep</h2>" in html
    assert "<p>Nothing &amp; more.</p>" in html
    assert "<p>Second.</p>" in html


@pytest.mark.parametrize("path", ["/p/nobody/privacy", "/p/harbour/cookies", "/p/harbour", "/p/"])
def test_there_is_nothing_else_at_such_an_address(client: Visitor, path: str) -> None:
    a_shop()
    assert client.get(path).status_code == 404
