"""A row that waited for a person: why, what they decided, and with which night it went."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, UniqueConstraint, and_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.actor import Actor
from models.base import Base, db, kept
from models.closing import Closing
from models.entry import record
from models.export_doubts import Key
from models.export_opt_out import TOPIC
from models.export_partner import Partner
from models.handover import touch
from models.owned import ShopOwned
from models.refused import NotFound, Refused

if TYPE_CHECKING:
    from models.shop import Shop

RELEASED, LEFT_OUT = "released", "left_out"
VERDICTS = {RELEASED: "export.released", LEFT_OUT: "export.left_out", "": "export.put_back"}
PATIENCE = timedelta(days=60)  # how long one waits for a person before it is left out by itself


class HeldRow(ShopOwned, Base):
    """Of one partner and one service; a row that was decided on before its night is one of these too."""

    __tablename__ = "held_rows"
    __table_args__ = (UniqueConstraint("partner", "closing_id", "item"), Index("ix_held_rows_waiting", "shop_id", "sent_with"))

    partner: Mapped[Partner]
    closing_id: Mapped[int] = mapped_column(ForeignKey("closings.id"))
    item: Mapped[int]  # the work item; 0: the order has none
    found_at: Mapped[datetime] = mapped_column(default=clock.now)
    verdict: Mapped[str] = mapped_column(default="")  # released, left_out; empty: nobody has decided
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    settled_by: Mapped[str] = mapped_column(default="")
    sent_with: Mapped[date | None] = mapped_column(default=None)  # the night's day

    @property
    def key(self) -> Key:
        return self.closing_id, self.item

    @classmethod
    def about(cls, shop: "Shop", partner: Partner, day: date, begins: datetime, ends: datetime) -> "list[tuple[HeldRow, bool]]":
        """What a day's file has to do with, each with whether it was closed on that very day (between these instants): what went with that
        night, what was decided on of that day's own, and what waits from before, whatever was decided."""
        waits = and_(cls.sent_with.is_(None), cls.found_at > clock.now() - PATIENCE, Closing.at < begins)
        own = and_(Closing.at >= begins, Closing.at < ends)
        mine = select(cls, Closing.at >= begins).join(Closing, Closing.id == cls.closing_id)
        mine = mine.where(cls.shop_id == shop.id, cls.partner == partner, or_(waits, own, cls.sent_with == day))
        return [(row, bool(is_own)) for row, is_own in db.session.execute(mine.order_by(cls.id))]

    @classmethod
    def decide(cls, shop: "Shop", partner: Partner, key: Key, verdict: str, *, by: Actor) -> None:
        """Let it go, leave it out, or (empty) let it wait again. The same again changes nothing.

        Raises NotFound: not the shop's, or reopened meanwhile. Raises Refused: it has gone already.
        """
        closing_id, item = key
        closing = db.session.scalars(select(Closing).where(Closing.id == closing_id, Closing.shop_id == shop.id)).first()
        if closing is None or closing.reopened_at is not None or verdict not in VERDICTS:
            raise NotFound("Closing")
        row = cls._of(partner, key) or cls(shop_id=shop.id, partner=partner, closing_id=closing_id, item=item, verdict="")
        if row.id is None and not kept(row):
            row = cls._of(partner, key) or row
        if row.sent_with is not None:
            raise Refused(_("This row has been sent already."))
        if row.verdict != verdict:
            row.verdict, row.settled_at, row.settled_by = verdict, clock.now(), by.name
            record(row, VERDICTS[verdict], by, name=partner.label)
            touch(shop.id, TOPIC)

    @classmethod
    def _of(cls, partner: Partner, key: Key) -> "HeldRow | None":
        mine: Any = select(cls).where(cls.partner == partner, cls.closing_id == key[0], cls.item == key[1])
        return db.session.scalars(mine).first()
