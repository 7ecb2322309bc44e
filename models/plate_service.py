"""A shop's subscription to a plate service: its provider's address, the key, sealed, who agreed to which terms, and whether it is on."""

from datetime import datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock, plate_terms, sealed
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned
from models.refused import Refused
from settings import LOOPBACK

if TYPE_CHECKING:
    from models.shop import Shop

USUAL, MOST = 300, 100_000  # look-ups a month
LONGEST_KEY = 500


class PlateService(ShopOwned, Base):
    __tablename__ = "plate_services"
    __table_args__ = (UniqueConstraint("shop_id"),)

    address: Mapped[str] = mapped_column(default="")
    sealed_key: Mapped[str] = mapped_column(default="")
    key_end: Mapped[str] = mapped_column(default="")  # its last characters, all that is ever shown of it
    most_a_month: Mapped[int] = mapped_column(default=USUAL)
    terms_version: Mapped[str] = mapped_column(default="")
    agreed_at: Mapped[datetime | None] = mapped_column(default=None)
    agreed_by: Mapped[str] = mapped_column(default="")
    on_at: Mapped[datetime | None] = mapped_column(default=None)

    shop: Mapped["Shop"] = relationship()

    # questions

    @classmethod
    def of(cls, shop: "Shop") -> "PlateService":
        """The shop's; a blank one, not yet kept, where nobody has set it up."""
        found = db.session.scalars(select(cls).where(cls.shop_id == shop.id)).first()
        return found or cls(shop_id=shop.id, shop=shop, address="", sealed_key="", key_end="", most_a_month=USUAL, terms_version="")

    @property
    def key(self) -> str:
        """Nothing where it can't be opened: DATA_KEY is another one now."""
        try:
            return sealed.opened(self.sealed_key) if self.sealed_key else ""
        except sealed.Unreadable:
            return ""

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    @property
    def is_agreed(self) -> bool:
        """To the terms as they are now."""
        return self.terms_version == plate_terms.VERSION

    @property
    def missing(self) -> str:
        """What is still to be done before it can be switched on, as a sentence; empty if nothing."""
        if not self.shop.business.looks_up_plates:
            return _("Whoever runs this installation has not enabled plate look-up for your business.")
        if not (self.address and self.key):
            return _("The provider's address and key are missing.")
        return "" if self.is_agreed else _("Nobody has agreed to the terms.")

    @property
    def works(self) -> bool:
        return self.on_at is not None and not self.missing

    # verbs

    def subscribe(self, address: str, key: str, most_a_month: int | None, *, by: Actor) -> None:
        """Keep where and with which key to ask; without a key the one that is kept stays. Raises Refused with every fault."""
        address, key = address.strip(), key.strip()
        faults = {}
        if problem := _fault_of(address):
            faults["address"] = problem
        if key and not (key.isascii() and key.isprintable() and " " not in key and len(key) <= LONGEST_KEY):
            faults["key"] = _("Paste the key as the provider shows it: without spaces.")
        # else an administrator, or who has taken a session of one, could have it sent to a machine of their own and read it there
        elif not key and (not self.key or urlsplit(address).netloc != self.host):
            faults["key"] = _("Give the key of this provider.") if not self.key else _("Another address: give its key again.")
        if most_a_month is None or not 1 <= most_a_month <= MOST:
            faults["most_a_month"] = _("Give a number from 1 to %(most)s.", most=MOST)
        if faults:
            raise Refused.at(**faults)
        assert most_a_month
        self.address, self.most_a_month = address, most_a_month
        if key:
            self.sealed_key, self.key_end = sealed.seal(key), key[-4:] if len(key) > 11 else ""
        self._noted("kept", by, host=self.host)

    def agree(self, version: str, *, by: Actor) -> None:
        """To the terms that were on the screen; doing it twice does it once. Raises Refused: they are other ones by now."""
        if version != plate_terms.VERSION:
            raise Refused(_("Read the terms and tick that you agree."), field="agreed")
        if not self.is_agreed:
            self.terms_version, self.agreed_at, self.agreed_by = version, clock.now(), by.name
            self._noted("agreed", by, version=version)

    def switch_on(self, *, by: Actor) -> None:
        """Doing it twice does it once. Raises Refused: something is missing."""
        if self.missing:
            raise Refused(self.missing)
        if self.on_at is None:
            self.on_at = clock.now()
            self._noted("switched_on", by)

    def switch_off(self, *, by: Actor) -> None:
        """The key is kept. Doing it twice does it once."""
        if self.on_at is not None:
            self.on_at = None
            self._noted("switched_off", by)

    def _noted(self, verb: str, by: Actor, **details: str) -> None:
        db.session.add(self)
        db.session.flush()
        record(self, f"plate_service.{verb}", by, **details)
        touch(self.shop_id, "settings")


def _fault_of(address: str) -> str:
    """What is wrong with it: only https is safe for a key; plain http reaches this machine alone, where this machine is all there is."""
    parts = None
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    here = current_app.extensions["settings"].host in LOOPBACK
    if parts is None or not host or port == 0 or parts.username or parts.query or parts.fragment or not address.isprintable():
        return _("Give the address as the provider's description says it, like https://plates.example.com/v1/vin.")
    if _is_loopback(host):
        return "" if here and parts.scheme in {"http", "https"} else _("That is this machine. Give the provider's address.")
    return "" if parts.scheme == "https" else _("The address must begin with https:// so that nobody reads the key on its way.")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in LOOPBACK or host.endswith(".localhost")
