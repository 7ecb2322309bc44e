"""The first text to a number says whose it is, that rates may apply and how to stop (specification 3, point 13)."""

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread

import pytest
from flask import Flask

from models import Actor, Introduction, Message, Shop, clock, db, segments
from models.consent import SERVICE
from models.introduction import introducing
from models.opt_out import opt_in, opt_out
from tests.ground.makers import MARIA, a_customer, a_shop, consenting

HERSELF = Actor("customer", "Maria Lopez")
SAYS = {
    "en": " Msg & data rates may apply. Reply STOP to end.",
    "es": " Pueden aplicarse tarifas. Responda STOP para terminar.",
    "nl": " Er kunnen kosten zijn. STOP = afmelden.",
}
Counted = Callable[[], int]


@pytest.fixture
def shop(app: Flask) -> Shop:
    shop = a_shop()
    consenting(a_customer(shop))
    return shop


def a_text(shop: Shop, body: str = "Is noon fine?", kind: str = "typed", number: str = MARIA, **more: str) -> Message:
    """Written, and waiting for a worker."""
    message = Message(shop_id=shop.id, shop=shop, channel="text", kind=kind, address=number, body=body, due_at=clock.now(), **more)
    db.session.add(message)
    db.session.flush()
    message.submit()
    db.session.commit()
    return message


def sent(message: Message) -> str:
    """What goes out."""
    assert message.claim()
    return message.body


@pytest.mark.parametrize("language", ["en", "es", "nl"])
def test_the_first_text_names_the_shop_and_says_rates_and_stop_in_the_recipients_language(shop: Shop, language: str) -> None:
    message = a_text(shop, "See you", language=language)
    assert sent(message) == f"Harbour Street Garage: See you.{SAYS[language]}"
    assert segments(message.body).encoding == "GSM-7"


def test_it_counts_in_the_segments(shop: Shop) -> None:
    message = a_text(shop, "x" * 150)
    assert message.segments == 1
    sent(message)
    assert message.segments == 2


def test_the_second_text_says_nothing_of_it(shop: Shop) -> None:
    sent(a_text(shop))
    assert sent(a_text(shop, "Thanks")) == "Thanks"


def test_nothing_is_said_twice_in_one_text(shop: Shop) -> None:
    body = "Harbour Street Garage: please confirm. Reply STOP to opt out"
    assert sent(a_text(shop, body)) == f"{body}. Msg & data rates may apply."
    link = "Harbour Street Garage: STOP ends it. http://localhost/v/abc"
    assert introducing(shop, "en", link) == f"{link} Msg & data rates may apply."


def test_a_text_that_says_it_all_introduces_the_shop_as_it_is(shop: Shop) -> None:
    body = "Harbour Street Garage: thanks. Msg and data rates may apply. HELP for help, STOP to end."
    assert sent(a_text(shop, body, kind="consent_reply")) == body
    assert sent(a_text(shop, "Hello")) == "Hello"


@pytest.mark.parametrize("kind", ["stop_reply", "help_reply", "start_reply"])
def test_replies_to_keywords_are_sent_as_they_are_and_introduce_nobody(shop: Shop, kind: str) -> None:
    assert sent(a_text(shop, "You will get no more.", kind=kind)) == "You will get no more."
    assert Introduction.is_due(shop, MARIA)


def test_of_two_in_one_batch_the_first_says_it(shop: Shop) -> None:
    first, second = a_text(shop, "One"), a_text(shop, "Two")
    Message.claim_all([first, second])
    assert (first.body, second.body) == (f"Harbour Street Garage: One.{SAYS['en']}", "Two")


def test_of_two_that_workers_take_at_the_same_moment_one_says_it(app: Flask, shop: Shop) -> None:
    ids, together, bodies = [a_text(shop, "One").id, a_text(shop, "Two").id], Barrier(2), []

    def work(id: int) -> None:
        with app.app_context():
            together.wait()
            bodies.append(sent(db.session.get_one(Message, id)))

    workers = [Thread(target=partial(work, id)) for id in ids]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted("rates may apply" in body for body in bodies) == [False, True]


def test_who_opted_out_and_came_back_knows_the_shop(shop: Shop) -> None:
    sent(a_text(shop))
    opt_out(shop, MARIA, source="stop", wording="STOP", by=HERSELF)
    opt_in(shop, MARIA, source="start", wording="START", by=HERSELF, scope=SERVICE)
    assert sent(a_text(shop, "Welcome back")) == "Welcome back"


def test_a_text_that_was_refused_did_not_arrive_so_that_the_next_one_says_it(shop: Shop) -> None:
    message = a_text(shop)
    sent(message)
    message.refused("30006")
    db.session.commit()
    assert SAYS["en"] in sent(a_text(shop, "Once more"))


def test_a_text_that_is_tried_again_says_it_once(shop: Shop) -> None:
    message = a_text(shop)
    body = sent(message)
    message.try_again(clock.now(), "20429")
    db.session.commit()
    assert sent(message) == body


def test_a_text_that_would_be_too_long_leaves_it_to_the_next(shop: Shop) -> None:
    assert sent(a_text(shop, "x" * 1590)) == "x" * 1590
    assert SAYS["en"] in sent(a_text(shop))


def test_each_shop_introduces_itself(shop: Shop) -> None:
    sent(a_text(shop))
    other = a_shop("north", texting_number="+13125550199")
    consenting(a_customer(other))
    assert sent(a_text(other)).startswith("North Street Garage: ")
