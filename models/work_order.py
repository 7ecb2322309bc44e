"""A work order: the vehicle is in the shop. Check-in opens it; the board (statuses, work items) builds on it."""

from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship
from sqlalchemy.sql.base import ExecutableOption

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned, load
from models.refused import Refused
from models.visit import Visit

if TYPE_CHECKING:
    from models.customer import Customer
    from models.shop import Shop
    from models.vehicle import Vehicle

FIRST_NUMBER = 1001


def lock_numbers(shop_id: int) -> None:
    """The shop's row is the lock under which its numbers are given out."""
    from models.shop import Shop

    db.session.execute(select(Shop.id).where(Shop.id == shop_id).with_for_update())


class WorkOrder(ShopOwned, Base):
    __tablename__ = "work_orders"
    __table_args__ = (UniqueConstraint("shop_id", "number"), UniqueConstraint("visit_id"))

    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    number: Mapped[int]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)

    visit: Mapped["Visit"] = relationship(back_populates="work_order")

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @classmethod
    def open(cls, visit: "Visit", by: Actor) -> "WorkOrder":
        """Check the visit's vehicle in; the caller holds the appointment's lock, if there is one."""
        lock_numbers(visit.shop_id)
        newest = db.session.scalar(select(func.max(cls.number)).where(cls.shop_id == visit.shop_id))
        order = cls(shop_id=visit.shop_id, number=(newest or FIRST_NUMBER - 1) + 1, opened_at=clock.now(), opened_by=by.name)
        visit.work_order = order
        db.session.flush()
        record(order, "work_order.opened", by, number=order.number)
        touch(visit.shop_id, "appointments")
        return order

    @classmethod
    def walk_in(cls, customer: "Customer", vehicle: "Vehicle", by: Actor) -> "WorkOrder":
        """Check in a vehicle that came without an appointment. Raises Refused: it is in the shop already."""
        lock_numbers(vehicle.shop_id)
        here = select(cls.number).join(cls.visit).where(Visit.vehicle_id == vehicle.id, cls.closed_at.is_(None))
        if number := db.session.scalar(here):
            raise Refused(_("This vehicle is in the shop already: work order %(number)s.", number=number))
        return cls.open(Visit.begin(customer, vehicle), by)

    def close(self, by: Actor) -> None:
        """The vehicle has left; doing it twice does it once."""
        if self.closed_at is None:
            self.closed_at = clock.now()
            record(self, "work_order.closed", by, number=self.number)
            touch(self.shop_id, "appointments")

    @classmethod
    def numbered(cls, shop: "Shop", number: int, lock: bool = False) -> "WorkOrder":
        """The shop's work order of that number, locked for this transaction if asked. Raises NotFound: there is none."""
        found = db.session.scalar(select(cls.id).where(cls.shop_id == shop.id, cls.number == number))
        return load(cls, shop.id, found or 0, cls.loaded(), lock=lock)

    @staticmethod
    def loaded() -> ExecutableOption:
        """Loader option for what every page of a work order says of its visit."""
        visit = joinedload(WorkOrder.visit)
        return visit.options(joinedload(Visit.customer), joinedload(Visit.vehicle), joinedload(Visit.appointment))

    @classmethod
    def open_in(cls, shop: "Shop") -> list["WorkOrder"]:
        """The vehicles that are in the shop, first come first."""
        here = select(cls).where(cls.shop_id == shop.id, cls.closed_at.is_(None))
        return list(db.session.scalars(here.options(cls.loaded()).order_by(cls.opened_at)))
