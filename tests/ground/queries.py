"""Counting what a page asks the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from models import db


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent while the block lasts; beginning and ending a transaction is none."""
    asked: list[str] = []

    def ask(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", ask)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", ask)
