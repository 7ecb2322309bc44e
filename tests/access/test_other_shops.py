"""Another shop's things, each asked for by its real number, at every address and by every method: they are not there.

The addresses come from the url map: a new one whose converter nobody can fill fails here (``tests.ground.real``).
"""

from collections.abc import Iterator

import pytest
import redis
from flask import Flask
from sqlalchemy import select

from models import Shop, StaffMember, db
from tests.ground.client import Visitor
from tests.ground.demo import demo
from tests.ground.makers import signed_in
from tests.ground.real import Place, complete, places

pytestmark = pytest.mark.one_database

# Where the shop's own administrator finds nothing either, and why.
NOT_THERE_YET = {
    "console.activation": "the token is nobody's",
    "console.new_password": "the token is nobody's",
    "console.document_file": "it is not drawn",
    "console.attachment_file": "its pictures are not made",
    "console.message_media_file": "it is not fetched",
    "console.postcard_picture": "drawn by the converter",
    "console.consent_form": "nothing is to be signed",
    "console.consent_tablet": "nothing is to be signed",
    "console.new_kept_record_opening": "the customer was not erased",
}


@pytest.fixture(scope="module")
def filled(queue_server: redis.Redis) -> Iterator[Flask]:
    with demo("other-shops") as app:
        app.config["PROPAGATE_EXCEPTIONS"] = False
        complete(Shop.known("harbour"))
        yield app


@pytest.fixture(scope="module")
def theirs(filled: Flask) -> list[Place]:
    return places(filled, Shop.known("harbour"))


def as_administrator(app: Flask, email: str) -> Visitor:
    client: Visitor = signed_in(Visitor(app, app.response_class), db.session.scalars(select(StaffMember).filter_by(email=email)).one())
    return client


def not_404(client: Visitor, asked: list[Place]) -> list[str]:
    found = []
    for place in asked:
        with client.open(place.address, method=place.method) as answer:
            if answer.status_code != 404:
                found.append(f"{place}: {answer.status_code}")
    return found


def test_the_shops_own_administrator_finds_what_is_there(filled: Flask, theirs: list[Place]) -> None:
    """Else the tests below would find nothing because there is nothing."""
    client, missing = as_administrator(filled, "ada@harbour.example"), []
    asked = [place for place in theirs if place.owned and place.method == "GET" and place.rule.endpoint not in NOT_THERE_YET]
    for place in asked:
        with client.get(place.address) as answer:
            if answer.status_code not in {200, 204, 302, 303}:
                missing.append(f"{place}: {answer.status_code}")
    assert len(asked) > 60
    assert missing == []


@pytest.mark.parametrize("email", ["daan@delinde.example", "ned@northgate.example"], ids=["another business", "same business"])
def test_nobody_else_finds_any_of_it(filled: Flask, theirs: list[Place], email: str) -> None:
    asked = [place for place in theirs if place.owned]
    assert len(asked) > 230
    assert not_404(as_administrator(filled, email), asked) == []


def test_nothing_of_theirs_is_found_below_what_is_ones_own(filled: Flask, theirs: list[Place]) -> None:
    """One's own work order, and in it somebody else's item."""
    client, own = as_administrator(filled, "daan@delinde.example"), {}
    for place in places(filled, Shop.known("delinde"), missing=0):
        own[place.rule.rule, place.method] = place.values
    mixed = []
    for place in theirs:
        last = [name for name, value in place.values.items() if isinstance(value, int) or name == "batch"][-1:]
        if place.owned > 1 and place.rule.endpoint != "console.create_row_verdict":  # its second number counts within one's own closing
            mine = {name: value for name, value in own[place.rule.rule, place.method].items() if name not in last}
            mixed.append(Place(place.rule, place.method, {**place.values, **mine}, place.owned))
    assert len(mixed) > 30
    assert not_404(client, mixed) == []


def strays() -> list[str]:
    """Rows that belong to one shop and point to a row of another's."""
    found = []
    for table in db.metadata.sorted_tables:
        for column in table.columns if "shop_id" in table.columns else []:
            for key in column.foreign_keys:
                other = key.column.table.alias()
                if "shop_id" in other.columns and column.name != "shop_id":
                    crossed = select(table.c.id).join(other, other.c[key.column.name] == column).where(other.c.shop_id != table.c.shop_id)
                    found += [f"{table.name}.{column.name} of {id}" for id in db.session.scalars(crossed)]
    return found


def test_no_row_points_into_another_shop(filled: Flask) -> None:
    assert strays() == []
