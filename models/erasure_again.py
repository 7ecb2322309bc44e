"""Whom a restored backup brought back: they were erased after it was made, and are erased again."""

from collections.abc import Iterator

from sqlalchemy import func, select

from models import clock
from models.base import db
from models.customer import Customer
from models.entry import Entry
from models.erasure import Erasure
from models.erasure_ledger import Noted, noted_erasures


def brought_back() -> Iterator[Erasure]:
    """An erasure to carry out for each, written down as the first one was."""
    for noted in noted_erasures():
        customer = db.session.get(Customer, noted.customer_id)
        if customer and customer.shop_id == noted.shop_id and customer.erased_at is None and _is_the_same(customer, noted):
            erasure = Erasure(shop_id=noted.shop_id, customer=customer, asked_by=noted.asked_by, asked_at=noted.at, counts={}, files=[])
            erasure.due_at = clock.now()
            db.session.add(erasure)
            db.session.flush()
            yield erasure


def _is_the_same(customer: Customer, noted: Noted) -> bool:
    """Not somebody who was added since and got the number that became free."""
    first = select(func.min(Entry.at)).where(Entry.subject == "customers", Entry.subject_id == customer.id)
    added = db.session.scalar(first)
    return added is None or added <= noted.at
