"""A night's follow-up letters: a thousand due of ten thousand customers against a thousand due of a million (spec/quality: planning)."""

import statistics
import time
import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta
from datetime import time as hour
from typing import Any
from zoneinfo import ZoneInfo

from models import LetterKind, LetterRules, Shop, clock, db
from models.letter_planning import due, write_due_letters
from tests.bench.figure import Figure, Row
from tests.bench.population import lives_of, settle
from tests.ground import valkey
from tests.ground.databases import NAMES, Apps, entered, settings_for
from tests.ground.letters import a_letter_shop, set_days

SIZES, DUE, NIGHTS = (10_000, 1_000_000), 1000, 6  # the last night is for the memory alone: measuring it takes time
DAYS = {"reminder_2": 7, "no_show": 1, "thank_you": 3, "deferred": 60, "inactive": 90, "inactive_interval": 90, "dead": 365}
TONIGHT, ZONE = date(2025, 3, 3), ZoneInfo("America/Chicago")


def measure() -> Iterator[Figure | Row]:
    apps = Apps()
    try:
        with valkey.serving(settings_for("sqlite://")):
            for database in NAMES:
                small = _on(database, SIZES[0], apps)
                yield small
                large = _on(database, SIZES[1], apps)
                yield large
                times = f"{small['night_s']} s and {large['night_s']} s"
                memory = f"{small['peak_mb']} MB and {large['peak_mb']} MB"
                slower, larger = (round(float(large[name] / small[name]), 2) for name in ("night_s", "peak_mb"))
                yield Figure(f"letters: 1,000 due of 1,000,000 ÷ of 10,000 ({database})", slower, 2, "×", beside=times)
                yield Figure(f"letters: memory of the same ({database})", larger, 1.1, "×", beside=memory)
    finally:
        apps.close()


def _on(database: str, customers: int, apps: Apps) -> dict[str, Any]:
    with entered(apps.empty(database)):
        return {"database": database, "customers": customers, **_nights(customers)}


def _nights(customers: int) -> dict[str, Any]:
    """The best night of five, as one that nothing else disturbed."""
    with clock.at(clock.instant(TONIGHT - timedelta(days=1), hour(9), ZONE)):
        shop = a_letter_shop()
        settle(shop, customers, lives_of(TONIGHT, NIGHTS, DUE))
        set_days(shop, **DAYS)
    found, written = [], []
    for night in range(NIGHTS):
        with clock.at(clock.instant(TONIGHT + timedelta(days=night), hour(10, 1), ZONE)):
            if night < NIGHTS - 1:
                found.append(_seconds(lambda: _find(shop)))
                written.append(_seconds(_write))
            else:
                peak = _peak(_write)
    letters = DUE * (NIGHTS - 1)
    return {"letters": letters, "found_s": min(found), "night_s": min(written), "median_s": statistics.median(written), "peak_mb": peak}


def _find(shop: Shop) -> None:
    """Only ask what is due; nothing is written."""
    rules = LetterRules.of(shop, "email")
    found = {occasion.key for kind in LetterKind for occasion in due(rules, kind, shop.today())}
    assert len(found) >= DUE
    db.session.rollback()


def _write() -> None:
    written = 0
    for part in write_due_letters():
        db.session.commit()
        written += part
    assert written == DUE, written


def _seconds(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return round(time.perf_counter() - begun, 3)


def _peak(work: Any) -> float:
    """Megabytes of Python's own at most."""
    tracemalloc.start()
    try:
        work()
        return round(tracemalloc.get_traced_memory()[1] / 1e6, 1)
    finally:
        tracemalloc.stop()
