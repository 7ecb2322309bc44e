"""Settings: the quick replies of a shop, its own from the first change on."""

import pytest
from flask import Flask

from models import QuickReply, Shop
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_member, a_shop, signed_in

HTMX = {"HX-Request": "true"}
LIST = "/console/settings/quick-replies"


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop, "administrator", name="Ada Whitfield"))


def test_a_shop_begins_with_the_usual_ones_and_changes_touch_nobody_else(ada: Visitor, shop: Shop) -> None:
    elm = a_shop("elm")
    before = [reply.title for reply in QuickReply.of(elm)]
    assert len(before) == 6
    assert ada.post(f"{LIST}/6", data={"title": "Thank you", "body_en": "Thanks, {first}!"}).status_code == 303
    assert [reply.title for reply in QuickReply.of(shop)] == [*before[:5], "Thank you"]
    assert [reply.title for reply in QuickReply.of(elm)] == before


def test_one_is_added_removed_and_brought_back(ada: Visitor, shop: Shop) -> None:
    ada.post(LIST, data={"title": "Shuttle", "body_en": "The shuttle comes at [time]."})
    added = QuickReply.of(shop)[-1]
    assert added.title == "Shuttle"
    answer = ada.post(f"{LIST}/{added.position}/retirement", headers=HTMX)
    assert "is no longer offered" in answer.text
    assert len(QuickReply.of(shop)) == 6
    ada.post(f"{LIST}/retired/{added.id}/return", headers=HTMX)
    assert QuickReply.of(shop)[-1].title == "Shuttle"


def test_a_shop_that_removes_all_has_none(ada: Visitor, shop: Shop) -> None:
    for position in range(1, 7):
        ada.post(f"{LIST}/{position}/retirement", headers=HTMX)
    assert QuickReply.of(shop) == []
    assert "No quick replies." in ada.get(LIST).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": "", "body_en": "x"}, "Give it a short name, under 41 characters."),
        ({"title": "T", "body_nl": "Dank u"}, "Write the answer in the shop&#39;s language."),
        ({"title": "T", "body_en": "Hi {name}"}, "There is no field {name}. Known are {first}, {shop}"),
        ({"title": "T", "body_en": "x" * 601}, "Please keep it under 601 characters."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_stays_typed(ada: Visitor, shop: Shop, typed: dict[str, str], sentence: str) -> None:
    answer = ada.post(LIST, data=typed, headers=HTMX)
    assert answer.status_code == 422
    assert sentence in answer.text.replace("'", "&#39;")
    assert all(value in answer.text for value in typed.values())
    assert len(QuickReply.of(shop)) == 6


def test_another_shops_is_not_found(ada: Visitor) -> None:
    other = QuickReply.add(a_shop("elm"), "Mine", {"en": "Mine"}, by=SAM)
    assert ada.post(f"{LIST}/retired/{other.id}/return").status_code == 404
