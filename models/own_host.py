"""A shop's own host name: its customers' pages are reached under it, and every link that the shop sends begins with it."""

import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base, db, kept
from models.entry import record
from models.handover import touch
from models.host_name import host_name
from models.owned import ShopOwned
from models.refused import Refused
from models.setup_check import HOST, SetupCheck

if TYPE_CHECKING:
    from models.shop import Shop


class OwnHost(ShopOwned, Base):
    """It answers from the moment it is kept, to be tried; also switched off, for the links that were sent with it; until it is removed."""

    __tablename__ = "own_hosts"
    __table_args__ = (UniqueConstraint("shop_id"),)

    name: Mapped[str] = mapped_column(unique=True)
    named_at: Mapped[datetime] = mapped_column(default=clock.now)
    named_by: Mapped[str]
    on_at: Mapped[datetime | None] = mapped_column(default=None)
    on_by: Mapped[str] = mapped_column(default="")
    off_at: Mapped[datetime | None] = mapped_column(default=None)
    off_by: Mapped[str] = mapped_column(default="")

    shop: Mapped["Shop"] = relationship(back_populates="own_host")

    # questions

    @classmethod
    def answering(cls) -> Iterable[tuple[str, int, str]]:
        """Name, shop's id and short name of all that customers may come by."""
        from models.shop import Shop

        query = select(cls.name, cls.shop_id, Shop.slug).join(Shop, Shop.id == cls.shop_id)
        return [(name, shop_id, slug) for name, shop_id, slug in db.session.execute(query)]

    @property
    def is_on(self) -> bool:
        """Links are made with it."""
        return self.on_at is not None and self.off_at is None

    @property
    def base_url(self) -> str:
        """What addresses begin with: scheme and port are the installation's."""
        main = urlsplit(current_app.extensions["settings"].public_base_url)
        return f"{main.scheme}://{self.name}{f':{main.port}' if main.port else ''}"

    @property
    def finding(self) -> str:
        """What the newest look at this name found at its address, ``good`` if this installation; empty where nobody has looked (so far)."""
        check = SetupCheck.newest(self.shop, HOST)
        found = check.found("page") if check and not check.is_running else None
        return found.code if found and found.note == self.name else ""

    # verbs

    @classmethod
    def name_it(cls, shop: "Shop", typed: str, *, by: Actor) -> "OwnHost":
        """Keep the name; nothing is sent with it yet. Raises Refused: no name, another shop's, or the shop has one already."""
        name = host_name(typed)
        shop.lock()
        if shop.own_host:
            raise Refused(_("There is a name already. Remove it first."), field="host")
        own = cls(shop_id=shop.id, name=name, named_by=by.name)
        if not kept(own):
            raise Refused(_("This name is in use already."), field="host")
        db.session.refresh(shop, ["own_host"])
        own._noted("named", by)
        SetupCheck.begin(shop, HOST, by=by)
        return own

    def switch_on(self, *, sure: bool = False, by: Actor) -> None:
        """From now on links are made with it; doing it twice does it once.

        ``sure``: somebody opened it from elsewhere, where we got no answer. Raises Refused: it is not known to lead here.
        """
        finding = self.finding
        if finding != "good" and not (sure and finding == "silent"):
            raise Refused(_("Check it first: links that lead nowhere help nobody."))
        if not self.is_on:
            self.on_at, self.on_by, self.off_at, self.off_by = clock.now(), by.name, None, ""
            self._noted("switched_on", by)

    def switch_off(self, *, by: Actor) -> None:
        """Links are made with the installation's name again. Doing it twice does it once."""
        if self.is_on:
            self.off_at, self.off_by = clock.now(), by.name
            self._noted("switched_off", by)

    def remove(self, *, by: Actor) -> None:
        """Links that were sent with it stop working."""
        self._noted("removed", by)
        self.shop.own_host = None
        db.session.flush()

    def _noted(self, verb: str, by: Actor) -> None:
        record(self, f"own_host.{verb}", by, name=self.name)
        touch(self.shop_id, "settings")


def proof(name: str, code: str) -> str:
    """What only this installation can answer under that name to whoever asks with that code."""
    key: str = current_app.extensions["settings"].data_key
    return hmac.digest(key.encode(), f"own host:{name}:{code}".encode(), "sha256").hex()
