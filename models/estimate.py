"""An estimate that somebody asked for; it becomes an appointment in one step."""

from datetime import date as Date
from datetime import datetime
from datetime import time as Time
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from models import clock
from models.actor import Actor
from models.appointment import Appointment
from models.base import Base, db
from models.customer import Customer
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned
from models.refused import Refused
from models.vehicle import Vehicle
from models.visit import Visit
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from sqlalchemy import Select

    from models.shop import Shop

PAGE = 100


class Estimate(ShopOwned, Base):
    __tablename__ = "estimates"
    __table_args__ = (Index("ix_estimates_asked_at", "shop_id", "asked_at"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"))
    type_of_work: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    declined_at: Mapped[datetime | None] = mapped_column(default=None)  # the customer will not come
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"), unique=True, default=None)

    shop: Mapped["Shop"] = relationship()
    customer: Mapped[Customer] = relationship()
    vehicle: Mapped[Vehicle] = relationship()
    appointment: Mapped[Appointment | None] = relationship()

    @classmethod
    def ask(cls, customer: Customer, vehicle: Vehicle, type_of_work: str, note: str = "", *, by: Actor) -> "Estimate":
        """Somebody asked what it would cost. Raises Refused without a word on the work."""
        if not type_of_work.strip():
            raise Refused("Say what the estimate is for.", field="type_of_work")
        estimate = cls(
            shop_id=customer.shop_id,
            shop=customer.shop,
            customer=customer,
            vehicle=vehicle,
            type_of_work=type_of_work.strip(),
            note=note.strip(),
            asked_at=clock.now(),
        )
        db.session.add(estimate)
        db.session.flush()
        record(estimate, "estimate.asked", by)
        touch(customer.shop_id, "estimates")
        return estimate

    @classmethod
    def active(cls, shop: "Shop") -> list["Estimate"]:
        """Those whose customer has no vehicle in the shop, has no appointment from it and has not declined; newest first."""
        here = (
            select(Visit.customer_id)
            .join(WorkOrder, WorkOrder.visit_id == Visit.id)
            .where(Visit.shop_id == shop.id, WorkOrder.closed_at.is_(None))
        )
        query = cls._of(shop).where(cls.declined_at.is_(None), cls.appointment_id.is_(None), cls.customer_id.not_in(here))
        return list(db.session.scalars(query))

    @classmethod
    def all(cls, shop: "Shop") -> list["Estimate"]:
        return list(db.session.scalars(cls._of(shop)))

    @classmethod
    def search(cls, shop: "Shop", words: str) -> list["Estimate"]:
        """By name, phone, plate or vehicle."""
        found = {customer.id for customer in Customer.search(shop, words, limit=PAGE)}
        query = cls._of(shop).join(cls.vehicle)
        described = [
            Vehicle.make.icontains(word, autoescape=True) | Vehicle.model.icontains(word, autoescape=True) for word in words.split()
        ]
        if not described:
            return []
        matching = described[0]
        for condition in described[1:]:
            matching = matching & condition
        return list(db.session.scalars(query.where(cls.customer_id.in_(found) | matching)))

    @classmethod
    def _of(cls, shop: "Shop") -> "Select[Estimate]":
        loaded = joinedload(cls.customer).options(selectinload(Customer.phones)), joinedload(cls.vehicle), joinedload(cls.appointment)
        return select(cls).where(cls.shop_id == shop.id).options(*loaded).order_by(cls.asked_at.desc(), cls.id.desc()).limit(PAGE)

    def book(
        self,
        date: Date,
        time: Time | None,
        preference: str,
        *,
        by: Actor,
        shop_note: str | None = None,
        customer_note: str = "",
        type_of_work: str | None = None,
        accept_warnings: bool = False,
    ) -> Appointment:
        """Make the appointment of it, keeping all that was entered. Raises Refused: like ``Appointment.book``, or booked already."""
        if self.appointment_id:
            raise Refused("An appointment was made of this estimate already.")
        self.appointment = Appointment.book(
            self.customer,
            self.vehicle,
            date,
            time,
            preference,
            by=by,
            type_of_work=self.type_of_work if type_of_work is None else type_of_work,
            shop_note=self.note if shop_note is None else shop_note,
            customer_note=customer_note,
            accept_warnings=accept_warnings,
        )
        record(self, "estimate.booked", by)
        touch(self.shop_id, "estimates")
        return self.appointment

    def decline(self, *, by: Actor) -> None:
        """The customer will not come; doing it twice does it once."""
        if self.declined_at is None:
            self.declined_at = clock.now()
            record(self, "estimate.declined", by)
            touch(self.shop_id, "estimates")

    def reopen(self, *, by: Actor) -> None:
        """Undo ``decline``."""
        if self.declined_at is not None:
            self.declined_at = None
            record(self, "estimate.reopened", by)
            touch(self.shop_id, "estimates")
