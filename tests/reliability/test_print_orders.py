"""Postcards handed to a print service over real HTTP: each once, whatever the service or a worker does; and what it reports is believed."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import time, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs import print_orders
from jobs.gateways import print_service
from jobs.gateways.phone import Alone, print_store
from jobs.print_cards import outgoing
from jobs.print_orders import CardLine
from jobs.tick import sweep
from models import Delivery, DoNotMail, Letter, Money, PrintedCard, PrintReport, PrintService, Refused, ReturnedAddress, Shop, clock, db
from models.message import STUCK
from models.postcard_making import make_due_batches
from models.print_order import Estimate, PrintOrder
from models.print_service import PrintAccount
from models.printed_card import SAFE
from tests.ground.makers import SAM
from tests.ground.print_service import (
    KEY,
    SETTINGS,
    THEN,
    a_batch,
    a_printing_shop,
    a_reader,
    card_of,
    clock_zone,
    event,
    ordered,
    serving,
    standings,
    taken,
)

Work = Callable[[], None]
pytestmark = pytest.mark.one_database


@pytest.fixture
def service(app: Flask, tmp_path: Path) -> Iterator[Alone]:
    with serving(app, tmp_path) as alone:
        yield alone


@pytest.fixture
def work(app: Flask) -> Work:
    """What the worker does, by the clock of the test."""

    def run() -> None:
        db.session.commit()
        print_orders.drain()
        for card_id in PrintedCard.to_withdraw():
            print_orders.withdraw(card_id)
        print_orders.drain()
        db.session.expire_all()

    return run


@pytest.fixture
def noon() -> Iterator[None]:
    """The day on which the cards go, at noon."""
    with clock.at(clock.instant(THEN, time(12), clock_zone())):
        yield


@pytest.fixture
def shop(app: Flask, service: Alone, noon: None) -> Shop:
    return a_printing_shop()


def test_every_card_goes_once_with_its_picture_and_what_the_service_is_to_know(shop: Shop, service: Alone, work: Work) -> None:
    batch = a_batch(shop, "Doyle", "Abbot")
    order = ordered(batch)
    work()
    assert standings(batch) == {"Doyle": "taken", "Abbot": "taken"}
    assert {card.key for card in taken(service)} == {letter.message.uid for letter in batch.letters}
    card = next(card for card in taken(service) if card.part("to")["name"] == "Hank Doyle")
    assert card.part("to") | {"name": ""} == {
        "name": "",
        "address_line1": "5 Elm Street",
        "address_city": "Chicago",
        "address_state": "IL",
        "address_zip": "60601",
        "address_country": "US",
    }
    assert card.part("from")["address_line1"] == "12 Harbour Street"
    assert card.part("metadata")["shop"] == "HARBOUR-7"
    assert card.fields["size"] == "4x6"
    back = pypdfium2.PdfDocument(io.BytesIO(print_store.side(service.store, card.id, "back")))
    words = back[0].get_textpage().get_text_bounded()
    assert "ELM STREET" not in words.upper()  # the service prints the address
    assert (order.amount, order.billed) == (Money(158, "USD"), (2, Money(158, "USD")))


def test_an_answer_that_got_lost_is_looked_up_and_the_card_is_not_printed_again(shop: Shop, service: Alone, work: Work) -> None:
    service.make_trouble(channel="postcard", fate="drop")
    batch = a_batch(shop, "Doyle")
    ordered(batch)
    work()
    assert standings(batch) == {"Doyle": "unknown"}
    with clock.at(clock.now() + timedelta(minutes=1)):
        print_orders.look_up()
    assert standings(batch) == {"Doyle": "taken"}
    assert [card.asked for card in taken(service)] == [1]


def test_what_the_service_never_got_is_handed_over_again_under_the_same_key(shop: Shop, service: Alone, work: Work) -> None:
    service.make_trouble(channel="postcard", fate="500")
    batch = a_batch(shop, "Doyle")
    ordered(batch)
    work()
    with clock.at(clock.now() + timedelta(minutes=1)):
        print_orders.look_up()
        work()
    assert standings(batch) == {"Doyle": "taken"}
    assert [card.key for card in taken(service)] == [card_of(batch).message.uid]


def test_killed_at_any_step_each_card_is_printed_once(shop: Shop, service: Alone, work: Work) -> None:
    batch = a_batch(shop, "Doyle", "Abbot")
    ordered(batch)
    line = CardLine()
    claimed = line.claim(line.due(()))
    assert {one.state for one in claimed} == {Delivery.sending}
    print_service.send(outgoing(claimed[0]))  # and then the worker dies: of one the service knows, of the other it does not
    db.session.commit()
    with clock.at(clock.now() + STUCK + timedelta(minutes=1)):
        sweep()
        db.session.commit()
        assert set(standings(batch).values()) == {"unknown"}
    with clock.at(clock.now() + STUCK + timedelta(minutes=3)):
        print_orders.look_up()
        work()
    assert set(standings(batch).values()) == {"taken"}
    assert sorted(print_store.taken(service.store).values()) == [1, 1]


def test_handing_over_under_the_same_key_makes_no_second_card(shop: Shop, service: Alone) -> None:
    batch = a_batch(shop, "Doyle")
    ordered(batch)
    card = outgoing(batch.letters[0].message)
    assert print_service.send(card).id == print_service.send(card).id
    assert [one.asked for one in taken(service)] == [2]


def test_when_the_service_may_have_forgotten_the_key_a_person_decides(shop: Shop, service: Alone, work: Work) -> None:
    service.make_trouble(channel="postcard", fate="500")
    batch = a_batch(shop, "Doyle")
    ordered(batch)
    work()
    with clock.at(clock.now() + SAFE + timedelta(minutes=1)):
        print_orders.look_up()
        work()
    assert standings(batch) == {"Doyle": "unknown"}
    assert taken(service) == []


def test_a_card_that_is_refused_is_named_with_the_reason_and_keeps_no_neighbour(shop: Shop, service: Alone, work: Work) -> None:
    a_reader(shop, "Lost", street="1 Nowhere Lane")
    batch = a_batch(shop, "Doyle", "Abbot")
    ordered(batch)
    work()
    assert standings(batch) == {"Doyle": "taken", "Abbot": "taken", "Lost": "failed"}
    lost = card_of(batch, "Lost")
    assert lost.said == "to: address is undeliverable"
    assert "does not take this card" in lost.message.obstacle
    assert lost.message.customer
    lost.message.customer.addresses[0].street = "1 Somewhere Lane"
    lost.try_again(by=SAM)
    db.session.commit()
    work()
    assert standings(batch)["Lost"] == "taken"
    assert taken(service)[0].key == f"{lost.message.uid}-2"


def test_a_failed_card_is_printed_by_the_shop_instead_and_leaves_the_service(shop: Shop, service: Alone, work: Work) -> None:
    a_reader(shop, "Lost", street="1 Nowhere Lane")
    batch = a_batch(shop, "Doyle")
    ordered(batch)
    work()
    card_of(batch, "Lost").print_ourselves(by=SAM)
    db.session.commit()
    work()
    (own,) = list(make_due_batches())
    db.session.commit()
    assert [letter.customer.last_name for letter in own.letters] == ["Lost"]
    assert own.way == "own"
    assert len(taken(service)) == 1


def test_where_the_service_takes_none_just_now_it_is_left_alone_for_a_while(shop: Shop, service: Alone, work: Work) -> None:
    service.make_trouble(channel="postcard", fate="429", times=2, retry_after=600)
    batch = a_batch(shop, "Doyle", "Abbot")
    ordered(batch)
    work()
    found = PrintService.of(shop)
    assert found
    assert (found.trouble, found.is_paused, PrintedCard.due_ids()) == ("print_busy", True, [])
    assert set(standings(batch).values()) == {"waiting"}
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert PrintedCard.due_ids()
        work()
    assert set(standings(batch).values()) == {"taken"}
    assert max(print_store.taken(service.store).values()) == 1


def test_a_wrong_key_costs_no_card_and_a_right_one_sends_them_by_itself(shop: Shop, service: Alone, work: Work) -> None:
    PrintService.keep(shop, replace(SETTINGS, key="live_0123456789abcdef"), by=SAM)
    batch = a_batch(shop, "Doyle")
    ordered(batch)
    work()
    found = PrintService.of(shop)
    assert found
    assert (standings(batch), found.trouble) == ({"Doyle": "waiting"}, "print_key")
    PrintService.keep(found.shop, SETTINGS, by=SAM)
    with clock.at(clock.now() + timedelta(minutes=10)):
        work()
    assert standings(batch) == {"Doyle": "taken"}


def test_the_rules_are_asked_once_more_when_a_card_is_handed_over(shop: Shop, service: Alone, work: Work) -> None:
    batch = a_batch(shop, "Doyle", "Abbot")
    ordered(batch)
    DoNotMail.set(batch.letters[0].customer, "by_hand", by=SAM)
    db.session.commit()
    work()
    assert sorted(standings(batch).values()) == ["held", "taken"]
    assert len(taken(service)) == 1


@pytest.mark.one_database
def test_an_answer_without_an_end_is_not_read_to_it(app: Flask) -> None:
    told = []

    class Endless(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                while len(told) < 500:
                    self.wfile.write(b" " * 100_000)
                    told.append(100_000)

        def log_message(self, *_words: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Endless) as server:
        answering = Thread(target=server.handle_request)
        answering.start()
        found = print_service.look(PrintAccount(f"http://127.0.0.1:{server.server_port}", "test_0123456789abcdef0123"))
        print_service.hang_up()
        answering.join()
    assert found.code == "silent"
    assert len(told) < 200


# what it costs


@given(names=st.integers(0, 4), price=st.integers(0, 99_999), currency=st.sampled_from(["USD", "EUR", "JPY"]))
@settings(max_examples=12)
def test_the_estimate_is_the_count_times_the_price(names: int, price: int, currency: str) -> None:
    estimate = Estimate([Letter() for _name in range(names)], [], Money(price, currency))
    assert estimate.amount == Money(names * price, currency)
    assert estimate.amount == Money.total([estimate.price] * names, currency)


def test_the_yes_holds_for_what_was_shown_and_counts_once(shop: Shop, service: Alone, work: Work) -> None:
    batch = a_batch(shop, "Doyle", "Abbot")
    found = PrintService.of(shop)
    assert found
    shown = Estimate.of(batch, found)
    DoNotMail.set(batch.letters[0].customer, "by_hand", by=SAM)
    with pytest.raises(Refused, match="has changed since you looked"):
        PrintOrder.confirm(batch, shown.seal, by=SAM)
    now = Estimate.of(batch, found)
    assert (now.count, now.amount, [one.reason for one in now.left_out]) == (1, Money(79, "USD"), ["Do Not Mail is set."])
    assert ordered(batch).id == ordered(batch).id
    work()
    assert len(taken(service)) == 1


# calling off


def test_a_card_is_called_off_at_the_service_and_goes_after_all_as_another_one(shop: Shop, service: Alone, work: Work) -> None:
    batch = a_batch(shop, "Doyle")
    ordered(batch)
    work()
    card = card_of(batch)
    card.withdraw(by=SAM)
    db.session.commit()
    assert standings(batch) == {"Doyle": "withdrawing"}
    work()
    assert standings(batch) == {"Doyle": "withdrawn"}
    assert [one.status for one in taken(service)] == ["deleted"]
    card_of(batch).carry_on(by=SAM)
    db.session.commit()
    work()
    assert standings(batch) == {"Doyle": "taken"}
    assert [one.status for one in taken(service)] == ["created", "deleted"]


def test_a_service_that_is_away_is_asked_to_call_it_off_every_few_minutes_and_not_at_each_tick(
    shop: Shop, service: Alone, work: Work
) -> None:
    batch = a_batch(shop, "Doyle")
    ordered(batch)
    work()
    card, known = card_of(batch), PrintService.of(shop)
    assert known
    PrintService.keep(known.shop, replace(SETTINGS, key="live_0123456789abcdef"), by=SAM)
    card.withdraw(by=SAM)
    db.session.commit()
    assert PrintedCard.to_withdraw() == [card.id]
    work()
    assert (standings(batch), PrintedCard.to_withdraw()) == ({"Doyle": "withdrawing"}, [])
    PrintService.keep(known.shop, SETTINGS, by=SAM)
    db.session.commit()
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert PrintedCard.to_withdraw() == [card.id]
        print_orders.withdraw(card.id)
    assert standings(batch) == {"Doyle": "withdrawn"}


def test_what_is_being_printed_can_not_be_called_off(shop: Shop, service: Alone, work: Work) -> None:
    batch = a_batch(shop, "Doyle")
    ordered(batch)
    work()
    with service.store.writing() as kept:
        kept.execute("UPDATE postcard SET status = 'mailed'")
    card_of(batch).withdraw(by=SAM)
    db.session.commit()
    work()
    assert standings(batch) == {"Doyle": "taken"}
    assert "printed already" in card_of(batch).said


def test_a_card_whose_words_are_no_longer_kept_is_not_printed_blank(shop: Shop, service: Alone, work: Work) -> None:
    batch = a_batch(shop, "Doyle")
    ordered(batch)
    work()
    card = card_of(batch)
    card.message.advance("refuse", failure="print_failed")
    assert card.may_try_again
    card.message.body = ""
    assert not card.may_try_again
    with pytest.raises(Refused):
        card.try_again(by=SAM)


# what is reported


def told(shop: Shop, kind: str, provider_id: str, uid: str = "") -> None:
    found = PrintService.of(shop)
    assert found
    PrintReport.take(found, json.loads(event(kind, provider_id, uid)))
    db.session.commit()
    print_orders.hear()


@pytest.mark.parametrize("order", [("mailed", "delivered", "returned_to_sender"), ("returned_to_sender", "delivered", "mailed")])
def test_reports_in_any_order_lead_to_the_same_end(shop: Shop, service: Alone, work: Work, order: tuple[str, ...]) -> None:
    batch = a_batch(shop, "Doyle")
    ordered(batch)
    work()
    card = card_of(batch)
    assert card.message.provider_id
    for kind in order:
        told(shop, kind, card.message.provider_id)
    db.session.expire_all()
    assert (card.standing.value, card.step, card.message.failure) == ("returned", "returned_to_sender", "returned")


def test_an_address_from_which_a_card_came_back_gets_no_other_until_it_is_corrected(shop: Shop, service: Alone, work: Work) -> None:
    batch = a_batch(shop, "Doyle")
    ordered(batch)
    work()
    card, customer = card_of(batch), card_of(batch).message.customer
    assert card.message.provider_id
    assert customer
    told(shop, "returned_to_sender", card.message.provider_id)
    assert ReturnedAddress.of(customer)
    assert not card.message.still_goes()
    assert "came back" in " ".join(words for _rule, passed, words in card.message.why if not passed)
    with pytest.raises(Refused):
        card.try_again(by=SAM)
    customer.addresses[0].street = "7 Elm Street"
    card.try_again(by=SAM)
    db.session.commit()
    work()
    assert standings(batch) == {"Doyle": "taken"}
    assert taken(service)[0].part("to")["address_line1"] == "7 Elm Street"


def test_a_report_that_comes_before_the_answer_proves_that_the_card_was_taken(shop: Shop, service: Alone, work: Work) -> None:
    service.make_trouble(channel="postcard", fate="drop")
    batch = a_batch(shop, "Doyle")
    ordered(batch)
    work()
    (there,) = taken(service)
    told(shop, "created", there.id, card_of(batch).message.uid)
    assert standings(batch) == {"Doyle": "taken"}
    assert card_of(batch).message.provider_id == there.id


def test_the_key_is_in_no_line_of_the_log(shop: Shop, service: Alone, work: Work, capfd: pytest.CaptureFixture[str]) -> None:
    service.make_trouble(channel="postcard", fate="drop")
    ordered(a_batch(shop, "Doyle", "Abbot"))
    work()
    shown = "".join(capfd.readouterr())
    assert KEY not in shown
    assert KEY not in repr(PrintService.of(shop).account)  # type: ignore[union-attr]
