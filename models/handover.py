"""Work and nudges are handed over after the commit, never before, and never if there is none."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from models.base import db

Enqueue = Callable[[str, tuple[int, ...]], None]
Publish = Callable[[int, str], None]

_takers: dict[str, Callable[..., None]] = {}


def connect(*, enqueue: Enqueue, publish: Publish) -> None:
    """Say who takes jobs and nudges (the queue and the live stream); told once at start-up. They must not raise."""
    _takers.update(enqueue=enqueue, publish=publish)


def later(job: str, *ids: int) -> None:
    """Hand a job over by its dotted name and ids once this transaction has committed; the same one is handed over once."""
    _pending(("enqueue", job, ids))


def touch(shop_id: int, topic: str) -> None:
    """Nudge every open screen of the shop that shows this topic, once this transaction has committed."""
    _pending(("publish", shop_id, topic))


def _pending(item: tuple[Any, ...]) -> None:
    db.session().info.setdefault("handover", {})[item] = None


@event.listens_for(Session, "after_commit")
def _hand_over(session: Session) -> None:
    for taker, *arguments in session.info.pop("handover", {}):
        if taker in _takers:
            _takers[taker](*arguments)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("handover", None)
