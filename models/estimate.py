"""An estimate that somebody asked for; it becomes an appointment in one step."""

from datetime import date as Date
from datetime import datetime
from datetime import time as Time
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, ForeignKey, Index, String, and_, cast, func, or_, select, tuple_
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from models import clock, phone
from models.actor import Actor
from models.appointment import Appointment
from models.base import Base, db
from models.customer import Customer
from models.customer_contact import CustomerPhone
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
LONGEST = {"type_of_work": 120, "note": 1000}  # characters


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
        """Somebody asked what it would cost. Raises Refused: as ``check``."""
        cls.check(type_of_work, note)
        customer.hold()
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

    @staticmethod
    def check(type_of_work: str, note: str) -> None:
        """Raises Refused: no word on the work, or too many words."""
        errors = {}
        if not type_of_work.strip():
            errors["type_of_work"] = _("Say what the estimate is for.")
        for name, text in (("type_of_work", type_of_work), ("note", note)):
            if len(text.strip()) > LONGEST[name]:
                errors[name] = _("Please keep it under %(count)s characters.", count=LONGEST[name])
        if errors:
            raise Refused.at(**errors)

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
    def all(cls, shop: "Shop", before: "Estimate | None" = None) -> list["Estimate"]:
        """The newest, or the newest of those asked for ``before`` that one; at most ``PAGE``."""
        query = cls._of(shop)
        if before is not None:
            query = query.where(tuple_(cls.asked_at, cls.id) < (before.asked_at, before.id))
        return list(db.session.scalars(query))

    @classmethod
    def search(cls, shop: "Shop", words: str) -> list["Estimate"]:
        """By name, phone (any part of four digits or more), plate or vehicle; of several words each must be found."""
        each = words.lower().split()
        if not each:
            return []
        number = phone.digits(words) if not words.strip(" +-().0123456789") else ""
        plate = "".join(each).upper().replace("-", "")
        found = and_(*(cls._says(word) for word in each)) | Vehicle.plate_key.startswith(plate, autoescape=True)
        if len(number) >= 4:
            found |= Customer.phones.any(CustomerPhone.number.contains(number, autoescape=True))
        return list(db.session.scalars(cls._of(shop).join(cls.customer).join(cls.vehicle).where(found)))

    @staticmethod
    def _says(word: str) -> ColumnElement[bool]:
        names = (Customer.search_words, func.lower(Vehicle.make), func.lower(Vehicle.model), func.lower(Vehicle.submodel))
        return or_(*(name.contains(word, autoescape=True) for name in names), cast(Vehicle.year, String) == word)

    @property
    def is_open(self) -> bool:
        """Neither declined nor booked."""
        return self.declined_at is None and self.appointment_id is None

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
            raise Refused(_("An appointment was made of this estimate already."))
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
