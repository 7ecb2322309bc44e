"""Customers found as one types: by name, number, plate, end of the VIN or work order, each with the visit that is open."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, exists, func, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased, joinedload, selectinload

from models.base import db
from models.customer import Customer
from models.customer_key import CAR, EMAIL, NAME, PHONE, PHONE_END, PLATE, VIN_END, CustomerKey, compact, fold

if TYPE_CHECKING:
    from models.shop import Shop
    from models.visit import Visit

SHORTEST, LONGEST, MOST_WORDS = 2, 60, 6  # of what was typed; more narrows nothing
MANY = 1000  # so many or more of a word are many
EVERYBODY = 10_000_000  # for a list that is to be whole
PUNCTUATION = " +-().0123456789/"
Starts = Callable[[str], list[tuple[str, str]]]  # where in each part of the index a word may stand
RANKS = (PHONE, PHONE_END, PLATE, VIN_END, EMAIL, NAME)  # a number says more than a name


@dataclass
class Hit:
    customer: Customer
    visits: "list[Visit]" = field(default_factory=list)  # open: in the shop, or booked from today on
    order: int | None = None  # the work order's number, if it was found by that

    @property
    def visit(self) -> "Visit | None":
        """The one to show: in the shop before what is booked."""
        return min(self.visits, key=lambda visit: (visit.work_order is None, visit.id), default=None)


def find(shop: "Shop", text: str, limit: int = 12) -> list[Hit]:
    """At most ``limit``, the likeliest first: by numbers before names, then by name."""
    ids = _ids(shop, text, limit)
    loaded = (selectinload(relation) for relation in (Customer.phones, Customer.emails, Customer.vehicles, Customer.contacts))
    customers = db.session.scalars(select(Customer).where(Customer.id.in_(ids)).options(*loaded)).all() if ids else ()
    hits = with_visits(shop, sorted(customers, key=lambda customer: (ids[customer.id], _by_name(customer))))
    for hit in hits:
        hit.order = _order_number(compact(text)) if ids[hit.customer.id] == 0 else None
    return hits


def found_ids(shop: "Shop", text: str) -> list[int]:
    """All whom these words find, however many, the likeliest first."""
    return list(_ids(shop, text, EVERYBODY))


def found_vehicle_ids(shop: "Shop", text: str) -> list[int]:
    """All vehicles that these words find, however many."""
    return vehicle_ids(shop, text, EVERYBODY)


def with_visits(shop: "Shop", customers: Iterable[Customer]) -> list[Hit]:
    """Each with the visits that are open, in one question."""
    hits = {customer.id: Hit(customer) for customer in customers}
    for visit in open_visits(shop, list(hits)) if hits else ():
        hits[visit.customer_id].visits.append(visit)
    return list(hits.values())


def _by_name(customer: Customer) -> tuple[str, str, int]:
    return fold(customer.last_name or customer.company_name), fold(customer.first_name), customer.id


def open_visits(shop: "Shop", customer_ids: list[int]) -> "list[Visit]":
    """Of these customers: what is in the shop, and what is booked from today on."""
    from models.appointment import Appointment
    from models.visit import Visit
    from models.work_order import WorkOrder

    here = WorkOrder.id.is_not(None) & WorkOrder.closed_at.is_(None)
    booked = WorkOrder.id.is_(None) & (Appointment.date >= shop.today()) & ~Appointment.is_cancelled
    query = select(Visit).outerjoin(Visit.work_order).outerjoin(Visit.appointment).where(Visit.customer_id.in_(customer_ids))
    query = query.where(here | booked).options(joinedload(Visit.vehicle), joinedload(Visit.work_order), joinedload(Visit.appointment))
    return list(db.session.scalars(query))


def with_number(shop: "Shop", e164: str) -> list[Customer]:
    """Everybody who is on file with exactly this number: two may share it."""
    theirs = select(CustomerKey.customer_id).where(
        CustomerKey.shop_id == shop.id, CustomerKey.kind == PHONE_END, CustomerKey.key == compact(e164)[::-1]
    )
    query = select(Customer).where(Customer.id.in_(theirs)).options(selectinload(Customer.phones), selectinload(Customer.vehicles))
    return list(db.session.scalars(query.order_by(Customer.last_name, Customer.first_name, Customer.id)))


def typed_words(text: str) -> list[str]:
    """The words to look for, each folded; the longest, which narrows most, first."""
    found = dict.fromkeys(whole for piece in fold(text[:LONGEST]).split() if (whole := piece if "@" in piece else compact(piece)))
    return sorted(found, key=len, reverse=True)[:MOST_WORDS]


def is_number(text: str) -> bool:
    """Whether a telephone number is being typed, or its last digits."""
    return not text.strip(PUNCTUATION) and sum(character.isdecimal() for character in text) >= 3


def _ids(shop: "Shop", text: str, limit: int) -> dict[int, int]:
    """Ids of customers, with the rank of what they were found by."""
    each, whole = typed_words(text), compact(text[:LONGEST])
    if len(whole) < SHORTEST:
        return {}
    asked: list[Select[Any, Any, Any]] = [_ordered(shop, whole)] if _order_number(whole) else []
    if len(each) == 1 or is_number(text):
        asked += [_keys(shop, kind, start, limit) for kind, start in _starts(each[0] if "@" in each[0] else whole)]
    else:
        first, *rest = _rarest_first(shop, each, _starts)
        others = [_also(CustomerKey.customer_id, word, _starts) for word in rest]
        asked += [_keys(shop, kind, start, limit).where(*others) for kind, start in _starts(first)]
        asked += [_keys(shop, kind, start, limit) for kind, start in _starts(whole) if kind in {PLATE, VIN_END}]
    found = union_all(*(select(query.subquery()) for query in asked))
    rows = sorted(db.session.execute(found).all(), key=lambda row: (row[0], row[1] or "", row[2]))
    ids: dict[int, int] = {}
    for rank, _key, customer_id in rows:
        if len(ids) < limit:
            ids.setdefault(customer_id, rank)
    return ids


def _starts(word: str) -> list[tuple[str, str]]:
    """Where in each part of the index the word may stand."""
    found = [(NAME, word), (PLATE, word)]
    if "@" in word:
        return [(EMAIL, word)]
    if word.isascii() and word.isdecimal() and len(word) >= 3:
        found += [(PHONE, word.removeprefix("00")), (PHONE_END, word[::-1])]
    if len(word) >= 4:
        found.append((VIN_END, word[::-1]))
    return found


def _keys(shop: "Shop", kind: str, start: str, limit: int) -> Select[Any, Any, Any]:
    query = select(literal(RANKS.index(kind) + 1).label("rank"), CustomerKey.key, CustomerKey.customer_id)
    query = query.where(CustomerKey.shop_id == shop.id, CustomerKey.begins(kind, start))
    return query.order_by(CustomerKey.key, CustomerKey.customer_id).limit(limit * 3)  # one customer may have several such keys


def _rarest_first(shop: "Shop", each: list[str], starts: Starts) -> list[str]:
    """Begin with the word that fewest are found by: Maria Lopez by Lopez. Counted as far as it matters."""
    counts = []
    for word in each:
        asked = [
            select(CustomerKey.id).where(CustomerKey.shop_id == shop.id, CustomerKey.begins(*start)).limit(MANY) for start in starts(word)
        ]
        counts.append(
            select(func.count()).select_from(union_all(*(select(query.subquery()) for query in asked)).subquery()).scalar_subquery()
        )
    found = db.session.execute(select(*counts)).one()
    return [word for _count, word in sorted(zip(found, each, strict=True), key=lambda pair: pair[0])]


def _also(owner: Any, word: str, starts: Starts) -> ColumnElement[bool]:
    """The same customer, or vehicle, is also found by this word."""
    other = aliased(CustomerKey)
    its = other.customer_id if owner is CustomerKey.customer_id else other.vehicle_id
    return exists().where(its == owner, or_(*(other.begins(kind, start) for kind, start in starts(word))))


def _vehicle_starts(word: str) -> list[tuple[str, str]]:
    return [(PLATE, word), (CAR, word), *([(VIN_END, word[::-1])] if len(word) >= 4 else [])]


def vehicle_ids(shop: "Shop", text: str, limit: int) -> list[int]:
    """Of vehicles found by plate, VIN's end, make, model, year or unit, each word, or all of them as one plate."""
    each, whole = [word for word in typed_words(text) if "@" not in word], compact(text[:LONGEST])
    if not each:
        return []
    first, *rest = _rarest_first(shop, each, _vehicle_starts) if len(each) > 1 else each
    others = [_also(CustomerKey.vehicle_id, word, _vehicle_starts) for word in rest]
    asked = [(start, others) for start in _vehicle_starts(first)] + [((PLATE, whole), [])]
    found = []
    for start, also in asked:
        query = select(CustomerKey.vehicle_id).where(CustomerKey.shop_id == shop.id, CustomerKey.begins(*start), *also)
        found.append(select(query.order_by(CustomerKey.key, CustomerKey.customer_id).limit(limit * 3).subquery()))
    return list(dict.fromkeys(db.session.scalars(union_all(*found))))


def _order_number(whole: str) -> int | None:
    digits = whole.removeprefix("wo")
    return int(digits) if digits.isascii() and digits.isdecimal() and 1 <= len(digits) <= 9 else None


def _ordered(shop: "Shop", whole: str) -> Select[Any, Any, Any]:
    from models.visit import Visit
    from models.work_order import WorkOrder

    query = select(literal(0).label("rank"), null().label("key"), Visit.customer_id).join(WorkOrder, WorkOrder.visit_id == Visit.id)
    return query.where(WorkOrder.shop_id == shop.id, WorkOrder.number == _order_number(whole))
