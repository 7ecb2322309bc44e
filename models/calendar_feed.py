"""A member's private address of a shop's calendar, for calendar programs: whoever has it reads along, until it is revoked."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.owned import ShopOwned
from models.refused import NotFound
from models.shop import Shop
from models.staff_member import StaffMember

LENGTH = 22  # characters of base64: 132 bits
OFTEN = timedelta(minutes=1)  # when it was last fetched is kept as exactly as that


class CalendarFeed(ShopOwned, Base):
    __tablename__ = "calendar_feeds"
    __table_args__ = (UniqueConstraint("staff_member_id", "shop_id"),)

    staff_member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"))
    version: Mapped[int] = mapped_column(default=1)
    digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]  # this address, not its predecessors
    stopped_at: Mapped[datetime | None] = mapped_column(default=None)
    fetched_at: Mapped[datetime | None] = mapped_column(default=None)

    shop: Mapped[Shop] = relationship()
    staff_member: Mapped[StaffMember] = relationship()

    # finding

    @classmethod
    def found(cls, token: str) -> "CalendarFeed":
        """Raises NotFound: unknown, cut off, revoked, stopped, or its member left or may not see the calendar any more; all alike."""
        member = joinedload(cls.staff_member).selectinload(StaffMember.memberships)
        query = (
            select(cls)
            .where(cls.digest == _digest(token), cls.stopped_at.is_(None))
            .options(member, joinedload(cls.shop).options(selectinload(Shop.hours), selectinload(Shop.closing_days)))
        )
        feed = db.session.scalars(query).first() if len(token) == LENGTH else None
        if feed is None or not feed.is_wanted:
            raise NotFound("CalendarFeed")
        return feed

    @classmethod
    def of(cls, member: StaffMember, shop: Shop, lock: bool = False) -> "CalendarFeed | None":
        """The member's own in that shop, if it works."""
        if lock:
            shop.lock()
        query = select(cls).where(cls.staff_member_id == member.id, cls.shop_id == shop.id, cls.stopped_at.is_(None))
        return db.session.scalars(query.execution_options(populate_existing=True)).first()

    @property
    def is_wanted(self) -> bool:
        """Whether its member still is one here who may see the calendar."""
        roles = (one.role for one in self.staff_member.memberships if one.shop_id == self.shop_id)
        return self.staff_member.is_active and any(role.may("day") for role in roles)

    @property
    def token(self) -> str:
        key = current_app.extensions["settings"].data_key.encode()
        words = f"calendar feed:{self.staff_member_id}:{self.shop_id}:{self.version}".encode()
        return urlsafe_b64encode(hmac.digest(key, words, "sha256")).decode()[:LENGTH]

    @property
    def url(self) -> str:
        return f"{current_app.extensions['settings'].public_base_url}/calendar/{self.token}.ics"

    @property
    def program_url(self) -> str:
        """The same address in the form that opens the calendar program of this computer."""
        return f"webcal://{self.url.partition('://')[2]}"

    # verbs

    @classmethod
    def make(cls, member: StaffMember, shop: Shop, *, by: Actor) -> "CalendarFeed":
        """An address; doing it twice makes one. One that was stopped never works again: it is another."""
        feed = cls.of(member, shop, lock=True)
        if feed:
            return feed
        feed = db.session.scalars(select(cls).where(cls.staff_member_id == member.id, cls.shop_id == shop.id)).first()
        if feed is None:
            feed = cls(shop_id=shop.id, shop=shop, staff_member_id=member.id, staff_member=member, version=0)
        feed._start()
        db.session.add(feed)
        db.session.flush()
        record(feed, "calendar_feed.made", by)
        return feed

    def renew(self, *, by: Actor) -> None:
        """Another address; the old one stops working at once."""
        self._start()
        record(self, "calendar_feed.renewed", by)

    def stop(self, *, by: Actor) -> None:
        """The address stops working."""
        self.stopped_at = clock.now()
        record(self, "calendar_feed.stopped", by)

    @property
    def was_noted(self) -> bool:
        """Whether a fetch just now needs no writing: the last one is as good as now."""
        return self.fetched_at is not None and clock.now() - self.fetched_at < OFTEN

    def note_fetch(self) -> None:
        self.fetched_at = clock.now()

    def _start(self) -> None:
        self.version += 1
        self.digest = _digest(self.token)
        self.made_at, self.stopped_at, self.fetched_at = clock.now(), None, None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
