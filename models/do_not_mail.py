"""Do Not Mail: no follow-up letter goes to this customer, neither by e-mail nor by post. What they asked for themselves still does."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.actor import Actor
from models.base import Base, db, kept
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned

if TYPE_CHECKING:
    from models.customer import Customer

BY_HAND, BY_LINK, BY_CALL, COMPLAINT = "by_hand", "unsubscribed", "by_call", "complaint"


class DoNotMail(ShopOwned, Base):
    __tablename__ = "do_not_mails"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), unique=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    source: Mapped[str]
    by: Mapped[str]
    ip: Mapped[str] = mapped_column(default="")

    @classmethod
    def of(cls, customer: "Customer") -> "DoNotMail | None":
        return db.session.scalars(select(cls).where(cls.customer_id == customer.id)).first()

    @classmethod
    def set(cls, customer: "Customer", source: str, *, by: Actor) -> None:
        """From now on; doing it twice does it once. What waits to go is stopped when it would."""
        if cls.of(customer) is None and kept(
            cls(shop_id=customer.shop_id, customer_id=customer.id, at=clock.now(), source=source, by=by.name, ip=by.ip)
        ):
            record(customer, "customer.do_not_mail", by, source=source)
            touch(customer.shop_id, "customers")

    @classmethod
    def lift(cls, customer: "Customer", *, by: Actor) -> None:
        """The customer wants letters again, as somebody of the shop says."""
        if standing := cls.of(customer):
            db.session.delete(standing)
            db.session.flush()
            record(customer, "customer.may_mail", by)
            touch(customer.shop_id, "customers")
