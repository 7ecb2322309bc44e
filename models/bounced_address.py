"""An e-mail address to which nothing goes any more: mail came back from it, or somebody there complained."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ScalarResult, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.actor import Actor
from models.base import Base, db, kept
from models.delivery import Delivery
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned

if TYPE_CHECKING:
    from models.shop import Shop

HARD, COMPLAINT = "bounced", "complained"
LONGEST = 500  # characters of what the other side said


class BouncedAddress(ShopOwned, Base):
    __tablename__ = "bounced_addresses"
    __table_args__ = (UniqueConstraint("shop_id", "address"),)

    address: Mapped[str]
    kind: Mapped[str]
    said: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)

    @classmethod
    def note(cls, shop: "Shop", address: str, kind: str, said: str, *, by: Actor) -> None:
        """Nothing goes there any more; doing it twice does it once. A complaint weighs more than mail that came back."""
        address = address.strip().lower()
        found = cls(shop_id=shop.id, address=address, kind=kind, said=" ".join(said.split())[:LONGEST], at=clock.now())
        known = cls._rows(shop, [address]).first()
        if known and known.kind == HARD and kind == COMPLAINT:
            known.kind, known.said, known.at = kind, found.said, found.at
            record(known, f"address.{kind}", by)
        elif known is None and kept(found):
            record(found, f"address.{kind}", by)

    @classmethod
    def forget(cls, shop: "Shop", address: str, *, by: Actor) -> None:
        """Somebody found out that it works again: what came back counts no more, and letters that were held back for it may go."""
        from models.mail_event import MailEvent
        from models.message import Message

        for row in cls._rows(shop, [address.strip().lower()]).all():
            record(row, "address.works", by)
            db.session.delete(row)
        db.session.flush()
        MailEvent.forgive(shop, address)
        held = select(Message).where(Message.shop_id == shop.id, Message.address == address, Message.state == Delivery.held)
        for message in db.session.scalars(held.where(Message.channel == "email")):
            message.reconsider()
        touch(shop.id, "customers")

    @classmethod
    def holds(cls, shop: "Shop", address: str) -> bool:
        return db.session.scalar(select(cls.id).where(cls.shop_id == shop.id, cls.address == address.lower())) is not None

    @classmethod
    def among(cls, shop: "Shop", addresses: Iterable[str]) -> set[str]:
        """Those of these addresses to which nothing goes, in small letters."""
        return {row.address for row in cls._rows(shop, sorted({address.lower() for address in addresses}))}

    @classmethod
    def _rows(cls, shop: "Shop", addresses: Sequence[str]) -> "ScalarResult[BouncedAddress]":
        return db.session.scalars(select(cls).where(cls.shop_id == shop.id, cls.address.in_(addresses)))
