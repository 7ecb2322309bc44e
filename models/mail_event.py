"""What is known of an e-mail after it went: it came back, was complained of, arrived, was opened; and what follows for the address."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, func, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.bounced_address import COMPLAINT, HARD, BouncedAddress
from models.customer import Customer
from models.customer_contact import CustomerEmail
from models.do_not_mail import COMPLAINT as AFTER_COMPLAINT
from models.do_not_mail import DoNotMail
from models.handover import touch
from models.mail_status import Weight, failure, sharper, weight
from models.message import Message
from models.owned import ShopOwned

if TYPE_CHECKING:
    from models.shop import Shop

MANY, WITHIN = 3, timedelta(days=30)  # mails of ours that came back for a reason that may pass, until nothing more goes there
LONGEST = 500  # characters of what the other side said
CAME_BACK = frozenset(Weight)  # kinds; the others are: delayed, delivered, opened, complained
MAIL_SYSTEM = Actor("provider", "Mail")


class MailEvent(ShopOwned, Base):
    __tablename__ = "mail_events"
    __table_args__ = (Index("ix_mail_events_address", "shop_id", "address"),)

    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True, default=None)
    address: Mapped[str]  # in lower case
    kind: Mapped[str]
    status: Mapped[str] = mapped_column(default="")  # of RFC 3463
    said: Mapped[str] = mapped_column(default="")  # by the other side
    at: Mapped[datetime] = mapped_column(default=clock.now)
    counts: Mapped[bool] = mapped_column(default=True)  # no: somebody found out that the address works again

    message: Mapped[Message | None] = relationship()

    @classmethod
    def came_back(cls, shop: "Shop", address: str, message: Message | None, status: str, said: str, at: datetime | None = None) -> None:
        """The message fails; nothing more goes to an address that is gone, or from which too much came back in a while."""
        status = sharper(status, said)
        found = cls._keep(shop, address, message, weight(status).value, status, said, at)
        if message:
            message.came_back(failure(status))
        if found.kind == Weight.hard or (found.kind == Weight.soft and cls._in_trouble(found)):
            cls._block(found, shop, HARD)

    @classmethod
    def complained(cls, shop: "Shop", address: str, message: Message | None, said: str, at: datetime | None = None) -> None:
        """Somebody marked it as spam: no more mail to the address, and Do Not Mail for whoever has it."""
        cls._block(cls._keep(shop, address, message, COMPLAINT, "", said, at), shop, COMPLAINT)
        for customer in [message.customer] if message and message.customer else cls._holders(shop, address):
            DoNotMail.set(customer.current, AFTER_COMPLAINT, by=MAIL_SYSTEM)

    @classmethod
    def heard(cls, shop: "Shop", address: str, message: Message | None, kind: str, said: str = "", at: datetime | None = None) -> None:
        """``delivered``, ``opened`` or ``delayed``, as a server or provider says."""
        cls._keep(shop, address, message, kind, "", said, at)
        if message and kind != "delayed":
            message.arrived()

    @classmethod
    def of(cls, message: Message) -> Sequence["MailEvent"]:
        return db.session.scalars(select(cls).where(cls.message_id == message.id).order_by(cls.at, cls.id)).all()

    @classmethod
    def forgive(cls, shop: "Shop", address: str) -> None:
        """What came back until now counts no more."""
        db.session.execute(update(cls).where(cls.shop_id == shop.id, cls.address == address.strip().lower()).values(counts=False))

    @classmethod
    def _keep(
        cls, shop: "Shop", address: str, message: Message | None, kind: str, status: str, said: str, at: datetime | None
    ) -> "MailEvent":
        found = cls(shop_id=shop.id, message=message, address=(message.address if message else address).strip().lower())
        found.kind, found.status, found.said = kind, status, " ".join(said.split())[:LONGEST]
        found.at = min(at, clock.now()) if at else clock.now()
        db.session.add(found)
        db.session.flush()
        touch(shop.id, "messages")
        return found

    @classmethod
    def _in_trouble(cls, newest: "MailEvent") -> bool:
        """Whether so many mails came back for a while that nobody reads them: one that is reported twice is one."""
        mine = cls.shop_id == newest.shop_id, cls.address == newest.address, cls.kind == Weight.soft.value, cls.counts
        mails = select(func.count(func.distinct(func.coalesce(cls.message_id, -cls.id)))).where(*mine, cls.at > clock.now() - WITHIN)
        return (db.session.scalar(mails) or 0) >= MANY

    @staticmethod
    def _block(event: "MailEvent", shop: "Shop", kind: str) -> None:
        if event.message is None or event.message.customer_id:  # staff who mistype their own address are no customer's address
            BouncedAddress.note(shop, event.address, kind, event.said or event.status, by=MAIL_SYSTEM)
            touch(shop.id, "customers")

    @staticmethod
    def _holders(shop: "Shop", address: str) -> Sequence[Customer]:
        query = select(Customer).join(CustomerEmail, CustomerEmail.customer_id == Customer.id).where(Customer.shop_id == shop.id)
        return db.session.scalars(query.where(func.lower(CustomerEmail.address) == address.strip().lower())).unique().all()
