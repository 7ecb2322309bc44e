"""An appointment: the drop-off that shop and customer agreed on, and what both did about it since."""

import uuid
from collections.abc import Sequence
from datetime import date as Date
from datetime import datetime
from datetime import time as Time
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, ForeignKey, Index, exists, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from models import booking_rules, clock, follow_up
from models.actor import Actor
from models.base import Base, db
from models.cancellation import Cancellation
from models.confirmation import Confirmation
from models.consent import Consent
from models.customer import Customer
from models.entry import Entry, record
from models.handover import touch
from models.message import Message
from models.no_show import NoShow
from models.owned import ShopOwned
from models.refused import Refused
from models.reschedule_request import LONGEST, RescheduleRequest
from models.standing import Standing, standing_of
from models.vehicle import Vehicle
from models.visit import Visit
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from sqlalchemy.sql.base import ExecutableOption

    from models.shop import Shop

PREFERENCES = ("phone", "text", "email")


class Appointment(ShopOwned, Base):
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

    # finding

    @classmethod
    def whole(cls, via: Any = None) -> "tuple[ExecutableOption, ...]":
        """Loader options for all that lists and pages show, in a number of queries that does not grow with the rows."""
        joined = via if via is not None else None
        visit = joinedload(cls.visit) if joined is None else joinedload(joined).joinedload(cls.visit)
        base = (lambda step: selectinload(step)) if joined is None else (lambda step: joinedload(joined).selectinload(step))
        single = (lambda step: joinedload(step)) if joined is None else (lambda step: joinedload(joined).joinedload(step))
        return (
            visit.options(
                joinedload(Visit.customer).selectinload(Customer.phones),
                joinedload(Visit.vehicle),
                joinedload(Visit.work_order),
                selectinload(Visit.openings),
            ),
            single(cls.cancellation),
            base(cls.confirmations),
            base(cls.reschedule_requests),
            base(cls.no_shows),
            base(cls.messages),
        )

    @classmethod
    def between(cls, shop: "Shop", first: Date, last: Date) -> list["Appointment"]:
        """Drop-offs from the first to the last day, both counted, in the order of the clock."""
        query = select(cls).where(cls.shop_id == shop.id, cls.date >= first, cls.date <= last)
        return list(db.session.scalars(query.options(*cls.whole()).order_by(cls.starts_at, cls.id)))

    @classmethod
    def to_call(cls, shop: "Shop") -> list["Appointment"]:
        """The call list: who prefers the phone, from the day on which the reminder would have gone, until they have confirmed."""
        _start, end = clock.day_bounds(shop.today(), shop.tz)
        query = select(cls).where(
            cls.shop_id == shop.id, cls.preference == "phone", cls.follow_up_at < end, cls.starts_at > clock.now(), ~cls.is_cancelled
        )
        found = db.session.scalars(query.options(*cls.whole()).order_by(cls.starts_at))
        return [appointment for appointment in found if not (appointment.confirmation or appointment.work_order)]

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
    def confirmation(self) -> Confirmation | None:
        """The newest one of the date that now stands."""
        return next((fact for fact in reversed(self.confirmations) if fact.revision == self.revision), None)

    @property
    def earlier_confirmation(self) -> Confirmation | None:
        """One that no longer counts, since the date was moved."""
        return next((fact for fact in reversed(self.confirmations) if fact.revision < self.revision), None)

    @property
    def reschedule_request(self) -> RescheduleRequest | None:
        """The newest one of the date that now stands, dealt with or not."""
        return next((fact for fact in reversed(self.reschedule_requests) if fact.revision == self.revision), None)

    @property
    def open_request(self) -> RescheduleRequest | None:
        """What still waits for somebody to deal with it."""
        return next((fact for fact in reversed(self.reschedule_requests) if fact.settled_at is None), None)

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
    def may_confirm(self) -> bool:
        return self.stands and not self.is_past

    @property
    def may_request_reschedule(self) -> bool:
        return self.stands and not self.is_past and self.shop.location.reschedule_allowed

    @property
    def standing(self) -> Standing:
        return standing_of(self)[0]

    @property
    def standing_at(self) -> datetime | None:
        return standing_of(self)[1]

    @property
    def facts(self) -> list[Entry]:
        """All that was done about it, in order."""
        query = select(Entry).where(Entry.subject == self.__tablename__, Entry.subject_id == self.id)
        return list(db.session.scalars(query.order_by(Entry.id)))

    @property
    def latest_message(self) -> Message | None:
        """The newest one that went, or should have gone, to the customer about the date that now stands."""
        return next((message for message in reversed(self.messages) if message.revision == self.revision), None)

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
    ) -> "Appointment":
        """Agree on a drop-off; the message goes out by the shop's rules.

        Raises Refused: with every objection to date and preference at once (see ``booking_rules.check``).
        """
        shop = customer.shop
        _all_at_once(
            lambda: booking_rules.check(shop, date, time, accept_warnings=accept_warnings), lambda: cls._check_reach(preference, customer)
        )
        visit = Visit.begin(customer, vehicle)
        appointment = cls(
            shop_id=shop.id, shop=shop, visit=visit, preference=preference, uid=f"{uuid.uuid4()}@wrenchline", booked_at=clock.now(), revision=0
        )
        appointment.type_of_work, appointment.shop_note, appointment.customer_note = type_of_work.strip(), shop_note.strip(), customer_note.strip()
        appointment._agree(date, time)
        db.session.add(appointment)
        db.session.flush()
        record(appointment, "appointment.booked", by, date=date.isoformat(), time=time and time.isoformat("minutes"))
        appointment._announce("booking", by)
        return appointment

    def move(self, date: Date, time: Time | None, *, by: Actor, accept_warnings: bool = False) -> None:
        """Agree on another drop-off: earlier answers no longer count, the message goes out anew. Raises Refused like ``book``, or if it is over."""
        self._lock()
        if not (self.stands or self.no_show):
            raise Refused(_("This appointment is over and can't be moved."))
        if (date, time) == (self.date, self.time) and not self.no_show:
            return
        booking_rules.check(self.shop, date, time, accept_warnings=accept_warnings, besides=self.id)
        was = self.date.isoformat(), self.time and self.time.isoformat("minutes")
        self._call_off_messages()
        self._close_requests(by)
        self.revision += 1
        self._agree(date, time)
        db.session.flush()
        record(self, "appointment.moved", by, date=date.isoformat(), time=time and time.isoformat("minutes"), was=was)
        self._announce("moved", by)

    def confirm(self, *, by: Actor, channel: str = "web") -> Confirmation | None:
        """The customer comes; saying it again changes nothing. Raises Refused: it is over."""
        self._lock()
        if not self.may_confirm:
            raise Refused(_("This appointment can no longer be confirmed."))
        request, confirmation = self.reschedule_request, self.confirmation
        if confirmation and (request is None or request.at <= confirmation.at):
            return confirmation
        ordinal = sum(fact.revision == self.revision for fact in self.reschedule_requests)
        confirmation = Confirmation.of(self, by, channel=channel, ordinal=ordinal)
        self.confirmations.append(confirmation)
        record(self, "appointment.confirmed", by, channel=channel)
        touch(self.shop_id, "appointments")
        return confirmation

    def request_reschedule(self, wishes: str, *, by: Actor) -> RescheduleRequest:
        """The customer asks for another date; nothing moves by itself. Raises Refused: the shop doesn't offer it, it is over, too long a wish."""
        self._lock()
        if not self.may_request_reschedule:
            raise Refused(_("This appointment can no longer be moved from here. Please call the shop."))
        wishes = wishes.strip()
        if len(wishes) > LONGEST:
            raise Refused(_("Please keep it under %(count)s characters.", count=LONGEST), field="wishes")
        request, confirmation = self.reschedule_request, self.confirmation
        if request and (confirmation is None or confirmation.at <= request.at):
            if wishes and not request.wishes:
                request.wishes = wishes
                record(self, "reschedule_request.detailed", by, wishes=wishes)
                touch(self.shop_id, "appointments")
            return request
        ordinal = sum(fact.revision == self.revision for fact in self.confirmations)
        request = RescheduleRequest.of(self, by, wishes=wishes, ordinal=ordinal)
        self.reschedule_requests.append(request)
        record(self, "appointment.reschedule_requested", by, wishes=wishes)
        touch(self.shop_id, "appointments")
        return request

    def cancel(self, *, by: Actor) -> None:
        """Called off; the customer is told if the shop wants that. Doing it twice does it once. Raises Refused: the vehicle is here already."""
        self._lock()
        if self.is_checked_in:
            raise Refused(_("The vehicle is checked in already."))
        if self.is_cancelled:
            return
        self._call_off_messages()
        self._close_requests(by)
        self.cancellation = Cancellation.of(self, by)
        db.session.flush()
        record(self, "appointment.cancelled", by)
        touch(self.shop_id, "appointments")
        if self.shop.location.cancel_message and not self.is_past:
            Message.about(self, "cancelled", by=by)

    def check_in(self, *, by: Actor) -> WorkOrder:
        """The vehicle is here: answers from the link end, a work order opens. Doing it twice gives the same one. Raises Refused: cancelled."""
        self._lock()
        if self.work_order:
            return self.work_order
        if self.is_cancelled:
            raise Refused(_("This appointment was cancelled. Check the vehicle in as a walk-in."))
        self._call_off_messages()
        self._close_requests(by)
        order = WorkOrder.open(self.visit, by)
        record(self, "appointment.checked_in", by, number=order.number)
        return order

    def mark_no_show(self, *, by: Actor) -> None:
        """It did not come. Doing it twice does it once. Raises Refused: it is not due yet, or it is over."""
        self._lock()
        if self.no_show:
            return
        if not self.stands or self.starts_at > clock.now():
            raise Refused(_("Only a drop-off that is past due can be a no-show."))
        self._call_off_messages()
        self._close_requests(by)
        self.no_shows.append(NoShow.of(self, by))
        record(self, "appointment.no_show", by)
        touch(self.shop_id, "appointments")

    def remind(self, *, by: Actor, morning: bool = False) -> Message:
        """Send the message now, whatever the shop's number of days says; or in the recipient's morning. A double click sends one.

        Raises Refused: no message is wanted (Phone), or it is over.
        """
        self._lock()
        if self.preference == "phone":
            raise Refused(_("This customer prefers the phone: no message is sent. Call instead."))
        if not self.may_confirm:
            raise Refused(_("This appointment is over: there is nothing to remind of."))
        latest = next((message for message in reversed(self.messages) if message.kind == "remind"), None)
        if latest and latest.revision == self.revision and latest.is_fresh:
            return latest
        message = Message.about(self, "remind", by=by, not_before=self.recipient_quiet.next_allowed(clock.now()) if morning else None)
        record(self, "appointment.reminded", by, channel=self.preference)
        return message

    @property
    def recipient_quiet(self) -> follow_up.QuietHours:
        """The shop's quiet hours on the recipient's clock."""
        return follow_up.QuietHours(self.shop.location.quiet_from, self.shop.location.quiet_until, self.customer.tz)

    def plan_follow_up(self) -> None:
        """Work out anew when the reminder goes (booked, moved, or the shop's rules changed)."""
        location = self.shop.location
        self.follow_up_at = follow_up.due_at(
            self.date,
            self.time,
            days_before=location.days_before,
            morning=location.morning_time,
            is_open=self.shop.is_open,
            zone=self.shop.tz,
            quiet=self.recipient_quiet,
        )

    def reconsider_follow_up(self) -> None:
        """What held the follow-up back is gone: let the rules look at it again."""
        for message in self.messages:
            if message.kind == "follow_up" and message.revision == self.revision:
                message.reconsider()

    def _agree(self, date: Date, time: Time | None) -> None:
        self.date, self.time, self.starts_at = date, time, booking_rules.starts_at(self.shop, date, time)
        self.agreed_at = clock.now()
        self.plan_follow_up()

    def _announce(self, kind: str, by: Actor) -> None:
        touch(self.shop_id, "appointments")
        if self.preference != "phone" and self.shop.location.booking_message:
            Message.about(self, kind, by=by)

    def _call_off_messages(self) -> None:
        for message in self.messages:
            message.call_off()

    def _close_requests(self, by: Actor) -> None:
        for request in self.reschedule_requests:
            request.overtaken(by)

    def _lock(self) -> None:
        """From here on nobody else changes this appointment until we are done; read what was done meanwhile."""
        self.visit.lock()
        if db.session.get_bind().dialect.name == "postgresql":
            db.session.refresh(self)

    @staticmethod
    def _check_reach(preference: str, customer: Customer) -> None:
        if preference not in PREFERENCES:
            raise Refused(_("Choose Phone, Text or Email."), field="preference")
        if preference == "text":
            if customer.phone is None or not customer.phone.textable:
                raise Refused(_("Text needs a mobile number in the customer's first phone field."), field="preference")
            if not Consent.may_text(customer.shop, customer.phone.number):
                raise Refused(_("Text needs the customer's permission for this number. Ask, and record the answer."), field="preference")
        if preference == "email" and not customer.email:
            raise Refused(_("Email needs the customer's e-mail address."), field="preference")


def _all_at_once(*checks: Any) -> None:
    refusals: Sequence[Refused] = [refusal for check in checks if (refusal := _refusal(check))]
    if refusals:
        errors = {field: words for refusal in refusals for field, words in refusal.errors.items()}
        raise Refused.at(**errors) if len(refusals) > 1 else refusals[0]


def _refusal(check: Any) -> Refused | None:
    try:
        check()
    except Refused as refusal:
        return refusal
    return None
