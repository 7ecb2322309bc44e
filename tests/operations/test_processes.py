"""Each process ends by itself when it is told to, and never needs to be killed."""

from tests.ground.running import running


def test_every_process_ends_when_told_and_counts_that_as_success() -> None:
    with running("processes") as everything:
        assert {name: everything.tell_to_end(name) for name in reversed(list(everything.processes))} == {
            "phone": 0,
            "ticker": 0,
            "converter": 0,
            "worker": 0,
            "web": 0,
            "valkey": 0,
        }
