"""Two machines behind nginx, as docs/operating.md sets them up: does the work go on when one of them, the queue or the database goes?"""

import logging
import re
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import urllib3

from jobs.tick import sweep
from models import Shop, clock, db
from models.message import STUCK
from tests.bench.machines_journey import a_customer_s_way
from tests.bench.machines_people import CONFIRM, Load, Trial
from tests.ground import folder
from tests.ground import machines as ground
from tests.ground.machines_outside import OWN_NAME, until
from tests.ground.makers import an_own_host

Row = dict[str, Any]
TEXTS = 150


def main() -> int:
    """All of it as a table; ends with 1 if anything failed. Where this machine lacks something, that is said instead."""
    if lacking := ground.lacking():
        print(f"machines: not tried, for this machine lacks {lacking}")
        return 0
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # the stand-in provider's
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends us ends what we started
    folder.make()
    failed = 0
    try:
        with ground.machines() as wrenchline:
            trial = Trial(wrenchline)
            for step in STEPS:
                for one in _tried(step, trial):
                    failed += one["failed"]
                    took = f"{one['slowest_ms']:>6} ms" if one.get("slowest_ms") else " " * 9
                    print(f"{one['asked']:5} asked {one['failed']:4} failed {took}  {one['step']}  ({one['note']})", flush=True)
    finally:
        folder.remove()
    return int(failed > 0)


def _tried(step: "Step", trial: Trial) -> list[Row]:
    """A step that breaks down is told, and keeps no other from its turn; its machines are started again."""
    try:
        return step(trial)
    except Exception as problem:  # noqa: BLE001
        traceback.print_exc()
        trial.wrenchline.mend()
        return [row(step.__name__, asked=1, failed=1, note=f"broke down: {problem}"[:200])]


def customers_come_by_the_proxy(trial: Trial) -> list[Row]:
    """Who somebody is, and by which name they come, is told by the proxy alone."""
    path, id = next(iter(trial.book(1).items()))
    liar = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-Port": "1"}
    status = trial.person().press(path, CONFIRM, liar).status
    address = trial.confirmed_from(id)
    large = trial.person().ask("POST", f"{path}/confirmation", body=b"x" * (9 * 1024 * 1024)).status
    return [
        row("a customer confirms, lying about where they come from", asked=1, failed=int(status != 303), note=f"kept address {address}"),
        row("9 MB to a form that takes no files", asked=1, failed=int(large != 413), note=f"{large} by the proxy"),
    ]


def a_shop_goes_by_its_own_name(trial: Trial) -> list[Row]:
    path = next(iter(trial.book(1)))
    with trial.wrenchline.data():
        an_own_host(db.session.get_one(Shop, trial.shop_id), OWN_NAME)
        db.session.commit()
    port = trial.wrenchline.ports["proxy"]
    door = urllib3.HTTPSConnectionPool("127.0.0.1", port, ssl_context=trial.wrenchline.tls, server_hostname=OWN_NAME)
    said = {"Host": f"{OWN_NAME}:{port}"}
    until(lambda: door.request("GET", path, headers=said).status == 200, 30)  # each process learns of it within ten seconds
    wrong = door.request("GET", "/console/sign-in", headers=said).status != 404
    strange = door.request("GET", path, headers={"Host": "evil.example"}).status != 421
    return [row("a shop's own name: its customer's page, no console, no other name", asked=3, failed=wrong + strange)]


def a_paper_made_by_the_other_machine(trial: Trial) -> list[Row]:
    rows = []
    for web, worker in (("a", "b"), ("b", "a")):
        trial.wrenchline.tell_to_end(web, "worker")
        id = next(iter(trial.book(1).values()))
        begun = time.monotonic()
        person = trial.staff(web)
        place = person.ask("POST", f"/console/appointments/{id}/slip", headers=trial.token(person)).headers["Location"]
        until(lambda place=place, person=person: person.get(f"{place}/file").status == 200)  # type: ignore[misc]
        took, content = time.monotonic() - begun, person.get(f"{place}/file").data
        failed = int(not content.startswith(b"%PDF"))
        rows.append(row(f"a PDF made by {worker}'s worker is opened through {web}'s web", asked=1, failed=failed, slowest_ms=ms(took)))
        trial.wrenchline.start(web, "worker")
    return rows


def a_panel_hears_of_the_other_machine(trial: Trial) -> list[Row]:
    rows = []
    for said, shown in (("a", "b"), ("b", "a")):
        delays, paths = [], trial.book(10)
        with trial.stream(shown) as heard:
            for path in paths:
                before = heard("appointments")
                begun = time.monotonic()
                trial.person(said).press(path, CONFIRM)
                until(lambda before=before: heard("appointments") > before, 15)  # type: ignore[misc]
                delays.append(time.monotonic() - begun)
        rows.append(row(f"confirmed at {said}, seen at {shown}, page and tap included", asked=len(delays), slowest_ms=ms(max(delays))))
    return rows


def a_web_process_is_killed(trial: Trial) -> list[Row]:
    """At once, with all its threads, while people read and confirm; then started again."""
    rows = []
    for machine in ("a", "b"):
        load = Load(trial)
        with load.running():
            load.go_on(30)
            trial.wrenchline.kill(machine, "web")
            load.go_on(30)
            trial.wrenchline.start(machine, "web")
            load.go_on(30)
        rows += load.rows(f"kill -9 of {machine}'s web under load")
    return rows


