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

    @classmethod
    def sealed_before(cls) -> list["ChainHead"]:
        """Those that were sealed under the key before the present one, and not written to since."""
        heads = db.session.scalars(select(cls).order_by(cls.shop_id)).all()
        earlier = _settings().data_key_before
        return [head for head in heads if earlier and _is_sealed((earlier,), head.shop_id, head.seq, head.digest, head.seal)]

    def seal_anew(self) -> None:
        """Under the present key; the caller has verified the log."""
        self.seal = sealed(self.shop_id, self.seq, self.digest)


def sealed(shop_id: int, seq: int, digest: str) -> str:
    return _sealed(_settings().data_key, shop_id, seq, digest)


def is_sealed(shop_id: int, seq: int, digest: str, seal: str) -> bool:
    """Whether this installation wrote it, under its key or the one before."""
    return _is_sealed((_settings().data_key, _settings().data_key_before), shop_id, seq, digest, seal)


def _is_sealed(keys: tuple[str, ...], shop_id: int, seq: int, digest: str, seal: str) -> bool:
    return any(hmac.compare_digest(_sealed(key, shop_id, seq, digest).encode(), seal.encode()) for key in keys if key)


def _sealed(key: str, shop_id: int, seq: int, digest: str) -> str:
    return hmac.digest(key.encode(), f"communication log:{shop_id}:{seq}:{digest}".encode(), "sha256").hex()


def _settings() -> "Settings":
    found: Settings = current_app.extensions["settings"]
    return found
