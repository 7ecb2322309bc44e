"""A session: the browser holds a token, we its row, so that it can be ended from here."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import clock
from models.base import Base, db

if TYPE_CHECKING:
    from models.staff_member import StaffMember

LONGEST = timedelta(days=30)  # then somebody signs in anew: a stolen cookie is good for no longer


class SignIn(Base):
    __tablename__ = "sign_ins"

    staff_member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), index=True)
    token: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_urlsafe(32))
    began_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ip: Mapped[str] = mapped_column(default="")

    staff_member: Mapped["StaffMember"] = relationship()

    @classmethod
    def begin(cls, member: "StaffMember", ip: str) -> "SignIn":
        sign_in = cls(staff_member=member, ip=ip)
        db.session.add(sign_in)
        db.session.flush()
        member.sign_in = sign_in
        return sign_in

    @classmethod
    def current(cls, token: str) -> "StaffMember | None":
        """Whose session this token is, while it lasts."""
        from models.shop import Shop
        from models.staff_member import Membership, StaffMember

        shop = joinedload(cls.staff_member).joinedload(StaffMember.memberships).joinedload(Membership.shop)
        here = shop.options(joinedload(Shop.prices), joinedload(Shop.overview_rules))
        mine = select(cls).where(cls.token == token, cls.ended_at.is_(None), cls.began_at > clock.now() - LONGEST).options(here)
        sign_in = db.session.scalars(mine).unique().first()
        if sign_in is None or not sign_in.staff_member.is_active:
            return None
        sign_in.staff_member.sign_in = sign_in
        return sign_in.staff_member

    @classmethod
    def latest(cls, members: Iterable["StaffMember"]) -> dict[int, datetime]:
        """When each signed in last, by the member's id."""
        query = select(cls.staff_member_id, func.max(cls.began_at)).where(cls.staff_member_id.in_([member.id for member in members]))
        return {row[0]: row[1] for row in db.session.execute(query.group_by(cls.staff_member_id))}

    def end(self) -> None:
        self.ended_at = self.ended_at or clock.now()
