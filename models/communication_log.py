"""The communication log of a work order as a list: every record with when its version was sent, opened and answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from models.base import db
from models.chain import instant
from models.communication import Communication
from models.communication_words import KINDS, Words, device, joined, label
from models.delivery import Delivery
from models.list_file import ListFile
from models.message import Message
from models.overview import Overview
from models.overview_item import OverviewItem
from models.work_order import WorkOrder

COLUMNS = (
    *("record", "at (UTC)", "what", "version", "sent at (UTC)", "opened at (UTC)", "replied at (UTC)", "channel"),
    *("delivery", "customer", "address or number", "IP address", "device", "result", "digest"),
)


@dataclass(frozen=True, slots=True)
class LogLine:
    """A record, for people. The three times are those of its version, as far as they had come by then.

    ``delivery`` is how far the message with it has come by now, of records of kind ``sent``: it is no part of the chain.
    """

    record: Communication
    details: list[str]
    channel: str
    delivery: Delivery | None
    sent_at: datetime | None
    opened_at: datetime | None
    answered_at: datetime | None

    @property
    def label(self) -> str:
        return label(self.record.kind)

    @property
    def icon(self) -> str:
        return KINDS[self.record.kind][1] if self.record.kind in KINDS else "note"

    @property
    def version(self) -> int | None:
        return self.record.facts.get("version")

    @property
    def name(self) -> str:
        return self.record.personal.get("name", "")

    @property
    def contact(self) -> str:
        return self.record.personal.get("contact", "")

    @property
    def ip(self) -> str:
        return self.record.personal.get("ip", "")

    @property
    def device(self) -> str:
        return device(self.record.personal["agent"]) if "agent" in self.record.personal else ""

    @property
    def is_erased(self) -> bool:
        """A personal value was taken out of it."""
        return len(self.record.personal) < len(self.record.personal_digests)


def log_of(order: WorkOrder) -> list[LogLine]:
    """From the first record to the last; four queries, however many there are."""
    named = select(Overview.version, OverviewItem.work_item_id, OverviewItem.title).join(OverviewItem.overview)
    rows = db.session.execute(named.where(Overview.work_order_id == order.id)).all()
    words = Words({(version, item): title for version, item, title in rows}, order.visit.shop)
    told = select(Overview.version, Message.state).join(Overview.message).where(Overview.work_order_id == order.id)
    delivered = {row.version: row.state for row in db.session.execute(told)}
    times: dict[tuple[int | None, str], datetime] = {}
    channels: dict[int | None, str] = {}
    lines = []
    for record in Communication.of(order):
        version = record.facts.get("version")
        times.setdefault((version, record.kind), record.at)
        channels.setdefault(version, record.facts.get("channel", ""))
        reached = [times.get((version, kind)) if version else None for kind in ("sent", "opened", "answered")]
        delivery = delivered.get(version) if record.kind == "sent" else None
        lines.append(LogLine(record, words.details(record), channels[version] if version else "", delivery, *reached))
    return lines


def as_list_file(lines: list[LogLine]) -> ListFile:
    """For a spreadsheet."""
    return ListFile("communication log", COLUMNS, (list(_cells(line)) for line in lines))


def _cells(line: LogLine) -> Iterator[str]:
    yield from (str(line.record.seq), instant(line.record.at), line.label, str(line.version or ""))
    yield from (instant(at) if at else "" for at in (line.sent_at, line.opened_at, line.answered_at))
    yield from (
        line.channel,
        line.delivery.label if line.delivery else "",
        line.name,
        line.contact,
        line.ip,
        line.device,
        joined(line.details),
        line.record.digest,
    )
