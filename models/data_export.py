"""A customer's own data as one file (GDPR articles 15 and 20, CCPA 1798.110): asked for, made by a job, there for some days."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.customer import Customer
from models.entry import record
from models.handover import later, touch
from models.owned import ShopOwned
from models.refused import NotFound, Refused
from models.retention import DAY, Retention
from models.stored_file import StoredFile

if TYPE_CHECKING:
    from models.shop import Shop

JOB = "jobs.data_exports.make"


class DataExport(ShopOwned, Base):
    __tablename__ = "data_exports"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    asked_by: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    progress: Mapped[int] = mapped_column(default=0)  # per cent
    ready_at: Mapped[datetime | None] = mapped_column(index=True, default=None)
    failed_at: Mapped[datetime | None] = mapped_column(default=None)
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), default=None)

    shop: Mapped["Shop"] = relationship()
    customer: Mapped[Customer] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    # finding

    @classmethod
    def of(cls, customer: Customer) -> "Sequence[DataExport]":
        """Newest first."""
        return db.session.scalars(select(cls).where(cls.customer_id == customer.id).order_by(cls.id.desc())).all()

    @classmethod
    def own(cls, customer: Customer, id: int) -> "DataExport":
        """Raises NotFound: another customer's."""
        found = db.session.get(cls, id)
        if found is None or found.customer_id != customer.id:
            raise NotFound("DataExport")
        return found

    @classmethod
    def waiting_ids(cls) -> Sequence[int]:
        return db.session.scalars(select(cls.id).where(cls.ready_at.is_(None), cls.failed_at.is_(None))).all()

    # questions

    @property
    def is_ready(self) -> bool:
        return self.ready_at is not None

    @property
    def is_under_way(self) -> bool:
        return self.ready_at is None and self.failed_at is None

    @property
    def is_there(self) -> bool:
        """Whether it can be fetched still."""
        return self.file is not None and self.expires_at is not None and clock.now() < self.expires_at

    @property
    def file_name(self) -> str:
        return f"personal-data-{self.customer_id}-{self.shop.local(self.asked_at):%Y-%m-%d}.zip"

    # verbs

    @classmethod
    def ask(cls, customer: Customer, *, by: Actor) -> "DataExport":
        """Have it made; one that is being made is the answer. Raises Refused: the customer was erased."""
        customer.hold()
        if under_way := next((one for one in cls.of(customer) if one.is_under_way), None):
            return under_way
        export = cls(shop_id=customer.shop_id, shop=customer.shop, customer=customer, asked_by=by.name, asked_at=clock.now())
        db.session.add(export)
        db.session.flush()
        record(customer, "customer.data_export_asked", by)
        later(JOB, export.id)
        touch(customer.shop_id, "customers")
        return export

    def step(self, done: int, of: int) -> None:
        """How far it is."""
        self.progress = 100 * done // max(of, 1)
        touch(self.shop_id, "customers")

    def ready(self, file: StoredFile) -> None:
        db.session.add(file)
        db.session.flush()
        self.file, self.ready_at, self.progress = file, clock.now(), 100
        self.expires_at = self.ready_at + Retention.of(self.shop).export_days * DAY
        touch(self.shop_id, "customers")

    def failed(self) -> None:
        self.failed_at = clock.now()
        touch(self.shop_id, "customers")

    def fetched(self, *, by: Actor) -> StoredFile:
        """The file, for who takes it; that is written down. Raises Refused: its time is over."""
        if self.file is None or not self.is_there:
            raise Refused("This file is no longer there. Have it made again.")
        record(self.customer, "customer.data_fetched", by)
        touch(self.shop_id, "customers")
        return self.file
