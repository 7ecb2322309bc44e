"""What came in by a webhook: kept once however often it is repeated, worked on once however many workers see it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.base import Base, db
from models.owned import ShopOwned


class Webhook(ShopOwned, Base):
    __abstract__ = True

    raw: Mapped[dict[str, Any]]
    received_at: Mapped[datetime] = mapped_column(default=clock.now)
    worked_at: Mapped[datetime | None] = mapped_column(default=None, index=True)

    @classmethod
    def waiting_ids(cls) -> Sequence[int]:
        """Of those that nobody worked on yet, in the order in which they came: of STOP and START the last word counts."""
        return db.session.scalars(select(cls.id).where(cls.worked_at.is_(None)).order_by(cls.id)).all()

    def _begun(self) -> bool:
        """Mark it as worked on, with the row locked until the transaction ends; false where another worker was first."""
        noun = type(self)
        locked = select(noun).where(noun.id == self.id).with_for_update(of=noun).execution_options(populate_existing=True)
        if db.session.scalars(locked).one().worked_at:
            return False
        self.worked_at = clock.now()
        return True
