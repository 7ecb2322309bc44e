"""The queue server is emptied, dies, is away or hangs: whatever is to be sent is found in the database, and goes once."""

import signal
import time
from collections.abc import Iterator

import pytest

from models import db
from tests.ground.makers import a_customer, a_drop_off, a_member, a_shop, signed_in
from tests.portal.forms import press
from tests.reliability.crew import Crew, a_crew, until


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    with a_crew("queue-lost", "sqlite", "valkey", "worker", "ticker") as crew:
        yield crew


@pytest.mark.torture
def test_emptied_and_restarted_in_the_middle_of_many_sends_all_go_out_once_each(crew: Crew, rounds: int) -> None:
    crew.provider.make_trouble(hold=0.02, times=100_000)
    ids = crew.write("many", 5 * rounds)
    for part, disaster in ((0.1, "emptied"), (0.3, "restarted"), (0.5, "emptied"), (0.7, "restarted"), (0.9, "emptied")):
        until(lambda part=part: crew.states(ids).get("sent", 0) >= part * len(ids), 120)
        if disaster == "restarted":
            crew.running.kill("valkey")
            time.sleep(0.3)
            crew.running.start("valkey")
        with crew.running.data() as app:
            app.extensions["queues"].redis.flushall()
    until(lambda: crew.states(ids) == {"sent": len(ids)}, 120)
    assert set(crew.went(ids).values()) == {("sent", 1)}


def test_with_the_queue_away_work_goes_on_and_everything_goes_when_it_is_back(crew: Crew) -> None:
    crew.running.kill("valkey")
    begun = time.monotonic()
    with crew.running.data() as app:
        shop = a_shop()
        message = a_drop_off(shop, customer=a_customer(shop)).messages[0]
        client = signed_in(app.test_client(), a_member(shop))
        assert client.get("/console/").status_code == 200
        assert press(app.test_client(), message.appointment.visit.link.path, "Confirm appointment").status_code in {200, 303}
        db.session.expire_all()
        assert (message.state, message.appointment.standing) == ("queued", "confirmed")
    assert time.monotonic() - begun < 60, "nobody waits for a queue that is not there"
    crew.running.start("valkey")
    until(lambda: crew.states([message.id]) == {"sent": 1}, 90)
    assert crew.running.processes["worker"].poll() is None
    assert crew.running.processes["ticker"].poll() is None
    assert set(crew.went([message.id]).values()) == {("sent", 1)}


def test_a_queue_that_hangs_costs_a_click_seconds_and_not_minutes(crew: Crew) -> None:
    crew.running.processes["valkey"].send_signal(signal.SIGSTOP)
    with crew.running.data():
        shop, begun = a_shop("northgate"), time.monotonic()
        message = a_drop_off(shop, customer=a_customer(shop)).messages[0]
        took = time.monotonic() - begun
    crew.running.processes["valkey"].send_signal(signal.SIGCONT)
    until(lambda: crew.states([message.id]) == {"sent": 1}, 90)
    assert took < 60, "four transactions with a few seconds each"
