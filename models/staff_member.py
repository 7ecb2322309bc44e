"""Staff: one person, one password, a role in each shop they belong to."""

import secrets
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import clock, email_address, password
from models.base import Base, db
from models.refused import NotFound, Refused
from models.role import Role
from models.shop import Shop


class Membership(Base):
    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("staff_member_id", "shop_id"),)

    staff_member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"))
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), index=True)
    role: Mapped[Role]

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
    def sign_in(self) -> "SignIn | None":
        """The session that this request came with."""
        return self.__dict__.get("_current_sign_in")

    @sign_in.setter
    def sign_in(self, sign_in: "SignIn") -> None:
        self.__dict__["_current_sign_in"] = sign_in

    def get_id(self) -> str:
        return self.sign_in.token if self.sign_in else ""

    @classmethod
    def add(cls, email: str, name: str, role: Role, *shops: Shop) -> "StaffMember":
        """Somebody new, who can't sign in until activated. Raises Refused: no address, no name, or the address is taken."""
        address = email_address.normalised(email).lower()
        if not name.strip():
            raise Refused(_("Give a name."), field="name")
        if cls.with_email(address):
            raise Refused(_("Somebody with this address is on the staff already."), field="email")
        member = cls(email=address, name=name.strip(), memberships=[Membership(shop=shop, shop_id=shop.id, role=role) for shop in shops])
        db.session.add(member)
        db.session.flush()
        return member

    @classmethod
    def with_email(cls, email: str) -> "StaffMember | None":
        return db.session.scalars(select(cls).where(cls.email == email.strip().lower())).first()

    @classmethod
    def signing_in(cls, email: str, secret: str) -> "StaffMember | None":
        """Who these are, if they may sign in; an unknown address takes as long as a wrong password."""
        member = cls.with_email(email)
        right = password.verified(secret, member.password_hash if member else None)
        return member if member and right and member.is_active else None

    @property
    def is_active(self) -> bool:
        return self.activated_at is not None and self.disabled_at is None

    def activate(self, secret: str) -> None:
        """Choose the first password. Raises Refused: a weak one."""
        self.password_hash = password.hashed(secret)
        self.activated_at = self.activated_at or clock.now()

    def disable(self) -> None:
        """They leave: every session of theirs ends at once."""
        self.disabled_at = self.disabled_at or clock.now()
        for sign_in in db.session.scalars(select(SignIn).where(SignIn.staff_member_id == self.id, SignIn.ended_at.is_(None))):
            sign_in.end()

    def membership(self, shop_id: int | None) -> Membership:
        """Theirs in that shop; without one named, the first. Raises NotFound: not a member."""
        for membership in self.memberships:
            if shop_id in {None, membership.shop_id}:
                return membership
        raise NotFound("Membership")


class SignIn(Base):
    """A session: the browser holds a token, we its row, so that it can be ended from here."""

    __tablename__ = "sign_ins"

    staff_member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), index=True)
    token: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_urlsafe(32))
    began_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ip: Mapped[str] = mapped_column(default="")

    staff_member: Mapped[StaffMember] = relationship()

    @classmethod
    def begin(cls, member: StaffMember, ip: str) -> "SignIn":
        sign_in = cls(staff_member=member, ip=ip)
        db.session.add(sign_in)
        db.session.flush()
        member.sign_in = sign_in
        return sign_in

    @classmethod
    def current(cls, token: str) -> StaffMember | None:
        """Whose session this token is, while it lasts."""
        member = joinedload(cls.staff_member).selectinload(StaffMember.memberships).joinedload(Membership.shop)
        sign_in = db.session.scalars(select(cls).where(cls.token == token, cls.ended_at.is_(None)).options(member)).first()
        if sign_in is None or not sign_in.staff_member.is_active:
            return None
        sign_in.staff_member.sign_in = sign_in
        return sign_in.staff_member

    def end(self) -> None:
        self.ended_at = self.ended_at or clock.now()
