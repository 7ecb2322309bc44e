"""A photo or video of a work order: sent by staff as the camera made it, shown as what a job made of it."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, UniqueConstraint, and_, func, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.attachment_conversion import Convertible
from models.attachment_reason import OURS, words_for
from models.base import Base, db
from models.entry import record
from models.handover import later, touch
from models.media_kind import MediaKind
from models.owned import ShopOwned
from models.photo import SIZES, fitted
from models.refused import NotFound, Refused
from models.rendition import Rendition
from models.sent_file import SentFile
from models.stored_file import StoredFile
from models.work_order import WorkOrder

LONGEST_CAPTION = 140  # characters
UNDO = timedelta(hours=24)  # how long what was removed can be brought back


class Attachment(Convertible, ShopOwned, Base):
    __tablename__ = "attachments"
    __table_args__ = (
        UniqueConstraint("work_order_id", "token"),
        Index("ix_attachments_waiting", "ready_at", "refused_at"),
    )

    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"))
    token: Mapped[str]
    kind: Mapped[MediaKind]
    name: Mapped[str]  # what the sender's camera called it
    caption: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_by: Mapped[str]
    # on its way to something that browsers can show
    original_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), index=True, default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    seen_at: Mapped[datetime | None] = mapped_column(default=None)  # the worker's last sign of life
    progress: Mapped[int] = mapped_column(default=0)  # percent
    refused_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(default="")  # a word of attachment_reason
    ready_at: Mapped[datetime | None] = mapped_column(default=None)
    width: Mapped[int | None] = mapped_column(default=None)  # pixels, of the large picture
    height: Mapped[int | None] = mapped_column(default=None)
    seconds: Mapped[int | None] = mapped_column(default=None)  # a video's
    removed_at: Mapped[datetime | None] = mapped_column(index=True, default=None)

    work_order: Mapped[WorkOrder] = relationship()
    original: Mapped[StoredFile | None] = relationship()
    renditions: Mapped[list[Rendition]] = relationship(cascade="all, delete-orphan")

    @classmethod
    def take(cls, order: WorkOrder, sent: SentFile, by: Actor) -> "Attachment":
        """Keep what was sent; a job makes of it what browsers show. Sent again under the same token it is kept once."""
        db.session.execute(select(WorkOrder.id).where(WorkOrder.id == order.id).with_for_update())  # two of one token: the second waits
        known = db.session.scalars(select(cls).where(cls.work_order_id == order.id, cls.token == sent.token)).first()
        if known:
            sent.original.discard()
            known.restore(by)
            return known
        taken = cls(shop_id=order.shop_id, work_order=order, kind=sent.kind, name=sent.name, token=sent.token, sent_by=by.name)
        taken.original = sent.original
        db.session.add(taken)
        db.session.flush()
        record(order, "attachment.added", by, attachment=taken.id, kind=sent.kind.value)
        later(taken.job, taken.id)
        touch(order.shop_id, "attachments")
        return taken

    @staticmethod
    def new_token() -> str:
        return secrets.token_urlsafe(12)

    # questions

    @classmethod
    def of(cls, order: WorkOrder) -> Sequence["Attachment"]:
        """What is to be seen of this order, in the order in which it was sent."""
        return cls.of_and_removed(order)[0]

    @classmethod
    def of_and_removed(cls, order: WorkOrder) -> tuple[list["Attachment"], list["Attachment"]]:
        """That, and beside it what was removed and can be brought back."""
        every = db.session.scalars(select(cls).where(cls.work_order_id == order.id).order_by(cls.sent_at, cls.id)).all()
        return [one for one in every if not one.removed_at], [one for one in every if one.removed_at]

    @classmethod
    def counted(cls, order_ids: Iterable[int]) -> dict[int, dict[MediaKind, int]]:
        """How many photos and videos can be seen of each order; an order without any is left out. One query for a whole board."""
        seen = select(cls.work_order_id, cls.kind, func.count()).where(
            cls.work_order_id.in_(order_ids), cls.ready_at.is_not(None), cls.removed_at.is_(None)
        )
        counts: dict[int, dict[MediaKind, int]] = {}
        for order_id, kind, count in db.session.execute(seen.group_by(cls.work_order_id, cls.kind)):
            counts.setdefault(order_id, {})[kind] = count
        return counts

    @classmethod
    def within(cls, shop_ids: Iterable[int], id: int) -> "Attachment":
        """One of these shops' own, with its order. Raises NotFound."""
        wanted = select(cls).where(cls.id == id, cls.shop_id.in_(shop_ids)).options(joinedload(cls.work_order))
        found = db.session.scalars(wanted).first()
        if found is None:
            raise NotFound(cls.__name__)
        return found

    def rendition(self, shape: str, content_types: Iterable[str] = ()) -> StoredFile:
        """The file of that shape: of the first of these types that there is, else any. Raises NotFound: not ready, or no such shape."""
        made = select(Rendition).where(Rendition.attachment_id == self.id, Rendition.shape == shape)
        files = {one.content_type: one.file for one in db.session.scalars(made.order_by(Rendition.content_type))}
        if not files or self.removed_at:
            raise NotFound("Rendition")
        return next((files[wanted] for wanted in content_types if wanted in files), next(iter(files.values())))

    @property
    def small_size(self) -> tuple[int, int]:
        """Width and height of the small picture, so that a page keeps its place while it loads."""
        return fitted(self.width or 1, self.height or 1, SIZES["small"])

    @property
    def is_video(self) -> bool:
        return self.kind == MediaKind.video

    @property
    def spoken(self) -> str:
        """What to say where it can't be seen."""
        return self.caption or (_("Video by %(name)s", name=self.sent_by) if self.is_video else _("Photo by %(name)s", name=self.sent_by))

    # verbs

    def say(self, caption: str, by: Actor) -> None:
        """Write what is to be seen on it. Raises Refused: too long."""
        caption = " ".join(caption.split())
        if len(caption) > LONGEST_CAPTION or not caption.isprintable():
            raise Refused(_("Please keep it under %(count)s characters, on one line.", count=LONGEST_CAPTION), field="caption")
        if caption != self.caption:
            self.caption = caption
            self._noted("attachment.captioned", by)

    def remove(self, by: Actor) -> None:
        """Out of sight at once, gone for good after ``UNDO``. Doing it twice does it once."""
        if self.removed_at is None:
            self.removed_at = clock.now()
            self._noted("attachment.removed", by)

    def restore(self, by: Actor) -> None:
        """Back as it was. Doing it twice does it once."""
        if self.removed_at is not None:
            self.removed_at = self.seen_at = None
            self._noted("attachment.restored", by)
            if not self.is_settled:
                later(self.job, self.id)

    def try_again(self, by: Actor) -> None:
        """Once more from the start, where that may help. Raises Refused: it would not."""
        if not self.can_be_tried_again:
            raise Refused(words_for("broken"))
        self.refused_at, self.seen_at, self.reason, self.attempts, self.progress = None, None, "", 0, 0
        self._noted("attachment.retried", by)
        later(self.job, self.id)

    def _noted(self, verb: str, by: Actor) -> None:
        record(self.work_order, verb, by, attachment=self.id, kind=self.kind.value)
        touch(self.shop_id, "attachments")

    # what nobody needs any more

    @classmethod
    def to_tidy(cls) -> Sequence[int]:
        """Ids of those that hold something which nobody needs any more: what was sent and is converted, what was removed."""
        long_ago = clock.now() - UNDO
        useless = or_(cls.ready_at.is_not(None), and_(cls.refused_at.is_not(None), cls.reason.not_in(OURS)), cls.refused_at <= long_ago)
        ended = cls.removed_at <= long_ago
        return db.session.scalars(select(cls.id).where(or_(and_(cls.original_id.is_not(None), useless), ended))).all()

    def tidy(self) -> None:
        """Remove what nobody needs any more of this one, if anything."""
        long_ago = clock.now() - UNDO
        if self.removed_at and self.removed_at <= long_ago:
            self.erase()
        elif self.is_ready or (self.refused_at and (self.reason not in OURS or self.refused_at <= long_ago)):
            self.drop_original()

    def drop_original(self) -> None:
        """What was sent holds the place where it was taken, and nobody needs it any more: the bytes first, then the row."""
        if self.original:
            self.original.discard()
            db.session.delete(self.original)
            self.original = None

    def erase(self) -> None:
        """For good: the bytes first, then the rows, so that a crash between leaves nothing that nobody knows of."""
        self.drop_original()
        for rendition in self.renditions:
            rendition.file.discard()
            db.session.delete(rendition.file)
        db.session.delete(self)
