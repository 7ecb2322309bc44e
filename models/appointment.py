"""An appointment: the drop-off that shop and customer agreed on, and what both did about it since."""

import uuid
from datetime import date as Date
from datetime import datetime
from datetime import time as Time
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, ForeignKey, Index, and_, exists, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import booking_rules, clock
from models.actor import Actor
from models.appointment_answers import Answerable
from models.appointment_changes import Changeable, check_reach, check_words
from models.appointment_endings import Endable
from models.appointment_lists import Listed
from models.appointment_moves import Movable
from models.appointment_reminders import Remindable
from models.base import Base, db
from models.cancellation import Cancellation
from models.confirmation import Confirmation
from models.customer import Customer
from models.entry import Entry, record
from models.message import Message
from models.no_show import NoShow
from models.owned import ShopOwned
from models.refused import Refused, all_at_once
from models.reschedule_request import RescheduleRequest
from models.skip import Skip
from models.standing import Standing, ending_of, standing_of
from models.vehicle import Vehicle
from models.visit import Visit
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.shop import Shop


class Appointment(Answerable, Changeable, Remindable, Movable, Endable, Listed, ShopOwned, Base):
    __tablename__ = "appointments"
    __table_args__ = (Index("ix_appointments_day", "shop_id", "date"), Index("ix_appointments_follow_up_at", "follow_up_at"))

    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), unique=True)
    date: Mapped[Date]
    time: Mapped[Time | None]
    starts_at: Mapped[datetime]  # without a time, when the shop opens
    type_of_work: Mapped[str] = mapped_column(default="")
    shop_note: Mapped[str] = mapped_column(default="")  # for the shop's eyes
    customer_note: Mapped[str] = mapped_column(default="")  # shown to the customer
    preference: Mapped[str]
    revision: Mapped[int] = mapped_column(default=0)  # grows with every move; the calendar entry's SEQUENCE
    uid: Mapped[str] = mapped_column(unique=True)  # the calendar entry's, for life
    follow_up_at: Mapped[datetime | None]
    booked_at: Mapped[datetime]
    agreed_at: Mapped[datetime]  # when the date that now stands was agreed on

    shop: Mapped["Shop"] = relationship()
    visit: Mapped[Visit] = relationship(back_populates="appointment")
    confirmations: Mapped[list[Confirmation]] = relationship(back_populates="appointment", order_by=Confirmation.id)
    reschedule_requests: Mapped[list[RescheduleRequest]] = relationship(back_populates="appointment", order_by=RescheduleRequest.id)
    cancellation: Mapped[Cancellation | None] = relationship()
    no_shows: Mapped[list[NoShow]] = relationship(order_by=NoShow.id)
    messages: Mapped[list[Message]] = relationship(back_populates="appointment", order_by=Message.id)
    skips: Mapped[list[Skip]] = relationship(order_by=Skip.id)
    follow_up_skip: Mapped[Skip | None] = relationship(
        primaryjoin=lambda: and_(Skip.appointment_id == Appointment.id, Skip.revision == Appointment.revision, Skip.kind == "follow_up"),
        viewonly=True,
    )

    @hybrid_property
    def is_cancelled(self) -> bool:
        return self.cancellation is not None

    @is_cancelled.inplace.expression
    @classmethod
    def _is_cancelled(cls) -> ColumnElement[bool]:
        return exists().where(Cancellation.appointment_id == cls.id)

    @hybrid_property
    def is_checked_in(self) -> bool:
        return self.visit.work_order is not None

    @is_checked_in.inplace.expression
    @classmethod
    def _is_checked_in(cls) -> ColumnElement[bool]:
        return exists().where(WorkOrder.visit_id == cls.visit_id)

    # questions

    @property
    def customer(self) -> Customer:
        return self.visit.customer

    @property
    def vehicle(self) -> Vehicle:
        return self.visit.vehicle

    @property
    def work_order(self) -> WorkOrder | None:
        return self.visit.work_order

    @property
    def no_show(self) -> NoShow | None:
        return next((fact for fact in self.no_shows if fact.revision == self.revision), None)

    @property
    def is_past(self) -> bool:
        """Whether the day of the drop-off is over in the shop's zone."""
        return self.date < self.shop.today()

    @property
    def is_late(self) -> bool:
        """A minute past due without a check-in."""
        return self.stands and self.time is not None and (clock.now() - self.starts_at).total_seconds() >= 60

    @property
    def stands(self) -> bool:
        """Neither cancelled, checked in nor missed: messages make sense, answers count."""
        return not (self.is_cancelled or self.is_checked_in or self.no_show)

    @property
    def standing(self) -> Standing:
        return standing_of(self)[0]

    @property
    def standing_at(self) -> datetime | None:
        return standing_of(self)[1]

    @property
    def ending(self) -> Standing | None:
        """How it ended; None while it stands."""
        return ending_of(self)

    @property
    def facts(self) -> list[Entry]:
        """All that was done about it, in order."""
        query = select(Entry).where(Entry.subject == self.__tablename__, Entry.subject_id == self.id)
        return list(db.session.scalars(query.order_by(Entry.id)))

    # verbs

    @classmethod
    def book(
        cls,
        customer: Customer,
        vehicle: Vehicle,
        date: Date,
        time: Time | None,
        preference: str,
        *,
        by: Actor,
        type_of_work: str = "",
        shop_note: str = "",
        customer_note: str = "",
        accept_warnings: bool = False,
        tell: bool = True,
        tell_at: datetime | None = None,
    ) -> "Appointment":
        """Agree on a drop-off; the message goes out by the shop's rules, at ``tell_at`` if given, and not at all without ``tell``.

        Raises Refused: with every objection to date, words and preference at once (see ``booking_rules.check``).
        """
        shop = customer.shop
        all_at_once(
            lambda: booking_rules.check(shop, date, time, accept_warnings=accept_warnings),
            lambda: check_words(type_of_work=type_of_work, shop_note=shop_note, customer_note=customer_note),
            lambda: check_reach(preference, customer),
        )
        cls._check_twice(vehicle, date, time)
        visit = Visit.begin(customer, vehicle)
        appointment = cls(
            shop_id=shop.id,
            shop=shop,
            visit=visit,
            preference=preference,
            uid=str(uuid.uuid4()),
            booked_at=clock.now(),
            revision=0,
        )
        appointment._begin_without_facts()
        appointment.type_of_work, appointment.shop_note, appointment.customer_note = (
            type_of_work.strip(),
            shop_note.strip(),
            customer_note.strip(),
        )
        appointment._agree(date, time)
        db.session.add(appointment)
        db.session.flush()
        record(appointment, "appointment.booked", by, date=date.isoformat(), time=time and time.isoformat("minutes"))
        appointment._announce("booking", by, tell_at, tell=tell)
        return appointment

    def _begin_without_facts(self) -> None:
        """It is new: nobody has to ask the database what was done about it."""
        self.confirmations, self.reschedule_requests, self.no_shows, self.messages, self.skips = [], [], [], [], []
        self.cancellation = None

    def _agree(self, date: Date, time: Time | None) -> None:
        self.date, self.time, self.starts_at = date, time, booking_rules.starts_at(self.shop, date, time)
        self.agreed_at = clock.now()
        self.plan_follow_up()

    def _lock(self) -> None:
        """From here on nobody else changes this appointment until we are done; read what was done meanwhile."""
        db.session.flush()  # reading anew would forget what is not written yet
        self.visit.lock()
        db.session.refresh(self)
        db.session.refresh(self.visit, ["work_order"])

    @classmethod
    def _check_twice(cls, vehicle: Vehicle, date: Date, time: Time | None) -> None:
        """A double click, or a colleague who was quicker: one vehicle comes once."""
        same = select(cls).join(cls.visit).where(Visit.vehicle_id == vehicle.id, cls.date == date, cls.time == time)
        if db.session.scalars(same.where(~cls.is_cancelled, ~cls.is_checked_in)).first():
            raise Refused(_("This vehicle is booked in for that time already."), field="date")
