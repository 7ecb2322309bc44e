"""A worker dies at any moment, and no text is lost, and none goes twice. What can't be known is unknown."""

import os
import random
import time
from collections.abc import Iterator

import pytest

from jobs.sending import HANDFULS
from tests.conftest import DATABASES
from tests.reliability.crew import Crew, a_crew, until


@pytest.fixture(scope="module", params=DATABASES)
def crew(request: pytest.FixtureRequest) -> Iterator[Crew]:
    with a_crew("kills", request.param) as crew:
        yield crew


def test_killed_before_the_claim_it_goes_once(crew: Crew) -> None:
    with crew.worker_paused():
        ids = crew.write("before-claim", 1)
        lock = crew.database_locked()
        lock.__enter__()
    until(crew.forks)
    time.sleep(0.2)
    crew.kill_fork()
    lock.__exit__(None, None, None)
    assert crew.went(ids) == {ids[0]: ("queued", 0)}
    crew.sweep()
    until(lambda: crew.states(ids) == {"sent": 1})
    assert crew.went(ids) == {ids[0]: ("sent", 1)}


def test_killed_after_the_claim_it_is_unknown_and_never_goes_by_itself(crew: Crew) -> None:
    crew.provider.make_trouble(fate="timeout", accepted="no", hold=10)
    ids = crew.write("after-claim", 1)
    until(crew.all_trouble_met)
    crew.kill_fork()
    assert crew.went(ids) == {ids[0]: ("sending", 0)}
    crew.give_up_waiting()
    assert crew.went(ids) == {ids[0]: ("unknown", 0)}


def test_killed_after_the_provider_took_it_the_providers_list_proves_it(crew: Crew) -> None:
    crew.provider.make_trouble(hold=2)
    ids = crew.write("after-taking", 1)
    until(lambda: [taken for _state, taken in crew.went(ids).values()] == [1])
    crew.kill_fork()
    assert crew.states(ids) == {"sending": 1}
    crew.give_up_waiting()
    assert crew.went(ids) == {ids[0]: ("sent", 1)}


def test_killed_before_it_could_record_what_the_provider_said_it_is_proven_too(crew: Crew) -> None:
    crew.provider.make_trouble(hold=2)
    ids = crew.write("before-record", 1)
    until(lambda: [taken for _state, taken in crew.went(ids).values()] == [1])
    with crew.database_locked():
        time.sleep(2.3)
        crew.kill_fork()
    assert crew.states(ids) == {"sending": 1}
    crew.give_up_waiting()
    assert crew.went(ids) == {ids[0]: ("sent", 1)}


def test_a_database_that_goes_away_delays_the_record_and_loses_nothing(crew: Crew) -> None:
    crew.provider.make_trouble(hold=0.3)
    ids = crew.write("locked", 1)
    until(lambda: [taken for _state, taken in crew.went(ids).values()] == [1])
    crew.shake_off_connections()
    until(lambda: crew.states(ids) == {"sent": 1})


@pytest.mark.torture
@pytest.mark.parametrize("crew", DATABASES if "WL_ROUNDS" in os.environ else DATABASES[:1], indirect=True)
def test_killed_at_random_moments_nothing_is_lost_and_nothing_goes_twice(crew: Crew, rounds: int) -> None:
    chance, ids, kills = random.Random(rounds), list[int](), 0
    crew.provider.make_trouble(hold=0.02, times=100_000)
    while kills < rounds:
        ids += crew.write(f"random-{len(ids)}", 20)
        time.sleep(chance.uniform(0, 0.2))
        if kills % 10 == 9:
            crew.kill_worker()
            kills += 1
        else:
            kills += crew.kill_fork()
    while crew.states(ids).get("queued"):
        crew.sweep()  # as the ticker does: what a dying worker had locked was passed over by the others
        crew.wait_until_idle()
    crew.give_up_waiting()
    went = crew.went(ids)
    wrong = {id: fate for id, fate in went.items() if fate not in {("sent", 1), ("unknown", 0)}}
    unknown = sum(state == "unknown" for state, _taken in went.values())
    print(f"\n{kills} kills, {len(ids)} texts, {len(wrong)} lost or sent twice, {unknown} unknown")
    assert wrong == {}
    assert max(crew.provider.store.accepted().values()) == 1
    assert unknown <= HANDFULS["text"] * kills, "no more than were in hand when their worker died"
