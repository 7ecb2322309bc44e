"""An erasure on request (GDPR article 17, CCPA 1798.105): asked for by a person of the shop, carried out by a job, and never taken back."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, LargeBinary, func, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.consent import MARKETING, SERVICE, Consent
from models.customer import Customer, lock_customers
from models.delivery import Delivery
from models.entry import record
from models.erasing import erase_rows, pointed_at
from models.handover import later, touch
from models.kept_record import sealed_record, signatures
from models.message import Message
from models.message_search import forget_deleted_words
from models.owned import ShopOwned
from models.personal_rows import Person, with_merged
from models.refused import NotFound, Refused
from models.stored_file import StoredFile

if TYPE_CHECKING:
    from models.shop import Shop

JOB = "jobs.erasures.carry_out"
PAUSE, SOON = timedelta(hours=1), timedelta(minutes=2)  # until the provider, or the storage, is asked again
MOST_ATTEMPTS = 72
WHY_NOT = {
    "open": _l("A visit is open or booked. Close or cancel it first."),
    "merged": _l("This customer was merged with another one meanwhile. Erase that one."),
    "sending": _l("A message to them is being sent at this moment. Try again in a few minutes."),
    "broken": _l("It could not be done, and nothing was changed. Try again; if it fails twice, tell whoever runs Wrenchline."),
}


class Erasure(ShopOwned, Base):
    __tablename__ = "erasures"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    asked_by: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    why_not: Mapped[str] = mapped_column(default="")  # a word of ``WHY_NOT``: nothing was erased
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    files: Mapped[list[Any]] = mapped_column(default=list)  # ids of those whose bytes are still to go
    due_at: Mapped[datetime | None] = mapped_column(index=True, default=clock.now)  # when somebody may take it on; none: nothing is left
    attempts: Mapped[int] = mapped_column(default=0)
    kept_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), default=None)  # what the law demands, sealed
    kept_until: Mapped[date | None] = mapped_column(default=None)
    # what the storage is still to get of it: nothing is written there, nor thrown away, before the rows are gone for good
    sealed_record: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, deferred=True)
    stored_at: Mapped[datetime | None] = mapped_column(default=None)  # when the storage had all of it, and nothing else any more

    shop: Mapped["Shop"] = relationship()
    customer: Mapped[Customer] = relationship()
    kept_file: Mapped[StoredFile | None] = relationship()

    # finding

    @classmethod
    def of(cls, customer: Customer) -> "Sequence[Erasure]":
        """Newest first: one that was done, after any that could not be."""
        return db.session.scalars(select(cls).where(cls.customer_id == customer.id).order_by(cls.id.desc())).all()

    @classmethod
    def with_record(cls, customer: Customer) -> "Erasure":
        """The one that sealed what the law demands. Raises NotFound: none did, or its time is over."""
        found = next((one for one in cls.of(customer) if one.kept_id), None)
        if found is None:
            raise NotFound("Erasure")
        return found

    @classmethod
    def waiting_ids(cls) -> Sequence[int]:
        return db.session.scalars(select(cls.id).where(cls.due_at <= clock.now()).order_by(cls.id)).all()

    @classmethod
    def look_again(cls, shop_id: int) -> None:
        """Texts of erased customers that the provider still has: it did not answer, or took one at the very moment of the erasure."""
        copies = select(Message.customer_id).where(Message.provider_id.is_not(None), Message.channel == "text")
        left = update(cls).where(cls.shop_id == shop_id, cls.done_at.is_not(None), cls.due_at.is_(None), cls.customer_id.in_(copies))
        db.session.execute(left.values(due_at=clock.now(), attempts=0).execution_options(synchronize_session=False))

    # questions

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def is_under_way(self) -> bool:
        return self.due_at is not None

    @property
    def problem(self) -> str:
        return str(WHY_NOT[self.why_not]) if self.why_not else ""

    @property
    def at_provider(self) -> int:
        """Of how many texts the provider still has a copy."""
        return db.session.scalar(select(func.count()).select_from(Message).where(*self._copies())) or 0

    def copies(self, limit: int) -> Sequence[tuple[int, str]]:
        """Ids of texts that the provider still has, ours and its own."""
        rows = db.session.execute(select(Message.id, Message.provider_id).where(*self._copies()).order_by(Message.id).limit(limit))
        return [(row[0], str(row[1])) for row in rows]

    def _copies(self) -> tuple[Any, ...]:
        return Message.customer_id == self.customer_id, Message.provider_id.is_not(None), Message.channel == "text"

    # verbs

    @classmethod
    def ask(cls, customer: Customer, typed: str, *, by: Actor) -> "Erasure":
        """Have the customer erased by a job. Asked twice it is asked once. Raises Refused: the name is another, a visit is open."""
        db.session.flush()
        lock_customers(customer.id)
        db.session.refresh(customer)
        if asked := next((one for one in cls.of(customer) if one.is_done or one.is_under_way), None):
            return asked
        if " ".join(typed.split()).casefold() != " ".join(customer.name.split()).casefold():
            raise Refused(_("Type the name as it stands above, so that nobody is erased by a slip."), field="name")
        if why_not := obstacle(customer):
            raise Refused(WHY_NOT[why_not])
        erasure = cls(shop_id=customer.shop_id, customer=customer, asked_by=by.name, asked_at=clock.now(), counts={}, files=[])
        erasure.due_at = clock.now()
        db.session.add(erasure)
        db.session.flush()
        record(customer, "customer.erasure_asked", by)
        later(JOB, erasure.id)
        touch(customer.shop_id, "customers")
        return erasure

    @property
    def signatures(self) -> list[StoredFile]:
        """What ``carry_out`` will read of the storage."""
        return signatures(with_merged(self.customer_id))

    def carry_out(self, *, whatever: bool = False, read: Callable[[StoredFile], bytes] = StoredFile.read) -> None:
        """Erase the rows, all in this transaction. ``whatever`` is open: after a backup was restored that counts for nothing.

        The storage is left as it is, so that all can still be taken back; ``read`` gives the bytes of ``signatures``.
        """
        lock_customers(self.customer_id)
        db.session.refresh(self)
        if self.is_done or self.why_not:
            return
        if not whatever and (why_not := obstacle(self.customer)):
            self.refuse(why_not)
            return
        self._end_consents()
        person = Person.of(self.customer)
        content, self.kept_until = sealed_record(person, read)
        if content:
            self.sealed_record, self.kept_file = content, StoredFile.announced(self.shop_id, content, "application/octet-stream")
        self.files = sorted(set(pointed_at(person)))
        self.counts = erase_rows(person, erased_name(self.customer_id))
        now = clock.now()
        db.session.execute(update(Customer).where(Customer.id.in_(person.mine)).values(erased_at=now))
        self.done_at, self.due_at, self.attempts = now, now, 0
        record(self.customer, "customer.erased", Actor("staff", self.asked_by), count=self.counts["changed"] + self.counts["deleted"])
        for topic in ("customers", "appointments", "messages", "work_orders", "estimates"):
            touch(self.shop_id, topic)

    def refuse(self, why_not: str) -> None:
        """It is not done; whoever asked may ask again."""
        self.why_not, self.due_at = why_not, None
        touch(self.shop_id, "customers")

    @property
    def noted_ids(self) -> list[int]:
        """The customer's, and of whoever was merged into them."""
        return with_merged(self.customer_id)

    def unused_files(self) -> Sequence[int]:
        """Of what they pointed at: what somebody else's rows point at as well stays."""
        return StoredFile.unused(self.files) if self.files else ()

    def stored(self) -> None:
        """The storage is as it has to be."""
        self.files, self.sealed_record, self.stored_at = [], None, clock.now()
        forget_deleted_words()

    def storage_away(self) -> None:
        """It goes on when the storage answers again."""
        self.due_at = clock.now() + SOON

    def forgotten(self, message_ids: Sequence[int]) -> None:
        """The provider has these no more."""
        known = update(Message).where(Message.id.in_(message_ids)).values(provider_id=None)
        db.session.execute(known.execution_options(synchronize_session=False))
        touch(self.shop_id, "customers")

    def finish(self) -> None:
        self.due_at = None
        touch(self.shop_id, "customers")

    def put_off(self) -> None:
        """The provider did not answer: later again, until that is hopeless."""
        self.attempts += 1
        self.due_at = clock.now() + PAUSE if self.attempts < MOST_ATTEMPTS else None
        touch(self.shop_id, "customers")

    def open_kept(self, reason: str, *, by: Actor) -> bytes:
        """The sealed record, for somebody who says why. Raises Refused: no reason. Raises NotFound: there is none, or no more."""
        if self.kept_file is None:
            raise NotFound("StoredFile")
        if len(reason.strip()) < 3:
            raise Refused(_("Say what it is needed for: it is written into the log."), field="reason")
        record(self.customer, "customer.kept_record_opened", by, reason=reason.strip()[:200])
        touch(self.shop_id, "customers")
        return self.sealed_record or self.kept_file.read()

    def _end_consents(self) -> None:
        """What was agreed to is no longer agreed to; a no stays a no."""
        by = Actor("staff", self.asked_by)
        for number in [row.number for row in self.customer.phones]:
            for scope in (SERVICE, MARKETING) if not _is_shared(self.customer, number) else ():
                newest = Consent.of(self.customer.shop, number, scope)
                if newest and newest.given:
                    Consent.note(self.customer.shop, number, given=False, source="erased", scope=scope, by=by)


def erased_name(customer_id: int) -> str:
    return f"Erased customer {customer_id}"


def obstacle(customer: Customer) -> str:
    """Why the customer can't be erased now, as a word of ``WHY_NOT``; empty if nothing is in the way."""
    from models.customer_search import open_visits

    if customer.merged_into_id:
        return "merged"
    if open_visits(customer.shop, [customer.id]):
        return "open"
    sending = select(Message.id).where(Message.customer_id == customer.id, Message.state == Delivery.sending).limit(1)
    return "sending" if db.session.scalar(sending) else ""


def _is_shared(customer: Customer, number: str) -> bool:
    from models.customer_search import with_number

    return any(other.id != customer.id for other in with_number(customer.shop, number))
