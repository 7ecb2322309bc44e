"""Why a row waits for a person before it is handed over: what looks like a slip, and what must not leave with it."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import vin
from models.base import db
from models.closing import Closing
from models.customer import Customer
from models.export_fields import ServiceRow
from models.export_partner import Partner
from models.odometer_reading import OdometerReading
from models.visit import Visit
from models.work_order import WorkOrder

WORDS = {
    "vin": _l("The VIN's check digit does not fit."),
    "vehicle": _l("Neither a VIN nor a plate: nobody could tell which vehicle it is."),
    "odometer": _l("The odometer is below the reading before."),
    "service": _l("No service has a title: nothing says what was done."),
    "personal": _l("In the vehicle's or the service's words there is a name, a number or an amount that may not be sent."),
}
_AMOUNT = re.compile(r"[$€£]\s*\d|\d+[.,]\d{2}\s*(?:[$€£]|USD|EUR)|\b(?:USD|EUR)\s*\d", re.IGNORECASE)
_FREE = ("model", "submodel", "engine", "service")  # what people type as they like; a make can be a family's name
_SHORTEST = 3  # letters of a name that is looked for

Key = tuple[int, int]  # closing, item


def key_of(row: ServiceRow) -> Key:
    return row.closing_id, row.item


def doubts_about(partner: Partner, rows: Sequence[ServiceRow]) -> dict[Key, list[str]]:
    """Words of ``WORDS`` for every row that has any. Two queries more, whatever the number of rows."""
    before = _readings([row.vehicle_id for row in rows])
    persons = _persons([row.closing_id for row in rows]) if partner.is_anonymous else {}
    found = {key_of(row): list(_doubts(row, before.get(row.vehicle_id, ()), persons.get(row.closing_id))) for row in rows}
    return {key: doubts for key, doubts in found.items() if doubts}


def _doubts(row: ServiceRow, readings: Sequence[OdometerReading], customer: Customer | None) -> Iterable[str]:
    if vin.is_doubtful(row.vin) and not row.vin_is_sure:
        yield "vin"
    if not row.vin and not row.plate:
        yield "vehicle"
    if row.odometer is not None and _went_down(row, readings):
        yield "odometer"
    if not row.service.strip():
        yield "service"
    if customer and _tells_too_much([str(getattr(row, name)) for name in _FREE], customer):
        yield "personal"


def _went_down(row: ServiceRow, readings: Sequence[OdometerReading]) -> bool:
    """Whether the reading before this one shows more; a mistake of long ago, which was put right since, holds nothing back."""
    until = [reading.value for reading in readings if reading.read_on <= row.ro_date]
    while until and until[-1] == row.odometer:
        until.pop()
    return bool(until) and until[-1] > (row.odometer or 0)


def _tells_too_much(texts: Sequence[str], customer: Customer) -> bool:
    """A person's words in a free text: the customer's name, phone, e-mail or street, or any amount of money."""
    names = [customer.first_name, customer.last_name, customer.company_name]
    names += [address.street for address in customer.addresses] + [mail.address for mail in customer.emails]
    numbers = [re.sub(r"\D", "", phone.number)[-7:] for phone in customer.phones]
    for text in texts:
        if _AMOUNT.search(text) or "@" in text or any(_is_in(name, text) for name in names):
            return True
        digits = re.sub(r"\D", "", text)
        if any(number and number in digits for number in numbers):
            return True
    return False


def _is_in(name: str, text: str) -> bool:
    """As words of their own, in capitals or not: Ford is in "for Ford's wife" and not in "afford"."""
    return len(name.strip()) >= _SHORTEST and bool(re.search(rf"(?<!\w){re.escape(name.strip())}(?!\w)", text, re.IGNORECASE))


def _readings(vehicle_ids: Collection[int]) -> Mapping[int, Sequence[OdometerReading]]:
    query = select(OdometerReading).where(OdometerReading.vehicle_id.in_(set(vehicle_ids)))
    found: dict[int, list[OdometerReading]] = {}
    for reading in db.session.scalars(query.order_by(OdometerReading.read_on, OdometerReading.id)):
        found.setdefault(reading.vehicle_id, []).append(reading)
    return found


def _persons(closing_ids: Collection[int]) -> dict[int, Customer]:
    """Whose visits these were: only to look whether their names are where they must not be."""
    query: Any = select(Closing.id, Customer).join(WorkOrder, WorkOrder.id == Closing.work_order_id).join(Visit)
    query = query.join(Customer, Customer.id == Visit.customer_id).where(Closing.id.in_(set(closing_ids)))
    whole = (joinedload(Customer.phones), joinedload(Customer.emails), joinedload(Customer.addresses))
    return {row[0]: row[1] for row in db.session.execute(query.options(*whole)).unique()}
