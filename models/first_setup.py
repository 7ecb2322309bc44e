"""The first set-up: a link by which one person opens a business in an installation, and how far its shop has come since."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, exists, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.base import Base, db
from models.refused import NotFound
from models.shop import Shop
from models.staff_member import StaffMember

LASTS = timedelta(days=7)
BYTES = 16  # of chance in a link's token: 22 characters


class Step(StrEnum):
    """What is asked, in this order."""

    business = "business"
    address = "address"
    hours = "hours"
    look = "look"
    texting = "texting"


class FirstSetup(Base):
    """Until the link was used it belongs to nobody; its token is printed once and stands in no row."""

    __tablename__ = "first_setups"

    digest: Mapped[str | None] = mapped_column(unique=True)  # none: the operator opened the business by command
    issued_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)  # a newer link took its place
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    shop_id: Mapped[int | None] = mapped_column(ForeignKey("shops.id"), unique=True, default=None)
    saved: Mapped[list[Any]] = mapped_column(default=list)  # names of steps
    put_away_at: Mapped[datetime | None] = mapped_column(default=None)  # Today says nothing of it any more

    shop: Mapped[Shop | None] = relationship()

    # the link

    @staticmethod
    def is_awaited() -> bool:
        """Whether nobody can sign in yet."""
        return not db.session.scalar(select(exists().where(StaffMember.activated_at.is_not(None))))

    @classmethod
    def issue(cls) -> str:
        """A new link's token; those before it that nobody used stop working."""
        db.session.execute(update(cls).where(cls.used_at.is_(None), cls.ended_at.is_(None)).values(ended_at=clock.now()))
        token = secrets.token_urlsafe(BYTES)
        db.session.add(cls(digest=_digest(token)))
        return token

    @classmethod
    def found(cls, token: str) -> "FirstSetup":
        """Raises NotFound: there never was such a link."""
        if setup := db.session.scalars(select(cls).where(cls.digest == _digest(token))).first():
            return setup
        raise NotFound("FirstSetup")

    @property
    def works(self) -> bool:
        return self.used_at is None and self.ended_at is None and clock.now() < self.issued_at + LASTS

    def claim(self) -> bool:
        """Use the link up; of two at once, false for the second."""
        mine = update(FirstSetup).where(FirstSetup.id == self.id, FirstSetup.used_at.is_(None), FirstSetup.ended_at.is_(None))
        done = db.session.execute(mine.values(used_at=clock.now()).execution_options(synchronize_session="fetch"))
        return bool(done.rowcount == 1)  # type: ignore[attr-defined]

    # the steps

    @classmethod
    def of(cls, shop: Shop) -> "FirstSetup | None":
        return db.session.scalars(select(cls).where(cls.shop_id == shop.id)).first()

    @classmethod
    def begin(cls, shop: Shop) -> "FirstSetup":
        """Of a shop that was opened without a link; doing it twice does it once."""
        setup = cls.of(shop) or cls(shop=shop, used_at=clock.now(), saved=[Step.business.value])
        db.session.add(setup)
        return setup

    def save(self, step: Step) -> None:
        if step.value not in self.saved:
            self.saved = [*self.saved, step.value]

    def has(self, step: Step) -> bool:
        return step.value in self.saved

    @property
    def next(self) -> Step | None:
        """The first step that nobody has saved."""
        return next((step for step in Step if not self.has(step)), None)

    def put_away(self) -> None:
        self.put_away_at = self.put_away_at or clock.now()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
