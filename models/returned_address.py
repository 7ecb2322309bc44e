"""A postal address from which a card came back: no further one goes there until it is corrected, or somebody says that it is right."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.actor import Actor
from models.base import Base, db, kept
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned

if TYPE_CHECKING:
    from models.customer import Customer
    from models.shop import Shop


class ReturnedAddress(ShopOwned, Base):
    """Kept by its words, not by its customer's row: one that is corrected is another address, and two who live together have one."""

    __tablename__ = "returned_addresses"
    __table_args__ = (UniqueConstraint("shop_id", "line"),)

    line: Mapped[str]
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)  # what came back
    at: Mapped[datetime] = mapped_column(default=clock.now)

    @classmethod
    def note(cls, shop: "Shop", line: str, message_id: int, *, by: Actor) -> None:
        """Nothing goes there any more; doing it twice does it once."""
        found = cls(shop_id=shop.id, line=_plain(line), message_id=message_id, at=clock.now())
        if cls.at_line(shop, line) is None and kept(found):
            record(found, "address.returned", by)
            touch(shop.id, "customers")

    @classmethod
    def forget(cls, customer: "Customer", *, by: Actor) -> None:
        """Somebody found out that the customer's address is right after all: what was held back for it may go."""
        from models.postcard_held import reconsider_cards

        if found := cls.of(customer):
            record(customer, "customer.address_right", by)
            db.session.delete(found)
            db.session.flush()
            reconsider_cards(customer)
            touch(customer.shop_id, "customers")

    @classmethod
    def of(cls, customer: "Customer") -> "ReturnedAddress | None":
        """Of the address that cards to the customer go to."""
        if not customer.addresses:
            return None
        return cls.at_line(customer.shop, customer.addresses[0].line(customer.shop.country))

    @classmethod
    def at_line(cls, shop: "Shop", line: str) -> "ReturnedAddress | None":
        return db.session.scalars(select(cls).where(cls.shop_id == shop.id, cls.line == _plain(line))).first()


def _plain(line: str) -> str:
    """Capitals, spaces and commas don't make another address."""
    return " ".join(line.replace(",", " ").casefold().split())
