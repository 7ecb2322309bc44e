"""A shop: one location of a business, with its address, zone, numbers and all that belongs to it."""

from datetime import date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.base import Base, db
from models.branding import Branding
from models.closing_day import ClosingDay
from models.location import Location
from models.opening_hours import OpeningHours
from models.owner import Owner
from models.postal_address import one_line
from models.refused import NotFound, Refused
from models.status_presets import give_presets

if TYPE_CHECKING:
    from models.business import Business
    from models.overview_rules import OverviewRules
    from models.own_host import OwnHost
    from models.prices import Prices
    from models.provider_account import ProviderAccount


class Shop(Owner, Base):
    __tablename__ = "shops"

    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), index=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    zone: Mapped[str]
    country: Mapped[str] = mapped_column(default="US")
    language: Mapped[str] = mapped_column(default="en")
    currency: Mapped[str] = mapped_column(default="USD")
    texting_number: Mapped[str | None] = mapped_column(unique=True)
    voice_phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    street: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")

    business: Mapped["Business"] = relationship(back_populates="shops")
    branding: Mapped[Branding] = relationship(cascade="all, delete-orphan", back_populates="shop", lazy="joined", innerjoin=True)
    location: Mapped[Location] = relationship(cascade="all, delete-orphan", back_populates="shop", lazy="joined", innerjoin=True)
    own_host: Mapped["OwnHost | None"] = relationship(cascade="all, delete-orphan", back_populates="shop", lazy="joined")
    hours: Mapped[list[OpeningHours]] = relationship(cascade="all, delete-orphan", order_by=OpeningHours.weekday)
    provider_account: Mapped["ProviderAccount | None"] = relationship(cascade="all, delete-orphan", back_populates="shop")
    closing_days: Mapped[list[ClosingDay]] = relationship(cascade="all, delete-orphan", order_by=ClosingDay.date)

    prices: Mapped["Prices | None"] = relationship(viewonly=True)
    overview_rules: Mapped["OverviewRules | None"] = relationship(viewonly=True)

    @classmethod
    def open(cls, business: "Business", name: str, slug: str, zone: str, **details: str | None) -> "Shop":
        """A new location with the usual settings, open Monday to Friday 8 to 17:30. Raises Refused: the zone is none, the slug is taken."""
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as problem:
            raise Refused(f"{zone!r} is no time zone. Use a name like America/Chicago.", field="zone") from problem
        if not slug.isascii() or not slug.replace("-", "").isalnum() or slug != slug.lower():
            raise Refused("Use small letters, digits and hyphens for the short name.", field="slug")
        if cls.with_slug(slug):
            raise Refused(f"There is a shop {slug!r} already.", field="slug")
        shop = cls(business=business, name=name, slug=slug, zone=zone, branding=Branding(), location=Location(), **details)
        shop.hours = [OpeningHours(weekday=weekday, opens=time(8), closes=time(17, 30)) for weekday in range(5)]
        db.session.add(shop)
        db.session.flush()
        give_presets(shop)
        shop._begin_pricing()
        return shop

    def _begin_pricing(self) -> None:
        """With the usual prices and jobs, to be made the shop's own."""
        from models.job import Job
        from models.prices import Prices

        Prices.usual(self)
        Job.stock(self)

    @classmethod
    def with_slug(cls, slug: str) -> "Shop | None":
        return db.session.scalars(select(cls).where(cls.slug == slug)).first()

    @classmethod
    def with_texting_number(cls, number: str) -> "Shop | None":
        return db.session.scalars(select(cls).where(cls.texting_number == number)).first()

    def lock(self) -> None:
        """Until this transaction ends, others who would book here or change hours and closing days wait; ours are read anew."""
        db.session.flush()
        db.session.execute(select(Location.id).where(Location.shop_id == self.id).with_for_update())
        db.session.expire(self, ["hours", "closing_days"])

    # time

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def local(self, moment: datetime) -> datetime:
        """The instant as the clock on this shop's wall shows it."""
        return moment.astimezone(self.tz)

    def today(self) -> date:
        return self.local(clock.now()).date()

    def is_open(self, day: date) -> bool:
        return self._hours_on(day) is not None and self.closing_day(day) is None

    def closing_day(self, day: date) -> ClosingDay | None:
        return next((closing for closing in self.closing_days if closing.date == day), None)

    def opens(self, day: date) -> time | None:
        """When the shop opens on that weekday, whether or not it is a closing day; None where it never does."""
        hours = self._hours_on(day)
        return hours.opens if hours else None

    def closes(self, day: date) -> time | None:
        hours = self._hours_on(day)
        return hours.closes if hours else None

    def _hours_on(self, day: date) -> OpeningHours | None:
        return next((hours for hours in self.hours if hours.weekday == day.weekday()), None)

    @property
    def address(self) -> str:
        """On one line, as maps and calendars take it."""
        return one_line(self.street, self.city, self.region, self.postal_code, self.country)

    @property
    def base_url(self) -> str:
        """What links to its customers' pages begin with: the shop's own host once that is switched on."""
        if self.own_host and self.own_host.is_on:
            return self.own_host.base_url
        public: str = current_app.extensions["settings"].public_base_url
        return public

    @classmethod
    def known(cls, slug: str) -> "Shop":
        """Raises NotFound."""
        shop = cls.with_slug(slug)
        if shop is None:
            raise NotFound("Shop")
        return shop
