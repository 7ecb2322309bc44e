"""What a customer wrote beside their answers, with the pictures and videos they sent: important until somebody has read it.

The mechanic sees the words, and each file, only once the desk has made it visible to him.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from models import clock
from models.actor import Actor
from models.attachment import Attachment
from models.base import Base, db
from models.communication import Communication
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned
from models.refused import NotFound, Refused
from models.reply import Reply
from models.sent_file import SentFile
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.shop import Shop

TOPIC = "overviews"
MOST_FILES = 10


class Remark(ShopOwned, Base):
    __tablename__ = "remarks"
    __table_args__ = (Index("ix_remarks_order_read", "work_order_id", "read_at"),)

    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"))
    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), unique=True)
    text: Mapped[str]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None] = mapped_column(default=None)
    read_by: Mapped[str] = mapped_column(default="")
    shared_at: Mapped[datetime | None] = mapped_column(default=None)  # the words, with the mechanic
    shared_by: Mapped[str] = mapped_column(default="")

    order: Mapped[WorkOrder] = relationship()
    reply: Mapped[Reply] = relationship()
    attachments: Mapped[list[Attachment]] = relationship(order_by="Attachment.sent_at, Attachment.id", back_populates="remark")

    @classmethod
    def made_of(cls, reply: Reply) -> "Remark":
        """The reply's, made if it has none yet: from its comment, or for what is sent with it. The caller holds the order's lock."""
        known = db.session.scalars(select(cls).where(cls.reply_id == reply.id)).first()
        if known:
            return known
        remark = cls(shop_id=reply.shop_id, work_order_id=reply.work_order_id, reply=reply, text=reply.comment, at=reply.at)
        remark.attachments = []
        db.session.add(remark)
        db.session.flush()
        touch(reply.shop_id, TOPIC)
        return remark

    def add(self, sent: SentFile, *, by: Actor) -> Attachment:
        """A picture or video that the customer sends with it; the same one again is kept once. Raises Refused: too many."""
        self.order.lock()
        db.session.expire(self, ["attachments"])
        if len(self.attachments) >= MOST_FILES and all(one.token != sent.token for one in self.attachments):
            sent.original.discard()
            raise Refused(_("Please send at most %(count)s pictures and videos.", count=MOST_FILES), field="files")
        taken = Attachment.take(self.order, sent, by, remark=self)
        if taken.original is sent.original:
            facts = {
                "version": self.reply.overview.version,
                "receipt": self._receipt,
                "kind": sent.kind.value,
                "digest": sent.original.digest,
            }
            Communication.write(self.order, "attached", facts=facts, personal={"name": by.name, "contact": self.reply.contact, "ip": by.ip})
            touch(self.shop_id, TOPIC)
        return taken

    # questions

    @classmethod
    def within(cls, shop: "Shop", id: int) -> "Remark":
        """One of the shop's own, its order locked until this transaction ends. Raises NotFound."""
        found = db.session.scalars(select(cls).where(cls.id == id, cls.shop_id == shop.id)).first()
        if found is None:
            raise NotFound("Remark")
        found.order.lock()
        db.session.refresh(found)
        return found

    @classmethod
    def of(cls, order: WorkOrder) -> Sequence["Remark"]:
        """All of the order's, oldest first, with what came with them: one question, since there are few."""
        mine = select(cls).where(cls.work_order_id == order.id).options(joinedload(cls.attachments), joinedload(cls.reply))
        return db.session.scalars(mine.order_by(cls.at, cls.id)).unique().all()

    @classmethod
    def seen_by_mechanic(cls, order: WorkOrder) -> "list[tuple[Remark, list[Attachment]]]":
        """What is visible to the mechanic: of each remark the files; its words where ``is_shared``."""
        visible = or_(cls.shared_at.is_not(None), cls.attachments.any(Attachment.shared_at.is_not(None)))
        mine = select(cls).where(cls.work_order_id == order.id, visible).options(selectinload(cls.attachments))
        found = db.session.scalars(mine.order_by(cls.at, cls.id))
        return [(remark, [one for one in remark.attachments if one.is_shared]) for remark in found]

    @property
    def is_read(self) -> bool:
        return self.read_at is not None

    @property
    def is_shared(self) -> bool:
        return self.shared_at is not None

    @property
    def shared_count(self) -> int:
        """How much of it the mechanic sees: the words and each file."""
        return self.is_shared + sum(one.is_shared for one in self.attachments)

    @property
    def _receipt(self) -> str:
        return self.reply.number(self.order.number)

    # verbs; each done twice does it once

    def mark_read(self, *, by: Actor) -> None:
        if not self.is_read:
            self.read_at, self.read_by = clock.now(), by.name
            self._noted("remark.read", by)

    def mark_unread(self, *, by: Actor) -> None:
        if self.is_read:
            self.read_at, self.read_by = None, ""
            self._noted("remark.unread", by)

    def show_to_mechanic(self, *, words: bool, files: Iterable[int], by: Actor) -> None:
        """From now on he sees this much of it: the words or not, and these of its files. Raises NotFound: another's file."""
        wanted, mine = set(files), {one.id: one for one in self.attachments}
        if not wanted <= set(mine):
            raise NotFound("Attachment")
        words = words and bool(self.text)
        now = clock.now()
        shown, hidden = ([one for one in mine.values() if (one.id in wanted) is yes and one.is_shared is not yes] for yes in (True, False))
        for one in shown:
            one.shared_at, one.shared_by = now, by.name
        for one in hidden:
            one.shared_at, one.shared_by = None, ""
        turned, self.shared_at = self.is_shared is not words, (self.shared_at or now) if words else None
        self.shared_by = (by.name if turned else self.shared_by) if words else ""
        for kind, about, files_too in (("shared", turned and words, shown), ("unshared", turned and not words, hidden)):
            if about or files_too:
                facts = {"version": self.reply.overview.version, "receipt": self._receipt, "remark": about, "by": by.name}
                Communication.write(self.order, kind, facts={**facts, "files": [one.id for one in files_too]})
                self._noted(f"remark.{kind}", by)
                touch(self.shop_id, "attachments")

    def _noted(self, verb: str, by: Actor) -> None:
        record(self.order, verb, by, remark=self.id)
        touch(self.shop_id, TOPIC)
