"""A printed document (a PDF), made by a job: asked for, then ready or failed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.appointment import Appointment
from models.base import Base, db
from models.handover import later, touch
from models.owned import ShopOwned
from models.postcard_batch import PostcardBatch
from models.refused import NotFound
from models.repair_order import RepairOrder
from models.reply import Reply
from models.shop import Shop
from models.stored_file import StoredFile
from models.work_order import WorkOrder


class Document(ShopOwned, Base):
    __tablename__ = "documents"
    __table_args__ = (Index("ix_documents_waiting", "ready_at", "failed_at"),)

    kind: Mapped[str]  # slip, repair_order, receipt, postcards
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"), index=True, default=None)
    work_order_id: Mapped[int | None] = mapped_column(ForeignKey("work_orders.id"), index=True, default=None)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"), index=True, default=None)
    postcard_batch_id: Mapped[int | None] = mapped_column(ForeignKey("postcard_batches.id"), index=True, default=None)
    digest: Mapped[str] = mapped_column(default="", server_default="")  # of what is printed, see ``RepairOrder``
    asked_by: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    ready_at: Mapped[datetime | None] = mapped_column(default=None)
    failed_at: Mapped[datetime | None] = mapped_column(default=None)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), default=None)

    shop: Mapped[Shop] = relationship()
    appointment: Mapped[Appointment | None] = relationship()
    work_order: Mapped[WorkOrder | None] = relationship()
    reply: Mapped[Reply | None] = relationship()
    postcard_batch: Mapped[PostcardBatch | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    @classmethod
    def slip(cls, appointment: Appointment, by: Actor) -> "Document":
        """Ask for the appointment's slip."""
        document = cls(shop_id=appointment.shop_id, shop=appointment.shop, kind="slip", appointment=appointment, asked_by=by.name)
        db.session.add(document)
        db.session.flush()
        later("jobs.documents.render", document.id)
        return document

    @classmethod
    def repair_order(cls, order: WorkOrder, by: Actor) -> "Document":
        """Ask for the order's paper; what was printed, or asked for, is the answer as long as nothing on it has changed."""
        shop, digest = order.visit.shop, RepairOrder(order).digest
        same = select(cls).where(cls.work_order_id == order.id, cls.digest == digest, cls.failed_at.is_(None))
        if printed := db.session.scalars(same.order_by(cls.id.desc())).first():
            return printed
        document = cls(shop_id=shop.id, shop=shop, kind="repair_order", work_order=order, digest=digest, asked_by=by.name)
        db.session.add(document)
        db.session.flush()
        later("jobs.documents.render", document.id)
        return document

    @classmethod
    def receipt(cls, reply: Reply, by: Actor) -> "Document":
        """The receipt of a reply, asked for once: nothing on it ever changes. One that failed is asked for anew."""
        same = select(cls).where(cls.reply_id == reply.id, cls.failed_at.is_(None))
        if printed := db.session.scalars(same.order_by(cls.id)).first():
            return printed
        order = reply.overview.order
        document = cls(
            shop_id=reply.shop_id, shop=order.visit.shop, kind="receipt", work_order=order, digest=reply.digest, asked_by=by.name
        )
        document.reply = reply
        db.session.add(document)
        db.session.flush()
        later("jobs.documents.render", document.id)
        return document

    @classmethod
    def postcards(cls, batch: PostcardBatch, by: Actor) -> "Document":
        """Ask for the cards of the batch that still go; one that is being made already is the answer."""
        newest = cls.newest_of_batches([batch]).get(batch.id)
        if newest and not newest.is_ready and not newest.has_failed:
            return newest
        document = cls(shop_id=batch.shop_id, shop=batch.shop, kind="postcards", postcard_batch=batch, asked_by=by.name)
        db.session.add(document)
        db.session.flush()
        later(document.job, document.id)
        return document

    @classmethod
    def newest_of_batches(cls, batches: Sequence[PostcardBatch]) -> "dict[int, Document]":
        """The PDFs as far as they are, by the batches' ids."""
        query = select(cls).where(cls.postcard_batch_id.in_([batch.id for batch in batches])).order_by(cls.id)
        return {document.postcard_batch_id: document for document in db.session.scalars(query) if document.postcard_batch_id}

    @classmethod
    def newest_of(cls, reply: Reply) -> "Document | None":
        """The receipt's PDF as far as it is: ready, being made, or failed."""
        return db.session.scalars(select(cls).where(cls.reply_id == reply.id).order_by(cls.id.desc())).first()

    @classmethod
    def of(cls, order: WorkOrder, id: int) -> "Document":
        """One of the order's own. Raises NotFound."""
        found = db.session.scalars(select(cls).where(cls.id == id, cls.work_order_id == order.id)).first()
        if found is None:
            raise NotFound("Document")
        return found

    @classmethod
    def waiting(cls) -> list["Document"]:
        return list(db.session.scalars(select(cls).where(cls.ready_at.is_(None), cls.failed_at.is_(None))))

    @property
    def is_ready(self) -> bool:
        return self.ready_at is not None

    @property
    def has_failed(self) -> bool:
        return self.failed_at is not None

    @property
    def job(self) -> str:
        """Which job makes it: hundreds of cards take a while, and nobody's slip waits for them."""
        return "jobs.postcards.render" if self.kind == "postcards" else "jobs.documents.render"

    @property
    def name(self) -> str:
        """Of its file, without the ending."""
        if self.postcard_batch:
            return f"postcards-{self.shop.local(self.postcard_batch.made_at):%Y-%m-%d}-{self.postcard_batch.id}"
        if self.reply and self.work_order:
            return f"receipt-{self.reply.number(self.work_order.number)}"
        return f"repair-order-{self.work_order.number}" if self.work_order else f"{self.kind}-{self.id}"

    def ready(self, pdf: bytes) -> None:
        self.file, self.ready_at = StoredFile.keep(self.shop_id, pdf, "application/pdf"), clock.now()
        self._tell()

    def failed(self) -> None:
        self.failed_at = clock.now()
        self._tell()

    def _tell(self) -> None:
        """Who waits for a batch of cards sees it on a live page; the others look at the paper itself."""
        if self.postcard_batch_id:
            touch(self.shop_id, "messages")
