"""The append-only log: one entry a verb, in the verb's own transaction; the sentences for people are in ``sentences``."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, event
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.owned import ShopOwned


class Entry(ShopOwned, Base):
    __tablename__ = "entries"
    __table_args__ = (Index("ix_entries_subject", "subject", "subject_id"),)

    at: Mapped[datetime]
    verb: Mapped[str]
    subject: Mapped[str]  # table of the thing
    subject_id: Mapped[int]
    actor_kind: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(default=None)
    actor_name: Mapped[str]
    ip: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @property
    def sentence(self) -> str:
        from models.sentences import sentence

        return sentence(self)


def record(subject: Any, verb: str, by: Actor, **details: Any) -> Entry:
    """Write that ``by`` did ``verb`` to ``subject`` (a shop's thing, already flushed). Details must be JSON."""
    entry = Entry(
        shop_id=subject.shop_id,
        at=clock.now(),
        verb=verb,
        subject=subject.__tablename__,
        subject_id=subject.id,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_name=by.name,
        ip=by.ip,
        details=details,
    )
    db.session.add(entry)
    return entry


@event.listens_for(Session, "before_flush")
def _append_only(session: Session, context: Any, instances: Any) -> None:
    for thing in (*session.dirty, *session.deleted):
        if isinstance(thing, Entry) and (thing in session.deleted or session.is_modified(thing)):
            raise RuntimeError("the log is append-only")
