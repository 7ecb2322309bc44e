"""The steps that a new shop begins with; from then on they are its own."""

import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from models.base import db
from models.handover import touch
from models.status import Status, Timer

if TYPE_CHECKING:
    from models.shop import Shop


def give_presets(shop: "Shop") -> None:
    """The usual statuses, for a shop that has none."""
    if Status.all_of(shop):
        return
    rows = [{"shop_id": shop.id, "position": position, **details} for position, details in enumerate(_presets(), start=1)]
    db.session.execute(insert(Status).execution_options(render_nulls=True), rows)  # else one statement for each set of columns
    touch(shop.id, "work_orders")


@cache
def _presets() -> list[dict[str, Any]]:
    with (Path(__file__).parent / "presets" / "statuses.csv").open(encoding="utf-8", newline="") as file:
        return [_read(row) for row in csv.DictReader(file)]


def _read(row: dict[str, str]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("key", "name", "words", "colour")},
        **{name: bool(row[name]) for name in ("asks_reason", "mechanic_may", "at_check_in")},
        "timer": Timer(row["timer"]),
        "minutes": int(row["minutes"]) if row["minutes"] else None,
        "texts": bool(row["sends"]),
        "emails": bool(row["sends"]),
        "customer_words": {language: row[language] for language in ("en", "es", "nl")},
    }
