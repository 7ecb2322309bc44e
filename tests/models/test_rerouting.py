"""An opt-out moves open visits to e-mail where there is an address (specification 3, point 3)."""

from collections.abc import Callable
from datetime import time

import pytest
from flask import Flask

from models import Actor, Entry, Message, Shop, WorkOrder, db
from models.consent import MARKETING
from models.opt_out import opt_in, opt_out
from tests.ground.makers import MARIA, SAM, a_customer, a_drop_off, a_shop, a_vehicle

HERSELF = Actor("customer", "Maria Lopez")


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


def stop(shop: Shop, **more: object) -> None:
    opt_out(shop, MARIA, source="stop", wording="STOP", by=HERSELF, **more)  # type: ignore[arg-type]
    db.session.commit()


def verbs(shop: Shop) -> list[str]:
    return [entry.verb for entry in db.session.query(Entry).filter_by(shop_id=shop.id) if entry.verb.endswith("by_email")]


def test_what_waits_goes_by_e_mail_and_the_log_says_so(shop: Shop) -> None:
    drop_off = a_drop_off(shop)
    stop(shop)
    assert drop_off.preference == "email"
    assert [(message.channel, message.state) for message in drop_off.messages] == [("text", "cancelled"), ("email", "queued")]
    assert verbs(shop) == ["appointment.by_email"]


def test_a_vehicle_in_the_shop_gets_its_updates_by_e_mail(shop: Shop) -> None:
    maria = a_customer(shop)
    order = a_drop_off(shop, customer=maria).check_in(by=SAM)
    assert isinstance(order, WorkOrder)
    assert order.texts
    stop(shop)
    assert (order.texts, order.emails) == (False, True)
    assert verbs(shop) == ["work_order.by_email"]


def test_without_an_address_it_is_held_back(shop: Shop) -> None:
    drop_off = a_drop_off(shop, customer=a_customer(shop, emails=[]))
    stop(shop)
    assert (drop_off.preference, drop_off.messages[0].state) == ("text", "held")
    assert verbs(shop) == []


def test_what_is_over_stays_as_it_was(shop: Shop) -> None:
    drop_off = a_drop_off(shop)
    drop_off.cancel(by=SAM)
    stop(shop)
    assert drop_off.preference == "text"


def test_doing_it_twice_does_it_once_and_start_does_not_undo_it(shop: Shop) -> None:
    drop_off = a_drop_off(shop)
    stop(shop)
    opt_in(shop, MARIA, source="start", wording="START", by=HERSELF)
    stop(shop)
    opt_in(shop, MARIA, source="start", wording="START", by=HERSELF)
    assert drop_off.preference == "email"
    assert len([message for message in drop_off.messages if message.channel == "email"]) == 1
    assert verbs(shop) == ["appointment.by_email"]


def test_no_more_offers_moves_no_visit(shop: Shop) -> None:
    drop_off = a_drop_off(shop)
    stop(shop, scopes=(MARKETING,))
    assert (drop_off.preference, drop_off.messages[0].state) == ("text", "queued")


def test_of_two_who_share_the_number_both_go_over_and_another_number_stays(shop: Shop) -> None:
    shared = [a_drop_off(shop, customer=a_customer(shop, name), at=time(9 + hour)) for hour, name in enumerate(("Maria", "Pedro"))]
    other = a_drop_off(shop, customer=a_customer(shop, "Ana", phones=["+13125550177"]))
    second = a_customer(shop, "Ivo", phones=["+13125550178", MARIA])
    a_vehicle(second)
    ivos = a_drop_off(shop, customer=second)
    stop(shop)
    assert [one.preference for one in (*shared, other, ivos)] == ["email", "email", "text", "text"]
    assert db.session.query(Message).filter_by(channel="email").count() == 2
