"""What a customer sent: the answers of one version, signed, with the amount that was on screen. Numbered under the work order."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.answer import Answer
from models.base import Base, db
from models.money import Money
from models.overview_rules import Visibility
from models.owned import ShopOwned
from models.refused import NotFound
from models.stored_file import StoredFile

if TYPE_CHECKING:
    from models.overview import Overview


class Reply(ShopOwned, Base):
    __tablename__ = "replies"
    __table_args__ = (UniqueConstraint("overview_id", "key"), UniqueConstraint("work_order_id", "ordinal"))

    overview_id: Mapped[int] = mapped_column(ForeignKey("overviews.id"))
    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"))
    ordinal: Mapped[int]  # of this order's: 1, 2, …
    key: Mapped[str]  # of the page that sent it, so that two taps send once
    at: Mapped[datetime] = mapped_column(default=clock.now)
    name: Mapped[str]  # as typed
    comment: Mapped[str] = mapped_column(default="")
    statement: Mapped[str]  # the sentence that was agreed to, as it was on screen
    amount: Mapped[int] = mapped_column(BigInteger)  # minor units, with tax: all that is authorised now
    tax: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    prices: Mapped[Visibility]  # which of them were on screen
    contact: Mapped[str]  # the address or number that the overview had been sent to
    ip: Mapped[str] = mapped_column(default="")
    agent: Mapped[str] = mapped_column(default="")
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), default=None)
    digest: Mapped[str]  # of all that was on screen and all that was said, see ``evidence.evidence``
    receipt: Mapped[dict[str, Any]] = mapped_column(default=dict)  # that itself

    overview: Mapped["Overview"] = relationship(back_populates="replies")
    answers: Mapped[list[Answer]] = relationship(order_by=Answer.id, back_populates="reply")
    signature: Mapped[StoredFile | None] = relationship()

    @classmethod
    def of(cls, order_id: int) -> "Sequence[Reply]":
        """All that came about this order, in their order."""
        return db.session.scalars(select(cls).where(cls.work_order_id == order_id).order_by(cls.ordinal)).all()

    @classmethod
    def numbered(cls, order_id: int, ordinal: int) -> "Reply":
        """The order's own. Raises NotFound."""
        found = db.session.scalars(select(cls).where(cls.work_order_id == order_id, cls.ordinal == ordinal)).first()
        if found is None:
            raise NotFound("Reply")
        return found

    def number(self, order_number: int) -> str:
        """What people call the receipt."""
        return f"{order_number}-A{self.ordinal}"

    @property
    def budget(self) -> Money:
        return Money(self.amount, self.currency)
