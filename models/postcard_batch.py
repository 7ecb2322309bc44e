"""Postcards that are printed together: made by the clock, printed by the shop or a print service, posted by somebody who says so."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import Index, func, select, update
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.customer import Customer
from models.delivery import Delivery
from models.entry import record
from models.handover import touch
from models.letter import Letter
from models.message import Message
from models.owned import ShopOwned
from models.postcard_size import PostcardSize
from models.refused import Refused

if TYPE_CHECKING:
    from sqlalchemy.sql.base import ExecutableOption

    from models.shop import Shop

OWN, SERVICE = WAYS = ("own", "service")  # the shop prints and posts them, or a print service does both
MOST = 500  # cards in one batch: a box of them, and a file that opens at once
UNDO = timedelta(hours=2)  # so long "posted" may be taken back
LOOK_AGAIN = timedelta(hours=6)  # until the rules are asked again about cards that still lie here
STOPPED = (Delivery.held, Delivery.cancelled)  # by the rules, after the batch was made


class PostcardBatch(ShopOwned, Base):
    __tablename__ = "postcard_batches"
    __table_args__ = (Index("ix_postcard_batches_open", "posted_at", "looked_at"),)

    size: Mapped[PostcardSize]
    way: Mapped[str] = mapped_column(default=OWN)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by: Mapped[str]
    looked_at: Mapped[datetime] = mapped_column(default=clock.now)  # when the rules were last asked about its cards
    posted_at: Mapped[datetime | None] = mapped_column(default=None)
    posted_by: Mapped[str] = mapped_column(default="")

    shop: Mapped["Shop"] = relationship()
    cards: Mapped[list[Letter]] = relationship(back_populates="postcard_batch", order_by=Letter.card_number)

    @classmethod
    def listed(cls, shop: "Shop", before: int | None = None, limit: int = 30) -> Sequence["PostcardBatch"]:
        """Newest first."""
        query = select(cls).where(cls.shop_id == shop.id)
        query = query.where(cls.id < before) if before else query
        return db.session.scalars(query.order_by(cls.id.desc()).limit(limit)).all()

    @classmethod
    def to_look_at(cls) -> Sequence[int]:
        """Ids of those that still lie here and whose cards may have lost their reason since."""
        here = select(cls.id).where(cls.posted_at.is_(None), cls.way == OWN, cls.looked_at < clock.now() - LOOK_AGAIN)
        return db.session.scalars(here.order_by(cls.looked_at)).all()

    @classmethod
    def counted(cls, batches: Sequence["PostcardBatch"]) -> dict[int, tuple[int, int]]:
        """By id: how many cards go or went, and how many the rules stopped."""
        query = select(Letter.postcard_batch_id, Message.state, func.count()).join(Letter.message)
        query = query.where(Letter.postcard_batch_id.in_([batch.id for batch in batches]))
        found = {batch.id: (0, 0) for batch in batches}
        for batch_id, state, count in db.session.execute(query.group_by(Letter.postcard_batch_id, Message.state)):
            assert batch_id
            going, stopped = found[batch_id]
            found[batch_id] = (going, stopped + count) if state in STOPPED else (going + count, stopped)
        return found

    # its cards

    @staticmethod
    def whole() -> "tuple[ExecutableOption, ...]":
        """Loader options of a letter for all that its card says and the rules look at."""
        customer = joinedload(Letter.customer, innerjoin=True).options(selectinload(Customer.addresses), selectinload(Customer.emails))
        message = joinedload(Letter.message, innerjoin=True).options(*Message.whole())  # type: ignore[arg-type]
        return customer, message, joinedload(Letter.vehicle), joinedload(Letter.work_order), joinedload(Letter.appointment)

    @property
    def letters(self) -> Sequence[Letter]:
        """All of them, in the order in which they are printed."""
        query = select(Letter).where(Letter.postcard_batch_id == self.id).options(*self.whole())
        return db.session.scalars(query.order_by(Letter.card_number)).unique().all()

    @property
    def going(self) -> list[Letter]:
        """Those that are to be printed, or were posted."""
        return [letter for letter in self.letters if letter.message.state not in STOPPED]

    @property
    def left_out(self) -> list[Letter]:
        """Those that the rules stopped after the batch was made; each message says why."""
        return [letter for letter in self.letters if letter.message.state in STOPPED]

    def look_again(self) -> int:
        """Ask the rules about what still lies here: a card whose reason is gone is left out of the next PDF. Returns how many that are."""
        if self.posted_at or self.way != OWN:
            return 0
        self.looked_at = clock.now()
        stopped = sum(not letter.message.still_goes() for letter in self.going)
        if stopped:
            touch(self.shop_id, "messages")
        return stopped

    # posted

    @property
    def is_posted(self) -> bool:
        return self.posted_at is not None

    @property
    def may_undo(self) -> bool:
        """Whether "posted" may still be taken back."""
        return self.way == OWN and self.posted_at is not None and clock.now() < self.posted_at + UNDO

    def post(self, *, by: Actor) -> bool:
        """The shop's own cards are in the letter box: all that go count as sent. Twice is once; returns whether this was the once.

        The rules are not asked any more: what is printed and posted is a fact. Raises Refused: a print service does it.
        """
        if self.way != OWN:
            raise Refused(_("A print service posts these cards, and says itself when it has."))
        now = clock.now()
        mine = update(PostcardBatch).where(PostcardBatch.id == self.id, PostcardBatch.posted_at.is_(None), PostcardBatch.way == OWN)
        claimed = db.session.execute(mine.values(posted_at=now, posted_by=by.name))
        if claimed.rowcount != 1:  # type: ignore[attr-defined]
            return False
        db.session.refresh(self)
        sent = sum(letter.message.advance("accept", sent_at=now, failure="") for letter in self.going)
        record(self, "postcards.posted", by, count=sent)
        touch(self.shop_id, "messages")
        return True

    def take_back(self, *, by: Actor) -> None:
        """They are not posted after all. Twice is once. Raises Refused: that was said too long ago."""
        if not self.is_posted:
            return
        if not self.may_undo:
            raise Refused(_("That these cards were posted can't be taken back any more."))
        posted_at = self.posted_at
        self.posted_at, self.posted_by = None, ""
        for letter in self.going:
            if letter.message.sent_at == posted_at:
                letter.message.advance("again", sent_at=None)
        record(self, "postcards.not_posted", by)
        touch(self.shop_id, "messages")
