"""How long the Message Manager looks for words in sixty thousand texts of one shop."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from sqlalchemy import insert, text

from models import Message, Shop, Thread, ThreadList, clock, db
from models.delivery import Delivery
from models.message_search import MessageSearch
from tests.bench.figure import Row
from tests.ground.databases import NAMES, Apps, entered
from tests.ground.makers import a_member, a_shop

MESSAGES, NUMBERS, TRIES = 60_000, 3_000, 20
WORDS = (
    "the your car is ready brakes squeal when can you come by please thanks oil filter tyres battery light on left front rear noise "
    "Monday morning afternoon estimate approve call me back tomorrow key drop box está listo gracias cuándo puedo recoger auto klaar "
    "remmen morgen ophalen bedankt sleutel garage insurance rental tow engine coolant leak warning dashboard mirror wiper blades"
)
SEARCHES = {
    "rare word": "radiator",
    "prefix": "radi",
    "two words": "radiator leak",
    "common word": "car",
    "common prefix": "br",
    "none": "zzz",
}


def measure() -> Iterator[Row]:
    apps = Apps()
    try:
        for database in NAMES:
            yield from _on(database, apps)
    finally:
        apps.close()


def _on(database: str, apps: Apps) -> list[Row]:
    with entered(apps.empty(database)):
        shop = a_shop()
        member = a_member(shop)
        fill(shop)
        rows = []
        for name, words in SEARCHES.items():
            search, page = _times(lambda: MessageSearch(shop, words).newest()), _times(lambda: ThreadList(shop, member, words=words).rows())  # noqa: B023
            rows.append({"database": database, "search": name, "words_ms": search, "whole_list_ms": page})
        return rows


def fill(shop: Shop) -> None:
    """Sixty thousand texts of three thousand numbers, in the words of a shop's own day."""
    rng, now = random.Random("search"), clock.now()
    numbers = [f"+1312{5550000 + number}" for number in range(NUMBERS)]
    rows, words = [], WORDS.split()
    for number in range(MESSAGES):
        body = " ".join(rng.choices(words, k=rng.randint(4, 25)))
        at = now - timedelta(minutes=MESSAGES - number)
        rows.append(
            {"shop_id": shop.id, "channel": "text", "direction": "in", "kind": "received", "address": rng.choice(numbers)}
            | {"body": f"{body} radiator" if number % 1200 == 7 else body, "state": Delivery.delivered, "due_at": at, "created_at": at}
        )
    db.session.execute(insert(Message), rows)
    db.session.execute(insert(Thread), [{"shop_id": shop.id, "number": number, "last_at": now, "unread": 0} for number in numbers])
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _times(work: Callable[[], object]) -> str:
    """Median and worst of some tries, in milliseconds."""
    taken = []
    for _ in range(TRIES):
        db.session.expunge_all()
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
        db.session.rollback()
    return f"{statistics.median(taken):.1f} ({max(taken):.1f})"
