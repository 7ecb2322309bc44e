"""The texts between a shop and one phone number: what is unread, whose they are to answer, whether they are done."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Index, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship
from sqlalchemy.sql.base import ExecutableOption

from models import clock, phone
from models.actor import Actor
from models.base import Base, db, kept
from models.consent import Consent
from models.customer import Customer
from models.customer_contact import CustomerPhone
from models.entry import record
from models.handover import touch
from models.message import Message
from models.owned import ShopOwned
from models.refused import Refused
from models.thread_assignment import ThreadAssignment
from models.thread_closing import ThreadClosing

if TYPE_CHECKING:
    from models.shop import Shop
    from models.staff_member import StaffMember

JUST_NOW = timedelta(seconds=10)


class Thread(ShopOwned, Base):
    """Belongs to a number, not to a customer: two may share one (a household, a fleet)."""

    __tablename__ = "threads"
    __table_args__ = (UniqueConstraint("shop_id", "number"), Index("ix_threads_last", "shop_id", "last_at"))

    number: Mapped[str]  # E.164, or what a text came from
    begun_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_at: Mapped[datetime] = mapped_column(default=clock.now)  # when somebody last wrote, on either side
    unread: Mapped[int] = mapped_column(default=0)  # texts of the customer's that nobody of the shop has read
    read_through: Mapped[int] = mapped_column(default=0)  # id of the newest message that has been read

    shop: Mapped["Shop"] = relationship()
    closing: Mapped[ThreadClosing | None] = relationship(cascade="all, delete-orphan")
    assignment: Mapped[ThreadAssignment | None] = relationship(cascade="all, delete-orphan")

    # finding

    @classmethod
    def whole(cls) -> tuple[ExecutableOption, ...]:
        """Loader options for how it stands."""
        return joinedload(cls.closing), joinedload(cls.assignment).joinedload(ThreadAssignment.staff_member)

    @classmethod
    def at(cls, shop: "Shop", number: str) -> "Thread":
        """The shop's thread with that number; begun if there is none yet, by whichever of two comes first."""
        query = select(cls).where(cls.shop_id == shop.id, cls.number == number)
        known = db.session.scalars(query).first()
        if known:
            return known
        texts = select(func.max(Message.created_at)).where(*_between(shop.id, number))
        thread = cls(shop_id=shop.id, shop=shop, number=number, last_at=db.session.scalar(texts) or clock.now())
        return thread if kept(thread) else db.session.scalars(query).one()

    # questions

    @property
    def customers(self) -> Sequence[Customer]:
        """Whose number it is; nobody's if it is unknown."""
        theirs = select(CustomerPhone.customer_id).where(CustomerPhone.number == self.number)
        mine = Customer.shop_id == self.shop_id, Customer.merged_into_id.is_(None), Customer.id.in_(theirs)
        return db.session.scalars(select(Customer).where(*mine).options(joinedload(Customer.phones)).order_by(Customer.id)).unique().all()

    @property
    def may_text(self) -> bool:
        return Consent.may_text(self.shop, self.number)

    def must_be_textable(self) -> None:
        """Raises Refused: the shop has no number, this one can't get texts, nobody agreed to texts at it."""
        if not self.shop.texting_number:
            raise Refused(_("The shop has no number for texts yet."))
        if not phone.textable(self.number):
            raise Refused(_("This number can't get texts."))
        if not self.may_text:
            raise Refused(_("There is no consent to text this number."))

    @property
    def is_done(self) -> bool:
        return self.closing is not None

    def texts(self, before: int | None = None, limit: int = 50) -> Sequence[Message]:
        """The newest of its texts in the order in which they were written; older than the id ``before`` if asked."""
        query = select(Message).where(*self._all)
        if before:
            query = query.where(Message.id < before)
        return db.session.scalars(query.order_by(Message.id.desc()).limit(limit)).all()[::-1]

    @property
    def newest(self) -> int | None:
        """The id of the last text, whoever wrote it."""
        return db.session.scalar(select(func.max(Message.id)).where(*self._all))

    def first_unread(self, texts: Sequence[Message]) -> int | None:
        """The id before which the line stands that says where the new ones begin."""
        return next((text.id for text in texts if self.is_new(text)), None)

    def is_new(self, text: Message) -> bool:
        return self.unread > 0 and text.direction == "in" and text.id > self.read_through

    def answer_after(self, seen: int, by: Actor) -> Message | None:
        """What a colleague of ``by`` has written since that message, or so lately that nobody can have read it."""
        unseen = or_(Message.id > seen, Message.created_at > clock.now() - JUST_NOW)
        query = select(Message).where(*self._all, unseen, Message.kind == "typed", Message.actor_name != by.name)
        return db.session.scalars(query.order_by(Message.id.desc()).limit(1)).first()

    # what comes in and goes out

    def hear(self, text: Message) -> None:
        """The customer wrote: it is unread, and what was done is open again."""
        self.unread = Thread.unread + 1
        self.last_at = clock.now()
        self.closing = None
        db.session.flush()  # what the database has counted is known only then
        self._changed()

    def said(self) -> None:
        """Somebody of the shop wrote."""
        self.last_at = clock.now()
        self._changed()

    # verbs

    def read(self, through: int, *, by: Actor) -> None:
        """Somebody has seen everything up to that message; what came after it stays unread."""
        if not self.unread or through <= self.read_through:
            return
        self.read_through = through
        self.unread = self._received_after(through)
        record(self, "thread.read", by)
        self._changed()

    def mark_unread(self, *, by: Actor) -> None:
        """Undo ``read`` for the customer's last text. Raises Refused: the customer has never written."""
        last = self._newest_received()
        if last is None:
            raise Refused(_("The customer has not written anything yet."))
        if not self.unread:
            self.read_through, self.unread = last - 1, 1
            record(self, "thread.unread", by)
            self._changed()

    def close(self, *, by: Actor) -> None:
        """Nothing is left to answer; the customer's next text opens it again."""
        if self.closing is None:
            self.closing = ThreadClosing(closed_by=by.name)
            record(self, "thread.closed", by)
            self._changed()

    def reopen(self, *, by: Actor) -> None:
        """Undo ``close``."""
        if self.closing is not None:
            self.closing = None
            record(self, "thread.reopened", by)
            self._changed()

    def assign(self, member: "StaffMember | None", *, by: Actor) -> None:
        """Hand it to a colleague, or to nobody in particular. Raises Refused: somebody who may not answer texts here."""
        if member == (self.assignment.staff_member if self.assignment else None):
            return
        if member and member not in self.shop.advisors():
            raise Refused(_("Choose somebody who answers texts in this shop."), field="member")
        self.assignment = ThreadAssignment(staff_member=member, assigned_by=by.name) if member else None
        record(self, "thread.assigned" if member else "thread.unassigned", by, to=member.name if member else "")
        self._changed()

    def attach(self, customer: Customer, *, by: Actor) -> None:
        """It is a number of this customer's too from now on. Raises Refused: the customer was merged into another meanwhile."""
        if customer.add_phone(self.number, by=by):
            record(self, "thread.attached", by, name=customer.name)
            self._changed()

    def _received_after(self, id: int) -> int:
        return db.session.scalar(select(func.count()).select_from(Message).where(*self._received, Message.id > id)) or 0

    def _newest_received(self) -> int | None:
        return db.session.scalar(select(func.max(Message.id)).where(*self._received))

    @property
    def _all(self) -> tuple[ColumnElement[bool], ...]:
        return _between(self.shop_id, self.number)

    @property
    def _received(self) -> tuple[ColumnElement[bool], ...]:
        return *self._all, Message.direction == "in"

    def _changed(self) -> None:
        touch(self.shop_id, "messages")


def _between(shop_id: int, number: str) -> tuple[ColumnElement[bool], ...]:
    """Whichever side wrote them."""
    return Message.shop_id == shop_id, Message.address == number, Message.channel == "text"
