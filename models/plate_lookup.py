"""A plate that was looked up: by whom, what the provider answered, and what it charged. Asked for by a person, done by a job, once."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Index, case, func, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.handover import later, touch
from models.owned import ShopOwned
from models.plate_service import PlateService
from models.refused import Refused

if TYPE_CHECKING:
    from models.shop import Shop

PATIENCE = timedelta(seconds=30)  # longer than the provider is waited for: its job got lost, and it is not asked later on
AT_ONCE = 10  # look-ups a minute of one shop: no desk types faster
WITH_STATES = {"US", "CA", "MX", "AU", "BR"}  # where a plate alone names no vehicle


class Outcome(StrEnum):
    found = "found"
    none = "none"
    refused = "refused"
    unpaid = "unpaid"
    busy = "busy"
    broken = "broken"
    silent = "silent"
    odd = "odd"


KEPT = {Outcome.found: timedelta(days=7), Outcome.none: timedelta(days=1)}  # so long the same plate is not asked for, nor paid for, again
_WORDS = {
    Outcome.found: _l("Found."),
    Outcome.none: _l("The provider knows no vehicle with this plate in this state. Look at both again, or type the VIN."),
    Outcome.refused: _l("The provider refuses the key. An administrator can replace it in Settings, Plate service."),
    Outcome.unpaid: _l("The provider wants to be paid first: the subscription has run out or its credit is used up."),
    Outcome.busy: _l("The provider takes no more look-ups at this moment. Try again in a minute."),
    Outcome.broken: _l("The provider has a fault of its own. Try again later, or type the VIN."),
    Outcome.silent: _l("The provider did not answer. Whether it charged for that is not known. Try again, or type the VIN."),
    Outcome.odd: _l("The provider answered something that is no VIN. Type it from the vehicle."),
}


class PlateLookup(ShopOwned, Base):
    __tablename__ = "plate_lookups"
    __table_args__ = (Index("ix_plate_lookups_plate", "shop_id", "plate"), Index("ix_plate_lookups_asked", "shop_id", "asked_at"))

    plate: Mapped[str]  # in capitals, without spaces and hyphens
    region: Mapped[str] = mapped_column(default="")
    country: Mapped[str]
    host: Mapped[str]  # of the provider
    asked_by: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    claimed_at: Mapped[datetime | None] = mapped_column(default=None)
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    outcome: Mapped[Outcome | None] = mapped_column(default=None)
    vin: Mapped[str] = mapped_column(default="")
    units: Mapped[int] = mapped_column(default=0)  # what the provider counts and charges

    shop: Mapped["Shop"] = relationship()

    @classmethod
    def ask(cls, shop: "Shop", plate: str, region: str, *, by: Actor) -> "PlateLookup":
        """Have the plate looked up; what was answered some days ago, or is being asked, is the answer.

        Raises Refused: it is not set up, the plate or its state can't be, or there were too many.
        """
        service = PlateService.of(shop)
        if not service.works:
            raise Refused(_("Plate look-up is not set up. An administrator can do that in Settings, Plate service."), field="plate")
        plate, region = _plate(plate), _region(region, shop.country)
        shop.lock()  # two clicks at a time ask once
        if known := cls._known(shop, plate, region):
            return known
        cls._check_limits(shop, service)
        lookup = cls(shop_id=shop.id, shop=shop, plate=plate, region=region, country=shop.country, host=service.host, asked_by=by.name)
        db.session.add(lookup)
        db.session.flush()
        later("jobs.plates.look_up", lookup.id)
        touch(shop.id, "settings")
        return lookup

    @classmethod
    def _known(cls, shop: "Shop", plate: str, region: str) -> "PlateLookup | None":
        query = select(cls).where(cls.shop_id == shop.id, cls.plate == plate, cls.region == region, cls.country == shop.country)
        newest = db.session.scalars(query.order_by(cls.id.desc()).limit(1)).first()
        return newest if newest and (newest.is_running or newest.is_fresh) else None

    @classmethod
    def _check_limits(cls, shop: "Shop", service: PlateService) -> None:
        """Raises Refused."""
        asked = select(func.count()).where(cls.shop_id == shop.id)
        if (db.session.scalar(asked.where(cls.asked_at > clock.now() - timedelta(minutes=1))) or 0) >= AT_ONCE:
            raise Refused(_("That were many look-ups within a minute. Wait a moment."), field="plate")
        if (db.session.scalar(asked.where(cls.asked_at >= _begin_of_month(shop, shop.today()))) or 0) >= service.most_a_month:
            words = _(
                "This month's %(count)s look-ups are used up. An administrator can allow more in Settings, Plate service.",
                count=service.most_a_month,
            )
            raise Refused(words, field="plate")

    # questions

    @property
    def is_running(self) -> bool:
        return self.done_at is None and clock.now() - self.asked_at < PATIENCE

    @property
    def is_fresh(self) -> bool:
        kept = KEPT.get(self.outcome) if self.outcome else None
        return kept is not None and self.done_at is not None and clock.now() - self.done_at < kept

    @property
    def ended(self) -> Outcome | None:
        """How; None while somebody still waits. One whose job got lost has not been answered."""
        return self.outcome or (None if self.is_running else Outcome.silent)

    @property
    def words(self) -> str:
        """For the person who asked."""
        return str(_WORDS[self.ended]) if self.ended else _("Asking the provider…")

    @classmethod
    def newest(cls, shop: "Shop", limit: int) -> "list[PlateLookup]":
        return list(db.session.scalars(select(cls).where(cls.shop_id == shop.id).order_by(cls.id.desc()).limit(limit)))

    @classmethod
    def months(cls, shop: "Shop", count: int) -> list[tuple[date, int, int, int]]:
        """Of this month and those before it: the first day, look-ups, how many found a VIN, units charged."""
        firsts = [shop.today().replace(day=1)]
        while len(firsts) < count:
            firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
        ends = [clock.now() + timedelta(days=1), *(_begin_of_month(shop, first) for first in firsts)]
        sums = []
        for first, end in zip(firsts, ends, strict=False):
            within = (cls.asked_at >= _begin_of_month(shop, first)) & (cls.asked_at < end)
            sums += [
                func.sum(case((within, 1), else_=0)),
                func.sum(case((within & (cls.outcome == Outcome.found), 1), else_=0)),
                func.sum(case((within, cls.units), else_=0)),
            ]
        row = db.session.execute(select(*sums).where(cls.shop_id == shop.id, cls.asked_at >= _begin_of_month(shop, firsts[-1]))).one()
        return [(first, *(int(row[3 * place + which] or 0) for which in range(3))) for place, first in enumerate(firsts)]  # type: ignore[misc]

    # verbs of the job

    def claim(self) -> bool:
        """Commits. Whether it is ours to ask: nobody has, and somebody still waits for it."""
        if not self.is_running:
            return False
        mine = update(PlateLookup).where(PlateLookup.id == self.id, PlateLookup.claimed_at.is_(None)).values(claimed_at=clock.now())
        claimed: int = db.session.execute(mine).rowcount  # type: ignore[attr-defined]
        db.session.commit()
        return claimed == 1

    def answered(self, outcome: Outcome, vin: str = "", units: int = 0) -> None:
        self.outcome, self.vin, self.units, self.done_at = outcome, vin, units, clock.now()
        touch(self.shop_id, "plates")
        touch(self.shop_id, "settings")


def _plate(text: str) -> str:
    """Raises Refused: none, or nothing that could be one."""
    plate = "".join(text.split()).replace("-", "").upper()
    if not plate:
        raise Refused(_("Type the plate first."), field="plate")
    if not (plate.isalnum() and len(plate) <= 10):
        raise Refused(_("A plate has up to 10 letters and digits."), field="plate")
    return plate


def _region(text: str, country: str) -> str:
    """Raises Refused: it is needed there and missing, or is none."""
    region = text.strip().upper()
    if country in WITH_STATES and not region:
        raise Refused(_("Type the plate's state too, like IL."), field="plate_region")
    if region and not (region.isalnum() and region.isascii() and len(region) <= 3):
        raise Refused(_("Give the state by its two or three letters, like IL."), field="plate_region")
    return region


def _begin_of_month(shop: "Shop", day: date) -> datetime:
    """On the shop's clock."""
    return datetime(day.year, day.month, 1, tzinfo=shop.tz)
