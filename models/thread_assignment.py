"""Whose a thread is to answer."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.base import Base

if TYPE_CHECKING:
    from models.staff_member import StaffMember


class ThreadAssignment(Base):
    __tablename__ = "thread_assignments"

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), unique=True)
    staff_member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), index=True)
    assigned_at: Mapped[datetime] = mapped_column(default=clock.now)
    assigned_by: Mapped[str]

    staff_member: Mapped["StaffMember"] = relationship()
