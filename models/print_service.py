"""A shop's account at a print service, which prints and posts its postcards: key and webhook secret sealed, price as agreed with it."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock, sealed
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.money import Money, is_currency
from models.owned import ShopOwned
from models.refused import NotFound, Refused
from models.shop import Shop
from settings import LOOPBACK

if TYPE_CHECKING:
    from settings import Settings

LENGTH = 22  # characters of base64: 132 bits
USES = {"marketing": _l("Advertising (marketing)"), "operational": _l("About the customer's own visit (operational)")}
CLASSES = {"usps_first_class": _l("First class: faster, forwarded and returned"), "usps_standard": _l("Standard: cheaper, not returned")}
_KEY, _SECRET, _CODE = (re.compile(form) for form in ("[!-9;-~]{16,200}", "[!-~]{8,200}", "[A-Za-z0-9._-]{0,64}"))


@dataclass(frozen=True, slots=True)
class PrintAccount:
    """What the service is spoken to with."""

    address: str
    key: str = field(repr=False)
    is_own_address: bool = False  # typed by an administrator, not set by the operator


@dataclass(frozen=True, slots=True)
class Wanted:
    """The settings as typed; an empty key or secret keeps the one that is there."""

    on: bool
    api_address: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    shop_code: str
    price: int | None  # minor units, of one card
    currency: str
    use_type: str
    mail_type: str


class PrintService(ShopOwned, Base):
    __tablename__ = "print_services"
    __table_args__ = (UniqueConstraint("shop_id"),)

    on: Mapped[bool] = mapped_column(default=False)
    api_address: Mapped[str] = mapped_column(default="")  # empty: the installation's
    sealed_key: Mapped[str] = mapped_column(default="")
    key_end: Mapped[str] = mapped_column(default="")  # its last four characters, all that is ever shown of it
    sealed_secret: Mapped[str] = mapped_column(default="")  # what the service signs its webhooks with
    secret_end: Mapped[str] = mapped_column(default="")
    shop_code: Mapped[str] = mapped_column(default="")  # the Shop ID by which the service knows this location
    price: Mapped[int | None] = mapped_column(default=None)  # minor units, of one card, as agreed
    currency: Mapped[str]
    use_type: Mapped[str] = mapped_column(default="marketing")
    mail_type: Mapped[str] = mapped_column(default="usps_first_class")
    version: Mapped[int] = mapped_column(default=1)  # of the webhook's address
    digest: Mapped[str] = mapped_column(unique=True)
    paused_until: Mapped[datetime | None] = mapped_column(default=None)  # the service would take no card before
    trouble: Mapped[str] = mapped_column(default="")  # why, a word of ``models.failure``

    shop: Mapped[Shop] = relationship()

    # finding

    @classmethod
    def of(cls, shop: Shop) -> "PrintService | None":
        return db.session.scalars(select(cls).where(cls.shop_id == shop.id)).first()

    @classmethod
    def addressed(cls, token: str) -> "PrintService":
        """Whose webhook has that in its address. Raises NotFound: unknown, cut off, renewed, all alike."""
        found = db.session.scalars(select(cls).where(cls.digest == _digest(token))).first() if len(token) == LENGTH else None
        if found is None:
            raise NotFound("PrintService")
        return found

    # questions

    @property
    def works(self) -> bool:
        """Whether cards may go by it: switched on, enabled by the operator, complete."""
        return self.on and self.shop.business.posts_cards and bool(self.key) and self.price is not None

    @property
    def key(self) -> str:
        """Nothing where it can't be opened: DATA_KEY is another one now."""
        return _readable(self.sealed_key)

    @property
    def secret(self) -> str:
        return _readable(self.sealed_secret)

    @property
    def account(self) -> PrintAccount:
        settings: Settings = current_app.extensions["settings"]
        return PrintAccount(self.api_address or settings.print_api_base, self.key, bool(self.api_address))

    @property
    def card_price(self) -> Money | None:
        return None if self.price is None else Money(self.price, self.currency)

    @property
    def is_paused(self) -> bool:
        return self.paused_until is not None and clock.now() < self.paused_until

    @property
    def token(self) -> str:
        key = current_app.extensions["settings"].data_key.encode()
        words = f"print service:{self.shop_id}:{self.version}".encode()
        return urlsafe_b64encode(hmac.digest(key, words, "sha256")).decode()[:LENGTH]

    @property
    def webhook_address(self) -> str:
        """Where the service posts what becomes of the cards."""
        return f"{current_app.extensions['settings'].public_base_url}/hooks/print/{self.token}"

    # verbs

    @classmethod
    def keep(cls, shop: Shop, wanted: Wanted, *, by: Actor) -> "PrintService":
        """These settings from now on. Raises Refused with every fault at once; nothing is changed then."""
        shop.lock()
        service = cls.of(shop)
        if faults := _faults(wanted, service):
            raise Refused.at(**faults)
        if service is None:
            service = cls(shop_id=shop.id, shop=shop, currency=shop.currency, version=1)
            service.digest = _digest(service.token)
            db.session.add(service)
        if wanted.key:
            service.sealed_key, service.key_end = sealed.seal(wanted.key), wanted.key[-4:]
        if wanted.secret:
            service.sealed_secret, service.secret_end = sealed.seal(wanted.secret), wanted.secret[-4:]
        for name in ("on", "api_address", "shop_code", "price", "currency", "use_type", "mail_type"):
            setattr(service, name, getattr(wanted, name))
        service.resume()
        db.session.flush()
        record(service, "print_service.kept", by)
        return service

    def renew_address(self, *, by: Actor) -> None:
        """Another address for the webhooks; the old one stops working at once."""
        self.version += 1
        self.digest = _digest(self.token)
        record(self, "print_service.readdressed", by)

    def pause(self, until: datetime, trouble: str) -> None:
        """It takes no card just now: none is offered before ``until``."""
        self.paused_until, self.trouble = until, trouble

    def resume(self) -> None:
        self.paused_until, self.trouble = None, ""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _readable(secret: str) -> str:
    try:
        return sealed.opened(secret) if secret else ""
    except sealed.Unreadable:
        return ""


