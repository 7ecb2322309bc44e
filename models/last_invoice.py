"""When a customer's last visit was invoiced, and of which vehicle: what inactive letters count from, found by the day alone."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, db
from models.closing import Closing
from models.owned import ShopOwned
from models.visit import Visit
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.customer import Customer


class LastInvoice(ShopOwned, Base):
    __tablename__ = "last_invoices"
    __table_args__ = (Index("ix_last_invoices_day", "shop_id", "on"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), unique=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"))
    on: Mapped[date]  # the day of the invoice; the close of a work order stands for it

    @classmethod
    def of(cls, customer_id: int) -> "LastInvoice | None":
        return db.session.scalars(select(cls).where(cls.customer_id == customer_id)).first()

    @classmethod
    def oldest(cls, shop_id: int) -> date | None:
        """The day of the one that is longest ago."""
        return db.session.scalar(select(cls.on).where(cls.shop_id == shop_id).order_by(cls.on).limit(1))

    @classmethod
    def reckon(cls, *customers: "Customer") -> None:
        """Look it up anew: a visit was closed or reopened, customers were merged or separated."""
        db.session.flush()
        for customer in customers:
            visits = select(Closing.invoiced_on, Visit.vehicle_id).join(WorkOrder, WorkOrder.id == Closing.work_order_id).join(Visit)
            visits = visits.where(Visit.customer_id == customer.id, Closing.reopened_at.is_(None))
            newest = db.session.execute(visits.order_by(Closing.invoiced_on.desc(), Closing.id.desc()).limit(1)).first()
            db.session.execute(delete(cls).where(cls.customer_id == customer.id))
            if newest:
                db.session.add(cls(shop_id=customer.shop_id, customer_id=customer.id, on=newest[0], vehicle_id=newest[1]))
        db.session.flush()
