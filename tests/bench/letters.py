"""A night's follow-up letters: a thousand due of ten thousand customers against a thousand due of a million (spec/quality: planning)."""

import statistics
import time
import tracemalloc
from datetime import date, timedelta
from datetime import time as hour
from typing import Any
from zoneinfo import ZoneInfo

from models import LetterKind, LetterRules, Shop, clock, db
from models.letter_planning import due, write_due_letters
from tests.bench.population import lives_of, settle
from tests.ground import valkey
from tests.ground.databases import NAMES, Apps, entered, settings_for
from tests.ground.letters import a_letter_shop, set_days

SIZES, DUE, NIGHTS = (10_000, 1_000_000), 1000, 6  # the last night is for the memory alone: measuring it takes time
DAYS = {"reminder_2": 7, "no_show": 1, "thank_you": 3, "deferred": 60, "inactive": 90, "inactive_interval": 90, "dead": 365}
RATIOS = ("found_s", "night_s", "peak_mb")
TONIGHT, ZONE = date(2025, 3, 3), ZoneInfo("America/Chicago")


def measure() -> list[dict[str, Any]]:
    apps, rows = Apps(), []
    try:
        with valkey.serving(settings_for("sqlite://")):
            for database in NAMES:
                small, large = (_on(database, size, apps) for size in SIZES)
                rows += [small, large | {f"{name}_ratio": round(large[name] / small[name], 2) for name in RATIOS}]
    finally:
        apps.close()
    return rows


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
