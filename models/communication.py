"""The customer communication log: what was sent, opened, answered and authorised, in one chain a shop that can be proved untouched.

``facts`` say what happened and stay for good: nothing personal belongs there. ``personal`` values stand in rows of their own, each
with its salt, so that a person can be erased and the chain still verifies (see ``chain``).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Delete, ForeignKey, UniqueConstraint, delete, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from models import clock
from models.base import Base, db
from models.chain import body, digest_of, link, new_salt, salted, storable
from models.chain_head import ChainHead
from models.chain_proof import Broken, first_broken
from models.owned import ShopOwned
from models.visit import Visit
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.customer import Customer
    from models.shop import Shop


class PersonalValue(Base):
    """A name, an address, an IP address: what an erasure takes away, and the salt with it."""

    __tablename__ = "personal_values"
    __table_args__ = (UniqueConstraint("communication_id", "field"),)

    communication_id: Mapped[int] = mapped_column(ForeignKey("communications.id"))
    field: Mapped[str]
    value: Mapped[str]
    salt: Mapped[str]


class Communication(ShopOwned, Base):
    __tablename__ = "communications"
    __table_args__ = (UniqueConstraint("shop_id", "seq"),)

    seq: Mapped[int]  # its place in the shop's chain, from 1
    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"), index=True)
    order_number: Mapped[int]
    kind: Mapped[str]
    at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]
    personal_digests: Mapped[dict[str, Any]]  # by field
    previous: Mapped[str]  # the digest of the record before
    digest: Mapped[str]

    work_order: Mapped[WorkOrder] = relationship()
    personal_values: Mapped[list[PersonalValue]] = relationship(order_by=PersonalValue.field)

    @classmethod
    def write(
        cls,
        order: WorkOrder,
        kind: str,
        *,
        facts: Mapping[str, Any],
        personal: Mapping[str, str] | None = None,
        at: datetime | None = None,
    ) -> "Communication":
        """One more record at the end of the shop's chain; whoever writes at the same moment waits until this transaction ends.

        Raises TypeError: a fact that is no text, whole number, yes or no, or list of these.
        """
        values = storable({field: value for field, value in (personal or {}).items() if value})
        rows = [PersonalValue(field=field, value=value, salt=new_salt()) for field, value in sorted(values.items())]
        head, at = ChainHead.held(order.shop_id), at or clock.now()
        said: dict[str, Any] = {"facts": storable(facts), "personal": {row.field: salted(row.salt, row.value) for row in rows}}
        seq = head.seq + 1
        digest = link(head.digest, digest_of(body(shop=order.shop_id, seq=seq, order=order.number, kind=kind, at=at, **said)))
        written = cls(
            shop_id=order.shop_id,
            seq=seq,
            work_order=order,
            order_number=order.number,
            kind=kind,
            at=at,
            facts=said["facts"],
            personal_digests=said["personal"],
            previous=head.digest,
            digest=digest,
            personal_values=rows,
        )
        db.session.add(written)
        head.advance(digest)
        db.session.flush()
        return written

    @property
    def body(self) -> dict[str, Any]:
        said: dict[str, Any] = {"facts": self.facts, "personal": self.personal_digests}
        return body(shop=self.shop_id, seq=self.seq, order=self.order_number, kind=self.kind, at=self.at, **said)

    @property
    def personal(self) -> dict[str, str]:
        """What is on file of persons; a field that was erased is missing."""
        return {row.field: row.value for row in self.personal_values}

    @classmethod
    def of(cls, order: WorkOrder) -> list["Communication"]:
        """The order's records, as they were written."""
        mine = select(cls).where(cls.work_order_id == order.id).options(selectinload(cls.personal_values))
        return list(db.session.scalars(mine.order_by(cls.seq)))

    @classmethod
    def newest(cls, shop: "Shop") -> "Communication | None":
        """The last one of the shop's chain."""
        return db.session.scalars(select(cls).where(cls.shop_id == shop.id).order_by(cls.seq.desc()).limit(1)).first()

    @staticmethod
    def verify(shop: "Shop") -> Broken | None:
        """The first record of the shop's chain that is not as it was written, and why; None where all are."""
        return first_broken(shop.id)

    @classmethod
    def erase(cls, customer: "Customer") -> int:
        """Take what is personal out of the records of the customer's visits; says of how many. Each order gets a record of it."""
        orders = select(WorkOrder).join(WorkOrder.visit).where(Visit.customer_id == customer.id, WorkOrder.shop_id == customer.shop_id)
        erased = 0
        for order in db.session.scalars(orders.order_by(WorkOrder.id)).all():
            ChainHead.held(order.shop_id)
            holding = select(cls).where(cls.work_order_id == order.id, cls.personal_values.any()).order_by(cls.seq)
            records = db.session.scalars(holding).all()
            theirs = [record.id for record in records]
            cls.take_out(records, delete(PersonalValue).where(PersonalValue.communication_id.in_(theirs)))
            erased += len(records)
        return erased

    @classmethod
    def take_out(cls, records: "Sequence[Communication]", values: Delete) -> None:
        """Delete these personal values of the records; each order gets a record that says so, by which the chain still verifies."""
        for order in {record.work_order_id: record.work_order for record in records}.values():
            ChainHead.held(order.shop_id)
        if records:
            db.session.execute(values)
        by_order: dict[WorkOrder, list[Communication]] = {}
        for record in records:
            db.session.expire(record, ["personal_values"])
            by_order.setdefault(record.work_order, []).append(record)
        for order, taken in by_order.items():
            cls.write(order, "erased", facts={"records": [record.seq for record in taken]})


@event.listens_for(Session, "before_flush")
def _append_only(session: Session, context: Any, instances: Any) -> None:
    for thing in (*session.dirty, *session.deleted):
        if isinstance(thing, Communication | PersonalValue) and (thing in session.deleted or session.is_modified(thing)):
            raise RuntimeError("the communication log is append-only")
