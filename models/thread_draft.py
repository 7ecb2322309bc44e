"""What somebody has begun to write in a thread: kept while they type, gone once it is sent."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.base import Base, db, kept

if TYPE_CHECKING:
    from models.staff_member import StaffMember
    from models.thread import Thread

LONGEST = 4000  # characters that are kept; fewer can be sent


class ThreadDraft(Base):
    __tablename__ = "thread_drafts"
    __table_args__ = (UniqueConstraint("thread_id", "staff_member_id"),)

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    staff_member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), index=True)
    body: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(default=clock.now)

    @classmethod
    def of(cls, thread: "Thread", member: "StaffMember") -> "ThreadDraft | None":
        query = select(cls).where(cls.thread_id == thread.id, cls.staff_member_id == member.id)
        return db.session.scalars(query).first()

    @classmethod
    def keep(cls, thread: "Thread", member: "StaffMember", body: str) -> None:
        """Keep it as it stands now; nothing written, nothing kept."""
        draft = cls.of(thread, member)
        if not body.strip():
            if draft:
                db.session.delete(draft)
            return
        if draft is None:
            draft = cls._begun(thread, member)
        draft.body, draft.written_at = body[:LONGEST], clock.now()

    @classmethod
    def _begun(cls, thread: "Thread", member: "StaffMember") -> "ThreadDraft":
        """The member's one draft, also if another of their windows begins it at this very moment."""
        draft = cls(thread_id=thread.id, staff_member_id=member.id, body="")
        return draft if kept(draft) else cls.of(thread, member) or draft
