"""What the law demands to be kept of somebody who is erased: who authorised which work, when, how and for how much, with the vehicle.

Repair orders with what was done stay in their tables, nameless. The names belong to them for some years (California 16 CCR 3356 and 3358:
three; invoices in the Netherlands: seven). They leave the tables and lie in one file, sealed with DATA_KEY, until that time is over.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from models import clock, sealed
from models.base import chunks, db
from models.oral_authorisation import OralAuthorisation
from models.personal_rows import Person
from models.reply import Reply
from models.retention import Retention
from models.stored_file import StoredFile
from models.visit import Visit
from models.work_order import WorkOrder

YEAR = timedelta(days=365.25)


def sealed_record(person: Person, read: Callable[[StoredFile], bytes] = StoredFile.read) -> tuple[bytes, date | None]:
    """What is to be kept, sealed, until the last of its repair orders is old enough; nothing for who has none so young.

    ``read``: the bytes of a signature, for who has them at hand already.
    """
    years, now = Retention.of(person.customer.shop).record_years, clock.now()
    orders = [order for order in _orders(person) if (order.closed_at or order.opened_at) > now - years * YEAR]
    if not orders:
        return b"", None
    said = {"customer": _customer(person), "repair_orders": [_said(order, read) for order in orders]}
    newest = max(order.closed_at or order.opened_at for order in orders)
    return sealed.seal(json.dumps(said, ensure_ascii=False)).encode(), (newest + years * YEAR).date() + timedelta(days=1)


def signatures(customer_ids: Sequence[int]) -> list[StoredFile]:
    """Those that such a record will hold."""
    orders = select(WorkOrder.id).join(WorkOrder.visit).where(Visit.customer_id.in_(customer_ids))
    files = select(StoredFile).join(Reply, Reply.signature_id == StoredFile.id).where(Reply.work_order_id.in_(orders))
    return list(db.session.scalars(files))


def opened_record(content: bytes) -> dict[str, Any]:
    """Raises Unreadable: DATA_KEY is another one."""
    found: dict[str, Any] = json.loads(sealed.opened(content.decode()))
    return found


def _orders(person: Person) -> list[WorkOrder]:
    found = [
        order for part in chunks(person.ids["work_orders"]) for order in db.session.scalars(select(WorkOrder).where(WorkOrder.id.in_(part)))
    ]
    return sorted(found, key=lambda order: order.number)


def _customer(person: Person) -> dict[str, Any]:
    customer = person.customer
    return {
        "name": customer.name,
        "phones": [row.number for row in customer.phones],
        "emails": [row.address for row in customer.emails],
        "addresses": [row.line(customer.shop.country) for row in customer.addresses],
    }


def _said(order: WorkOrder, read: Callable[[StoredFile], bytes]) -> dict[str, Any]:
    vehicle = order.visit.vehicle
    about = ("year", "make", "model", "vin", "plate", "plate_region", "odometer")
    replies = db.session.scalars(select(Reply).where(Reply.work_order_id == order.id).order_by(Reply.ordinal))
    return {
        "number": order.number,
        "opened_at": _moment(order.opened_at),
        "closed_at": _moment(order.closed_at),
        "concern": order.concern,
        "vehicle": {name: getattr(vehicle, name) for name in about},
        "answers": [{"receipt": reply.number(order.number), **_reply(reply, read)} for reply in replies],
        "by_word_of_mouth": [_oral(oral) for oral in OralAuthorisation.of(order)],
    }


def _reply(reply: Reply, read: Callable[[StoredFile], bytes]) -> Mapping[str, Any]:
    names = ("name", "contact", "comment", "statement", "amount", "currency", "ip", "digest")
    signature = base64.b64encode(read(reply.signature)).decode() if reply.signature else ""
    return {
        "at": _moment(reply.at),
        **{name: getattr(reply, name) for name in names},
        "receipt_as_shown": reply.receipt,
        "signature_png": signature,
    }


def _oral(oral: OralAuthorisation) -> Mapping[str, Any]:
    names = ("name", "number", "words", "amount", "currency", "titles", "by")
    return {"at": _moment(oral.at), **{name: getattr(oral, name) for name in names}}


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""
