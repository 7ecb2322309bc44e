"""A booking as it is typed: who, which vehicle, when, how to reach them, what they agreed to; taken in one transaction or not at all."""

from collections.abc import Callable, Mapping
from datetime import date, time
from functools import cached_property, partial
from typing import Any, TypeVar

from flask_babel import gettext as _

from console import typed
from console.looking import Looking
from models import Actor, Appointment, Consent, Customer, Estimate, NotFound, Refused, Shop, Vehicle, booking_rules
from models.consent import SCRIPT, SCRIPT_VERSION
from models.customer_search import is_number

NEW = "new"
Made = TypeVar("Made")


class Booking:
    """``form`` holds the words as typed; ``customer``, ``vehicle`` and ``estimate`` in it are ids, or ``new``."""

    def __init__(self, shop: Shop, form: Mapping[str, str]) -> None:
        self.shop, self.form = shop, form
        self.errors: dict[str | None, Any] = {}

    # what was chosen so far; NotFound for what isn't this shop's

    @cached_property
    def estimate(self) -> Estimate | None:
        return self.shop.estimate(_id(self.form["estimate"])) if self.form.get("estimate") else None

    @property
    def _chosen(self) -> str:
        return "" if self.form.get("anew") else self.form.get("customer", "")

    @cached_property
    def customer(self) -> Customer | None:
        if self.estimate:
            return self.estimate.customer
        chosen = self._chosen
        return self.shop.customer(_id(chosen)) if chosen and chosen != NEW else None

    @cached_property
    def vehicle(self) -> Vehicle | None:
        if self.estimate:
            return self.estimate.vehicle
        if not self.customer or self.form.get("vehicle") == NEW:
            return None
        chosen = self.form.get("vehicle", "")
        offered = self.customer.vehicles_in_use
        return next((one for one in offered if str(one.id) == chosen), offered[0] if offered else None)

    @property
    def is_new_customer(self) -> bool:
        return self.customer is None and self._chosen == NEW

    @cached_property
    def looking(self) -> Looking:
        """For the customer, while none is chosen."""
        return Looking(self.shop, self.form.get("who", ""))

    @property
    def typed(self) -> dict[str, Any]:
        """The words for the form's fields: what was typed, else what the estimate says, else what usually fits."""
        words: dict[str, Any] = {"kind": "person", "preference": "text", "consent_source": "spoken"}
        looked_for = self.form.get("who", "").strip()
        words |= {"phone": looked_for} if is_number(looked_for) else {"last_name": looked_for}
        if self.estimate:
            words |= {"type_of_work": self.estimate.type_of_work, "shop_note": self.estimate.note}
        return words | dict(self.form)

    # taking it

    def take(self, by: Actor) -> Appointment:
        """Book. Raises Refused with every objection that can be known at once."""
        customer = self.customer or self._try(lambda: self._new_customer(by))
        vehicle = self.vehicle or self._try(lambda: self._new_vehicle(customer, by))
        if customer:
            self._try(lambda: note_consent(customer, self.form, by))
        day, at = self._try(lambda: typed.a_day(self.form)), self._try(lambda: typed.a_time(self.form))
        accept = bool(self.form.get("accept_warnings"))
        if self.errors or customer is None or vehicle is None or day is None:
            if day:
                self._try(lambda: booking_rules.check(self.shop, day, at, accept_warnings=True))
            raise Refused.at(**self.errors) if None not in self.errors else Refused(self.errors[None])
        return self._book(customer, vehicle, day, at, accept, by)

    def _book(self, customer: Customer, vehicle: Vehicle, day: date, at: time | None, accept: bool, by: Actor) -> Appointment:
        words = {name: self.form.get(name, "") for name in ("type_of_work", "shop_note", "customer_note")}
        preference = self.form.get("preference", "")
        if self.estimate:
            return self.estimate.book(day, at, preference, by=by, accept_warnings=accept, **words)
        return Appointment.book(customer, vehicle, day, at, preference, by=by, accept_warnings=accept, **words)

    def _new_customer(self, by: Actor) -> Customer:
        if not self.is_new_customer:
            raise Refused(_("Find the customer by phone or last name, or choose New customer."), field="who")
        company = self.form.get("kind") == "company"
        return Customer.add(
            self.shop,
            by=by,
            first_name=self.form.get("first_name", ""),
            last_name=self.form.get("last_name", ""),
            company_name=self.form.get("company_name", "") if company else "",
            phones=[self.form.get("phone", "")],
            emails=[self.form.get("email", "")],
            language=self.form.get("language") or None,
        )

    def _new_vehicle(self, customer: Customer | None, by: Actor) -> Vehicle | None:
        if customer:
            return typed.with_vehicle(self.form, partial(Vehicle.add, customer, by=by))
        if self.is_new_customer:
            typed.with_vehicle(self.form, Vehicle(year=None, odometer=None).describe)  # the customer is refused: said at once too
        return None

    def _try(self, make: Callable[[], Made]) -> Made | None:
        try:
            return make()
        except Refused as refused:
            self.errors |= refused.errors
            return None


def note_consent(customer: Customer, form: Mapping[str, str], by: Actor) -> bool:
    """Keep what they said about texts to their first number. Returns whether they were asked. Raises Refused: not said how."""
    answer = form.get("consent", "")
    if answer not in {"yes", "no"} or customer.phone is None:
        return False
    source, given = form.get("consent_source", ""), answer == "yes"
    Consent.note(customer.shop, customer.phone.number, given=given, source=source, by=by, wording=str(SCRIPT), version=SCRIPT_VERSION)
    return True


def _id(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise NotFound("id")
    return int(text)
