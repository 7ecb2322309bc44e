"""A thread is done: nothing in it is left to answer, until the customer writes again."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.base import Base


class ThreadClosing(Base):
    __tablename__ = "thread_closings"

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), unique=True)
    closed_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_by: Mapped[str]
