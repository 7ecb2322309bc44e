"""Answers that a shop gives again and again: chosen in the Messages window, their blanks filled in before they go."""

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.customer import LANGUAGES
from models.entry import record
from models.owned import ShopOwned
from models.refused import Refused

if TYPE_CHECKING:
    from models.shop import Shop

LONGEST = {"title": 40, "body": 600}  # characters
FIELDS = ("first", "shop", "phone", "year", "make", "model", "plate", "link")
_FIELD = re.compile(r"\{([^{}]*)\}")


class QuickReply(ShopOwned, Base):
    """Written by the shop in the customers' languages; a blank stands in brackets, like [time]."""

    __tablename__ = "quick_replies"

    position: Mapped[int]
    title: Mapped[str]
    bodies: Mapped[dict[str, Any]]  # by language; one that is missing is said in the shop's own
    retired_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def of(cls, shop: "Shop") -> Sequence["QuickReply"]:
        """In the shop's order: its own, or the usual ones as long as it has touched none of them."""
        own = db.session.scalars(select(cls).where(cls.shop_id == shop.id).order_by(cls.position, cls.id)).all()
        return [reply for reply in own if reply.retired_at is None] if own else _usual(shop)

    @classmethod
    def own(cls, shop: "Shop") -> Sequence["QuickReply"]:
        """The same, kept as the shop's own from now on, so that they can be changed."""
        shop.lock()
        replies = cls.of(shop)
        db.session.add_all(replies)
        db.session.flush()
        return replies

    @classmethod
    def add(cls, shop: "Shop", title: str, bodies: Mapping[str, str], *, by: Actor) -> "QuickReply":
        """Raises Refused: nothing is written in the shop's language, it is too long, a field is unknown."""
        last = max((reply.position for reply in cls.own(shop)), default=0)
        reply = cls(shop_id=shop.id, position=last + 1)
        reply._write(shop, title, bodies)
        db.session.add(reply)
        db.session.flush()
        record(reply, "quick_reply.added", by, title=reply.title)
        return reply

    def change(self, shop: "Shop", title: str, bodies: Mapping[str, str], *, by: Actor) -> None:
        """Raises Refused: as ``add``."""
        self._write(shop, title, bodies)
        record(self, "quick_reply.changed", by, title=self.title)

    def retire(self, *, by: Actor) -> None:
        """Offer it no longer; doing it twice does it once."""
        if self.retired_at is None:
            self.retired_at = clock.now()
            record(self, "quick_reply.retired", by, title=self.title)

    def bring_back(self, *, by: Actor) -> None:
        """Undo ``retire``."""
        if self.retired_at is not None:
            self.retired_at = None
            record(self, "quick_reply.brought_back", by, title=self.title)

    def body(self, language: str, otherwise: str) -> str:
        """The words in that language, else in the other one."""
        return str(self.bodies.get(language) or self.bodies.get(otherwise) or next(iter(self.bodies.values())))

    def _write(self, shop: "Shop", title: str, bodies: Mapping[str, str]) -> None:
        title, kept = title.strip(), {language: body.strip() for language, body in bodies.items() if language in LANGUAGES and body.strip()}
        errors = {f"body_{language}": words for language, body in kept.items() if (words := _fault(body))}
        if not title or len(title) > LONGEST["title"]:
            errors["title"] = _("Give it a short name, under %(count)s characters.", count=LONGEST["title"] + 1)
        if shop.language not in kept:
            errors[f"body_{shop.language}"] = _("Write the answer in the shop's language.")
        if errors:
            raise Refused.at(**errors)
        self.title, self.bodies = title, kept


def _fault(body: str) -> str:
    """What is wrong with the words; empty if nothing is."""
    if len(body) > LONGEST["body"]:
        return _("Please keep it under %(count)s characters.", count=LONGEST["body"] + 1)
    unknown = next((field for field in _FIELD.findall(body) if field not in FIELDS), None)
    if unknown is not None:
        return _("There is no field {%(name)s}. Known are %(fields)s.", name=unknown, fields=", ".join(f"{{{field}}}" for field in FIELDS))
    return ""


def _usual(shop: "Shop") -> list[QuickReply]:
    return [QuickReply(shop_id=shop.id, position=at, title=title, bodies=dict(bodies)) for at, (title, bodies) in enumerate(_presets(), 1)]


@cache
def _presets() -> list[tuple[str, dict[str, str]]]:
    with (Path(__file__).parent / "presets" / "quick_replies.csv").open(encoding="utf-8", newline="") as file:
        return [(row.pop("title"), row) for row in csv.DictReader(file)]
