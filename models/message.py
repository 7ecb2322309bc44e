"""A message, in or out: the outbox row that is written with its reason, claimed before it is sent, and kept for good."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from models import clock
from models.actor import Actor
from models.base import db
from models.delivery import Delivery
from models.letter_kind import POSTCARD
from models.message_delivery import Deliverable
from models.message_standing import WithStanding
from models.message_template import MessageTemplate
from models.sending_rules import TO_STAFF

if TYPE_CHECKING:
    from sqlalchemy.sql.base import ExecutableOption

    from models.appointment import Appointment
    from models.customer import Customer
    from models.letter import Letter
    from models.shop import Shop
    from models.status_stay import StatusStay
    from models.visit import Visit

STUCK = timedelta(minutes=5)  # longer than all the time-outs of one attempt together
ASKING = timedelta(days=1)  # how long the provider is asked about a text whose fate is unknown


class Message(WithStanding, Deliverable):
    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_due", "state", "due_at"),
        Index("ix_messages_shop_state", "shop_id", "state"),
        Index("ix_messages_address", "shop_id", "address"),
    )

    uid: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(16))  # in the provider's callback address
    dedupe_key: Mapped[str | None] = mapped_column(unique=True, default=None)  # none: called off, another of its kind may go
    direction: Mapped[str] = mapped_column(default="out")
    kind: Mapped[str]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True, default=None)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id"), index=True, default=None)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"), index=True, default=None)
    revision: Mapped[int | None] = mapped_column(default=None)  # of the appointment
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("status_stays.id"), index=True, default=None)
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True, default=None)  # a text that did not arrive
    language: Mapped[str] = mapped_column(default="en")
    subject: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    actor_kind: Mapped[str] = mapped_column(default="rule")
    actor_name: Mapped[str] = mapped_column(default="")

    shop: Mapped["Shop"] = relationship()
    customer: Mapped["Customer | None"] = relationship()
    visit: Mapped["Visit | None"] = relationship()
    appointment: Mapped["Appointment | None"] = relationship(back_populates="messages")
    stay: Mapped["StatusStay | None"] = relationship(back_populates="updates")
    letter: Mapped["Letter | None"] = relationship(back_populates="message")
    instead_of: Mapped["Message | None"] = relationship(remote_side="Message.id")

    # writing

    @classmethod
    def about(cls, appointment: "Appointment", kind: str, *, by: Actor, not_before: datetime | None = None) -> "Message":
        """Write what ``kind`` says about the appointment, once for each date that was agreed on; hand it to the rules."""
        message = cls.drafted(appointment, kind, by=by, not_before=not_before)
        if message.id is None:
            db.session.flush()
            message.submit()
        return message

    @classmethod
    def drafted(
        cls,
        appointment: "Appointment",
        kind: str,
        *,
        by: Actor,
        not_before: datetime | None = None,
        template_of: Callable[..., MessageTemplate] = MessageTemplate.of,
    ) -> "Message":
        """What ``about`` writes, not written yet and not handed to the rules; or what was written before."""
        from models.wording import write

        customer, channel = appointment.customer, appointment.preference
        ordinal = sum(message.kind == kind for message in appointment.messages) if kind == "remind" else 0
        key = cls.key_of(appointment, kind, ordinal)
        for message in appointment.messages:
            if message.dedupe_key == key:
                return message
        wording = write(appointment, kind, channel, template_of)
        message = cls(
            shop_id=appointment.shop_id,
            shop=appointment.shop,
            dedupe_key=key,
            channel=channel,
            kind=kind,
            state=Delivery.planned,
            address=cls.address_of(appointment, channel),
            customer=customer,
            visit=appointment.visit,
            revision=appointment.revision,
            due_at=not_before or clock.now(),
            language=wording.language,
            subject=wording.subject,
            body=wording.body,
            actor_kind=by.kind,
            actor_name=by.name,
        )
        appointment.messages.append(message)
        return message

    @staticmethod
    def key_of(appointment: "Appointment", kind: str, ordinal: int = 0) -> str:
        """What there is once for each date that was agreed on, written or still to be."""
        return f"appointment:{appointment.id}:{appointment.revision}:{kind}:{ordinal}"

    @staticmethod
    def address_of(appointment: "Appointment | Visit", channel: str) -> str:
        """Where a message about the appointment or visit goes that way; empty if the customer can't be reached so."""
        customer = appointment.customer
        return customer.email or "" if channel == "email" else customer.phone.number if customer.phone else ""

    @classmethod
    def reply(
        cls, shop: "Shop", number: str, kind: str, body: str, *, once_key: str, language: str, customer: "Customer | None" = None
    ) -> "Message":
        """A text that answers a text (STOP, HELP, START, the shop's keyword, one at night), once."""
        message = cls(shop_id=shop.id, shop=shop, dedupe_key=once_key, channel="text", kind=kind, address=number, body=body)
        message.customer, message.language, message.due_at, message.actor_name = customer, language, clock.now(), "keyword"
        db.session.add(message)
        db.session.flush()
        message.submit()
        return message

    @classmethod
    def received(cls, shop: "Shop", number: str, body: str, provider_id: str, customer: "Customer | None") -> "Message":
        """What a customer wrote to the shop."""
        from models.thread import Thread

        message = cls(
            shop_id=shop.id,
            direction="in",
            channel="text",
            kind="received",
            address=number,
            body=body,
            state=Delivery.delivered,
            due_at=clock.now(),
            delivered_at=clock.now(),
            provider_id=provider_id,
            actor_kind="customer",
            actor_name=customer.name if customer else number,
            customer=customer,
        )
        db.session.add(message)
        db.session.flush()
        Thread.at(shop, number).hear(message)
        return message

    # finding

    @classmethod
    def listed(cls, shop: "Shop", state: str = "", before: int | None = None, limit: int = 50) -> list["Message"]:
        """The shop's messages with customers, newest first; of one state or direction (``in``) if asked; older than the id ``before``."""
        query = select(cls).where(cls.shop_id == shop.id, cls.kind.not_in((*TO_STAFF, "trial")))
        if state == "in":
            query = query.where(cls.direction == "in")
        elif state in Delivery.__members__:
            query = query.where(cls.state == Delivery(state), cls.direction == "out")
        if before:
            query = query.where(cls.id < before)
        return list(db.session.scalars(query.options(selectinload(cls.customer)).order_by(cls.id.desc()).limit(limit)))

    @classmethod
    def whole(cls) -> "tuple[ExecutableOption, ...]":
        """Loader options for all that the rules of sending look at."""
        from models.appointment import Appointment
        from models.shop import Shop
        from models.status_stay import StatusStay
        from models.visit import Visit

        visit = joinedload(Appointment.visit).options(joinedload(Visit.customer), joinedload(Visit.work_order))
        many = (
            Appointment.no_shows,
            Appointment.confirmations,
            Appointment.reschedule_requests,
            Appointment.messages,
            Appointment.skips,
        )
        appointment = joinedload(cls.appointment).options(visit, joinedload(Appointment.cancellation), *map(selectinload, many))
        shop = joinedload(cls.shop).joinedload(Shop.provider_account)
        return shop, joinedload(cls.customer), joinedload(cls.letter), appointment, selectinload(cls.stay).joinedload(StatusStay.work_order)

    @classmethod
    def due_ids(cls, limit: int) -> Sequence[int]:
        """Ids of what may be claimed now, oldest first."""
        due = select(cls.id).where(cls.state == Delivery.queued, cls.due_at <= clock.now(), cls.channel != POSTCARD)  # those are printed
        return db.session.scalars(due.order_by(cls.due_at, cls.id).limit(limit)).all()

    @classmethod
    def keyed(cls, dedupe_key: str) -> "Message | None":
        """What was written under that key already."""
        return db.session.scalars(select(cls).where(cls.dedupe_key == dedupe_key)).first()

    @classmethod
    def knows(cls, provider_id: str) -> bool:
        """Whether that id of the provider's belongs to a message already."""
        return db.session.scalar(select(cls.id).where(cls.provider_id == provider_id)) is not None

    @classmethod
    def stuck(cls) -> Sequence[Self]:
        """Claimed by a worker that must have died since."""
        return db.session.scalars(select(cls).where(cls.state == Delivery.sending, cls.claimed_at < clock.now() - STUCK)).all()

    @classmethod
    def unclear_ids(cls) -> Sequence[int]:
        """Ids of texts whose fate is unknown and about which the provider is to be asked now."""
        query = select(cls.id).where(cls.state == Delivery.unknown, cls.due_at <= clock.now(), cls.state_at > clock.now() - ASKING)
        return db.session.scalars(query.where(cls.channel == "text").order_by(cls.due_at)).all()