def a_web_process_is_killed_over_taps(trial: Trial) -> list[Row]:
    """The database is held, so that every tap is under way on one of the machines at that moment."""
    load = Load(trial)
    with load.running():
        load.go_on(20)
        with trial.held("confirmations"):
            until(lambda: load.tapping >= load.people * 0.8)
            trial.wrenchline.kill("a", "web")
            time.sleep(1)
        load.go_on(30)
    trial.wrenchline.start("a", "web")
    return load.rows(f"kill -9 of a's web over {load.people} taps under way")


def a_web_process_is_killed_over_clicks(trial: Trial) -> list[Row]:
    """Of staff, who are told, since what they send is not said again by itself."""
    ids, said = list(trial.book(8).values()), trial.token(trial.staff())
    with ThreadPoolExecutor(len(ids)) as at_once, trial.held("documents"):
        paths = [f"/console/appointments/{id}/slip" for id in ids]
        clicks = [at_once.submit(trial.staff().ask, "POST", path, headers=said) for path in paths]
        time.sleep(5)
        trial.wrenchline.kill("a", "web")
    answers = Counter(click.result().status for click in clicks)
    trial.wrenchline.start("a", "web")
    strange = answers.total() - answers[303] - answers[502]
    note = f"{answers[303]} done, {answers[502]} told that it may not have arrived"
    return [row("kill -9 of a's web over 8 clicks of staff under way", asked=answers.total(), failed=strange, note=note)]


def a_web_machine_is_taken_out(trial: Trial) -> list[Row]:
    """As in an upgrade: told to end, started again."""
    load = Load(trial)
    with load.running():
        load.go_on(30)
        trial.wrenchline.tell_to_end("a", "web")
        load.go_on(30)
        trial.wrenchline.start("a", "web")
        load.go_on(30)
    return load.rows("a's web told to end under load, and started")


def a_worker_machine_is_lost(trial: Trial) -> list[Row]:
    provider = trial.wrenchline.provider
    provider.make_trouble(hold=0.05, times=100_000)
    ids = trial.write(TEXTS)
    until(lambda: trial.states(ids).get("sent", 0) > TEXTS / 5)
    trial.wrenchline.kill("a", "worker", "converter", "ticker")
    until(lambda: not set(trial.states(ids)) & {"queued", "planned"}, 120)
    unclear = trial.states(ids).get("sending", 0)
    with trial.wrenchline.data(), clock.at(clock.now() + STUCK * 1.2):  # the sweep of five minutes later, on the other machine
        sweep()
        db.session.commit()
    trial.wrenchline.start("a", "worker", "converter", "ticker")
    states, twice = trial.states(ids), sum(number > 1 for number in provider.store.accepted().values())
    lost = TEXTS - sum(states.values()) + states.get("queued", 0)
    note = f"{states}; under way at that moment: {unclear}; twice: {twice}"
    return [row("a worker machine is lost in the middle of texts", asked=TEXTS, failed=lost + twice, note=note)]


def the_queue_restarts(trial: Trial) -> list[Row]:
    load = Load(trial)
    with load.running(), trial.stream("b") as heard:
        load.go_on(20)
        trial.wrenchline.stop_valkey()
        load.go_on(20)
        trial.wrenchline.start_valkey()
        load.go_on(20)
        again = heard("refresh")
        until(lambda: heard("refresh") > max(1, again - 1), 60)
    return load.rows("Valkey away, and back")


def the_database_restarts(trial: Trial) -> list[Row]:
    path = next(iter(trial.book(1)))
    customer, staff = trial.person(), trial.staff()
    customer.get(path), staff.get("/console/")
    trial.wrenchline.stop_postgresql()
    away = Counter((who.get(where).status, words(who.get(where))) for who, where in ((customer, path), (staff, "/console/")))
    health = trial.person().get("/healthz").status
    trial.wrenchline.start_postgresql()
    begun = time.monotonic()
    until(lambda: trial.person().get("/healthz").status == 200)
    took, back = time.monotonic() - begun, Counter(who.get(where).status for who, where in ((customer, path), (staff, "/console/")) * 10)
    until(lambda: all(trial.wrenchline.processes[m, n].poll() is None for m in "ab" for n in ground.PROCESSES))
    paper = a_paper_made_by_the_other_machine(trial)
    return [
        row("PostgreSQL is away: what people read", asked=4, note=f"health {health}; {dict(away)}"),
        row("PostgreSQL is back, nothing else restarted", asked=20, failed=20 - back[200], slowest_ms=ms(took), note=str(dict(back))),
        *({**one, "step": f"after that, {one['step']}"} for one in paper),
    ]


def row(step: str, *, asked: int = 0, failed: int = 0, slowest_ms: int | str = "", note: str = "") -> Row:
    return {"step": step, "asked": asked, "failed": failed, "slowest_ms": slowest_ms, "note": note}


def ms(seconds: float) -> int:
    return round(seconds * 1000)


def words(answer: urllib3.BaseHTTPResponse) -> str:
    heading = re.search(r"<h1[^>]*>([^<]*)", answer.data.decode())
    return heading[1].strip() if heading else "no page of ours"


Step = Callable[[Trial], list[Row]]
STEPS: tuple[Step, ...] = (
    a_customer_s_way,
    customers_come_by_the_proxy,
    a_shop_goes_by_its_own_name,
    a_paper_made_by_the_other_machine,
    a_panel_hears_of_the_other_machine,
    a_web_process_is_killed,
    a_web_process_is_killed_over_taps,
    a_web_process_is_killed_over_clicks,
    a_web_machine_is_taken_out,
    a_worker_machine_is_lost,
    the_queue_restarts,
    the_database_restarts,
)
