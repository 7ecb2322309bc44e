"""Rows that stand in an order which people choose: positions are written anew as a whole, under the lock of what holds the rows."""

from collections.abc import Sequence
from typing import Protocol, TypeVar


class Placed(Protocol):
    position: int


Row = TypeVar("Row", bound=Placed)


def place(rows: Sequence[Row], row: Row, before: Row | None = None) -> None:
    """Put ``row`` in front of ``before``, or at the end, whether or not it was among ``rows``."""
    others = [other for other in rows if other is not row]
    at = next((number for number, other in enumerate(others) if other is before), len(others))
    for position, other in enumerate([*others[:at], row, *others[at:]]):
        if other.position != position:
            other.position = position


def step(rows: Sequence[Row], row: Row, steps: int, shown: Sequence[Row]) -> bool:
    """Move ``row`` one place up (-1) or down (1) among those that are ``shown``; False: it stands at that end already."""
    here = list(shown).index(row)
    there = here + steps
    if not 0 <= there < len(shown):
        return False
    all_after = list(rows)[list(rows).index(shown[there]) + 1 :] if steps > 0 else []
    place(rows, row, shown[there] if steps < 0 else next((other for other in all_after if other is not row), None))
    return True
