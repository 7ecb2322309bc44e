"""A photo or video of a work order: sent by staff as the camera made it, shown as what a job made of it."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, and_, func, or_, select, update
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.attachment_removal import Removable
from models.base import Base, db
from models.entry import record
from models.finding import Finding
from models.handover import later, touch
from models.media_kind import MediaKind
from models.photo import SIZES, fitted
from models.refused import NotFound, Refused
from models.rendition import Rendition
from models.sent_file import SentFile
from models.stored_file import StoredFile
from models.work_item import WorkItem
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.remark import Remark

LONGEST_CAPTION = 140  # characters
JOBS = {MediaKind.photo: "jobs.photos.convert", MediaKind.video: "jobs.videos.convert"}


class Attachment(Removable, Base):
    topic = "attachments"
    __tablename__ = "attachments"
    __table_args__ = (
        UniqueConstraint("work_order_id", "token"),
        Index("ix_attachments_waiting", "ready_at", "refused_at"),
    )

    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"))
    token: Mapped[str]
    kind: Mapped[MediaKind]
    caption: Mapped[str] = mapped_column(default="")
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"), index=True, default=None)  # what of the inspection it shows
    item_id: Mapped[int | None] = mapped_column(ForeignKey("work_items.id"), index=True, default=None)  # which work it was put to
    shown_at: Mapped[datetime | None] = mapped_column(default=None)  # it went to the customer with an overview: kept for good
    remark_id: Mapped[int | None] = mapped_column(ForeignKey("remarks.id"), index=True, default=None)  # the customer sent it with that
    shared_at: Mapped[datetime | None] = mapped_column(default=None)  # and the mechanic may see it
    shared_by: Mapped[str] = mapped_column(default="", server_default="")

    work_order: Mapped[WorkOrder] = relationship()
    finding: Mapped[Finding | None] = relationship(back_populates="attachments")
    remark: Mapped["Remark | None"] = relationship(back_populates="attachments")
    renditions: Mapped[list[Rendition]] = relationship(cascade="all, delete-orphan")

    @classmethod
    def take(
        cls,
        order: WorkOrder,
        sent: SentFile,
        by: Actor,
        *,
        finding: Finding | None = None,
        item: WorkItem | None = None,
        remark: "Remark | None" = None,
    ) -> "Attachment":
        """Keep what was sent; a job makes of it what browsers show. Sent again under the same token it is kept once."""
        db.session.execute(select(WorkOrder.id).where(WorkOrder.id == order.id).with_for_update())  # two of one token: the second waits
        known = db.session.scalars(select(cls).where(cls.work_order_id == order.id, cls.token == sent.token)).first()
        if known:
            sent.original.discard()
            known.restore(by)
            return known
        taken = cls(shop_id=order.shop_id, work_order=order, kind=sent.kind, name=sent.name, token=sent.token, sent_by=by.name)
        taken.original, taken.finding, taken.item_id = sent.original, finding, item.id if item else None
        taken.remark = remark
        db.session.add(taken)
        db.session.flush()
        record(order, "attachment.added", by, attachment=taken.id, kind=sent.kind.value)
        later(taken.job, taken.id)
        touch(order.shop_id, "attachments")
        return taken

    @staticmethod
    def new_token() -> str:
        return secrets.token_urlsafe(12)

    @property
    def job(self) -> str:
        return JOBS[self.kind]

    # questions

    @classmethod
    def of(cls, order: WorkOrder) -> Sequence["Attachment"]:
        """What staff have taken of this order, in the order in which it was sent; what its customer sent is with their remarks."""
        return cls.of_and_removed(order)[0]

    @classmethod
    def of_and_removed(cls, order: WorkOrder) -> tuple[list["Attachment"], list["Attachment"]]:
        """That, and beside it what was removed and can be brought back."""
        mine = select(cls).where(cls.work_order_id == order.id, cls.remark_id.is_(None))
        every = db.session.scalars(mine.order_by(cls.sent_at, cls.id)).all()
        return [one for one in every if not one.removed_at], [one for one in every if one.removed_at]

    @classmethod
    def counted(cls, order_ids: Iterable[int]) -> dict[int, dict[MediaKind, int]]:
        """How many photos and videos of staff can be seen of each order; without any it is left out. One query for a whole board."""
        seen = select(cls.work_order_id, cls.kind, func.count()).where(
            cls.work_order_id.in_(order_ids), cls.ready_at.is_not(None), cls.removed_at.is_(None), cls.remark_id.is_(None)
        )
        counts: dict[int, dict[MediaKind, int]] = {}
        for order_id, kind, count in db.session.execute(seen.group_by(cls.work_order_id, cls.kind)):
            counts.setdefault(order_id, {})[kind] = count
        return counts

    @classmethod
    def by_item(cls, order: WorkOrder) -> dict[int | None, list["Attachment"]]:
        """What can be shown of the order's work items, by item id: of their findings, or put to them; under None what shows none of them.
        One query for all, with what their digests need."""
        of_item = or_(WorkItem.id == cls.item_id, WorkItem.finding_id == func.coalesce(Finding.lead_id, Finding.id))
        query = select(WorkItem.id, cls).select_from(cls).outerjoin(Finding, Finding.id == cls.finding_id)
        query = query.outerjoin(WorkItem, and_(WorkItem.work_order_id == cls.work_order_id, WorkItem.removed_at.is_(None), of_item))
        query = query.where(cls.work_order_id == order.id, cls.ready_at.is_not(None), cls.removed_at.is_(None), cls.remark_id.is_(None))
        found: dict[int | None, list[Attachment]] = {}
        for item_id, picture in db.session.execute(query.options(joinedload(cls.renditions)).order_by(cls.sent_at, cls.id)).unique():
            found.setdefault(item_id, []).append(picture)
        return found

    @classmethod
    def own(cls, shop_id: int, id: int) -> "Attachment":
        """One that the shop's staff have taken, with its order: theirs to caption and remove. Raises NotFound."""
        return cls._found(cls.id == id, cls.shop_id == shop_id, cls.remark_id.is_(None))

    @classmethod
    def seen(cls, id: int, *, shops: Iterable[int], desks: Iterable[int]) -> "Attachment":
        """One of these shops' own, with its order; of what a customer sent, what was shared or what a desk of ``desks`` may see.

        Raises NotFound.
        """
        may_be_seen = or_(cls.remark_id.is_(None), cls.shared_at.is_not(None), cls.shop_id.in_(desks))
        return cls._found(cls.id == id, cls.shop_id.in_(shops), may_be_seen)

    @classmethod
    def _found(cls, *conditions: ColumnElement[bool]) -> "Attachment":
        found = db.session.scalars(select(cls).where(*conditions).options(joinedload(cls.work_order))).first()
        if found is None:
            raise NotFound(cls.__name__)
        return found

    def rendition(self, shape: str, content_types: Iterable[str] = ()) -> StoredFile:
        """The file of that shape: of the first of these types that there is, else any. Raises NotFound: not ready, or no such shape."""
        made = select(Rendition).where(Rendition.attachment_id == self.id, Rendition.shape == shape)
        files = {one.content_type: one.file for one in db.session.scalars(made.order_by(Rendition.content_type))}
        if not files or (self.removed_at and not self.is_kept_for_good):
            raise NotFound("Rendition")
        return next((files[wanted] for wanted in content_types if wanted in files), next(iter(files.values())))

    @property
    def small_size(self) -> tuple[int, int]:
        """Width and height of the small picture, so that a page keeps its place while it loads."""
        return fitted(self.width or 1, self.height or 1, SIZES["small"])

    @property
    def is_kept_for_good(self) -> bool:
        return self.shown_at is not None

    @classmethod
    def kept_for_good(cls) -> ColumnElement[bool]:
        return cls.shown_at.is_not(None)

    @classmethod
    def went_along(cls, ids: Iterable[int]) -> None:
        """These were shown to the customer with an overview: from now on they are part of the record."""
        unmarked = update(cls).where(cls.id.in_(ids), cls.shown_at.is_(None))
        db.session.execute(unmarked.values(shown_at=clock.now()).execution_options(synchronize_session="fetch"))

    @property
    def digest(self) -> str:
        """SHA-256 of what people see of it: the video, or the large picture as JPEG."""
        shape, kind = ("video", "video/mp4") if self.is_video else ("large", "image/jpeg")
        files = [one.file for one in self.renditions if one.shape == shape]
        file = next((file for file in files if file.content_type == kind), files[0])
        return file.digest or hashlib.sha256(file.read()).hexdigest()

    @property
    def is_customers(self) -> bool:
        """The customer sent it, with a remark."""
        return self.remark_id is not None

    @property
    def is_shared(self) -> bool:
        """The mechanic may see it: asked only of what a customer sent."""
        return self.shared_at is not None

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
            self._noted("captioned", by)

    def put_to(self, item: WorkItem | None, *, by: Actor) -> None:
        """It shows this work, or none any more; customers see it there. Raises Refused: the order is closed, or either was removed."""
        self.work_order.must_be_open()
        if self.removed_at or (item and item.removed_at):
            raise Refused(_("This was removed meanwhile."))
        if self.item_id != (item.id if item else None):
            self.item_id = item.id if item else None
            self._noted("put" if item else "taken", by)

    def copy_to(self, item: WorkItem) -> "Attachment":
        """The same picture on a later order, with files of its own: each order keeps and removes its own."""
        copy = Attachment(shop_id=item.shop_id, work_order=item.order, kind=self.kind, caption=self.caption, item_id=item.id)
        for name in ("name", "sent_at", "sent_by", "width", "height", "seconds"):
            setattr(copy, name, getattr(self, name))
        copy.token, copy.ready_at, copy.progress = self.new_token(), clock.now(), 100
        copy.renditions = [Rendition(shape=made.shape, content_type=made.content_type, file=made.file.copied()) for made in self.renditions]
        db.session.add(copy)
        db.session.flush()
        touch(item.shop_id, "attachments")
        return copy

    def _noted(self, verb: str, by: Actor) -> None:
        record(self.work_order, f"attachment.{verb}", by, attachment=self.id, kind=self.kind.value)
        touch(self.shop_id, self.topic)

    def _keep(self, files: Sequence[tuple[str, StoredFile]]) -> None:
        db.session.add_all(
            Rendition(attachment_id=self.id, shape=shape, content_type=file.content_type, file_id=file.id) for shape, file in files
        )

    def _erase_made(self) -> None:
        for rendition in self.renditions:
            rendition.file.discard()
            db.session.delete(rendition.file)
