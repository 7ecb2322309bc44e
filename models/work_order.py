"""A work order: the vehicle is in the shop. Check-in opens it; statuses move it over the board; closing it records the visit."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload
from sqlalchemy.sql.base import ExecutableOption

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.closing import Closing
from models.entry import record
from models.follow_up import QuietHours
from models.handover import touch
from models.owned import ShopOwned
from models.refused import NotFound, Refused
from models.staff_member import StaffMember
from models.status import Status
from models.status_stay import StatusStay
from models.status_update import Wish
from models.visit import Visit
from models.work_order_closing import Closable
from models.work_order_progress import Progressing

if TYPE_CHECKING:
    from models.assignment import Assignment
    from models.customer import Customer
    from models.inspection import Inspection
    from models.overview import Overview
    from models.shop import Shop
    from models.vehicle import Vehicle

FIRST_NUMBER = 1001
LONGEST_CONCERN = 2000


def lock_numbers(shop_id: int) -> None:
    """The shop's row is the lock under which its numbers are given out."""
    from models.shop import Shop

    # key_share: who has written a row of this shop (a new customer) may then ask for a number, and two of them do not wait for each other
    db.session.execute(select(Shop.id).where(Shop.id == shop_id).with_for_update(key_share=True))


class WorkOrder(Progressing, Closable, ShopOwned, Base):
    __tablename__ = "work_orders"
    __table_args__ = (UniqueConstraint("shop_id", "number"), UniqueConstraint("visit_id"))

    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    number: Mapped[int]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    concern: Mapped[str] = mapped_column(default="")  # what the customer says is the matter
    promised_at: Mapped[datetime | None] = mapped_column(default=None)
    advisor_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"), default=None)
    texts: Mapped[bool] = mapped_column(default=False)  # whether this visit's customer gets the updates of statuses
    emails: Mapped[bool] = mapped_column(default=False)

    visit: Mapped["Visit"] = relationship(back_populates="work_order")
    assignment: Mapped["Assignment | None"] = relationship(back_populates="work_order")
    advisor: Mapped["StaffMember | None"] = relationship()
    stays: Mapped[list[StatusStay]] = relationship(order_by=StatusStay.id, back_populates="work_order")
    closings: Mapped[list[Closing]] = relationship(order_by=Closing.id)
    inspection: Mapped["Inspection | None"] = relationship(viewonly=True)
    newest_overview: Mapped["Overview | None"] = relationship(primaryjoin=lambda: _newest_overview(), viewonly=True)

    # opening

    @classmethod
    def open(
        cls,
        visit: "Visit",
        by: Actor,
        *,
        number: int | None = None,
        at: datetime | None = None,
        status: Status | None = None,
        wish: Wish | None = None,
        minutes: int | None = None,
    ) -> "WorkOrder":
        """Check the visit's vehicle in; the caller holds the appointment's lock, if there is one.

        ``number`` is free, if it is given, and ``at`` is past. The rest as in ``set_status``; without ``status`` it begins as all do.
        """
        lock_numbers(visit.shop_id)
        newest = db.session.scalar(select(func.max(cls.number)).where(cls.shop_id == visit.shop_id))
        number = number or (newest or FIRST_NUMBER - 1) + 1
        order = cls(shop_id=visit.shop_id, number=number, opened_at=at or clock.now(), opened_by=by.name)
        order.advisor = StaffMember.acting(by)
        order.stays, order.closings = [], []
        visit.work_order = order
        order.texts, order.emails = _channels_of(visit)
        db.session.flush()
        record(order, "work_order.opened", by, number=order.number)
        if first := status or Status.first_of(visit.shop):
            order.set_status(first, by=by, wish=wish, minutes=minutes)
        touch(visit.shop_id, "appointments")
        touch(visit.shop_id, "work_orders")
        return order

    @classmethod
    def walk_in(cls, customer: "Customer", vehicle: "Vehicle", by: Actor, **opening: Any) -> "WorkOrder":
        """Check in a vehicle that came without an appointment (see ``open``). Raises Refused: it is in the shop already."""
        lock_numbers(vehicle.shop_id)
        if number := cls.open_for(vehicle.id):
            raise Refused(_("This vehicle is in the shop already: work order %(number)s.", number=number))
        return cls.open(Visit.begin(customer, vehicle), by, **opening)

    def lock(self) -> None:
        """Until this transaction ends, others who would change this work order wait; ours is read anew."""
        query = select(WorkOrder).where(WorkOrder.id == self.id).with_for_update().execution_options(populate_existing=True)
        db.session.flush()
        db.session.scalars(query).one()
        db.session.expire(self, ["stays", "closings"])

    # finding

    @classmethod
    def open_for(cls, vehicle_id: int) -> int | None:
        """The number of the open work order of that vehicle."""
        here = select(cls.number).join(cls.visit).where(Visit.vehicle_id == vehicle_id, cls.closed_at.is_(None))
        return db.session.scalar(here)

    @classmethod
    def open_numbers(cls, vehicle_ids: Collection[int]) -> dict[int, int]:
        """The numbers of the open work orders of these vehicles, by the vehicle."""
        here = select(Visit.vehicle_id, cls.number).join(cls.visit).where(Visit.vehicle_id.in_(vehicle_ids), cls.closed_at.is_(None))
        return {row[0]: row[1] for row in db.session.execute(here)}

    @classmethod
    def numbered(cls, shop_id: int, number: int, lock: bool = False) -> "WorkOrder":
        """The shop's work order of that number, locked for this transaction if asked. Raises NotFound: there is none."""
        from models.customer import Customer
        from models.message import Message
        from models.overview_lists import newest_overview

        mine = select(cls).where(cls.shop_id == shop_id, cls.number == number)
        phones = joinedload(cls.visit, innerjoin=True).joinedload(Visit.customer, innerjoin=True).joinedload(Customer.phones)
        overview = newest_overview(None, Message.due_at, Message.trace, Message.failure, Message.sent_at, Message.delivered_at)
        order = db.session.scalars(mine.options(*cls.loaded(), phones, overview)).unique().first()
        if order is None:
            raise NotFound("WorkOrder")
        if lock:
            order.lock()
        return order

    @staticmethod
    def loaded() -> tuple[ExecutableOption, ...]:
        """Loader options for what every page of a work order says of its visit and its status."""
        from models.assignment import Assignment

        visit = joinedload(WorkOrder.visit, innerjoin=True)
        visit = visit.options(
            joinedload(Visit.customer, innerjoin=True), joinedload(Visit.vehicle, innerjoin=True), joinedload(Visit.appointment)
        )
        status = selectinload(WorkOrder.stays).joinedload(StatusStay.status, innerjoin=True)
        mechanic = joinedload(WorkOrder.assignment).joinedload(Assignment.mechanic)
        return visit, status, mechanic, joinedload(WorkOrder.advisor)

    @classmethod
    def open_in(cls, shop: "Shop", *more: ExecutableOption) -> list["WorkOrder"]:
        """The vehicles that are in the shop, first come first; ``more`` to load with them."""
        here = select(cls).where(cls.shop_id == shop.id, cls.closed_at.is_(None))
        return list(db.session.scalars(here.options(*cls.loaded(), *more).order_by(cls.opened_at, cls.id)))

    # questions

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    def must_be_open(self) -> None:
        """Raises Refused: it is closed."""
        if self.is_closed:
            raise Refused(_("This work order is closed. Reopen it first."))

    @property
    def gets_no_updates(self) -> bool:
        """Neither channel is on: somebody has to call this customer."""
        return not (self.texts or self.emails)

    @property
    def quiet(self) -> QuietHours:
        """The shop's quiet hours on the recipient's clock."""
        location = self.visit.shop.location
        return QuietHours(location.quiet_from, location.quiet_until, self.visit.customer.tz)

    @property
    def quiet_until(self) -> datetime | None:
        """When the recipient's quiet hours end; None outside them."""
        now = clock.now()
        return self.quiet.next_allowed(now) if now in self.quiet else None

    @property
    def recipient_clock(self) -> datetime:
        return clock.now().astimezone(self.visit.customer.tz)

    def channels_of(self, status: Status) -> list[str]:
        """By which channels the status sends an update to this visit's customer."""
        sends = (("text", status.texts and self.texts), ("email", status.emails and self.emails))
        return [channel for channel, wanted in sends if wanted]

    def describe(self, concern: str, advisor: "StaffMember | None", *, by: Actor) -> None:
        """What the customer says is the matter, and who looks after the visit. Raises Refused: too long."""
        concern = concern.replace("\r\n", "\n").strip()
        if len(concern) > LONGEST_CONCERN:
            raise Refused(_("Please keep it under %(count)s characters.", count=LONGEST_CONCERN), field="concern")
        changed: dict[str, Any] = {"concern": concern, "advisor": advisor}
        if any(getattr(self, name) != value for name, value in changed.items()):
            self.concern, self.advisor = concern, advisor
            record(self, "work_order.changed", by)
            touch(self.shop_id, "work_orders")


def _newest_overview() -> ColumnElement[bool]:
    from models.overview_lists import newest_of_order

    return newest_of_order()


def _channels_of(visit: Visit) -> tuple[bool, bool]:
    """Which updates are on to begin with: as the customer wanted the appointment's messages; for a walk-in what reaches them."""
    if visit.appointment:
        return visit.appointment.preference == "text", visit.appointment.preference == "email"
    textable = bool(visit.customer.phone and visit.customer.phone.textable)
    return textable, not textable and bool(visit.customer.email)
