"""The first text of a shop to a number says whose it is, that rates may apply and how to stop: once, whatever it is about."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.base import Base, db, kept_of
from models.owned import ShopOwned
from models.segments import plain

if TYPE_CHECKING:
    from models.message import Message
    from models.shop import Shop

LONGEST = 1600  # characters that Twilio takes
# By language: what shows that a text says it already, and what says it; in characters that every phone has.
_RATES = {
    "en": ("rates may apply", "Msg & data rates may apply."),
    "es": ("aplicarse tarifas", "Pueden aplicarse tarifas."),
    "nl": ("er kunnen kosten zijn", "Er kunnen kosten zijn."),
}
_STOP = {"en": "Reply STOP to end.", "es": "Responda STOP para terminar.", "nl": "STOP = afmelden."}


class Introduction(ShopOwned, Base):
    """A shop has introduced itself to a number; the unique key decides which of two texts that go at once does it."""

    __tablename__ = "introductions"
    __table_args__ = (UniqueConstraint("shop_id", "number"),)

    number: Mapped[str]
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)

    @classmethod
    def is_due(cls, shop: "Shop", number: str) -> bool:
        """Whether the next text to that number will carry it."""
        return db.session.scalar(select(cls.id).where(cls.shop_id == shop.id, cls.number == number)) is None

    @classmethod
    def _made(cls, firsts: "Mapping[tuple[str, int], Message]") -> set[tuple[str, int]]:
        """Which of these introduce their shop: not those before which another text, that goes at this very moment, was first.

        Written in one order, so that two workers don't wait for each other.
        """
        now = clock.now()
        rows = [{"number": number, "shop_id": shop, "message_id": firsts[number, shop].id, "at": now} for number, shop in sorted(firsts)]
        return {(row.number, row.shop_id) for row in kept_of(cls, rows)}


def introduce(claimed: Iterable["Message"]) -> None:
    """Let the first texts among these, which are about to be sent, say whose they are; the caller commits."""
    firsts: dict[tuple[str, int], Message] = {}
    for message in claimed:
        if message.introduces and len(introduced(message)) <= LONGEST:  # one that is too long leaves it to the next
            firsts.setdefault((message.address, message.shop_id), message)
    if not firsts:
        return
    numbers, shops = zip(*firsts, strict=True)
    known = select(Introduction.number, Introduction.shop_id).where(Introduction.number.in_(numbers), Introduction.shop_id.in_(shops))
    for row in db.session.execute(known):
        firsts.pop((row[0], row[1]), None)
    for first in Introduction._made(firsts) if firsts else ():
        firsts[first].body = introduced(firsts[first])


def introduced(message: "Message") -> str:
    """Its words with what is missing in them."""
    return introducing(message.shop, message.language, message.body)


def introducing(shop: "Shop", language: str, words: str) -> str:
    """These words as a number would read them that hears from the shop for the first time."""
    name = plain(shop.name)
    body = words if name.casefold() in words.casefold() else f"{name}: {words}"
    sign, rates = _RATES[language]
    missing = [*([] if sign in body.casefold() else [rates]), *([] if "STOP" in body else [_STOP[language]])]
    if missing and body[-1:].isalnum() and "://" not in body.split()[-1]:  # a full stop would be taken for a part of the link
        body += "."
    return " ".join([body, *missing])


def forget_introduction(message: "Message") -> None:
    """It did not arrive, and with it what it said: the next text says it."""
    db.session.execute(delete(Introduction).where(Introduction.message_id == message.id))
