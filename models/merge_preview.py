"""What a merge would do, before anybody does it: which values stay, which are added, what moves, and what is to be known."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from models import clock, phone
from models.appointment import Appointment
from models.base import db
from models.consent import Consent, ConsentFact
from models.customer import Customer
from models.customer_key import compact
from models.customer_merge import FILLED
from models.estimate import Estimate
from models.message import Message
from models.visit import Visit

LANGUAGES = {"en": "English", "es": "Español", "nl": "Nederlands"}


@dataclass
class Line:
    """One kind of value: what the one has, what the other has, and what there will be."""

    label: str
    kept: list[str]
    merged: list[str]

    @property
    def added(self) -> list[str]:
        return [text for text in self.merged if text not in self.kept]

    @property
    def result(self) -> list[str]:
        return [*self.kept, *self.added]


class OneValue(Line):
    """Of which there is one: what is there stays, what lacks is filled."""

    @property
    def result(self) -> list[str]:
        return self.kept or self.merged


class MergePreview:
    def __init__(self, kept: Customer, merged: Customer) -> None:
        self.kept, self.merged = kept, merged

    @property
    def is_possible(self) -> bool:
        return self.kept.id != self.merged.id

    @cached_property
    def lines(self) -> list[Line]:
        labels = {"first_name": _("First name"), "last_name": _("Last name"), "company_name": _("Company"), "language": _("Language")}
        ones: list[Line] = [OneValue(labels[name], _one(self.kept, name), _one(self.merged, name)) for name in FILLED if name in labels]
        many = [
            Line(_("Phones"), _numbers(self.kept), _numbers(self.merged)),
            Line(_("E-mail"), [row.address for row in self.kept.emails], [row.address for row in self.merged.emails]),
            Line(_("Address"), _addresses(self.kept), _addresses(self.merged)),
            Line(_("Contacts"), [person.name for person in self.kept.contacts], [person.name for person in self.merged.contacts]),
            Line(_("Vehicles"), _cars(self.kept), _cars(self.merged)),
        ]
        return [line for line in (*ones, *many) if line.kept or line.merged]

    @cached_property
    def moving(self) -> dict[str, int]:
        """How many of each go over; without those of which there is none."""
        counts = {
            _("Vehicles"): len(self.merged.vehicles),
            _("Visits"): self._count(Visit),
            _("Drop-offs to come"): self._to_come(),
            _("Estimates"): self._count(Estimate),
            _("Messages"): self._count(Message),
        }
        return {label: number for label, number in counts.items() if number}

    @cached_property
    def permissions(self) -> list[tuple[str, ConsentFact | None]]:
        """Each number that there will be, and what was last said about texts to it: it stays with the number."""
        numbers = list(dict.fromkeys(row.number for row in (*self.kept.phones, *self.merged.phones)))
        facts = Consent.newest([self.kept.shop_id], numbers)
        return [(number, facts.get((self.kept.shop_id, number))) for number in numbers]

    @property
    def warnings(self) -> list[str]:
        """What somebody should know before it is done."""
        found = []
        if self.kept.phone and self.merged.phone and self.kept.phone.number != self.merged.phone.number:
            shown = phone.shown(self.kept.phone.number, self.kept.shop.country)
            found.append(_("Texts about all their visits go to %(number)s from now on.", number=shown))
            if not Consent.may_text(self.kept.shop, self.kept.phone.number):
                found.append(_("That number may not be texted. Ask for permission, or put the other number first afterwards."))
        one, other = sorted((compact(self.kept.first_name), compact(self.merged.first_name)), key=len)
        if one and not other.startswith(one):  # M. may well be María
            found.append(_("The first names differ: perhaps these are two people of one family."))
        return found

    def _count(self, noun: Any) -> int:
        return db.session.scalar(select(func.count()).select_from(noun).where(noun.customer_id == self.merged.id)) or 0

    def _to_come(self) -> int:
        to_come = select(func.count()).select_from(Appointment).join(Appointment.visit).where(Visit.customer_id == self.merged.id)
        to_come = to_come.where(Appointment.starts_at > clock.now(), ~Appointment.is_cancelled)
        return db.session.scalar(to_come) or 0


def _one(customer: Customer, name: str) -> list[str]:
    value = getattr(customer, name)
    return [LANGUAGES.get(value, value)] if value else []


def _numbers(customer: Customer) -> list[str]:
    return [phone.shown(row.number, customer.shop.country) for row in customer.phones]


def _addresses(customer: Customer) -> list[str]:
    return [row.line(customer.shop.country) for row in customer.addresses]


def _cars(customer: Customer) -> list[str]:
    return [" ".join(part for part in (vehicle.description, vehicle.plate) if part) for vehicle in customer.vehicles]
