"""An e-mail address to which nothing goes any more: mail came back from it, or somebody there complained."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.actor import Actor
from models.base import Base, db, kept
from models.entry import record
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
        """Nothing goes there any more; doing it twice does it once."""
        address = address.strip().lower()
        found = cls(shop_id=shop.id, address=address, kind=kind, said=" ".join(said.split())[:LONGEST], at=clock.now())
        if not cls.holds(shop, address) and kept(found):
            record(found, f"address.{kind}", by)

    @classmethod
    def forget(cls, shop: "Shop", address: str, *, by: Actor) -> None:
        """Somebody found out that it works again."""
        for row in db.session.scalars(select(cls).where(cls.shop_id == shop.id, cls.address == address.strip().lower())):
            record(row, "address.works", by)
            db.session.delete(row)

    @classmethod
    def holds(cls, shop: "Shop", address: str) -> bool:
        return db.session.scalar(select(cls.id).where(cls.shop_id == shop.id, cls.address == address.lower())) is not None
