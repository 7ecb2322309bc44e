"""The link by which a customer ends follow-up letters (RFC 8058): made from the installation's key, revoked by its version."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, db, kept
from models.link import LENGTH
from models.owned import ShopOwned
from models.refused import NotFound

if TYPE_CHECKING:
    from models.customer import Customer


class MailLink(ShopOwned, Base):
    __tablename__ = "mail_links"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    digest: Mapped[str] = mapped_column(unique=True)

    customer: Mapped["Customer"] = relationship()

    @classmethod
    def of(cls, customer: "Customer") -> "MailLink":
        """The customer's; made if there is none yet, by whichever of two comes first."""
        query = select(cls).where(cls.customer_id == customer.id)
        if found := db.session.scalars(query).first():
            return found
        link = cls(shop_id=customer.shop_id, customer=customer, customer_id=customer.id, version=1)
        link.digest = _digest(link.token)
        return link if kept(link) else db.session.scalars(query).one()

    @classmethod
    def found(cls, token: str) -> "MailLink":
        """Raises NotFound: unknown, cut off, revoked, all alike."""
        if len(token) == LENGTH and (link := db.session.scalars(select(cls).where(cls.digest == _digest(token))).first()):
            return link
        raise NotFound("MailLink")

    @property
    def token(self) -> str:
        key = current_app.extensions["settings"].data_key.encode()
        words = f"mail link:{self.customer_id}:{self.version}".encode()
        return urlsafe_b64encode(hmac.digest(key, words, "sha256")).decode()[:LENGTH]

    @property
    def url(self) -> str:
        return f"{self.customer.shop.base_url}/u/{self.token}"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
