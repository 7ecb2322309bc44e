"""The active-customers board: every vehicle in the shop in its status, and before them those that are expected today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from models import clock, phone
from models.appointment import Appointment
from models.base import db
from models.consent import Consent
from models.customer import Customer
from models.inspection_lists import with_inspection
from models.overview_lists import newest_overview
from models.part_request import PartRequest
from models.status import Status
from models.timer import OpenTime, TimeDisplay, Tone
from models.visit import Visit
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.part_request import PartCounts
    from models.shop import Shop

AHEAD = timedelta(days=4)  # for so long a screen that lost us goes on counting by itself
GRACE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Tile:
    """A vehicle in the shop."""

    order: WorkOrder
    display: TimeDisplay | None
    may_text: bool  # consent
    parts: "PartCounts | None"

    @property
    def number(self) -> str:
        """The phone number that texts about the visit go to; empty if there is none."""
        phone = self.order.visit.customer.phone
        return phone.number if phone else ""

    @property
    def numbers(self) -> list[str]:
        """Every number that the customer may write from."""
        return [one.number for one in self.order.visit.customer.phones]

    @property
    def wants_reason(self) -> bool:
        return bool(self.display and self.display.tone is Tone.over and self.order.stay and not self.order.stay.reason)

    @property
    def broke_promise(self) -> bool:
        return bool(self.order.promised_at and self.order.promised_at < clock.now())


@dataclass(frozen=True, slots=True)
class Lane:
    """The vehicles in one status, longest there first."""

    status: Status | None
    tiles: list[Tile]


class Board:
    def __init__(self, shop: "Shop", find: str = "") -> None:
        """``find``: a part of the name, number, plate or VIN that the shown ones must have."""
        self.shop, self.find, self.at = shop, " ".join(find.split()), clock.now()

    @cached_property
    def tiles(self) -> list[Tile]:
        """Every vehicle in the shop that is looked for, first come first."""
        return [self._tile(order) for order in self._orders if self._matches(order.visit, order.number)]

    @cached_property
    def lanes(self) -> list[Lane]:
        """The statuses in the shop's order, those without a vehicle left out; at the end the vehicles without a status."""
        found: dict[Status | None, list[Tile]] = {}
        for tile in self.tiles:
            found.setdefault(tile.order.stay.status if tile.order.stay else None, []).append(tile)
        known = sorted((status for status in found if status), key=lambda status: (status.position, status.id))
        return [Lane(status, found[status]) for status in (*known, *([None] if None in found else []))]

    @cached_property
    def expected(self) -> list[Appointment]:
        """Who comes today and is not here yet, in the order of the clock."""
        today = self.shop.today()
        visit = contains_eager(Appointment.visit).options(
            contains_eager(Visit.customer).selectinload(Customer.phones), contains_eager(Visit.vehicle)
        )
        query = select(Appointment).join(Appointment.visit).join(Visit.customer).join(Visit.vehicle).options(visit)
        query = query.where(Appointment.shop_id == self.shop.id, Appointment.date == today)
        query = query.where(~Appointment.is_cancelled, ~Appointment.is_checked_in)
        found = db.session.scalars(query.order_by(Appointment.starts_at, Appointment.id))
        return [one for one in found if self._matches(one.visit)]

    def late_at(self, appointment: Appointment) -> datetime | None:
        """The instant from which an expected one is red: a minute past due; None: no time was agreed on."""
        return appointment.starts_at + GRACE if appointment.time else None

    @property
    def open_spans(self) -> list[tuple[datetime, datetime]]:
        """When the shop is open around now, for screens that count by themselves."""
        return list(OpenTime(self.shop).spans(self.at - timedelta(hours=1), self.at + AHEAD))

    @cached_property
    def unseen(self) -> int:
        """How many vehicles in the shop are hidden by what is looked for."""
        return len(self._orders) - len(self.tiles)

    @cached_property
    def _orders(self) -> list[WorkOrder]:
        customer = joinedload(WorkOrder.visit, innerjoin=True).joinedload(Visit.customer, innerjoin=True)
        return WorkOrder.open_in(self.shop, customer.selectinload(Customer.phones), newest_overview(), with_inspection())

    @cached_property
    def _parts(self) -> "dict[int, PartCounts]":
        return PartRequest.counts(self.shop)

    @cached_property
    def _consented(self) -> set[str]:
        numbers = {order.visit.customer.phone.number for order in self._orders if order.visit.customer.phone}
        facts = Consent.newest({self.shop.id}, numbers)
        return {number for (_shop, number), fact in facts.items() if fact.given and Consent.enough(self.shop, fact)}

    def _tile(self, order: WorkOrder) -> Tile:
        number = order.visit.customer.phone.number if order.visit.customer.phone else ""
        display = order.stay.display(self.shop, self.at) if order.stay else None
        return Tile(order, display, number in self._consented, self._parts.get(order.id))

    def _matches(self, visit: Visit, number: int | None = None) -> bool:
        return not self.find or _finds(self.find, visit, number, self.shop.country)


def _finds(words: str, visit: Visit, number: int | None, country: str) -> bool:
    """Whether this is the vehicle that somebody means: by name, phone, plate, end of the VIN or work-order number."""
    customer, vehicle = visit.customer, visit.vehicle
    wanted, digits = words.casefold(), "".join(filter(str.isdigit, words))
    named = any(wanted in name.casefold() for name in (customer.name, customer.company_name, vehicle.description))
    plain = "".join(filter(str.isalnum, wanted))
    plate = "".join(filter(str.isalnum, vehicle.plate.casefold()))
    of_car = bool(plain) and (plain in plate or (len(plain) >= 4 and vehicle.vin.casefold().endswith(plain)))
    numbers: Sequence[str] = [one.number for one in customer.phones]
    called = len(digits) >= 4 and any(digits in one for one in (*numbers, *(phone.shown(each, country) for each in numbers)))
    return named or of_car or called or (number is not None and bool(digits) and digits == str(number))
