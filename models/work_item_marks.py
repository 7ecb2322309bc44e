"""What the desk and the mechanic mark on a work item: shown to the customer, important, begun, done."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, true
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.actor import Actor
from models.base import db

if TYPE_CHECKING:
    from models.work_item import WorkItem
    from models.work_order import WorkOrder


class Marked:
    shown: Mapped[bool] = mapped_column(default=True, server_default=true())  # the eye: whether the customer sees it
    pinned_at: Mapped[datetime | None] = mapped_column(default=None)  # among the important ones
    pinned_by: Mapped[str] = mapped_column(default="", server_default="")
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    started_by: Mapped[str] = mapped_column(default="", server_default="")
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    done_by: Mapped[str] = mapped_column(default="")

    @property
    def is_pinned(self) -> bool:
        return self.pinned_at is not None

    @property
    def is_started(self) -> bool:
        return self.started_at is not None

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @classmethod
    def pinned(cls: "type[WorkItem]", order: "WorkOrder") -> "Sequence[WorkItem]":
        """The order's that somebody keeps among the important ones, the last one first."""
        mine = select(cls).where(cls.work_order_id == order.id, cls.removed_at.is_(None), cls.pinned_at.is_not(None))
        return db.session.scalars(mine.order_by(cls.pinned_at.desc(), cls.id)).all()

    # verbs; each done twice does it once

    def show(self: "WorkItem", shown: bool, *, by: Actor) -> None:
        """Open or close the eye. Raises Refused: the order is closed."""
        self.order.must_be_open()
        if self.shown is not shown:
            self.shown = shown
            self._note("work_item.shown" if shown else "work_item.hidden", by)

    def pin(self: "WorkItem", *, by: Actor) -> None:
        if not self.is_pinned:
            self.pinned_at, self.pinned_by = clock.now(), by.name
            self._note("work_item.pinned", by)

    def unpin(self: "WorkItem", *, by: Actor) -> None:
        if self.is_pinned:
            self.pinned_at, self.pinned_by = None, ""
            self._note("work_item.unpinned", by)

    def start(self: "WorkItem", *, by: Actor) -> None:
        """The mechanic begins with it. Raises Refused: closed, not authorised, or it would pass the ceiling."""
        self._must_be_allowed()
        if not self.is_started and self.removed_at is None:
            self.started_at, self.started_by = clock.now(), by.name
            self._note("work_item.started", by)

    def finish(self: "WorkItem", *, by: Actor) -> None:
        """The work is done. Raises Refused: as ``start``."""
        self._must_be_allowed()
        if not self.is_done and self.removed_at is None:
            self.done_at, self.done_by = clock.now(), by.name
            self._note("work_item.done", by)

    def reopen(self: "WorkItem", *, by: Actor) -> None:
        """Undo ``finish``."""
        self.order.must_be_open()
        if self.is_done:
            self.done_at, self.done_by = None, ""
            self._note("work_item.reopened", by)

    def _must_be_allowed(self: "WorkItem") -> None:
        from models.approvals import Approvals

        self.order.must_be_open()
        if not self.is_done and self.removed_at is None:
            Approvals(self.order).must_be_startable(self)
