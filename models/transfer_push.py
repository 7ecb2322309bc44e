"""What was pushed lately: how many records came, what became of them, and what was wrong, for the shop's administrators."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, delete, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import clock
from models.api_token import ApiToken
from models.base import Base, db
from models.handover import touch
from models.owned import ShopOwned

if TYPE_CHECKING:
    from models.shop import Shop
    from models.transfer_record import Outcome

TOGETHER = timedelta(minutes=10)  # what comes so soon after the last is one line of the log
KEPT = timedelta(days=30)
EXAMPLES = 20  # faults that a line tells


class TransferPush(ShopOwned, Base):
    __tablename__ = "transfer_pushes"
    __table_args__ = (Index("ix_transfer_pushes_at", "shop_id", "at"),)

    token_id: Mapped[int] = mapped_column(ForeignKey("api_tokens.id"), index=True)
    noun: Mapped[str]
    began_at: Mapped[datetime] = mapped_column(default=clock.now)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    faults: Mapped[list[Any]]  # external id, pointer, sentence of the newest ones

    token: Mapped[ApiToken] = relationship()

    @classmethod
    def note(cls, token: ApiToken, noun: str, outcomes: "Iterable[Outcome]") -> None:
        """Count them in, with what came a moment before."""
        line = cls._line(token, noun)
        faults: list[Any] = []
        for outcome in outcomes:
            name = outcome.result
            setattr(line, name, getattr(line, name) + 1)
            faults += [[outcome.external_id, fault.pointer, fault.detail] for fault in outcome.errors]
        line.faults, line.at = [*line.faults, *faults][-EXAMPLES:], clock.now()
        db.session.flush()
        touch(token.shop_id, "settings")

    @classmethod
    def _line(cls, token: ApiToken, noun: str) -> "TransferPush":
        query = select(cls).where(cls.token_id == token.id, cls.noun == noun, cls.began_at > clock.now() - TOGETHER)
        line = db.session.scalars(query.order_by(cls.id.desc()).limit(1).with_for_update()).first()
        if line is None:
            db.session.execute(delete(cls).where(cls.shop_id == token.shop_id, cls.at < clock.now() - KEPT))
            line = cls(shop_id=token.shop_id, token_id=token.id, noun=noun, began_at=clock.now(), faults=[])
            line.created = line.updated = line.unchanged = line.refused = 0
            db.session.add(line)
        return line

    @classmethod
    def newest(cls, shop: "Shop", limit: int = 30) -> Sequence["TransferPush"]:
        query = select(cls).where(cls.shop_id == shop.id).options(joinedload(cls.token)).order_by(cls.at.desc(), cls.id.desc())
        return db.session.scalars(query.limit(limit)).all()
