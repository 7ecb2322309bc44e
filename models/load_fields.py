"""What a column of another system's file can be: the fields of the records, by the headings that the trade's programs give them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from models.customer_key import fold

BOTH = "customers_vehicles"


@dataclass(frozen=True, slots=True)
class Field:
    name: str  # noun and field of the record, ``vehicles.vin``
    label: Any
    headings: tuple[str, ...]  # folded
    many: bool = False  # several columns may be it


def _field(name: str, label: Any, *headings: str, many: bool = False) -> Field:
    return Field(name, label, headings, many)


CUSTOMERS = (
    _field(
        *("customers.external_id", _l("Customer’s number")),
        *(
            "customer number",
            "customer id",
            "customer no",
            "customer nr",
            "customer",
            "cust id",
            "cust no",
            "client id",
            "account",
            "owner id",
        ),
        *("account number", "account no", "contact id", "klantnummer", "customer external id", "owner"),
    ),
    _field("customers.name", _l("Name in one"), "name", "full name", "customer name", "client name", "contact name", "owner name"),
    _field("customers.first_name", _l("First name"), "first name", "first", "given name", "forename", "firstname", "voornaam"),
    _field("customers.last_name", _l("Last name"), "last name", "last", "surname", "family name", "lastname", "achternaam"),
    _field("customers.company_name", _l("Company"), "company", "company name", "business", "business name", "organization", "bedrijfsnaam"),
    _field(
        *("customers.phones", _l("Phone")),
        *(
            "phone",
            "phone number",
            "phone 1",
            "phone 2",
            "phone 3",
            "mobile",
            "mobile phone",
            "mobile number",
            "cell",
            "cell phone",
            "phones",
        ),
        *("home phone", "work phone", "business phone", "telephone", "tel", "primary phone", "secondary phone", "other phone", "telefoon"),
        many=True,
    ),
    _field(
        *("customers.emails", _l("E-mail")),
        *("email", "e mail", "email address", "e mail address", "email 1", "email 2", "primary email", "secondary email", "emails", "mail"),
        many=True,
    ),
    _field(
        "customers.street", _l("Street"), "street", "address", "address 1", "address line 1", "street address", "addr", "addr1", "straat"
    ),
    _field("customers.city", _l("City"), "city", "town", "plaats"),
    _field("customers.region", _l("State or province"), "state", "province", "region", "st", "state province", "prov"),
    _field("customers.postal_code", _l("Postal code"), "zip", "zip code", "zipcode", "postal code", "postcode", "post code", "postal"),
    _field("customers.country", _l("Country, two letters"), "country", "country code"),
    _field("customers.language", _l("Language (en, es, nl)"), "language", "lang", "preferred language"),
)
VEHICLES = (
    _field(
        *("vehicles.external_id", _l("Vehicle’s number")),
        *("vehicle number", "vehicle id", "vehicle no", "veh id", "veh no", "car id", "vehicle external id"),
    ),
    _field("vehicles.year", _l("Year"), "year", "model year", "yr", "vehicle year", "bouwjaar"),
    _field("vehicles.make", _l("Make"), "make", "vehicle make", "manufacturer", "brand", "merk"),
    _field("vehicles.model", _l("Model"), "model", "vehicle model"),
    _field("vehicles.submodel", _l("Submodel"), "submodel", "sub model", "trim", "trim level", "body style"),
    _field("vehicles.engine", _l("Engine"), "engine", "engine size", "motor", "engine description"),
    _field(
        *("vehicles.plate", _l("Plate")),
        *("plate", "license plate", "licence plate", "license", "plate number", "plate no", "license no", "license number", "lic plate"),
        *("registration", "reg", "reg no", "tag", "kenteken"),
    ),
    _field(
        *("vehicles.plate_region", _l("Plate’s state")),
        *("plate state", "license state", "plate region", "lic state", "registration state", "tag state", "vehicle state"),
    ),
    _field("vehicles.vin", _l("VIN"), "vin", "vin number", "vin no", "chassis number", "chassis", "serial number"),
    _field(
        *("vehicles.odometer", _l("Odometer")),
        *("odometer", "mileage", "miles", "last odometer", "last mileage", "odometer reading", "km", "kilometers", "current mileage"),
    ),
    _field("vehicles.unit_number", _l("Fleet’s unit number"), "unit", "unit number", "unit no", "fleet number", "fleet no"),
    _field("vehicles.retired", _l("Retired (yes, no)"), "retired", "inactive", "scrapped"),
)
OWNER = CUSTOMERS[0].headings
CAR = VEHICLES[0].headings
_CAME = (
    _field("vehicle", _l("Vehicle’s number"), *CAR, "vehicle"),
    _field("customer", _l("Customer’s number"), *OWNER),
)
APPOINTMENTS = (
    _field(
        *("appointments.external_id", _l("Drop-off’s number")),
        *("appointment id", "appointment number", "appointment no", "appt id", "appt no", "booking id", "id", "external id"),
    ),
    *(Field(f"appointments.{one.name}", one.label, one.headings) for one in _CAME),
    _field(
        *("appointments.starts_at", _l("Day, or day and time")),
        *(
            "starts at",
            "date",
            "start",
            "start date",
            "appointment date",
            "appt date",
            "date time",
            "drop off",
            "drop off date",
            "scheduled",
        ),
    ),
    _field("appointments.time", _l("Time"), "time", "start time", "appointment time", "appt time", "drop off time"),
    _field(
        "appointments.type_of_work", _l("Type of work"), "type of work", "service", "work", "reason", "description", "job", "service type"
    ),
    _field("appointments.shop_note", _l("Note for the shop"), "note", "notes", "shop note", "internal note", "comments"),
    _field("appointments.customer_note", _l("Note that the customer sees"), "customer note", "note to customer"),
    _field("appointments.preference", _l("Reached by (text, email, phone)"), "preference", "contact preference", "preferred contact"),
    _field("appointments.status", _l("Status (booked, cancelled)"), "status"),
)
WORK_ORDERS = (
    _field(
        *("work_orders.external_id", _l("The order’s own id")),
        *("work order id", "ro id", "repair order id", "order id", "external id", "id", "invoice id"),
    ),
    *(Field(f"work_orders.{one.name}", one.label, one.headings) for one in _CAME),
    _field(
        *("work_orders.number", _l("Number")),
        *("number", "work order number", "ro number", "ro", "wo number", "ro no", "wo no", "repair order", "work order", "invoice number"),
        *("invoice no", "invoice", "order number", "ro #"),
    ),
    _field(
        *("work_orders.opened_at", _l("Opened")),
        *("opened at", "opened", "date opened", "open date", "date in", "created", "created date", "ro date", "date", "start date"),
    ),
    _field(
        *("work_orders.closed_on", _l("Closed, the invoice’s day")),
        *("closed on", "closed", "date closed", "close date", "invoice date", "date out", "completed", "completed date", "invoiced"),
    ),
    _field("work_orders.concern", _l("Concern"), "concern", "complaint", "customer concern", "reason", "customer complaint", "problem"),
    _field("work_orders.odometer", _l("Odometer"), "odometer", "mileage", "odometer in", "mileage in", "odometer out", "mileage out", "km"),
    _field(
        "work_orders.done",
        _l("Work done"),
        "work done",
        "description",
        "work performed",
        "services",
        "labor description",
        "service",
        "jobs",
    ),
    _field(
        *("work_orders.recommended", _l("Recommended, not done")),
        *("recommended", "recommendations", "recommended work", "deferred", "deferred work", "declined", "declined work"),
    ),
    _field(
        "work_orders.next_visit_on", _l("Next visit"), "next visit on", "next visit", "next visit date", "next service", "next service date"
    ),
    _field("work_orders.next_visit", _l("What for"), "next visit for", "next service description"),
    _field("work_orders.status", _l("Status on the board"), "status"),
)
KINDS: dict[str, tuple[Field, ...]] = {
    BOTH: (*CUSTOMERS, *VEHICLES),
    "customers": CUSTOMERS,
    "vehicles": (Field("vehicles.customer", CUSTOMERS[0].label, OWNER), *VEHICLES),
    "appointments": APPOINTMENTS,
    "work_orders": WORK_ORDERS,
}
LABELS = {
    BOTH: _l("Customers with their vehicles"),
    "customers": _l("Customers"),
    "vehicles": _l("Vehicles"),
    "appointments": _l("Drop-offs"),
    "work_orders": _l("Work orders"),
}
DATES = frozenset({"appointments.starts_at", "work_orders.opened_at", "work_orders.closed_on", "work_orders.next_visit_on"})


def plain(heading: str) -> str:
    """As headings are compared: ``Phone #1`` and ``phone_1`` are one."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    return " ".join(re.findall(r"[^\W_]+", fold(spaced)))


def match(kind: str, headings: Sequence[str], before: Mapping[str, str]) -> list[str]:
    """A field for each column, or none; what a person chose for that heading before counts first."""
    fields = {one.name: one for one in KINDS[kind]}
    known = {heading: one.name for one in reversed(KINDS[kind]) for heading in one.headings} | {plain(name): name for name in fields}
    found: list[str] = []
    for heading in map(plain, headings):
        # an id of nothing in particular is that of what the file is about
        name = before[heading] if heading in before else known.get(heading) or (_own_id(kind) if heading in {"id", "external id"} else "")
        taken = name in found and not fields[name].many if name in fields else True
        found.append("" if taken else name)
    return found


def _own_id(kind: str) -> str:
    return f"{'customers' if kind == BOTH else kind}.external_id"
