"""The communication log as a file that can be verified with nothing but SHA-256; ``docs/communication-log.md`` describes it.

Every line is one record. Of other work orders' records that lie between, only the digests are in it: the chain can be followed, and
nobody else's words are told.
"""

import json
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from models.base import db
from models.chain import digest_of
from models.communication import Communication
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.shop import Shop

AT_ONCE = 500  # records in memory


def write_lines(file: IO[bytes], shop: "Shop", order: WorkOrder | None = None) -> None:
    """The whole shop's records, or the part of the chain from the order's first one to its last."""
    for record in _records(shop, order):
        line = _line(record, whole=order is None or record.work_order_id == order.id)
        file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def _line(record: Communication, *, whole: bool) -> dict[str, Any]:
    """A record; or, not ``whole``, only what the chain needs of it."""
    line: dict[str, Any] = {"seq": record.seq, "previous": record.previous, "body": digest_of(record.body), "digest": record.digest}
    if whole:
        values = {row.field: {"value": row.value, "salt": row.salt} for row in record.personal_values}
        line |= {"record": record.body, "values": values}
    return line


def _records(shop: "Shop", order: WorkOrder | None) -> Iterator[Communication]:
    ends = select(func.min(Communication.seq), func.max(Communication.seq)).where(Communication.shop_id == shop.id)
    first, last = db.session.execute(ends.where(Communication.work_order_id == order.id) if order else ends).one()
    mine = select(Communication).where(Communication.shop_id == shop.id).options(selectinload(Communication.personal_values))
    after, found = (first or 0) - 1, first is not None
    while found:
        chunk = mine.where(Communication.seq > after, Communication.seq <= last).order_by(Communication.seq).limit(AT_ONCE)
        records = db.session.scalars(chunk).all()
        for record in records:
            after = record.seq
            yield record
            db.session.expunge(record)  # thousands would stay in memory
        found = bool(records)
