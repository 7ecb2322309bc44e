"""How many texts a second one worker sends to a provider that answers at once, and how fast reminders are written."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import time as time_of_day
from datetime import timedelta
from typing import Any
from urllib.request import urlopen

from sqlalchemy import func, select

from models import Message, clock, db, plan, reading
from tests.ground.databases import NAMES
from tests.ground.makers import a_customer, a_drop_off, a_shop, next_open_day
from tests.ground.running import ROOT, Running, free_port

MESSAGES = 1000
NEVER = time_of_day(0)  # quiet hours that end when they begin


def measure() -> list[dict[str, Any]]:
    return [_on(database) for database in NAMES]


def _on(database: str) -> dict[str, Any]:
    with _provider() as port:
        base = f"http://127.0.0.1:{port}"
        wrenchline = Running("bench-sending", database, TWILIO_API_BASE=base)
        try:
            wrenchline.start("valkey")
            with wrenchline.data() as app:
                app.extensions["settings"] = replace(app.extensions["settings"], twilio_api_base=base)
                shop = a_shop(days_before=1, quiet_from=NEVER, quiet_until=NEVER)
                for number in range(MESSAGES):
                    a_drop_off(shop, next_open_day(shop, 5), customer=a_customer(shop, phones=[f"+1312555{number:04}"]))
                row = {"database": database, "bookings_per_s": _sent(wrenchline)} | _reminders()
                row["reminders_per_s"] = _sent(wrenchline, besides=MESSAGES)
            counted = json.load(urlopen(f"{base}/count"))
        finally:
            wrenchline.stop()
    return row | counted


def _sent(wrenchline: Running, besides: int = 0) -> int:
    """Messages a second from the first that went to the last, the worker's start aside."""
    wrenchline.start("worker")
    first = None
    while (count := _count("sent") - besides) < MESSAGES:
        if first is None and count:
            first = time.perf_counter(), count
        time.sleep(0.02)
    assert first
    seconds = time.perf_counter() - first[0]
    wrenchline.kill("worker")
    return round((MESSAGES - first[1]) / seconds)


def _reminders() -> dict[str, Any]:
    """The tick that writes all reminders, as if their moment had come; they are due at once."""
    first = db.session.scalars(select(Message).order_by(Message.id)).first()
    assert first
    assert first.appointment
    assert first.appointment.follow_up_at
    with clock.at(first.appointment.follow_up_at + timedelta(minutes=1)):
        begun = time.perf_counter()
        plan.follow_ups()
        db.session.commit()
        seconds = time.perf_counter() - begun
    for message in db.session.scalars(select(Message).where(Message.kind == "follow_up")):
        message.due_at = clock.now()
    db.session.commit()
    return {"reminders_written_per_s": round(MESSAGES / seconds)}


def _count(state: str) -> int:
    with reading():
        count = db.session.scalar(select(func.count()).where(Message.state == state)) or 0
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
