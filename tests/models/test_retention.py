"""What goes by a shop's periods and what they are announced with: nothing has words for ever, and nothing goes by surprise."""

from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from jobs import retention
from jobs.tick import sweep as everything
from models import MailEvent, Message, PlateLookup, PrintReport, Retention, ReturnedMail, Shop, clock, db
from models.delivery import Delivery
from models.plate_lookup import Outcome
from models.retention import NOTICE
from models.retention_night import announced
from models.retention_sweep import due
from tests.ground.makers import MARIA, a_shop, usual_periods
from tests.ground.print_service import THEN, a_batch, a_printing_shop, card_of, ordered

DAY, YEARS = timedelta(days=1), timedelta(days=365 * 4)


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


def a_message(shop: Shop, state: Delivery, body: str = "Your Civic is ready, zyzzogeton", **more: object) -> Message:
    message = Message(shop_id=shop.id, kind="typed", channel="text", address=MARIA, body=body, due_at=clock.now(), state=state)
    for name, value in more.items():
        setattr(message, name, value)
    db.session.add(message)
    db.session.commit()
    return message


def a_night(shop: Shop, when: timedelta) -> None:
    with clock.at(clock.now() + when):
        retention.sweep(shop.id)
    db.session.expire_all()


def test_what_was_never_settled_is_called_off_and_loses_its_words_too(shop: Shop) -> None:
    states = [Delivery.planned, Delivery.held, Delivery.queued, Delivery.unknown, Delivery.sent]
    messages = [a_message(shop, state) for state in states]
    to_come = a_message(shop, Delivery.planned, due_at=clock.now() + YEARS * 2)
    usual_periods(shop)
    a_night(shop, YEARS)
    assert {message.body for message in messages} == {""}
    ended = [Delivery.cancelled] * 3 + [Delivery.failed, Delivery.sent]
    assert [message.state for message in messages] == ended
    assert (to_come.state, bool(to_come.body)) == (Delivery.planned, True), "its moment is still to come"
    assert Message.due_ids(limit=9) == []


def test_what_mail_servers_and_providers_said_goes_and_the_counts_stay(shop: Shop) -> None:
    MailEvent.came_back(shop, "maria@mail.example", None, "5.1.1", "550 maria is unknown")
    db.session.add(PlateLookup(shop_id=shop.id, plate="DEMO101", region="IL", country="US", host="p.example", asked_by="Sam Ortiz"))
    db.session.flush()
    lookup = db.session.scalars(select(PlateLookup)).one()
    lookup.answered(Outcome.found, "2HGFC2F50JH000000", 1)
    usual_periods(shop)
    a_night(shop, YEARS)
    event = db.session.scalars(select(MailEvent)).one()
    assert (event.kind, event.status, event.address, event.said) == ("hard", "5.1.1", "", "")
    assert (lookup.plate, lookup.region, lookup.vin, lookup.units, lookup.asked_by) == ("", "", "", 1, "Sam Ortiz")


def test_a_mail_that_nobody_could_place_waits_ninety_days_for_a_person(shop: Shop) -> None:
    db.session.add(ReturnedMail(digest="x", form="report", raw=b"maria@mail.example", outcome="not_sure", worked_at=clock.now()))
    db.session.commit()
    for days, left in ((89, 1), (91, 0)):
        with clock.at(clock.now() + days * DAY):
            ReturnedMail.forget_old()
        db.session.expire_all()
        assert len(ReturnedMail.left()) == left
    assert db.session.scalars(select(ReturnedMail.raw)).one() == b""
    assert "ReturnedMail" in everything.__code__.co_names, "the clock asks for it"


def test_the_usual_periods_are_announced_for_a_month_before_the_first_night_that_obeys_them(shop: Shop) -> None:
    message = a_message(shop, Delivery.sent, created_at=clock.now() - YEARS)
    retention.sweep(shop.id)
    db.session.expire_all()
    kept = Retention.of(shop)
    assert (message.body != "", kept.begins_on, kept.swept["words_months"]) == (True, shop.today() + NOTICE, 1)
    assert announced(shop) is kept
    a_night(shop, 29 * DAY)
    assert message.body
    a_night(shop, 32 * DAY)
    assert message.body == ""


def test_who_saves_the_periods_has_seen_them_and_they_count_that_night(shop: Shop) -> None:
    message = a_message(shop, Delivery.sent, created_at=clock.now() - YEARS)
    retention.sweep(shop.id)
    usual_periods(shop)
    retention.sweep(shop.id)
    db.session.expire_all()
    assert message.body == ""
    assert due(Retention.of(shop))["words_months"] == 0


def test_words_that_went_are_in_no_page_of_the_search_index_even_after_a_killed_night(shop: Shop) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's index is of the words that are there")
    message = a_message(shop, Delivery.sent, created_at=clock.now() - YEARS)
    usual_periods(shop)
    db.session.execute(update(Message).where(Message.id == message.id).values(body=""))  # a night that was killed after its first part
    Retention.held(shop).swept = {retention.UNFINISHED: 1}
    db.session.commit()
    assert _pages_with("zyzzogeton") > 0
    retention.sweep(shop.id)
    assert _pages_with("zyzzogeton") == 0


def _pages_with(word: str) -> int:
    return len(db.session.execute(text("SELECT 1 FROM message_words_data WHERE instr(block, :word)"), {"word": word.encode()}).all())


def test_reports_of_the_print_service_lose_what_came_in_raw(app: Flask) -> None:
    shop = a_printing_shop()
    batch = a_batch(shop, "Doyle")
    with clock.at(clock.instant(THEN, time(12), shop.tz)):
        ordered(batch)
    report = PrintReport(shop_id=shop.id, card_id=card_of(batch).id, event_id="e", provider_id="p", kind="mailed", raw={"id": "x"})
    report.worked_at = report.received_at = clock.now()
    db.session.add(report)
    usual_periods(shop)
    a_night(shop, 31 * DAY)
    assert (report.raw, report.kind) == ({}, "mailed")
