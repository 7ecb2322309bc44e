"""That somebody agreed, for the shop, to what is handed over to a partner: who, when, and to which words. Added, never changed."""

from datetime import datetime

from sqlalchemy import Text, select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.export_partner import Partner
from models.owned import ShopOwned


class ExportAgreement(ShopOwned, Base):
    __tablename__ = "export_agreements"

    partner: Mapped[Partner]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by: Mapped[str]
    ip: Mapped[str] = mapped_column(default="")
    version: Mapped[str]
    words: Mapped[str] = mapped_column(Text)  # as they were on the screen

    @classmethod
    def note(cls, shop_id: int, partner: Partner, *, by: Actor) -> "ExportAgreement":
        terms = partner.terms
        made = cls(shop_id=shop_id, partner=partner, at=clock.now(), by=by.name, ip=by.ip, version=terms.version, words=terms.words)
        db.session.add(made)
        db.session.flush()
        return made

    @classmethod
    def newest(cls, shop_id: int, partner: Partner) -> "ExportAgreement | None":
        mine = select(cls).where(cls.shop_id == shop_id, cls.partner == partner)
        return db.session.scalars(mine.order_by(cls.id.desc()).limit(1)).first()
