"""Each process ends by itself when it is told to, and never needs to be killed."""

import time

from rq import Worker
from rq.worker import WorkerStatus

from tests.ground.running import Running, running


def test_every_process_ends_when_told_and_counts_that_as_success() -> None:
    with running("processes") as everything:
        wait_for_workers(everything, 2)
        names = {"phone", "ticker", "converter", "worker", "web"}
        assert everything.tell_to_end(*names) == dict.fromkeys(names, 0)
        assert everything.tell_to_end("valkey") == {"valkey": 0}


def wait_for_workers(everything: Running, count: int) -> None:
    """Until so many wait for work: before that a process is still loading, and ends as any program would."""
    with everything.data() as app:
        redis, end = app.extensions["queues"].redis, time.monotonic() + 60
        while [worker.get_state() for worker in Worker.all(connection=redis)] != [WorkerStatus.IDLE] * count:
            assert time.monotonic() < end, everything.log("worker")
            time.sleep(0.1)
