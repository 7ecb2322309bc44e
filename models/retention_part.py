"""One part of what goes by a shop's periods: which rows are too old, and how they let go."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, update

from models.base import db
from models.retention import Retention

Ids = Select[Any]


@dataclass(frozen=True, slots=True)
class Sweep:
    """``which`` asks for the ids of what is too old by that period; ``go`` lets rows of these ids go."""

    period: str
    which: Callable[[Retention, datetime], Ids]
    go: Callable[[list[int]], None]


def change(noun: Any, ids: list[int], **values: Any) -> None:
    db.session.execute(update(noun).where(noun.id.in_(ids)).values(**values).execution_options(synchronize_session=False))


def deleting(noun: Any) -> Callable[[list[int]], None]:
    def go(ids: list[int]) -> None:
        db.session.execute(delete(noun).where(noun.id.in_(ids)).execution_options(synchronize_session=False))

    return go
