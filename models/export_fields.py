"""What may stand in a file: rows that hold nothing else, and for each partner the list of their fields that it may get.

A row for a partner that must not learn of customers has no place for them: nobody has to remember to leave something out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from models.export_partner import Partner
from models.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """One service of a closed work order: the vehicle, the shop, what was done. All that CARFAX may know."""

    closing_id: int
    item: int  # the work item; 0: the order has none
    vehicle_id: int
    ro_date: date
    ro_number: int
    vin: str
    vin_is_sure: bool  # somebody looked at the vehicle again
    plate: str
    plate_region: str
    shop_name: str
    shop_address: str
    shop_phone: str
    odometer: int | None
    year: int | None
    make: str
    model: str
    submodel: str
    engine: str
    service: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRow(ServiceRow):
    """The same with the customer and the money, for partners who write to customers on the shop's behalf."""

    shop_code: str  # what the partner knows the shop by
    opened_on: date
    customer_number: int
    customer_name: str
    first_name: str
    last_name: str
    company: str
    street: str
    city: str
    region: str
    postal_code: str
    country: str
    phone: str
    email: str
    no_letters: bool
    job_code: str
    hours: Any  # Decimal
    labour: Money | None
    parts: Money | None
    total: Money | None
    tax: Money | None
    next_visit_on: date | None
    next_visit: str


_KEYS = ("closing_id", "item", "vehicle_id", "vin_is_sure")  # ours, and in no file
_OF_SERVICE = tuple(field.name for field in fields(ServiceRow) if field.name not in _KEYS)
_OF_INVOICE = tuple(field.name for field in fields(InvoiceRow) if field.name not in _KEYS)

ALLOWED: Mapping[Partner, tuple[str, ...]] = {
    Partner.carfax: _OF_SERVICE,
    Partner.customerlink: _OF_INVOICE,
    Partner.mechanicnet: _OF_INVOICE,
}

# said beside a preview, so that nobody has to take our word for a blank
NEVER: Mapping[Partner, tuple[Any, ...]] = {
    Partner.carfax: (
        _l("Customer's name"),
        _l("Customer's address, phone and e-mail"),
        _l("Labour lines"),
        _l("Part lines"),
        _l("Prices, discounts, tax and totals"),
        _l("What the customer said, and remarks"),
        _l("Photos and findings"),
    ),
    Partner.customerlink: (_l("Labour lines"), _l("Part lines"), _l("What the customer said, and remarks"), _l("Photos and findings")),
    Partner.mechanicnet: (_l("Labour lines"), _l("Part lines"), _l("What the customer said, and remarks"), _l("Photos and findings")),
}
