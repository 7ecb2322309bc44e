"""A visit: what brings a vehicle to the shop, from the booking to the thanks; behind it one link whose page follows along."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from models import clock
from models.base import Base, db
from models.link import Link
from models.opening import Opening
from models.owned import ShopOwned

if TYPE_CHECKING:
    from models.appointment import Appointment
    from models.customer import Customer
    from models.shop import Shop
    from models.vehicle import Vehicle
    from models.work_order import WorkOrder


class Stage(StrEnum):
    """How far the visit is, as the customer's page shows it."""

    appointment = "appointment"
    progress = "progress"
    closed = "closed"


class Visit(ShopOwned, Base):
    __tablename__ = "visits"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    shop: Mapped["Shop"] = relationship()
    customer: Mapped["Customer"] = relationship()
    vehicle: Mapped["Vehicle"] = relationship()
    appointment: Mapped["Appointment | None"] = relationship(back_populates="visit")
    work_order: Mapped["WorkOrder | None"] = relationship(back_populates="visit")
    links: Mapped[list[Link]] = relationship(back_populates="visit")
    openings: Mapped[list[Opening]] = relationship(order_by=Opening.id)

    @classmethod
    def begin(cls, customer: "Customer", vehicle: "Vehicle") -> "Visit":
        customer.hold()  # whoever merges two customers moves all their visits: none may come in between
        visit = cls(shop_id=customer.shop_id, shop=customer.shop, customer=customer, vehicle=vehicle)
        visit.appointment, visit.work_order, visit.links, visit.openings = None, None, [], []  # it is new: nobody has to ask
        db.session.add(visit)
        db.session.flush()
        visit.links = [Link.issue(visit, purpose) for purpose in ("visit", "calendar")]
        db.session.flush()
        return visit

    def lock(self) -> None:
        """Until this transaction ends, others who would change this visit's facts wait (SQLite's writers stand in line anyway)."""
        db.session.execute(select(Visit.id).where(Visit.id == self.id).with_for_update())

    @classmethod
    def of(cls, customer: "Customer", limit: int = 50) -> list["Visit"]:
        """The customer's visits, newest first, with what tells how each ended."""
        from models.appointment import Appointment

        ended = joinedload(cls.appointment).options(joinedload(Appointment.cancellation), selectinload(Appointment.no_shows))
        query = select(cls).where(cls.customer_id == customer.id).options(joinedload(cls.vehicle), joinedload(cls.work_order), ended)
        return list(db.session.scalars(query.order_by(cls.id.desc()).limit(limit)))

    @property
    def stage(self) -> Stage:
        if self.work_order is None:
            return Stage.appointment
        return Stage.closed if self.work_order.closed_at else Stage.progress

    @property
    def link(self) -> Link:
        """The one that texts and mails repeat."""
        return self._link("visit")

    @property
    def calendar_link(self) -> Link:
        """The one in calendar entries, which get shared: it shows, confirms and asks to move, and nothing more."""
        return self._link("calendar")

    def _link(self, purpose: str) -> Link:
        return next(link for link in self.links if link.purpose == purpose)
