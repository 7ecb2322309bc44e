"""How another system calls what is ours, and what it said of it last."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sqlalchemy import Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped

from models.ahead import UNKNOWN, answered, is_gathered, learn
from models.base import Base, chunks, db, kept
from models.owned import ShopOwned

if TYPE_CHECKING:
    from models.shop import Shop


class ExternalId(ShopOwned, Base):
    """Two systems may call two things the same, and one thing by two names: customers get merged."""

    __tablename__ = "external_ids"
    __table_args__ = (
        UniqueConstraint("shop_id", "system", "noun", "external_id"),
        Index("ix_external_ids_ours", "shop_id", "noun", "our_id"),
    )

    system: Mapped[str]  # in small letters
    noun: Mapped[str]
    external_id: Mapped[str]
    our_id: Mapped[int | None]  # none only while the transaction lasts that makes ours
    marks: Mapped[dict[str, Any]]  # of each field, what the other system said last: a keyed hash, no personal data

    @classmethod
    def claim(cls, shop: "Shop", system: str, noun: str, external_id: str) -> "ExternalId":
        """The row, locked for this transaction; made if there is none. Of two that push the same at once one makes it, the other waits."""
        if found := cls.find(shop, system, noun, external_id, lock=True):
            return found
        row = cls(shop_id=shop.id, system=system.casefold(), noun=noun, external_id=external_id, our_id=None, marks={})
        if is_gathered():  # of two at once the other's is found when it is written, and all is done anew
            db.session.add(row)
        if is_gathered() or kept(row):
            learn(cls.asking(shop, system, noun, external_id), row)
            return row
        found = cls.find(shop, system, noun, external_id, lock=True)
        assert found
        return found

    @classmethod
    def find(cls, shop: "Shop", system: str, noun: str, external_id: str, *, lock: bool = False) -> "ExternalId | None":
        if (known := answered(cls.asking(shop, system, noun, external_id))) is not UNKNOWN:
            return known
        query = select(cls).where(cls.shop_id == shop.id, cls.system == system.casefold(), cls.noun == noun, cls.external_id == external_id)
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        return db.session.scalars(query).first()

    @classmethod
    def held(cls, shop: "Shop", system: str, noun: str, external_ids: Collection[str]) -> "list[ExternalId]":
        """All rows of these, locked for this transaction, always in one order: that of the index by which they are found."""
        mine = select(cls).where(cls.shop_id == shop.id, cls.system == system.casefold(), cls.noun == noun).order_by(cls.external_id)
        mine = mine.with_for_update().execution_options(populate_existing=True)
        return [row for part in chunks(external_ids) for row in db.session.scalars(mine.where(cls.external_id.in_(part)))]

    @classmethod
    def asking(cls, shop: "Shop", system: str, noun: str, external_id: str) -> tuple[object, ...]:
        """The question of ``find``, as it is asked ahead."""
        return cls, shop.id, system.casefold(), noun, external_id

    @classmethod
    def asking_name(cls, shop: "Shop", system: str, noun: str, our_id: int) -> tuple[object, ...]:
        """The question of ``name_of``."""
        return cls, shop.id, system.casefold(), noun, our_id

    def means(self, shop: "Shop", our_id: int, marks: dict[str, Any]) -> None:
        """It is that one of ours, and the other system has said so much of it."""
        if self.our_id != our_id:
            self.our_id = our_id
            learn(self.asking_name(shop, self.system, self.noun, our_id), self.external_id)
        self.marks = marks

    @classmethod
    def name_of(cls, shop: "Shop", system: str, noun: str, our_id: int) -> str | None:
        """What that system calls ours; of several names (customers get merged) the first."""
        if (known := answered(cls.asking_name(shop, system, noun, our_id))) is not UNKNOWN:
            return known
        query = select(cls.external_id).where(cls.shop_id == shop.id, cls.noun == noun, cls.our_id == our_id)
        return db.session.scalar(query.where(cls.system == system.casefold()).order_by(cls.id).limit(1))

    @classmethod
    def names(cls, shop: "Shop", system: str, noun: str, our_ids: Collection[int]) -> dict[int, str]:
        """What it calls these, by our ids; of several names the first."""
        query = select(cls.our_id, cls.external_id).where(cls.shop_id == shop.id, cls.noun == noun, cls.our_id.in_(our_ids))
        # sorted here: asked for in the order of their ids, SQLite would go through all of the shop's
        rows = sorted(db.session.execute(query.where(cls.system == system.casefold()).add_columns(cls.id)), key=lambda row: -row.id)
        return {row.our_id: row.external_id for row in rows}

    @classmethod
    def below(cls, shop: "Shop", system: str, noun: str, beginning: str) -> dict[str, "ExternalId"]:
        """All whose id begins so, by the rest of it: the items of a work order."""
        mine = select(cls).where(cls.shop_id == shop.id, cls.system == system.casefold(), cls.noun == noun)
        found = db.session.scalars(mine.where(cls.external_id.startswith(beginning, autoescape=True)).order_by(cls.id))
        return {row.external_id.removeprefix(beginning): row for row in found}
