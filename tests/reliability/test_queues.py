"""How work waits: once each, the urgent first, and in jobs that don't grow in number with what there is to do."""

import time
from collections.abc import Callable
from threading import Thread

import pytest
import redis
from flask import Flask

from jobs.gateways.phone import Alone
from jobs.messages import drain
from jobs.queues import Queues
from jobs.tick import sweep
from models import DeliveryReport, IncomingText, Message, Shop, db, later
from tests.ground.makers import MARIA, a_customer, a_shop, consenting

pytestmark = pytest.mark.one_database
Work = Callable[[], int]


@pytest.fixture
def queues(app: Flask) -> Queues:
    found: Queues = app.extensions["queues"]
    return found


def texts_waiting(shop: Shop, count: int) -> list[Message]:
    texts = [Message.reply(shop, MARIA, "help_reply", f"Text {number}", once_key=str(number), language="en") for number in range(count)]
    db.session.commit()
    return texts


def test_many_messages_wait_in_one_job(queues: Queues) -> None:
    texts_waiting(a_shop(), 50)
    assert queues.queue("messages").count == 1


def test_ticks_do_not_pile_up_jobs_while_no_worker_comes(queues: Queues) -> None:
    shop = a_shop()
    message, *_ = texts_waiting(shop, 3)
    for number in range(20):
        IncomingText.take(shop, f"SM{number}", MARIA, "hello", {})
        DeliveryReport.take(message.uid, f"SM{number}", "sent", "", {})
        db.session.commit()
        sweep()
        db.session.commit()
    assert {name: queues.queue(name).count for name in ("incoming", "reports", "messages")} == {"incoming": 1, "reports": 1, "messages": 1}


def test_a_job_that_was_lost_with_the_queue_is_put_in_again(queues: Queues, queue: redis.Redis) -> None:
    texts_waiting(a_shop(), 1)
    queue.delete(queues.queue("messages").key)
    sweep()
    db.session.commit()
    assert queues.queue("messages").count == 1


def test_a_message_written_while_a_drain_begins_is_not_forgotten(queues: Queues, provider: Alone, work: Work) -> None:
    shop = a_shop()
    texts_waiting(shop, 1)
    assert queues.redis.lpop(queues.queue("messages").key), "as a worker takes it"
    message = Message.reply(shop, MARIA, "help_reply", "One more", once_key="more", language="en")
    work()
    assert message.state == "sent"


def test_a_long_drain_makes_room_for_a_stop_that_came_in(app: Flask, queues: Queues, provider: Alone, work: Work) -> None:
    provider.make_trouble(hold=0.3, times=1000)
    shop = a_shop()
    consenting(a_customer(shop))
    texts = texts_waiting(shop, 200)

    def elsewhere() -> None:
        with app.app_context():
            drain()

    worker = Thread(target=elsewhere)
    worker.start()
    time.sleep(0.4)
    IncomingText.take(shop, "SM1", MARIA, "STOP", {})
    db.session.commit()
    worker.join()
    assert any(text.state == "queued" for text in db.session.query(Message).populate_existing())
    assert queues.queue("messages").count == 1, "the rest goes afterwards"
    work()
    db.session.expire_all()
    assert {text.state for text in texts} == {"sent"}
    assert max(provider.store.accepted().values()) == 1


def test_the_same_work_is_handed_over_once_in_a_transaction(queues: Queues) -> None:
    for _ in range(3):
        later("jobs.documents.render", 7)
    later("jobs.documents.render", 8)
    db.session.commit()
    assert queues.queue("documents").count == 2
