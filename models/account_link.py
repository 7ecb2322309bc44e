"""A link that lets a member of the staff choose a password: once, for a while, only the newest.

Its token is derived when the mail is put together, and stands in no row: the database alone can't make one.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.message import Message
from models.owned import ShopOwned
from models.refused import NotFound
from models.sending_rules import TO_STAFF
from models.shop import Shop
from models.staff_member import Membership, StaffMember

LENGTH = 22  # characters of base64: 132 bits
FRESH = timedelta(seconds=60)  # asked for again so soon, it is a double click: the mail is on its way


class Purpose(StrEnum):
    activation = "activation"
    reset = "reset"


LASTS = {Purpose.activation: timedelta(days=7), Purpose.reset: timedelta(hours=1)}
PATHS = {Purpose.activation: "/console/activation", Purpose.reset: "/console/forgotten-password"}
ISSUED = {Purpose.activation: "staff.invited", Purpose.reset: "staff.password_asked"}
USED = {Purpose.activation: "staff.activated", Purpose.reset: "staff.password_reset"}


class AccountLink(ShopOwned, Base):
    """``shop_id``: the shop in whose name the mail goes and in whose log its use is written."""

    __tablename__ = "account_links"

    staff_member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), index=True)
    purpose: Mapped[Purpose]
    seed: Mapped[str] = mapped_column(default=lambda: secrets.token_hex(16))  # a restored backup gives out ids again, this never
    digest: Mapped[str] = mapped_column(unique=True)
    issued_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)  # a newer one took its place, or it has no purpose any more
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), unique=True, default=None)

    staff_member: Mapped[StaffMember] = relationship()
    shop: Mapped[Shop] = relationship()
    message: Mapped[Message | None] = relationship()

    # finding

    @classmethod
    def found(cls, token: str, purpose: Purpose) -> "AccountLink":
        """Raises NotFound: unknown, cut off, or for something else."""
        member = joinedload(cls.staff_member).selectinload(StaffMember.memberships).joinedload(Membership.shop)
        query = select(cls).where(cls.digest == _digest(token), cls.purpose == purpose).options(member, joinedload(cls.shop))
        if len(token) == LENGTH and (link := db.session.scalars(query).first()):
            return link
        raise NotFound("AccountLink")

    @classmethod
    def of(cls, message: Message) -> "AccountLink | None":
        """The link that this message carries, if it is about an account."""
        if message.kind not in TO_STAFF:
            return None
        return db.session.scalars(select(cls).where(cls.message_id == message.id).options(joinedload(cls.staff_member))).first()

    @classmethod
    def newest(cls, members: Iterable[StaffMember], purpose: Purpose) -> dict[int, "AccountLink"]:
        """The last one each was given, by the member's id."""
        query = select(cls).where(cls.staff_member_id.in_([member.id for member in members]), cls.purpose == purpose)
        return {link.staff_member_id: link for link in db.session.scalars(query.options(selectinload(cls.message)).order_by(cls.id))}

    # giving it out

    @classmethod
    def issue(cls, member: StaffMember, purpose: Purpose, shop: Shop, *, by: Actor) -> "AccountLink":
        """A new one, sent by e-mail; older ones stop working. Asked for twice at once, it is given and sent once."""
        member.lock()
        latest = cls.newest([member], purpose).get(member.id)
        if latest and latest.works and clock.now() - latest.issued_at < FRESH:
            return latest
        cls.end_all(member, purpose)
        link = cls(staff_member=member, purpose=purpose, seed=secrets.token_hex(16), shop=shop, shop_id=shop.id)
        link.staff_member_id = member.id
        link.issued_at, link.expires_at = clock.now(), clock.now() + LASTS[purpose]
        link.digest = _digest(link.token)
        db.session.add(link)
        db.session.flush()
        link._send(by)
        member.note(ISSUED[purpose], by, [shop.id])
        return link

    @classmethod
    def for_forgotten(cls, email: str, ip: str) -> "AccountLink | None":
        """For whoever says that they forgot the password: none where nobody with this address may sign in."""
        member = StaffMember.with_email(email)
        if member is None or not member.is_active or not member.memberships:
            return None
        return cls.issue(member, Purpose.reset, member.memberships[0].shop, by=Actor("rule", _("Sign-in page"), ip=ip))

    @classmethod
    def end_all(cls, member: StaffMember, *purposes: Purpose) -> None:
        """Links of these purposes that are still about stop working."""
        about = update(cls).where(
            cls.staff_member_id == member.id, cls.purpose.in_(purposes), cls.used_at.is_(None), cls.ended_at.is_(None)
        )
        db.session.execute(about.values(ended_at=clock.now()).execution_options(synchronize_session="fetch"))

    def _send(self, by: Actor) -> None:
        from models.account_mail import written

        self.message = written(self, by)
        db.session.add(self.message)
        db.session.flush()
        self.message.submit()

    @property
    def token(self) -> str:
        key = current_app.extensions["settings"].data_key.encode()
        words = f"account link:{self.staff_member_id}:{self.purpose}:{self.seed}".encode()
        return urlsafe_b64encode(hmac.digest(key, words, "sha256")).decode()[:LENGTH]

    @property
    def url(self) -> str:
        return f"{current_app.extensions['settings'].public_base_url}{PATHS[self.purpose]}/{self.token}"

    # using it

    @property
    def works(self) -> bool:
        member = self.staff_member
        wanted = member.is_pending if self.purpose is Purpose.activation else member.is_active
        return wanted and self.used_at is None and self.ended_at is None and clock.now() < self.expires_at

    def choose_password(self, secret: str, ip: str) -> bool:
        """Use the link up; false where it does not work (any more), of two at once for the second. Raises Refused: a weak password."""
        member = self.staff_member
        fresh = member.hashed(secret)
        member.lock()
        db.session.refresh(self, ["used_at", "ended_at"])
        if not self.works:
            return False
        self.used_at = clock.now()
        member.take_password(fresh)
        member.activated_at = member.activated_at or clock.now()
        self.end_all(member, *Purpose)
        member.note(USED[self.purpose], Actor("staff", member.name, member.id, ip), [self.shop_id])
        return True


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
