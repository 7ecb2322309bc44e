"""Settings of overviews: prices, answers, tolerance."""

from decimal import Decimal

import pytest
from flask import Flask

from models import OverviewRules, Shop, Visibility
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.makers import a_member, a_shop, signed_in

HTMX = {"HX-Request": "true"}
PAGE = "/console/settings/overviews"
RULES = {"prices": "totals", "may_decline": "1", "tolerance_percent": "7,5", "tolerance_amount": "50", "risk_en": "Brakes may fail."}


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop, "administrator"))


def test_a_new_shop_shows_all_prices_and_lets_nobody_refuse(ada: Visitor, shop: Shop) -> None:
    page = ada.get(PAGE).text
    assert 'value="all" checked' in page
    assert 'type="checkbox" value="1" checked' not in page
    assert 'placeholder="Zonder deze reparatie is de auto misschien niet veilig."' in page


def test_what_is_saved_is_shown_again(ada: Visitor, shop: Shop) -> None:
    assert ada.post(PAGE, data=RULES).location == PAGE
    rules = OverviewRules.of(shop)
    assert (rules.prices, rules.tolerance_percent, rules.tolerance_amount) == (Visibility.totals, Decimal("7.5"), 5000)
    assert (rules.may_decline, rules.may_decline_necessary, rules.may_put_off) == (True, False, False)
    assert rules.risk("en") == "Brakes may fail."
    page = ada.get(PAGE).text
    assert all(words in page for words in ('value="totals" checked', 'value="7.5"', 'value="50.00"', "Brakes may fail.</textarea>"))
    ada.post(PAGE, data={"prices": "none"})
    assert (OverviewRules.of(shop).tolerance_percent, OverviewRules.of(shop).tolerance_amount) == (0, None)


def test_all_faults_are_said_at_once_and_what_was_typed_stays(ada: Visitor, shop: Shop) -> None:
    wrong = {"prices": "bribe", "tolerance_percent": "ten", "tolerance_amount": "1.005", "risk_nl": "x" * 301, "risk_en": "Kept"}
    answer = ada.post(PAGE, data={**RULES, **wrong}, headers=HTMX)
    assert answer.status_code == 422
    for field in ("prices", "tolerance_percent", "tolerance_amount", "risk_nl"):
        assert f'id="{field}-error"' in answer.text
    assert all(words in answer.text for words in ('value="ten"', "Kept</textarea>", "x" * 301))
    assert OverviewRules.of(shop).prices is Visibility.all


@each(
    ("wrong", "field"),
    [
        ({"prices": ""}, "prices"),
        ({"prices": "\0"}, "prices"),
        ({"tolerance_percent": "-1"}, "tolerance_percent"),
        ({"tolerance_percent": "100.5"}, "tolerance_percent"),
        ({"tolerance_percent": "1.005"}, "tolerance_percent"),
        ({"tolerance_percent": "9" * 40}, "tolerance_percent"),
        ({"tolerance_percent": "NaN"}, "tolerance_percent"),
        ({"tolerance_amount": "-1"}, "tolerance_amount"),
        ({"tolerance_amount": "9" * 40}, "tolerance_amount"),
        ({"risk_es": "x" * 20_000}, "risk_es"),
    ],
)
def test_what_can_not_be_is_refused_beside_its_field(ada: Visitor, shop: Shop, wrong: dict[str, str], field: str) -> None:
    answer = ada.post(PAGE, data={**RULES, **wrong}, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_the_rules_are_the_administrators(client: Visitor, shop: Shop) -> None:
    signed_in(client, a_member(shop))
    assert (client.get(PAGE).status_code, client.post(PAGE, data=RULES).status_code) == (403, 403)
