"""Whether a shop's communication log is as it was written: read from the first record to the last, so many at a time.

What this can't notice is said in ``docs/communication-log.md``: who has the database and DATA_KEY can write another log.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import String, cast, select

from models.base import db
from models.chain import START, body, digest_of, link, salted
from models.chain_head import ChainHead, is_sealed

AT_ONCE = 1000  # records in memory
REASONS = {
    "missing": _l("a record was taken out here"),
    "order": _l("it was put to another work order"),
    "content": _l("what it says was changed"),
    "personal": _l("a name, an address or another personal value was changed"),
    "removed": _l("a personal value was removed, and no erasure says so"),
    "unwritten": _l("it was put in from outside"),
    "end": _l("the records from here on were cut off"),
    "head": _l("the end of the log is not where it was"),
    "seal": _l("the seal at the end does not fit: the log was written anew, or DATA_KEY was changed"),
}


@dataclass(frozen=True, slots=True)
class Broken:
    """The first record that is not as it was written; ``reason`` is one of ``REASONS``."""

    seq: int
    reason: str

    def __str__(self) -> str:
        return str(REASONS[self.reason])


@dataclass(slots=True)
class _Reading:
    """How far the chain was read, and which records lack a personal value that no erasure has explained yet."""

    shop_id: int
    seq: int = 0
    digest: str = START
    lacking: dict[int, int] = field(default_factory=dict)  # the order's number by seq

    def read(self) -> Broken | None:
        """To the end of what is there."""
        at_once = AT_ONCE
        while True:
            try:
                chunk = _chunk(self.shop_id, self.seq, at_once)
            except ValueError:  # one of them holds what its column can't: one by one it is found
                if at_once == 1:
                    return Broken(self.seq + 1, "content")
                at_once = 1
                continue
            for record, values in chunk:
                if reason := self._fault(record, values):
                    return Broken(self.seq + 1, reason)
            if not chunk:
                return None

    def _fault(self, record: Any, values: Sequence[Any]) -> str:
        """Why this record is not the next one; empty, and one further, if it is."""
        if record.seq != self.seq + 1:
            return "missing"
        if (record.number, record.order_shop) != (record.order_number, self.shop_id):
            return "order"
        try:
            facts, personal = json.loads(record.facts), json.loads(record.personal_digests)
            said = body(
                shop=self.shop_id, seq=record.seq, order=record.number, kind=record.kind, at=record.at, facts=facts, personal=personal
            )
            digest = link(self.digest, digest_of(said))
        except (ValueError, AttributeError):  # no JSON, or no instant
            return "content"
        if (record.previous, record.digest) != (self.digest, digest):
            return "content"
        if any(personal.get(row.field) != salted(row.salt, row.value) for row in values):
            return "personal"
        self.seq, self.digest = record.seq, digest
        self._explain(record, facts, lacks=len(values) < len(personal))
        return ""

    def _explain(self, record: Any, facts: Mapping[str, Any], *, lacks: bool) -> None:
        if lacks:
            self.lacking[record.seq] = record.number
        if record.kind == "erased":
            for seq in facts["records"]:
                if self.lacking.get(seq) == record.number:
                    del self.lacking[seq]


def first_broken(shop_id: int) -> Broken | None:
    """Read the shop's chain. What is written meanwhile is read as well, so that an erasure is never seen by half."""
    reading = _Reading(shop_id)
    while True:
        came_from = reading.seq
        if broken := reading.read():
            return broken
        head = db.session.execute(select(ChainHead.seq, ChainHead.digest, ChainHead.seal).where(ChainHead.shop_id == shop_id)).first()
        if head is None or head.seq <= reading.seq or reading.seq == came_from:
            return _fault_of(head, reading)


def _fault_of(head: Any, reading: _Reading) -> Broken | None:
    """Whether the log ends where its head says that it ends."""
    if head is None:
        return Broken(reading.seq, "head") if reading.seq else None
    if head.seq > reading.seq:
        return Broken(reading.seq + 1, "end")
    if head.seq < reading.seq:
        return Broken(head.seq + 1, "unwritten")
    if head.digest != reading.digest:
        return Broken(head.seq, "head")
    if not is_sealed(reading.shop_id, head.seq, head.digest, head.seal):
        return Broken(head.seq, "seal")
    return Broken(min(reading.lacking), "removed") if reading.lacking else None


def _chunk(shop_id: int, after: int, limit: int) -> list[tuple[Any, list[Any]]]:
    """The next records with their personal values, as plain rows: objects would take several times as long."""
    from models.communication import Communication, PersonalValue
    from models.work_order import WorkOrder

    # as the database holds them: what is no JSON any more is a record that was changed, not a mistake of ours
    digested = (cast(column, String).label(column.key) for column in (Communication.facts, Communication.personal_digests))
    columns = Communication.id, Communication.seq, Communication.order_number, Communication.kind, Communication.at
    ends = Communication.previous, Communication.digest, WorkOrder.number, WorkOrder.shop_id.label("order_shop")
    query = select(*columns, *digested, *ends).join(Communication.work_order)
    query = query.where(Communication.shop_id == shop_id, Communication.seq > after).order_by(Communication.seq).limit(limit)
    records = db.session.execute(query).all()
    values: dict[int, list[Any]] = {record.id: [] for record in records}
    here = select(PersonalValue.communication_id, PersonalValue.field, PersonalValue.value, PersonalValue.salt)
    for row in db.session.execute(here.where(PersonalValue.communication_id.in_(values))) if records else ():
        values[row.communication_id].append(row)
    return [(record, values[record.id]) for record in records]
