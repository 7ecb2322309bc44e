"""What came of a call about a follow-up, as the one who called tapped it. It can be undone for a while, and is kept then too."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base
from models.call_outcome import Outcome
from models.do_not_mail import BY_CALL, DoNotMail
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned
from models.refused import Refused

if TYPE_CHECKING:
    from models.call import Call

TOPIC = "calls"
UNDOABLE = timedelta(hours=1)


class CallResult(ShopOwned, Base):
    __tablename__ = "call_results"
    __table_args__ = (UniqueConstraint("call_id", "number"), Index("ix_call_results_day", "shop_id", "at"))

    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"))
    number: Mapped[int]  # the how manieth of its call, undone ones too: two who tap at once are not both the first
    outcome: Mapped[Outcome]
    phone: Mapped[str] = mapped_column(default="")  # the customer's first number then
    call_on: Mapped[date | None] = mapped_column(default=None)  # when the call was due before
    barred: Mapped[bool] = mapped_column(default=False)  # it set Do Not Mail, so that undoing it takes that off
    at: Mapped[datetime] = mapped_column(default=clock.now)
    actor_id: Mapped[int | None] = mapped_column(default=None)
    actor_name: Mapped[str]
    undone_at: Mapped[datetime | None] = mapped_column(default=None)
    undone_by: Mapped[str] = mapped_column(default="")

    call: Mapped["Call"] = relationship(back_populates="results")

    @property
    def is_undoable(self) -> bool:
        """The newest that stands, while it is fresh."""
        return self.undone_at is None and self.call.last is self and clock.now() - self.at < UNDOABLE

    def undo(self, *, by: Actor) -> None:
        """It was a slip of the finger. Doing it twice does it once. Raises Refused: too late, or there is a newer one."""
        self.call.hold()
        if self.undone_at is not None:
            return
        if not self.is_undoable:
            raise Refused(_("This result can't be undone any more. Note what is so now instead."))
        self.undone_at, self.undone_by = clock.now(), by.name
        self.call.call_on = self.call_on
        barred = DoNotMail.of(self.call.customer) if self.barred else None
        if barred and barred.source == BY_CALL:
            DoNotMail.lift(self.call.customer, by=by)
        record(self.call, "call.undone", by, outcome=self.outcome.value)
        touch(self.shop_id, TOPIC)
