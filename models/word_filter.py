"""A list narrowed by words as one types them: of the customer's names, or the vehicle's make, model, year and plate; in the database."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, true
from sqlalchemy.orm import aliased

from models.customer_key import CAR, NAME, PLATE, VIN_END, CustomerKey, compact
from models.customer_search import typed_words


def fits(text: str, customer_id: Any, vehicle_id: Any) -> ColumnElement[bool]:
    """Whether every word begins a word of theirs, or all together begin the plate; the two ids are columns of the list.

    Asked of the index of keys row by row, so that it costs by the rows that are looked at; what holds no word narrows nothing.
    """
    each = typed_words(text)
    if not each:
        return true()
    named = and_(*(or_(_of_customer(customer_id, word), _of_vehicle(vehicle_id, word)) for word in each))
    return or_(named, _key(vehicle_id, [(PLATE, compact(text))])) if len(each) > 1 else named


def _of_customer(customer_id: Any, word: str) -> ColumnElement[bool]:
    key = aliased(CustomerKey)
    return exists().where(key.customer_id == customer_id, key.vehicle_id.is_(None), key.begins(NAME, word))


def _of_vehicle(vehicle_id: Any, word: str) -> ColumnElement[bool]:
    return _key(vehicle_id, [(CAR, word), (PLATE, word), *([(VIN_END, word[::-1])] if len(word) >= 4 else [])])


def _key(vehicle_id: Any, starts: list[tuple[str, str]]) -> ColumnElement[bool]:
    key = aliased(CustomerKey)
    return exists().where(key.vehicle_id == vehicle_id, or_(*(key.begins(kind, start) for kind, start in starts)))
