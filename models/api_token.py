"""What another system proves itself with: a token of one shop, with what it may do, shown once and kept as a hash."""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned
from models.refused import NotFound, Refused

if TYPE_CHECKING:
    from models.shop import Shop

PREFIX = "wrenchline_"  # so that a token that got somewhere it should not be is known for what it is
SECRET = 32  # bytes
NOUNS = ("customers", "vehicles", "appointments", "work_orders")
SCOPES = tuple(f"{noun}:{right}" for noun in NOUNS for right in ("read", "write"))
LONGEST_SYSTEM, LONGEST_NOTE = 40, 80  # characters
MOST = 20  # tokens of a shop that work at a time
OFTEN = timedelta(minutes=1)  # when it was last used is kept as exactly as that


class ApiToken(ShopOwned, Base):
    __tablename__ = "api_tokens"
    __table_args__ = (UniqueConstraint("digest"),)

    system: Mapped[str]  # the other system; its own ids are kept under this name
    note: Mapped[str] = mapped_column(default="")  # where it is used
    scopes: Mapped[list[Any]]
    digest: Mapped[str]
    tail: Mapped[str]  # its last characters, to tell it from others
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by: Mapped[str]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    used_from: Mapped[str] = mapped_column(default="")  # address
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_by: Mapped[str] = mapped_column(default="")

    shop: Mapped["Shop"] = relationship()

    # finding

    @classmethod
    def found(cls, secret: str) -> "ApiToken":
        """Raises NotFound: unknown, cut off, revoked, all alike.

        The hash is looked up, so that how long it takes tells nothing of a token that is nearly right.
        """
        from models.shop import Shop

        digest = _digest(secret)
        query = select(cls).where(cls.digest == digest).options(joinedload(cls.shop).selectinload(Shop.hours))
        token = db.session.scalars(query).first()
        if token is None or not hmac.compare_digest(token.digest, digest) or token.is_revoked:
            raise NotFound("ApiToken")
        return token

    @classmethod
    def of(cls, shop: "Shop") -> Sequence["ApiToken"]:
        """The shop's, those that work first, the newest first."""
        query = select(cls).where(cls.shop_id == shop.id).order_by(cls.revoked_at.is_not(None), cls.id.desc())
        return db.session.scalars(query).all()

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def actor(self) -> Actor:
        """Who does what is done with it."""
        return Actor("system", self.system, self.id, self.used_from)

    def may(self, scope: str) -> bool:
        return scope in self.scopes

    # verbs

    @classmethod
    def make(cls, shop: "Shop", system: str, scopes: Collection[str], *, note: str = "", by: Actor) -> tuple["ApiToken", str]:
        """A token, and its secret, which is shown this once. Raises Refused, every fault at once."""
        system, note = " ".join(system.split()), " ".join(note.split())
        cls._check(shop, system, note, scopes)
        secret = PREFIX + secrets.token_urlsafe(SECRET)
        token = cls(shop_id=shop.id, shop=shop, system=cls.known_as(shop, system), note=note, made_by=by.name)
        token.scopes, token.digest, token.tail = [scope for scope in SCOPES if scope in scopes], _digest(secret), secret[-4:]
        db.session.add(token)
        db.session.flush()
        token._noted("made", by)
        return token, secret

    @classmethod
    def _check(cls, shop: "Shop", system: str, note: str, scopes: Collection[str]) -> None:
        faults = {}
        if not system or len(system) > LONGEST_SYSTEM or not system.isprintable():
            faults["system"] = _("Name the other system, in at most %(count)s characters.", count=LONGEST_SYSTEM)
        if len(note) > LONGEST_NOTE or not note.isprintable():
            faults["note"] = _("Please keep it under %(count)s characters, on one line.", count=LONGEST_NOTE)
        if not set(scopes) & set(SCOPES):
            faults["scopes"] = _("Tick at least one thing that it may do.")
        if sum(not token.is_revoked for token in cls.of(shop)) >= MOST:
            faults["system"] = _("There are %(count)s tokens already. Revoke one that is not used any more.", count=MOST)
        if faults:
            raise Refused.at(**faults)

    @classmethod
    def known_as(cls, shop: "Shop", system: str) -> str:
        """As it was written the first time: its ids are found again by a second token, however that one spells it."""
        return next((token.system for token in cls.of(shop) if token.system.casefold() == system.casefold()), system)

    def revoke(self, *, by: Actor) -> None:
        """It opens nothing from now on. Doing it twice does it once."""
        if not self.is_revoked:
            self.revoked_at, self.revoked_by = clock.now(), by.name
            self._noted("revoked", by)

    def was_noted(self, address: str) -> bool:
        """Whether a use just now needs no writing: the last one is as good as now."""
        return self.used_from == address and self.used_at is not None and clock.now() - self.used_at < OFTEN

    def note_use(self, address: str) -> None:
        self.used_at, self.used_from = clock.now(), address
        touch(self.shop_id, "settings")

    def _noted(self, verb: str, by: Actor) -> None:
        record(self, f"api_token.{verb}", by, name=self.system)
        touch(self.shop_id, "settings")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
