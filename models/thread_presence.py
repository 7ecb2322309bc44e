"""Who has a thread open just now, and who is writing in it, so that no customer is answered twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.base import Base, db, kept
from models.handover import touch

if TYPE_CHECKING:
    from models.staff_member import StaffMember
    from models.thread import Thread

HERE = timedelta(seconds=45)  # a window says so often enough that it is here, every 20 seconds
WRITING = timedelta(seconds=12)  # after the last key


class ThreadPresence(Base):
    __tablename__ = "thread_presences"
    __table_args__ = (UniqueConstraint("thread_id", "staff_member_id"),)

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    staff_member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), index=True)
    seen_at: Mapped[datetime]
    wrote_at: Mapped[datetime | None] = mapped_column(default=None)

    staff_member: Mapped["StaffMember"] = relationship()

    @property
    def is_writing(self) -> bool:
        return self.wrote_at is not None and clock.now() - self.wrote_at < WRITING

    @classmethod
    def others(cls, thread: "Thread", member: "StaffMember") -> Sequence["ThreadPresence"]:
        """Who else has it open, by name."""
        query = select(cls).where(cls.thread_id == thread.id, cls.staff_member_id != member.id, cls.seen_at > clock.now() - HERE)
        return sorted(db.session.scalars(query).all(), key=lambda presence: presence.staff_member.name)

    @classmethod
    def note(cls, thread: "Thread", member: "StaffMember", *, writing: bool = False) -> None:
        """A window of theirs is open. The others' screens are told when somebody comes and when somebody begins to write."""
        presence = cls._of(thread, member)
        news = presence.seen_at <= clock.now() - HERE or (writing and not presence.is_writing)
        presence.seen_at = clock.now()
        if writing:
            presence.wrote_at = clock.now()
        if news:
            touch(thread.shop_id, "threads")

    @classmethod
    def sent(cls, thread: "Thread", member: "StaffMember") -> None:
        """What they were writing has gone."""
        cls._of(thread, member).wrote_at = None
        touch(thread.shop_id, "threads")

    @classmethod
    def leave(cls, thread: "Thread", member: "StaffMember") -> None:
        """Their window is closed."""
        presence = cls._of(thread, member)
        presence.seen_at, presence.wrote_at = clock.now() - HERE, None
        touch(thread.shop_id, "threads")

    @classmethod
    def _of(cls, thread: "Thread", member: "StaffMember") -> "ThreadPresence":
        query = select(cls).where(cls.thread_id == thread.id, cls.staff_member_id == member.id)
        if known := db.session.scalars(query).first():
            return known
        presence = cls(thread_id=thread.id, staff_member_id=member.id, seen_at=clock.now() - HERE)
        return presence if kept(presence) else db.session.scalars(query).one()
