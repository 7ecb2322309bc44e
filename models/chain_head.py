"""Where a shop's communication log ends: who writes stands in line at this row, and who cuts the end off is found by it.

It is sealed with a key made from DATA_KEY: whoever has the database alone can't write the log anew and make it fit.
"""

import hmac
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, db, kept
from models.chain import START

if TYPE_CHECKING:
    from settings import Settings


class ChainHead(Base):
    __tablename__ = "chain_heads"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), unique=True)
    seq: Mapped[int]  # of the newest record; 0 before the first
    digest: Mapped[str]  # of the newest record
    seal: Mapped[str]

    @classmethod
    def held(cls, shop_id: int) -> "ChainHead":
        """The shop's, locked until this transaction ends (SQLite's writers stand in line anyway)."""
        mine = select(cls).where(cls.shop_id == shop_id).with_for_update().execution_options(populate_existing=True)
        head = db.session.scalars(mine).first()
        if head is None:
            kept(cls(shop_id=shop_id, seq=0, digest=START, seal=sealed(shop_id, 0, START)))
            head = db.session.scalars(mine).one()
        return head

    def advance(self, digest: str) -> None:
        """One more record. A seal that does not fit is not made anew: what somebody changed must not be covered by what comes next."""
        genuine = is_sealed(self.shop_id, self.seq, self.digest, self.seal)
        self.seq, self.digest = self.seq + 1, digest
        self.seal = sealed(self.shop_id, self.seq, digest) if genuine else ""


def sealed(shop_id: int, seq: int, digest: str) -> str:
    return _sealed(_settings().data_key, shop_id, seq, digest)


def is_sealed(shop_id: int, seq: int, digest: str, seal: str) -> bool:
    """Whether this installation wrote it, under its key or the one before."""
    keys = (key for key in (_settings().data_key, _settings().data_key_before) if key)
    return any(hmac.compare_digest(_sealed(key, shop_id, seq, digest).encode(), seal.encode()) for key in keys)


def _sealed(key: str, shop_id: int, seq: int, digest: str) -> str:
    return hmac.digest(key.encode(), f"communication log:{shop_id}:{seq}:{digest}".encode(), "sha256").hex()


def _settings() -> "Settings":
    found: Settings = current_app.extensions["settings"]
    return found
