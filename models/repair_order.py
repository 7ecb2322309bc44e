"""The printed form of a work order: everything that is on it, gathered once, and whether it is still what was printed last."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from babel import Locale

from models.approvals import Approvals
from models.deferred_item import DeferredItem
from models.finding import Finding
from models.inspection import Inspection
from models.money import Money
from models.oral_authorisation import OralAuthorisation
from models.repair_order_consents import Consenting, by_page, by_word_of_mouth, put_off, replies_on
from models.reply import Reply
from models.wording import locale_of
from models.work import Work
from models.work_item import Category

if TYPE_CHECKING:
    from models.shop import Shop
    from models.work_order import WorkOrder

IN_MILES = frozenset({"US", "GB"})
LETTER_PAPER = frozenset({"US", "CA", "MX"})


@dataclass(frozen=True)
class RepairOrder:
    order: "WorkOrder"

    @property
    def shop(self) -> "Shop":
        return self.order.visit.shop

    @cached_property
    def approvals(self) -> Approvals:
        return Approvals(self.order)

    @property
    def work(self) -> Work:
        return self.approvals.work

    @cached_property
    def sums(self) -> dict[Category, Money]:
        """What is authorised comes to, with tax, by category; those that cost nothing are left out."""
        rows = self.approvals.standings.get("work", [])
        found = {
            one: Money.total((row.item.totals.including for row in rows if row.item.category is one), self.currency) for one in Category
        }
        return {category: sum_ for category, sum_ in found.items() if sum_}

    @property
    def currency(self) -> str:
        return self.work.terms.currency

    @cached_property
    def _replies(self) -> Sequence[Reply]:
        return replies_on(self.order)

    @cached_property
    def _orals(self) -> Sequence[OralAuthorisation]:
        return OralAuthorisation.of(self.order)

    @cached_property
    def _deferred(self) -> Sequence[DeferredItem]:
        return DeferredItem.of_order(self.order)

    @property
    def authorisations(self) -> list[Consenting]:
        """Who agreed to what, in the language that is being spoken."""
        return by_page(self.order, self._replies) + by_word_of_mouth(self.order, self._orals)

    @property
    def deferred(self) -> list[str]:
        return [put_off(one, self.distance_unit) for one in self._deferred]

    @cached_property
    def findings(self) -> list[Finding]:
        """What the inspection found wrong, once it is complete."""
        inspection = Inspection.of(self.order, Inspection.with_pictures())
        return inspection.bad if inspection and inspection.is_complete else []

    @property
    def language(self) -> str:
        return self.order.visit.customer.language or self.shop.language

    @cached_property
    def locale(self) -> Locale:
        """The customer's language, as it is written where the shop is."""
        return Locale.parse(locale_of(self.shop, self.language))

    @property
    def concerns(self) -> list[str]:
        """What the vehicle was brought in for, as it was booked and as the customer put it at the desk."""
        appointment = self.order.visit.appointment
        return [words for words in (appointment.type_of_work if appointment else "", self.order.concern) if words]

    @property
    def has_part_numbers(self) -> bool:
        """Else their column would only take room."""
        return any(line.part_number for item in self.work.items for line in item.lines)

    @property
    def distance_unit(self) -> str:
        return "mi" if self.shop.country in IN_MILES else "km"

    @property
    def paper(self) -> str:
        return "letter" if self.shop.country in LETTER_PAPER else "A4"

    @property
    def digest(self) -> str:
        """Changes whenever anything that is printed does."""
        return hashlib.sha256(json.dumps(self._facts(), default=str).encode()).hexdigest()

    def _facts(self) -> list[Any]:
        shop, visit, order = self.shop, self.order.visit, self.order
        customer, vehicle = visit.customer, visit.vehicle
        return [
            [shop.name, shop.address, shop.voice_phone, shop.email, shop.branding.version, shop.country, str(self.locale)],
            [order.number, order.opened_at, order.closed_at, self.concerns],
            [customer.mailing_name, [phone.number for phone in customer.phones[:1]], customer.email],
            [vehicle.description, vehicle.engine, vehicle.vin, vehicle.plate, vehicle.plate_region, vehicle.odometer, vehicle.unit_number],
            [[item.id, item.version, item.done_at, item.terms_kept] for item in self.work.items],
            [[one.name, one.words(self.language), one.measured, [picture.id for picture in one.pictures]] for one in self.findings],
            [[row.item.id, row.standing] for row in self.approvals.rows.values()],
            [[reply.id for reply in self._replies], [oral.id for oral in self._orals]],
            [[one.id, one.due_on, one.due_odometer] for one in self._deferred],
        ]
