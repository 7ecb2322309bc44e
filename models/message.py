"""A message, in or out: the outbox row that is written with its reason, claimed before it is sent, and kept for good."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from models import clock, sending_rules
from models.actor import Actor
from models.base import Base, db
from models.delivery import Delivery, after
from models.entry import record
from models.failure import words_for
from models.handover import later, touch
from models.moments import clock_time
from models.owned import ShopOwned
from models.refused import Refused
from models.segments import segments

if TYPE_CHECKING:
    from models.appointment import Appointment
    from models.customer import Customer
    from models.shop import Shop
    from models.visit import Visit

FRESH = timedelta(seconds=60)
STUCK = timedelta(minutes=2)  # longer than any time-out towards a provider
KEYWORD_REPLIES = ("stop_reply", "help_reply", "start_reply")
CLOCK_STARTED = ("follow_up",)  # what the clock starts keeps quiet hours


class Message(ShopOwned, Base):
    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_due", "state", "due_at"),
        Index("ix_messages_shop_state", "shop_id", "state"),
        Index("ix_messages_address", "shop_id", "address"),
    )

    uid: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(16))  # in the provider's callback address
    dedupe_key: Mapped[str | None] = mapped_column(unique=True, default=None)
    direction: Mapped[str] = mapped_column(default="out")
    channel: Mapped[str]  # text or email
    kind: Mapped[str]
    address: Mapped[str]  # the other side's number or e-mail address
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True, default=None)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id"), index=True, default=None)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"), index=True, default=None)
    revision: Mapped[int | None] = mapped_column(default=None)  # of the appointment
    language: Mapped[str] = mapped_column(default="en")
    subject: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    state: Mapped[Delivery] = mapped_column(default=Delivery.planned)
    state_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    claimed_at: Mapped[datetime | None] = mapped_column(default=None)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    delivered_at: Mapped[datetime | None] = mapped_column(default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    provider_id: Mapped[str | None] = mapped_column(index=True, default=None)
    failure: Mapped[str] = mapped_column(default="")  # the provider's code, or our own word
    trace: Mapped[list[Any]] = mapped_column(default=list)  # the rules tried: [rule, passed, note]
    actor_kind: Mapped[str] = mapped_column(default="rule")
    actor_name: Mapped[str] = mapped_column(default="")

    shop: Mapped["Shop"] = relationship()
    customer: Mapped["Customer | None"] = relationship()
    visit: Mapped["Visit | None"] = relationship()
    appointment: Mapped["Appointment | None"] = relationship(back_populates="messages")

    # writing

    @classmethod
    def about(cls, appointment: "Appointment", kind: str, *, by: Actor, not_before: datetime | None = None) -> "Message":
        """Write what ``kind`` says about the appointment, once for each date that was agreed on; hand it to the rules."""
        from models.wording import write

        customer, channel = appointment.customer, appointment.preference
        ordinal = sum(message.kind == kind for message in appointment.messages) if kind == "remind" else 0
        key = f"appointment:{appointment.id}:{appointment.revision}:{kind}:{ordinal}"
        for message in appointment.messages:
            if message.dedupe_key == key:
                return message
        wording = write(appointment, kind, channel)
        message = cls(
            shop_id=appointment.shop_id,
            shop=appointment.shop,
            dedupe_key=key,
            channel=channel,
            kind=kind,
            address=(customer.phone.number if customer.phone else "") if channel == "text" else customer.email or "",
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
        db.session.flush()
        message.submit()
        return message

    @classmethod
    def reply(cls, shop: "Shop", number: str, kind: str, body: str, *, once_key: str, language: str) -> "Message":
        """A text that answers a text (STOP, HELP, START, the shop's keyword), once."""
        message = cls(shop_id=shop.id, shop=shop, dedupe_key=once_key, channel="text", kind=kind, address=number, body=body, language=language)
        message.due_at, message.actor_name = clock.now(), "keyword"
        db.session.add(message)
        db.session.flush()
        message.submit()
        return message

    @classmethod
    def received(cls, shop: "Shop", number: str, body: str, provider_id: str, customer: "Customer | None") -> "Message":
        """What a customer wrote to the shop."""
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
        touch(shop.id, "messages")
        return message

    # finding

    @classmethod
    def troubled(cls, shop: "Shop") -> list["Message"]:
        """What needs a person: failed, unknown or held back, of dates that still stand and that nobody answered since; newest first."""
        from models.appointment import Appointment

        query = select(cls).where(cls.shop_id == shop.id, cls.state.in_((Delivery.failed, Delivery.unknown, Delivery.held)), cls.direction == "out")
        query = query.join(cls.appointment).where(Appointment.date >= shop.today(), Appointment.revision == cls.revision)
        query = query.where(~Appointment.is_cancelled, ~Appointment.is_checked_in)
        found = db.session.scalars(query.options(*Appointment.whole(cls.appointment)).order_by(cls.id.desc()).limit(50))
        return [message for message in found if message is message.appointment.latest_message and not message.appointment.confirmation]

    @classmethod
    def listed(cls, shop: "Shop", state: str = "", before: int | None = None, limit: int = 50) -> list["Message"]:
        """The shop's messages, newest first; of one state or direction (``in``) if asked; older than the id ``before``."""
        query = select(cls).where(cls.shop_id == shop.id)
        if state == "in":
            query = query.where(cls.direction == "in")
        elif state in Delivery.__members__:
            query = query.where(cls.state == Delivery(state), cls.direction == "out")
        if before:
            query = query.where(cls.id < before)
        return list(db.session.scalars(query.options(selectinload(cls.customer)).order_by(cls.id.desc()).limit(limit)))

    @classmethod
    def due_ids(cls, limit: int) -> Sequence[int]:
        """Ids of what may be claimed now, oldest first."""
        query = select(cls.id).where(cls.state == Delivery.queued, cls.due_at <= clock.now()).order_by(cls.due_at, cls.id).limit(limit)
        return db.session.scalars(query).all()

    @classmethod
    def knows(cls, provider_id: str) -> bool:
        """Whether that id of the provider's belongs to a message already."""
        return db.session.scalar(select(cls.id).where(cls.provider_id == provider_id)) is not None

    # the rules

    def submit(self) -> None:
        """Ask the rules, keep what they said, and act on it."""
        verdict = sending_rules.judge(self)
        self.trace = verdict.trace
        if verdict.allowed and self.due_at <= clock.now():
            self.advance("queue")
            later("jobs.messages.drain")
        elif verdict.until:
            self.due_at = verdict.until
            self.advance("postpone")
        elif verdict.outdated:
            self.advance("cancel")
        elif not verdict.allowed:
            self.advance("hold")

    def reconsider(self) -> None:
        """A reason that held it back may be gone."""
        if self.state is Delivery.held:
            self.submit()

    def hold(self, rule: str) -> None:
        """Keep it from going, because of ``rule`` (an opt-out), whatever the rules said before."""
        if self.advance("hold"):
            self.trace = [*self.trace, [rule, False, ""]]

    def call_off(self) -> None:
        """Its reason is gone: it does not go if it has not gone yet."""
        self.advance("cancel")

    @property
    def why(self) -> list[tuple[str, bool, str]]:
        """The rules that were tried, whether each let it pass, and a sentence."""
        return [(rule, passed, sending_rules.sentence(rule, passed, note)) for rule, passed, note in self.trace]

    @property
    def held_by(self) -> str:
        """The sentence of the rule that holds it back."""
        return next((words for _rule, passed, words in reversed(self.why) if not passed), "")

    # delivery

    def claim(self) -> bool:
        """Take it for sending; of any number of workers one succeeds. Commits, so that no transaction is open while the provider is called."""
        now = clock.now()
        taken = db.session.execute(
            update(Message)
            .where(Message.id == self.id, Message.state == Delivery.queued)
            .values(state=Delivery.sending, state_at=now, claimed_at=now, attempts=Message.attempts + 1)
            .execution_options(synchronize_session=False)
        )
        db.session.commit()
        won = bool(taken.rowcount == 1)  # type: ignore[attr-defined]
        if won:
            db.session.refresh(self)
            db.session.commit()
        return won

    def advance(self, event: str, **values: Any) -> bool:
        """Let ``event`` happen: the row goes where the table says, whoever else moves it meanwhile. Returns whether it moved."""
        while True:
            state = after(self.state, event)
            if state is self.state:
                return False
            change: dict[str, Any] = {"state": state, "state_at": clock.now(), **values}
            moved = db.session.execute(
                update(Message).where(Message.id == self.id, Message.state == self.state).values(change).execution_options(synchronize_session=False)
            )
            db.session.refresh(self, list(change))
            if moved.rowcount == 1:  # type: ignore[attr-defined]
                touch(self.shop_id, "messages")
                touch(self.shop_id, "appointments")
                return True

    def accepted(self, provider_id: str) -> None:
        """The provider took it; a report of it may have come before this answer."""
        self.provider_id = provider_id
        self.sent_at = self.sent_at or clock.now()
        self.advance("accept")

    def arrived(self) -> None:
        self.sent_at = self.sent_at or clock.now()
        self.advance("deliver", delivered_at=clock.now())

    def refused(self, code: str) -> None:
        """It will not arrive, and trying again would not help."""
        self.advance("refuse", failure=code)

    def try_again(self, at: datetime, code: str) -> None:
        """The provider certainly did not take it: once more from ``at``."""
        self.advance("retry", due_at=at, failure=code)

    def lost(self) -> None:
        """Whether the provider took it can't be known: it is never resent by itself."""
        self.advance("lose", failure="unknown")

    def settle_unknown(self, went: bool, *, by: Actor) -> None:
        """A person found out. Raises Refused: it isn't unknown (any more)."""
        if self.state is not Delivery.unknown:
            raise Refused(_("This message is not unknown any more."))
        if went:
            self.sent_at = self.sent_at or clock.now()
        self.advance("accept" if went else "refuse", failure="" if went else "not_sent")
        record(self, "message.settled", by, went=went)

    @classmethod
    def stuck(cls) -> Sequence[Self]:
        """Claimed by a worker that must have died since."""
        return db.session.scalars(select(cls).where(cls.state == Delivery.sending, cls.claimed_at < clock.now() - STUCK)).all()

    # questions

    @property
    def is_fresh(self) -> bool:
        """Written so recently that writing it again must be a slip of the finger; or still on its way."""
        return self.state in {Delivery.queued, Delivery.sending} or clock.now() - self.created_at < FRESH

    @property
    def clock_started(self) -> bool:
        return self.kind in CLOCK_STARTED

    @property
    def failure_words(self) -> str:
        """What went wrong and what to do, in plain words."""
        return words_for(self.failure)

    @property
    def outlook(self) -> str:
        """What will become of it, for whoever asked for it."""
        name = self.customer.name if self.customer else self.address
        if self.state is Delivery.held:
            return _("Held back: %(reason)s", reason=self.held_by)
        if self.state is Delivery.planned:
            return _("Goes to %(name)s at %(time)s.", name=name, time=clock_time(self.due_at, self.shop))
        return _("On its way to %(name)s.", name=name)

    @property
    def segments(self) -> int:
        return segments(self.body).count if self.channel == "text" else 0
