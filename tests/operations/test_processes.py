"""Each process ends by itself when it is told to, and never needs to be killed."""

from tests.ground.running import running


def test_every_process_ends_when_told_and_counts_that_as_success() -> None:
    with running("processes") as everything:
        names = {"phone", "ticker", "converter", "worker", "web"}
        assert everything.tell_to_end(*names) == dict.fromkeys(names, 0)
        assert everything.tell_to_end("valkey") == {"valkey": 0}
