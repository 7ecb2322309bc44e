"""A link to a visit: its token can be made again for every text, but not from the database alone; raising the version revokes it."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, db
from models.owned import ShopOwned
from models.refused import NotFound

if TYPE_CHECKING:
    from sqlalchemy.sql.base import ExecutableOption

    from models.visit import Visit

LENGTH = 22  # characters of base64: 132 bits


class Link(ShopOwned, Base):
    __tablename__ = "links"
    __table_args__ = (UniqueConstraint("visit_id", "purpose"),)

    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    purpose: Mapped[str]  # visit or calendar
    version: Mapped[int] = mapped_column(default=1)
    digest: Mapped[str] = mapped_column(unique=True)
    expired_at: Mapped[datetime | None] = mapped_column(default=None)  # its visit ended long ago, or its customer was erased

    visit: Mapped["Visit"] = relationship(back_populates="links")

    @classmethod
    def issue(cls, visit: "Visit", purpose: str) -> "Link":
        link = cls(shop_id=visit.shop_id, visit_id=visit.id, purpose=purpose, version=1)
        link.digest = _digest(link.token)
        return link

    @classmethod
    def found(cls, token: str, *options: "ExecutableOption") -> "Link":
        """Raises NotFound: unknown, cut off, revoked, expired, all alike."""
        if len(token) == LENGTH:
            living = select(cls).where(cls.digest == _digest(token), cls.expired_at.is_(None))
            link = db.session.scalars(living.options(*options)).unique().first()
            if link:
                return link
        raise NotFound("Link")

    @property
    def token(self) -> str:
        key = current_app.extensions["settings"].data_key.encode()
        words = f"visit link:{self.visit_id}:{self.purpose}:{self.version}".encode()
        return urlsafe_b64encode(hmac.digest(key, words, "sha256")).decode()[:LENGTH]

    @property
    def path(self) -> str:
        return f"/v/{self.token}"

    @property
    def url(self) -> str:
        return f"{self.visit.shop.base_url}{self.path}"

    def revoke(self) -> None:
        """The old token stops working; the next text carries a new one."""
        self.version += 1
        self.digest = _digest(self.token)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
