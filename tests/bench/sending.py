"""How fast a night's reminders are written, and how many texts a second one worker sends to a provider that answers at once."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import time as time_of_day
from datetime import timedelta
from urllib.request import urlopen

import requests
from sqlalchemy import func, insert, select, text, update

from jobs import tick
from models import Message, clock, db, reading
from models.delivery import Delivery
from tests.bench.appointments import awaiting_reminders
from tests.bench.figure import Figure, Row
from tests.bench.watching import cpu
from tests.ground.databases import NAMES
from tests.ground.makers import a_shop
from tests.ground.running import ROOT, Running, free_port

REMINDERS, TEXTS = 10_000, 2_000
AT_ONCE = 24  # connections of the bare sender, as many as the worker has
NEVER = time_of_day(0)  # quiet hours that end when they begin


def measure() -> Iterator[Figure | Row]:
    for database in NAMES:
        yield from _on(database)


def _on(database: str) -> Iterator[Figure | Row]:
    with _provider() as port:
        wrenchline = Running("bench-sending", database, TWILIO_API_BASE=f"http://127.0.0.1:{port}")
        try:
            wrenchline.start("valkey")
            with wrenchline.data():
                shop = a_shop(days_before=1, quiet_from=NEVER, quiet_until=NEVER)
                awaiting_reminders(shop, REMINDERS)
                yield from _written(database)
                bare = _bare(port)
                yield {"database": database, "bare_sender_per_s": bare}
                yield from _sent(database, wrenchline, bare)
            counted = json.load(urlopen(f"http://127.0.0.1:{port}/count"))
            yield {"database": database, **counted}
            yield Figure(f"sending: texts that the provider got twice ({database})", counted["twice"], 0)
        finally:
            wrenchline.stop()


def _written(database: str) -> Iterator[Figure | Row]:
    """The tick's step that writes them, and bare inserts of the same rows beside it."""
    begun, began_cpu = time.perf_counter(), time.process_time()
    tick.reminders()
    db.session.commit()
    seconds, ours = time.perf_counter() - begun, time.process_time() - began_cpu
    rows = [dict(row) for row in db.session.execute(select(Message.__table__).where(Message.__table__.c.kind == "follow_up")).mappings()]
    assert len(rows) == REMINDERS, len(rows)
    assert {row["state"] for row in rows} == {Delivery.queued}, {row["state"] for row in rows}
    db.session.execute(text("DELETE FROM messages WHERE kind = 'follow_up'"))
    db.session.commit()
    begun = time.perf_counter()
    db.session.execute(insert(Message.__table__), rows)
    db.session.commit()
    bare = time.perf_counter() - begun
    beside = f"{ours:.1f} s of a core; bare inserts of the same rows {bare:.2f} s"
    yield Figure(f"reminders: writing {REMINDERS:,} ({database})", round(seconds, 1), 10, "s", beside=beside)
    tomorrow = clock.now() + timedelta(days=1)
    later = select(Message.id).where(Message.kind == "follow_up").order_by(Message.id).offset(TEXTS)
    db.session.execute(update(Message).where(Message.id.in_(later)).values(due_at=tomorrow).execution_options(synchronize_session=False))
    db.session.commit()


def _sent(database: str, wrenchline: Running, bare: int) -> Iterator[Figure | Row]:
    """Messages a second from the first that went to the last, the worker's start aside."""
    wrenchline.start("worker")
    first = None
    while (count := _count()) < TEXTS:
        if first is None and count:
            first = time.perf_counter(), count, cpu(wrenchline.processes["worker"].pid)
        time.sleep(0.1)
    assert first
    sent, seconds = TEXTS - first[1], time.perf_counter() - first[0]
    each = (cpu(wrenchline.processes["worker"].pid) - first[2]) / sent
    wrenchline.kill("worker")
    beside = f"{each * 1000:.2f} ms of a core each; bare claim, call and record {bare}/s"
    yield Figure(f"sending: texts/s by one worker ({database})", round(sent / seconds), 300, at_least=True, beside=beside)


def _bare(port: int) -> int:
    """As many calls and as many rows claimed and recorded, with nothing else around them."""
    db.session.execute(text("CREATE TABLE bare_texts (id INTEGER PRIMARY KEY, state VARCHAR NOT NULL, sid VARCHAR)"))
    db.session.execute(text("INSERT INTO bare_texts (id, state) VALUES (:id, 'queued')"), [{"id": number} for number in range(TEXTS)])
    db.session.commit()
    sessions = [requests.Session() for _ in range(AT_ONCE)]

    def call(number: int) -> dict[str, object]:
        form = {"To": f"+1{number}", "Body": f"Bare {number}", "From": "+13125550100"}
        address = f"http://127.0.0.1:{port}/2010-04-01/Accounts/AC/Messages.json"
        return {"id": number, "sid": sessions[number % AT_ONCE].post(address, data=form, timeout=15).json()["sid"]}

    begun = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as senders:
        for start in range(0, TEXTS, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, TEXTS))
            claim = text("UPDATE bare_texts SET state = 'sending' WHERE id BETWEEN :first AND :last AND state = 'queued'")
            db.session.execute(claim, {"first": numbers[0], "last": numbers[-1]})
            db.session.commit()
            record = text("UPDATE bare_texts SET state = 'sent', sid = :sid WHERE id = :id AND state = 'sending'")
            db.session.execute(record, list(senders.map(call, numbers)))
            db.session.commit()
    seconds = time.perf_counter() - begun
    for session in sessions:
        session.close()
    return round(TEXTS / seconds)


def _count() -> int:
    with reading():
        count = db.session.scalar(select(func.count()).where(Message.kind == "follow_up", Message.state == Delivery.sent)) or 0
        db.session.rollback()
    return count


@contextmanager
def _provider() -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.stub", str(port)], cwd=ROOT)
    try:
        yield port
    finally:
        process.kill()
        process.wait()
