"""Work and nudges are handed over after the commit, never before, and never if there is none."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from models.base import db

Enqueue = Callable[[str, tuple[int, ...]], None]
Publish = Callable[[int, str], None]

BREATH = 0.25  # seconds between two rounds of nudges while many transactions follow each other

_takers: dict[str, Callable[..., None]] = {}
_gathered: ContextVar["_Gathered | None"] = ContextVar("gathered", default=None)


def connect(*, enqueue: Enqueue, publish: Publish) -> None:
    """Say who takes jobs and nudges (the queue and the live stream); told once at start-up. They must not raise."""
    _takers.update(enqueue=enqueue, publish=publish)


def later(job: str, *ids: int) -> None:
    """Hand a job over by its dotted name and ids once this transaction has committed; the same one is handed over once."""
    _pending(("enqueue", job, ids))


def touch(shop_id: int, topic: str) -> None:
    """Nudge every open screen of the shop that shows this topic, once this transaction has committed."""
    _pending(("publish", shop_id, topic))


@contextmanager
def unsaid() -> Iterator[None]:
    """What is said within is not handed over: the caller takes back to a savepoint what it was said about."""
    info = db.session().info
    before = dict(info.get("handover", {}))
    try:
        yield
    finally:
        info["handover"] = before


def _pending(item: tuple[Any, ...]) -> None:
    db.session().info.setdefault("handover", {})[item] = None


class _Gathered:
    def __init__(self) -> None:
        self.nudges: dict[tuple[int, str], None] = {}
        self.told = float("-inf")

    def take(self, shop_id: int, topic: str) -> None:
        self.nudges[shop_id, topic] = None

    def tell(self, *, at_once: bool = False) -> None:
        if at_once or time.monotonic() - self.told >= BREATH:
            nudges, self.nudges, self.told = self.nudges, {}, time.monotonic()
            for shop_id, topic in nudges:
                _takers["publish"](shop_id, topic)


@contextmanager
def gathered_nudges() -> Iterator[None]:
    """Of many transactions in a row each screen hears a few times a second and once more at the end, instead of hundreds of times."""
    gathered = _Gathered()
    token = _gathered.set(gathered)
    try:
        yield
    finally:
        _gathered.reset(token)
        gathered.tell(at_once=True)


@event.listens_for(Session, "after_commit")
def _hand_over(session: Session) -> None:
    if session.in_nested_transaction():  # a savepoint is let go: nothing is committed yet
        return
    gathered = _gathered.get()
    for taker, *arguments in session.info.pop("handover", {}):
        if gathered and taker == "publish" and taker in _takers:
            gathered.take(*arguments)
        elif taker in _takers:
            _takers[taker](*arguments)
    if gathered:
        gathered.tell()


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():  # back to a savepoint: what was said before it still counts
        session.info.pop("handover", None)
