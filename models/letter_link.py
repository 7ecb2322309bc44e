"""A link in a letter: our own address, which leads on to a place that is kept here and nowhere in the address, and counts once a letter."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import clock
from models.base import Base, db
from models.handover import touch
from models.link import LENGTH
from models.owned import ShopOwned
from models.refused import NotFound

if TYPE_CHECKING:
    from models.message import Message

FEEDBACK, VISIT = "feedback", "visit"
TOO_SOON = timedelta(seconds=10)  # after the mail went: nobody reads so fast, scanners do


class LetterLink(ShopOwned, Base):
    __tablename__ = "letter_links"
    __table_args__ = (UniqueConstraint("message_id", "purpose"),)

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    purpose: Mapped[str]
    target: Mapped[str] = mapped_column(default="")  # of a visit's page: none, it is asked for when somebody follows
    digest: Mapped[str] = mapped_column(unique=True)
    fetched_at: Mapped[datetime | None] = mapped_column(default=None)  # by whatever machine, the first time
    clicked_at: Mapped[datetime | None] = mapped_column(default=None)  # by a person, as far as can be told, the first time

    message: Mapped["Message"] = relationship()

    @classmethod
    def put_in(cls, message: "Message", purpose: str, target: str = "") -> "LetterLink":
        """A new letter's. The message must be flushed."""
        link = cls(shop_id=message.shop_id, message=message, message_id=message.id, purpose=purpose, target=target)
        link.digest = _digest(link.code)
        db.session.add(link)
        return link

    @classmethod
    def found(cls, code: str) -> "LetterLink":
        """Raises NotFound: unknown or cut off."""
        query = select(cls).where(cls.digest == _digest(code)).options(joinedload(cls.message))
        if len(code) == LENGTH and (link := db.session.scalars(query).first()):
            return link
        raise NotFound("LetterLink")

    @classmethod
    def of(cls, message: "Message") -> Sequence["LetterLink"]:
        return db.session.scalars(select(cls).where(cls.message_id == message.id).order_by(cls.id)).all()

    @property
    def code(self) -> str:
        key = current_app.extensions["settings"].data_key.encode()
        words = f"letter link:{self.message_id}:{self.purpose}".encode()
        return urlsafe_b64encode(hmac.digest(key, words, "sha256")).decode()[:LENGTH]

    @property
    def url(self) -> str:
        return f"{self.message.shop.base_url}/g/{self.code}"

    @property
    def leads_to(self) -> str:
        """A place that the shop chose when the letter was written, or the page of the visit that it speaks of. Raises NotFound: gone."""
        if self.purpose == FEEDBACK:
            return self.target
        letter = self.message.letter
        if letter is None or letter.appointment is None:
            raise NotFound("Visit")
        return letter.appointment.visit.link.url

    def is_by_a_person(self, is_machine: bool) -> bool:
        """A following that no machine owns up to, and not within seconds of the sending."""
        sent_at = self.message.sent_at
        return not is_machine and (sent_at is None or clock.now() - sent_at >= TOO_SOON)

    def follow(self, *, person: bool) -> None:
        """Somebody or something followed it: the first of each is kept. That a person did shows that the mail arrived and was opened."""
        self.fetched_at = self.fetched_at or clock.now()
        if person and self.clicked_at is None:
            self.clicked_at = clock.now()
            self.message.arrived()
            touch(self.shop_id, "messages")


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
