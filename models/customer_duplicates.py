"""Who else on file may be the same: the same number, the same e-mail address, or the same name with the same plate."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from models.base import db
from models.customer import Customer
from models.customer_key import EMAIL, NAME, PHONE_END, PLATE, CustomerKey, fold, words

MOST = 6


@dataclass
class Duplicate:
    customer: Customer
    reasons: list[str]


def duplicates(customer: Customer) -> list[Duplicate]:
    """The likeliest first: those who share most."""
    if customer.merged_into_id:
        return []
    mine, theirs = aliased(CustomerKey), aliased(CustomerKey)
    same = (theirs.shop_id == mine.shop_id) & (theirs.kind == mine.kind) & (theirs.key == mine.key)
    query = select(theirs.customer_id, theirs.kind).join(mine, same & (mine.customer_id == customer.id))
    query = query.where(theirs.customer_id != customer.id, theirs.kind.in_((PHONE_END, EMAIL, PLATE)))
    query = query.where((theirs.kind != PLATE) | _is_called(theirs.customer_id, words(customer.last_name) | words(customer.company_name)))
    rows = db.session.execute(query.distinct().limit(MOST * 4)).all()
    kinds: dict[int, set[str]] = {}
    for other, kind in rows:
        kinds.setdefault(other, set()).add(kind)
    others = db.session.scalars(select(Customer).where(Customer.id.in_(kinds))).all() if kinds else ()
    found = [Duplicate(other, _reasons(kinds[other.id], customer, other)) for other in others]
    return sorted(found, key=lambda one: (-len(one.reasons), one.customer.id))[:MOST]


def _is_called(customer_id: Any, names: set[str]) -> ColumnElement[bool]:
    """Where only the plate is the same, the name decides: cars change hands."""
    name = aliased(CustomerKey)
    return exists().where(name.customer_id == customer_id, name.kind == NAME, name.key.in_(names))


def _reasons(kinds: set[str], customer: Customer, other: Customer) -> list[str]:
    said = {PHONE_END: _("same number"), EMAIL: _("same e-mail"), PLATE: _("same plate")}
    reasons = [words for kind, words in said.items() if kind in kinds]
    return [*reasons, _("same name")] if fold(customer.name) == fold(other.name) else reasons