def _faults(wanted: Wanted, known: PrintService | None) -> dict[str, str]:
    has_key = bool(wanted.key or (known and known.key))
    moved = known is not None and known.sealed_key and not wanted.key and wanted.api_address != known.api_address
    rules = {
        "api_address": (bool(wanted.api_address) and not _is_address(wanted.api_address), _("Give an address that begins with https://.")),
        "key": (
            not _KEY.fullmatch(wanted.key) if wanted.key else wanted.on and not has_key,
            _("Paste the API key as the service shows it: 16 characters at least, without spaces and colons."),
        ),
        "secret": (bool(wanted.secret) and not _SECRET.fullmatch(wanted.secret), _("Paste the secret as the service shows it.")),
        "shop_code": (not _CODE.fullmatch(wanted.shop_code), _("Use letters, digits, dots and hyphens, 64 at most.")),
        "price": (wanted.on and wanted.price is None, _("Give the price of a card: without it no cost can be told beforehand.")),
        "currency": (not is_currency(wanted.currency), _("Give a currency by its three letters, like USD.")),
        "use_type": (wanted.use_type not in USES, _("Choose one of these.")),
        "mail_type": (wanted.mail_type not in CLASSES, _("Choose one of these.")),
    }
    if moved:  # else whoever may change settings could have the key sent to an address of their own
        rules["key"] = (True, _("The address changed: paste the API key that belongs to it."))
    return {name: words for name, (broken, words) in rules.items() if broken}


def _is_address(text: str) -> bool:
    """Over https; without it on this machine only, and only for an installation that is on this machine itself."""
    try:
        parts = urlsplit(text)
        plain = not (parts.username or parts.password or parts.query or parts.fragment) and (parts.port or 1) > 0
    except ValueError:
        return False
    settings: Settings = current_app.extensions["settings"]
    local = parts.scheme == "http" and parts.hostname in LOOPBACK and settings.host in LOOPBACK
    return plain and bool(parts.hostname) and (parts.scheme == "https" or local)
