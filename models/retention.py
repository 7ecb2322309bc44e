"""For how long a shop keeps what it has of people; what is older goes at night (``retention_sweep``)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.actor import Actor
from models.base import Base, db, kept
from models.entry import record
from models.refused import Refused

if TYPE_CHECKING:
    from models.shop import Shop

NOTICE = timedelta(days=30)  # between the first word of the usual periods and the first night that obeys them
DAY, MONTH, YEAR = timedelta(days=1), timedelta(days=30.4375), timedelta(days=365.25)


@dataclass(frozen=True, slots=True)
class Period:
    """How long one kind of data is kept; ``reason`` says what speaks for keeping it."""

    name: str
    label: Any
    unit: timedelta
    least: int
    most: int
    reason: Any


PERIODS = (
    Period(
        "words_months",
        _l("Words of texts, e-mails and postcards"),
        MONTH,
        1,
        120,
        _l(
            "That a message went, when, and whether it arrived stays. What still waits or is held back after that time is called off. "
            "Where a text was part of an authorisation, California wants it for three years (16 CCR 3358)."
        ),
    ),
    Period(
        "media_months",
        _l("Pictures, videos and files"),
        MONTH,
        1,
        120,
        _l(
            "Of texts, of visits that are closed, and of postcards printed together. "
            "What the customer decided by on an overview stays: it is part of the authorisation."
        ),
    ),
    Period(
        "ip_days",
        _l("IP addresses in full"),
        DAY,
        1,
        3650,
        _l("Then only the neighbourhood stays (203.0.113.0/24). Sealed records of answers lose theirs, and still verify."),
    ),
    Period(
        "link_days",
        _l("Links to closed visits"),
        DAY,
        1,
        3650,
        _l("Counted from the day on which the visit was closed, or the drop-off was cancelled or missed."),
    ),
    Period(
        "raw_days",
        _l("What providers said, as they sent it"),
        DAY,
        1,
        365,
        _l("Webhooks, and plates that were looked up with the VINs found. What followed from it stays, and so do the counts."),
    ),
    Period(
        "handed_months",
        _l("Our copies of files for other companies"),
        MONTH,
        1,
        120,
        _l("What went, when, where to, and the file's fingerprint stays; so does what customers can read about their own vehicle."),
    ),
    Period("export_days", _l("Files with somebody's own data, and of first loads"), DAY, 1, 90, _l("They can be made again at any time.")),
    Period(
        "record_years",
        _l("Who authorised work, of erased customers"),
        YEAR,
        3,
        15,
        _l(
            "The law: three years in California (16 CCR 3358), seven for invoices in the Netherlands, eight to ten in Germany. "
            "Sealed, then destroyed."
        ),
    ),
    Period(
        "consent_years",
        _l("Proof of consent, of erased customers"),
        YEAR,
        1,
        15,
        _l("Claims over texts (TCPA) can be brought for four years. Without number or name; a STOP is remembered for good."),
    ),
)


class Retention(Base):
    __tablename__ = "retentions"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), unique=True)
    words_months: Mapped[int] = mapped_column(default=36)
    media_months: Mapped[int] = mapped_column(default=36)
    ip_days: Mapped[int] = mapped_column(default=90)
    link_days: Mapped[int] = mapped_column(default=365)
    raw_days: Mapped[int] = mapped_column(default=30)
    handed_months: Mapped[int] = mapped_column(default=12)
    export_days: Mapped[int] = mapped_column(default=7)
    record_years: Mapped[int] = mapped_column(default=7)
    consent_years: Mapped[int] = mapped_column(default=5)
    swept_on: Mapped[date | None] = mapped_column(default=None)  # the shop's own day
    swept: Mapped[dict[str, Any]] = mapped_column(default=dict)  # how much went that night, by kind; while announced: would have gone
    begins_on: Mapped[date | None] = mapped_column(default=None)  # the usual periods, that nobody has set yet, are only announced before

    @classmethod
    def of(cls, shop: "Shop") -> "Retention":
        """The shop's; with the usual periods as long as nobody has set any (not kept then)."""
        found = db.session.scalars(select(cls).where(cls.shop_id == shop.id)).first()
        return found or cls(shop_id=shop.id, **{column.key: column.default.arg for column in _usual()}, swept={})

    @classmethod
    def held(cls, shop: "Shop") -> "Retention":
        """The same, kept, and locked until this transaction ends. Periods that nobody has set are announced first: an upgrade that
        brought them would else take away in its first night what the shop did not know would go."""
        mine = select(cls).where(cls.shop_id == shop.id).with_for_update().execution_options(populate_existing=True)
        if found := db.session.scalars(mine).first():
            return found
        usual = cls.of(shop)
        usual.begins_on = shop.today() + NOTICE
        kept(usual)
        return db.session.scalars(mine).one()

    @classmethod
    def change(cls, shop: "Shop", wanted: Mapping[str, int | None], *, by: Actor) -> "Retention":
        """Keep these periods. Raises Refused with every fault at once; nothing is changed then."""
        check(wanted)
        retention = cls.held(shop)
        for period in PERIODS:
            setattr(retention, period.name, wanted[period.name])
        retention.begins_on = None  # somebody has seen them, and says so
        record(shop.location, "retention.changed", by)
        return retention

    @classmethod
    def tried(cls, shop: "Shop", wanted: Mapping[str, int | None]) -> "Retention":
        """The same, to look what it would do; kept nowhere. Raises Refused: as ``change``."""
        check(wanted)
        return cls(shop_id=shop.id, swept={}, **{period.name: wanted[period.name] for period in PERIODS})

    @property
    def is_announced(self) -> bool:
        """Whether these periods are only told so far."""
        return self.begins_on is not None and clock.now().date() < self.begins_on  # a day more or less is no matter

    def before(self, name: str) -> datetime:
        """What is older than that instant has to go."""
        period = next(one for one in PERIODS if one.name == name)
        return clock.now() - int(getattr(self, name)) * period.unit


def check(wanted: Mapping[str, int | None]) -> None:
    """Raises Refused with every fault at once."""
    faults = {
        period.name: _("Give a whole number from %(least)s to %(most)s.", least=period.least, most=period.most)
        for period in PERIODS
        if not period.least <= (wanted.get(period.name) or 0) <= period.most
    }
    if faults:
        raise Refused.at(**faults)


def _usual() -> list[Any]:
    return [Retention.__table__.columns[period.name] for period in PERIODS]
