"""A follow-up letter: why it was written, to whom and for which day. Its words and its fate are its message's."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models.appointment import Appointment
from models.base import Base, db
from models.customer import Customer
from models.deferred_item import DeferredItem
from models.last_invoice import LastInvoice
from models.letter_kind import LetterKind
from models.letter_rules import LetterRules
from models.message import Message
from models.occasion import Occasion
from models.owned import ShopOwned, load
from models.vehicle import Vehicle
from models.visit import Visit
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.postcard_batch import PostcardBatch
    from models.shop import Shop


class Letter(ShopOwned, Base):
    __tablename__ = "letters"
    __table_args__ = (UniqueConstraint("postcard_batch_id", "card_number"),)

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), unique=True)
    kind: Mapped[LetterKind]
    on: Mapped[date]  # the calendar day that the rule gave
    last_day: Mapped[date]  # after which it would come too late
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicles.id"), default=None)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"), default=None)
    revision: Mapped[int | None] = mapped_column(default=None)
    work_order_id: Mapped[int | None] = mapped_column(ForeignKey("work_orders.id"), default=None)
    visit_on: Mapped[date | None] = mapped_column(default=None)
    postcard_batch_id: Mapped[int | None] = mapped_column(ForeignKey("postcard_batches.id"), default=None)
    card_number: Mapped[int | None] = mapped_column(default=None)  # of postcards: within what is printed together, from 1

    shop: Mapped["Shop"] = relationship()
    message: Mapped[Message] = relationship(back_populates="letter")
    customer: Mapped[Customer] = relationship()
    vehicle: Mapped[Vehicle | None] = relationship()
    appointment: Mapped[Appointment | None] = relationship()
    work_order: Mapped[WorkOrder | None] = relationship()
    postcard_batch: Mapped["PostcardBatch | None"] = relationship(back_populates="cards")

    @classmethod
    def on_occasion(cls, occasion: Occasion, shop: "Shop", message: Message) -> "Letter":
        """Not added to the session yet."""
        names = ("kind", "on", "last_day", "customer_id", "vehicle_id", "appointment_id", "revision", "work_order_id", "visit_on")
        return cls(shop_id=shop.id, message=message, **{name: getattr(occasion, name) for name in names})

    @classmethod
    def of(cls, shop: "Shop", id: int) -> "Letter":
        """Raises NotFound."""
        return load(cls, shop.id, id, joinedload(cls.message), joinedload(cls.customer), joinedload(cls.vehicle), joinedload(cls.shop))

    @classmethod
    def to(cls, customer: Customer, limit: int = 50) -> Sequence["Letter"]:
        """What was written to the customer, newest first."""
        loaded = joinedload(cls.message), joinedload(cls.vehicle), joinedload(cls.shop)
        mine = select(cls).where(cls.customer_id == customer.id).options(*loaded)
        return db.session.scalars(mine.order_by(cls.id.desc()).limit(limit)).all()

    @property
    def left_over(self) -> Sequence[DeferredItem]:
        """What was put off at that visit and still is, of which it speaks."""
        mine = select(DeferredItem).where(DeferredItem.work_order_id == self.work_order_id, DeferredItem.returned_at.is_(None))
        due = mine.where(DeferredItem.due_on.is_(None), DeferredItem.due_odometer.is_(None))
        dated = mine.where(DeferredItem.due_on == self.on)
        query = due if self.visit_on else dated
        return db.session.scalars(query.order_by(DeferredItem.id)).all()

    # whether its reason is still there

    @property
    def stands(self) -> bool:
        """Not moved, cancelled, done, or overtaken by another visit since it was due."""
        if self.kind.is_reminder:
            return self._appointment_stands if self.appointment else not self._came_or_is_booked
        if self.kind is LetterKind.no_show:
            return self._still_missed
        if self.kind is LetterKind.inactive:
            last = LastInvoice.of(self.customer_id)
            return last is not None and last.on == self.visit_on and not self._is_here
        if self.work_order is None or not self.work_order.is_closed:
            return False
        return bool(self.left_over) if self.kind is LetterKind.deferred else True

    @property
    def is_switched_on(self) -> bool:
        """Whether the shop still sends this kind this way."""
        return self.is_sent_by(LetterRules.of(self.shop, self.message.channel))

    def is_sent_by(self, rules: LetterRules) -> bool:
        return rules.sends and rules.days(self.kind) > 0

    @property
    def _appointment_stands(self) -> bool:
        appointment = self.appointment
        return appointment is not None and appointment.stands and appointment.revision == self.revision

    @property
    def _still_missed(self) -> bool:
        appointment = self.appointment
        missed = appointment is not None and appointment.no_show is not None and appointment.revision == self.revision
        return missed and not self._came_or_is_booked

    @property
    def _came_or_is_booked(self) -> bool:
        """The vehicle was checked in since the day that the letter speaks of was set, or has a drop-off ahead."""
        of_vehicle = Visit.vehicle_id == self.vehicle_id
        since = self.work_order.closed_at if self.work_order else self.appointment.starts_at if self.appointment else None
        came = select(WorkOrder.id).join(WorkOrder.visit).where(of_vehicle)
        came = came.where(WorkOrder.opened_at > since) if since else came
        ahead = select(Appointment.id).join(Appointment.visit).where(of_vehicle, Appointment.date >= self.shop.today())
        ahead = ahead.where(~Appointment.is_cancelled, ~Appointment.is_checked_in)
        if self.appointment_id:
            ahead = ahead.where(Appointment.id != self.appointment_id)
        return any(db.session.scalar(query.limit(1)) is not None for query in (came, ahead))

    @property
    def _is_here(self) -> bool:
        """One of the customer's vehicles is in the shop."""
        here = select(WorkOrder.id).join(WorkOrder.visit).where(Visit.customer_id == self.customer_id, WorkOrder.closed_at.is_(None))
        return db.session.scalar(here.limit(1)) is not None
