"""Staff: one person, one password, a role in each shop they belong to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from models import clock, email_address, password
from models.actor import Actor
from models.base import Base, db, kept
from models.entry import record
from models.handover import touch
from models.refused import NotFound, Refused, all_at_once
from models.role import Role
from models.shop import Shop
from models.sign_in import SignIn

if TYPE_CHECKING:
    from sqlalchemy.sql.base import ExecutableOption

LONGEST_NAME = 80  # characters


@dataclass(frozen=True, slots=True)
class _InTheLog:
    """A member as the thing that an entry in one shop's log is about: they may belong to several."""

    id: int
    shop_id: int
    __tablename__: ClassVar[str] = "staff_members"


class Membership(Base):
    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("staff_member_id", "shop_id"),)

    staff_member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"))
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), index=True)
    role: Mapped[Role]
    board_rows: Mapped[bool] = mapped_column(default=False)  # whether this viewer wants rows instead of tiles

    shop: Mapped[Shop] = relationship()


class StaffMember(Base):
    __tablename__ = "staff_members"

    email: Mapped[str] = mapped_column(unique=True)  # in small letters
    name: Mapped[str]
    password_hash: Mapped[str | None] = mapped_column(default=None)
    activated_at: Mapped[datetime | None] = mapped_column(default=None)
    disabled_at: Mapped[datetime | None] = mapped_column(default=None)

    memberships: Mapped[list[Membership]] = relationship(cascade="all, delete-orphan", order_by=Membership.id)

    # what Flask-Login asks of whoever is signed in
    is_authenticated = True
    is_anonymous = False

    @property
    def sign_in(self) -> SignIn | None:
        """The session that this request came with."""
        return self.__dict__.get("_current_sign_in")

    @sign_in.setter
    def sign_in(self, sign_in: SignIn) -> None:
        self.__dict__["_current_sign_in"] = sign_in

    def get_id(self) -> str:
        return self.sign_in.token if self.sign_in else ""

    @classmethod
    def add(cls, email: str, name: str, role: Role, *shops: Shop) -> "StaffMember":
        """Somebody new, who can't sign in until activated. Raises Refused: no address, no name, or the address is taken."""
        cls.check(email, name)
        address, name = email_address.normalised(email).lower(), " ".join(name.split())
        member = cls(email=address, name=name, memberships=[Membership(shop=shop, shop_id=shop.id, role=role) for shop in shops])
        if not kept(member):
            raise cls._taken()
        return member

    @classmethod
    def check(cls, email: str, name: str) -> None:
        """Raises Refused with every objection to these."""
        all_at_once(lambda: cls._check_name(" ".join(name.split())), lambda: cls._check_email(email))

    @staticmethod
    def _check_name(name: str) -> None:
        if not name:
            raise Refused(_("Give a name."), field="name")
        if len(name) > LONGEST_NAME or not name.isprintable():
            raise Refused(_("Please keep it under %(count)s characters, on one line.", count=LONGEST_NAME), field="name")

    @classmethod
    def _check_email(cls, email: str) -> None:
        if cls.with_email(email_address.normalised(email)):
            raise cls._taken()

    @staticmethod
    def _taken() -> Refused:
        return Refused(_("Somebody with this address is on the staff already."), field="email")

    @classmethod
    def whole(cls) -> "tuple[ExecutableOption, ...]":
        """Loader options for members with their shops."""
        return (selectinload(cls.memberships).joinedload(Membership.shop),)

    @classmethod
    def with_email(cls, email: str) -> "StaffMember | None":
        return db.session.scalars(select(cls).where(cls.email == email.strip().lower())).first()

    @classmethod
    def acting(cls, by: Actor) -> "StaffMember | None":
        """Who of the staff does something; None: a rule, a customer or a provider does it."""
        return db.session.get(cls, by.id) if by.kind == "staff" and by.id else None

    @classmethod
    def signing_in(cls, email: str, secret: str) -> "StaffMember | None":
        """Who these are, if they may sign in; an unknown address takes as long as a wrong password."""
        member = cls.with_email(email)
        right = password.verified(secret, member.password_hash if member else None)
        return member if member and right and member.is_active else None

    @property
    def is_active(self) -> bool:
        return self.activated_at is not None and self.disabled_at is None

    @property
    def is_pending(self) -> bool:
        """Invited, and has not chosen a password yet."""
        return self.activated_at is None and self.disabled_at is None

    def lock(self) -> None:
        """Until this transaction ends, others who would give this member a password or a link wait; the member is read anew."""
        db.session.flush()
        locked = select(StaffMember).where(StaffMember.id == self.id).with_for_update().execution_options(populate_existing=True)
        db.session.scalars(locked).one()

    def activate(self, secret: str) -> None:
        """Choose the first password. Raises Refused: a weak one."""
        self.password_hash = self.hashed(secret)
        self.activated_at = self.activated_at or clock.now()

    def hashed(self, secret: str) -> str:
        """Raises Refused: a weak password, or one that everybody who knows this member would try."""
        if secret.strip().lower() in {self.email, self.name.lower()}:
            raise Refused(_("Your own name or address is what others would try first. Use another."), field="password")
        return password.hashed(secret)

    def take_password(self, hashed: str, *, keep: SignIn | None = None) -> None:
        """The new one counts from now on: all sessions end, but for ``keep``."""
        self.password_hash = hashed
        self.end_sessions(keep=keep)

    def change_password(self, old: str, new: str, *, by: Actor) -> None:
        """Ends the other sessions. Raises Refused: the old one is wrong, the new one is weak."""
        if not password.verified(old, self.password_hash):
            raise Refused(_("This is not your present password."), field="current")
        if old == new:
            raise Refused(_("This is your present password. Choose another."), field="password")
        from models.account_link import AccountLink, Purpose

        self.take_password(self.hashed(new), keep=self.sign_in)
        AccountLink.end_all(self, Purpose.reset)
        self.note("staff.password_changed", by, [self.memberships[0].shop_id])

    def disable(self) -> None:
        """They leave: every session of theirs ends at once."""
        self.disabled_at = self.disabled_at or clock.now()
        self.end_sessions()

    def enable(self) -> None:
        """They are back, and sign in anew."""
        self.disabled_at = None
        self.end_sessions()

    def end_sessions(self, keep: SignIn | None = None) -> None:
        for sign_in in db.session.scalars(select(SignIn).where(SignIn.staff_member_id == self.id, SignIn.ended_at.is_(None))):
            if sign_in is not keep:
                sign_in.end()
        for one in self.memberships:
            touch(one.shop_id, "refresh")  # pages that are open in those sessions look again, and find the door closed

    def give(self, role: Role | None, shop: Shop) -> None:
        """The role in that shop; none: they are not on its staff any more."""
        present = next((one for one in self.memberships if one.shop_id == shop.id), None)
        if present and role is None:
            self.memberships.remove(present)
        elif present and role:
            present.role = role
        elif role:
            self.memberships.append(Membership(shop=shop, shop_id=shop.id, role=role))

    def note(self, verb: str, by: Actor, shop_ids: Iterable[int], **details: Any) -> None:
        """Write it in the log of these shops, and let the screens of all of theirs look again."""
        shop_ids = list(shop_ids)
        for shop_id in shop_ids:
            record(_InTheLog(self.id, shop_id), verb, by, **details)
        for shop_id in {*shop_ids, *(one.shop_id for one in self.memberships)}:
            touch(shop_id, "staff")

    def membership(self, shop_id: int | None) -> Membership:
        """Theirs in that shop; without one named, the first. Raises NotFound: not a member."""
        for membership in self.memberships:
            if shop_id in {None, membership.shop_id}:
                return membership
        raise NotFound("Membership")
