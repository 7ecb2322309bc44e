"""Statuses are the shop's own (specification 2, point 3)."""

from collections.abc import Callable

import pytest
from flask import Flask

from models import MessageTemplate, Refused, Shop, Status, Timer, db
from models.wording_example import example
from tests.ground.each import each
from tests.ground.makers import SAM, a_shop, a_work_order


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


def named(shop: Shop, name: str) -> Status:
    return next(status for status in Status.all_of(shop) if status.name == name)


def a_status(shop: Shop, **details: object) -> Status:
    return Status.add(shop, by=SAM, **{"name": "Wash", "colour": "teal", "timer": Timer.open, **details})


def test_a_new_shop_begins_with_the_usual_thirteen_and_another_shops_are_its_own(shop: Shop) -> None:
    assert [status.name for status in Status.all_of(shop)][:4] == ["Resched. req.", "Checked in", "Waiting on tech", "Inspecting"]
    assert len(Status.all_of(shop)) == 13
    a_status(shop)
    assert len(Status.all_of(a_shop("elm"))) == 13


def test_the_usual_ones_are_as_the_trade_knows_them(shop: Shop) -> None:
    inspecting, parts, late = named(shop, "Inspecting"), named(shop, "Parts"), named(shop, "Delayed")
    assert (inspecting.timer, inspecting.minutes, inspecting.texts, inspecting.mechanic_may) == (Timer.count_down, 45, True, True)
    assert (parts.asks_estimate, parts.minutes) == (True, None)
    assert (late.asks_reason, late.timer) == (True, Timer.open)


def test_a_status_without_words_of_its_own_sends_the_general_ones(shop: Shop) -> None:
    status = a_status(shop, texts=True, customer_words={"en": "Being washed"})
    words = example(shop, MessageTemplate.of(shop, status.key, "text", "en")).body
    assert "Civic: Being washed" in words
    assert "{" not in words


@each(
    ("details", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 31}, "name"),
        ({"name": "checked IN"}, "name"),
        ({"colour": "pink"}, "colour"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": -5}, "minutes"),
        ({"minutes": 10**6}, "minutes"),
        ({"customer_words": {"en": "x" * 81}}, "words"),
    ],
)
def test_what_can_not_be_is_refused_beside_its_field(shop: Shop, details: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        a_status(shop, **details)
    assert set(refused.value.errors) == {field}


def test_a_status_in_which_vehicles_stand_can_not_be_removed_and_says_which(shop: Shop) -> None:
    order = a_work_order(shop)
    with pytest.raises(Refused, match=f"work orders {order.number}"):
        named(shop, "Checked in").retire(shop, by=SAM)


def test_what_check_in_sets_can_not_be_removed(shop: Shop) -> None:
    with pytest.raises(Refused, match="Check-in sets this status"):
        named(shop, "Checked in").retire(shop, by=SAM)
    named(shop, "Waiting on tech").begin_with(shop, by=SAM)
    named(shop, "Checked in").retire(shop, by=SAM)
    assert a_work_order(shop).stay.status.name == "Waiting on tech"


def test_a_removed_status_stays_in_the_histories_and_can_be_brought_back(shop: Shop) -> None:
    order = a_work_order(shop)
    wash = a_status(shop)
    order.set_status(wash, by=SAM)
    order.set_status(named(shop, "Ready"), by=SAM)
    wash.retire(shop, by=SAM)
    assert wash not in Status.all_of(shop)
    assert [stay.status.name for stay in order.history] == ["Checked in", "Wash", "Ready"]
    with pytest.raises(Refused, match="not in use any more"):
        order.set_status(wash, by=SAM)
    wash.bring_back(shop, by=SAM)
    assert wash in Status.all_of(shop)


def test_an_order_that_misses_one_keeps_it_and_another_shops_ids_do_nothing(shop: Shop) -> None:
    ids = [status.id for status in Status.all_of(shop)]
    foreign = Status.all_of(a_shop("elm"))[0].id
    Status.order(shop, [foreign, ids[2], ids[0]], by=SAM)
    assert [status.id for status in Status.all_of(shop)] == [ids[2], ids[0], ids[1], *ids[3:]]


def test_a_shop_without_statuses_checks_in_all_the_same(shop: Shop, at: Callable[..., None]) -> None:
    for status in Status.all_of(shop):
        db.session.delete(status)
    order = a_work_order(shop)
    assert order.stay is None
    order.close(by=SAM)
    order.reopen("came back", by=SAM)
    assert not order.is_closed
