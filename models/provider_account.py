"""A shop's own account at the text provider, its token sealed; and whose credentials count: the shop's own, else the installation's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import clock, sealed
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.message import Message
from models.owned import ShopOwned
from models.refused import Refused
from models.shop import Shop

if TYPE_CHECKING:
    from settings import Settings

ROTATION = timedelta(days=1)  # so long the token before still proves a webhook: the provider's switch and ours are two clicks
_ACCOUNT, _SERVICE, _TOKEN = (re.compile(form) for form in ("AC[0-9a-f]{32}", "MG[0-9a-f]{32}", "[!-~]{16,128}"))


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the provider is spoken to with. Without a token nothing can be sent."""

    account_sid: str
    token: str = field(repr=False)
    service_sid: str = ""

    @property
    def complete(self) -> bool:
        return bool(self.account_sid and self.token)

    @classmethod
    def of(cls, shop: Shop) -> "Credentials":
        """The shop's own, else the installation's."""
        if shop.provider_account:
            return shop.provider_account.credentials
        settings: Settings = current_app.extensions["settings"]
        return cls(settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_messaging_service_sid)


class ProviderAccount(ShopOwned, Base):
    __tablename__ = "provider_accounts"
    __table_args__ = (UniqueConstraint("shop_id"),)

    account_sid: Mapped[str]
    service_sid: Mapped[str] = mapped_column(default="")
    sealed_token: Mapped[str]
    token_end: Mapped[str]  # its last four characters, all that is ever shown of it
    token_since: Mapped[datetime] = mapped_column(default=clock.now)
    sealed_token_before: Mapped[str | None] = mapped_column(default=None)

    shop: Mapped[Shop] = relationship(back_populates="provider_account")

    @classmethod
    def keep(cls, shop: Shop, account_sid: str, token: str, service_sid: str, *, by: Actor) -> "ProviderAccount":
        """The shop's account from now on; without a token the one that is kept stays. Raises Refused with every fault."""
        account_sid, token, service_sid = account_sid.strip(), token.strip(), service_sid.strip()
        account = shop.provider_account
        errors = _faults(account_sid, token, service_sid, known=account if account and account.account_sid == account_sid else None)
        if errors:
            raise Refused.at(**errors)
        if account is None:
            account = shop.provider_account = cls(shop_id=shop.id, account_sid="", sealed_token="", token_end="")
        if token and token != account.token:
            same_account = account.sealed_token and account.account_sid == account_sid
            account.sealed_token_before = account.sealed_token if same_account else None
            account.sealed_token, account.token_end, account.token_since = sealed.seal(token), token[-4:], clock.now()
        account.account_sid, account.service_sid = account_sid, service_sid
        db.session.flush()
        record(account, "provider_account.kept", by)
        return account

    def forget(self, *, by: Actor) -> None:
        """The installation's account counts again."""
        record(self, "provider_account.forgotten", by)
        self.shop.provider_account = None

    # reading it

    @property
    def token(self) -> str:
        """Nothing where it can't be opened: DATA_KEY is another one now."""
        return _readable(self.sealed_token)

    @property
    def is_readable(self) -> bool:
        return bool(self.token)

    @property
    def credentials(self) -> Credentials:
        return Credentials(self.account_sid, self.token, self.service_sid)

    @property
    def signing_tokens(self) -> list[str]:
        """What its webhooks may be signed with now."""
        fresh = clock.now() - self.token_since < ROTATION
        return [token for token in (self.token, _readable(self.sealed_token_before) if fresh else "") if token]


def signing_tokens(shop: Shop | None, account_sid: str, *, report: bool) -> Sequence[str]:
    """What the provider may have signed a webhook for this shop with, if it comes from that account.

    A report on a text may still come from the installation's account, which sent it before the shop had its own. Another shop's account
    proves nothing here, whatever token it has.
    """
    settings: Settings = current_app.extensions["settings"]
    own = shop.provider_account if shop else None
    tokens = own.signing_tokens if own and own.account_sid == account_sid else []
    if (own is None or report) and account_sid == settings.twilio_account_sid:
        tokens = [*tokens, *filter(None, [settings.twilio_auth_token])]
    return tokens


def shop_of_report(uid: str) -> Shop | None:
    """Whose message has that id in its callback address."""
    query = select(Shop).join(Message, Message.shop_id == Shop.id).where(Message.uid == uid, Message.direction == "out")
    return db.session.scalars(query.options(joinedload(Shop.provider_account))).first()


def _readable(token: str | None) -> str:
    try:
        return sealed.opened(token) if token else ""
    except sealed.Unreadable:
        return ""


def _faults(account_sid: str, token: str, service_sid: str, known: ProviderAccount | None) -> dict[str, str]:
    rules = {
        "account_sid": (not _ACCOUNT.fullmatch(account_sid), _("An account SID begins with AC, then 32 digits and letters from a to f.")),
        "auth_token": (
            not _TOKEN.fullmatch(token) if token else known is None or not known.is_readable,
            _("Paste the auth token as the provider's console shows it: 16 characters at least, without spaces."),
        ),
        "service_sid": (
            bool(service_sid) and not _SERVICE.fullmatch(service_sid),
            _("A messaging service's SID begins with MG, then 32 digits and letters from a to f. Or leave it empty."),
        ),
    }
    return {name: words for name, (broken, words) in rules.items() if broken}
