"""What is older than a shop's periods goes: so many rows at a time, each part its own transaction, found by what is still there.

``due`` counts with the very questions that ``swept`` works through: what would go tonight. Doing it twice does it once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Table, cast, delete, func, or_, select, update
from sqlalchemy.orm import aliased

from models import clock
from models.appointment import Appointment
from models.attachment import Attachment
from models.base import Base, db
from models.communication import Communication, PersonalValue
from models.consent import ConsentFact
from models.data_export import DataExport
from models.delivery import Delivery
from models.delivery_report import DeliveryReport
from models.document import Document
from models.erasure import Erasure
from models.export_run import ExportRun
from models.first_load import FirstLoad, forget
from models.incoming_text import IncomingText
from models.link import Link
from models.message import Message
from models.message_media import MessageMedia
from models.remembered_number import MARK
from models.retention import Retention
from models.short_ip import shortened
from models.staff_member import Membership
from models.stored_file import StoredFile
from models.thread import Thread
from models.thread_draft import ThreadDraft
from models.visit import Visit
from models.work_order import WorkOrder

AT_ONCE = 500  # rows in one transaction
SETTLED = (Delivery.sent, Delivery.delivered, Delivery.failed, Delivery.cancelled)
Ids = Select[Any]


@dataclass(frozen=True, slots=True)
class Sweep:
    """``which`` asks for the ids of what is too old by that period; ``go`` lets rows of these ids go."""

    period: str
    which: Callable[[Retention, datetime], Ids]
    go: Callable[[list[int]], None]


def due(retention: Retention) -> dict[str, int]:
    """How many rows would go now, by the name of the period; none are left out."""
    found: dict[str, int] = {}
    for sweep in SWEEPS:
        ids = sweep.which(retention, retention.before(sweep.period)).subquery()
        found[sweep.period] = found.get(sweep.period, 0) + (db.session.scalar(select(func.count()).select_from(ids)) or 0)
    return found


def swept(retention: Retention) -> Iterator[tuple[str, int]]:
    """Let it go, part by part: the caller commits after each. Says of which period a part was, and how many rows."""
    for sweep in SWEEPS:
        while ids := list(db.session.scalars(sweep.which(retention, retention.before(sweep.period)).limit(AT_ONCE))):
            sweep.go(ids)
            yield sweep.period, len(ids)


# words


def _old_words(retention: Retention, before: datetime) -> Ids:
    mine = select(Message.id).where(Message.shop_id == retention.shop_id, Message.created_at < before, Message.state.in_(SETTLED))
    return mine.where(or_(Message.body != "", Message.subject != ""))


def _forget_words(ids: list[int]) -> None:
    _change(Message, ids, body="", subject="")


def _old_drafts(retention: Retention, before: datetime) -> Ids:
    theirs = select(Thread.id).where(Thread.shop_id == retention.shop_id)
    return select(ThreadDraft.id).where(ThreadDraft.thread_id.in_(theirs), ThreadDraft.written_at < before)


# files


def _old_media(retention: Retention, before: datetime) -> Ids:
    files = or_(*(column.is_not(None) for column in (MessageMedia.file_id, MessageMedia.small_id, MessageMedia.original_id)))
    mine = MessageMedia.shop_id == retention.shop_id, MessageMedia.message_id.is_not(None), MessageMedia.added_at < before
    return select(MessageMedia.id).where(*mine, files)


def _forget_media(ids: list[int]) -> None:
    """The bytes go once nobody points at them (``jobs.files.tidy``)."""
    gone = {"refused_at": clock.now(), "reason": "expired", "ready_at": None, "due_at": None}
    _change(MessageMedia, ids, file_id=None, small_id=None, original_id=None, name="", **gone)


def _old_attachments(retention: Retention, before: datetime) -> Ids:
    """Of closed orders; what the customer decided by is part of the record."""
    closed = Attachment.work_order_id.in_(select(WorkOrder.id).where(WorkOrder.shop_id == retention.shop_id, WorkOrder.closed_at < before))
    return select(Attachment.id).where(Attachment.shop_id == retention.shop_id, closed, Attachment.shown_at.is_(None))


def _forget_attachments(ids: list[int]) -> None:
    for attachment in db.session.scalars(select(Attachment).where(Attachment.id.in_(ids))):
        attachment.erase()
    db.session.flush()


def _old_cards(retention: Retention, before: datetime) -> Ids:
    """PDFs with the addresses of everybody whose postcards were printed together; they can be made anew. Their bytes go as those above."""
    mine = Document.shop_id == retention.shop_id, Document.postcard_batch_id.is_not(None)
    return select(Document.id).where(*mine, Document.asked_at < before)


# addresses of the network


def _with_ip() -> Iterator[tuple[Table, ColumnElement[datetime]]]:
    """Every table with a column of that name, and when its rows were written."""
    for table in Base.metadata.sorted_tables:
        if "ip" in table.c:
            yield table, table.c["at"] if "at" in table.c else table.c["began_at"]


def _old_ips(table: Table, at: ColumnElement[datetime]) -> Callable[[Retention, datetime], Ids]:
    def which(retention: Retention, before: datetime) -> Ids:
        here = select(Membership.staff_member_id).where(Membership.shop_id == retention.shop_id)
        mine = table.c.shop_id == retention.shop_id if "shop_id" in table.c else table.c.staff_member_id.in_(here)
        return select(table.c.id).where(mine, at < before, table.c.ip != "", ~table.c.ip.contains("/"))

    return which


def _shorten(table: Table) -> Callable[[list[int]], None]:
    def go(ids: list[int]) -> None:
        for ip in list(db.session.scalars(select(table.c.ip).where(table.c.id.in_(ids)).distinct())):
            db.session.execute(update(table).where(table.c.id.in_(ids), table.c.ip == ip).values(ip=shortened(ip)))

    return go


def _old_sealed_ips(retention: Retention, before: datetime) -> Ids:
    """In the communication log they stand as they are, or not at all."""
    mine = select(PersonalValue.id).join(Communication, Communication.id == PersonalValue.communication_id)
    return mine.where(Communication.shop_id == retention.shop_id, Communication.at < before, PersonalValue.field == "ip")


def _forget_sealed_ips(ids: list[int]) -> None:
    records = select(Communication).join(PersonalValue, PersonalValue.communication_id == Communication.id)
    found = db.session.scalars(records.where(PersonalValue.id.in_(ids)).order_by(Communication.seq)).all()
    Communication.take_out(found, delete(PersonalValue).where(PersonalValue.id.in_(ids)))


# links, and what came in raw


def _old_links(retention: Retention, before: datetime) -> Ids:
    ended = select(Visit.id).outerjoin(Visit.work_order).outerjoin(Visit.appointment).where(Visit.shop_id == retention.shop_id)
    never_came = WorkOrder.id.is_(None) & (Appointment.starts_at < before)
    ended = ended.where((WorkOrder.closed_at < before) | never_came)
    return select(Link.id).where(Link.visit_id.in_(ended), Link.expired_at.is_(None))


def _expire(ids: list[int]) -> None:
    _change(Link, ids, expired_at=clock.now())


def _old_raw(noun: type[IncomingText] | type[DeliveryReport]) -> Callable[[Retention, datetime], Ids]:
    def which(retention: Retention, before: datetime) -> Ids:
        worked = noun.shop_id == retention.shop_id, noun.worked_at.is_not(None), noun.received_at < before
        return select(noun.id).where(*worked, cast(noun.raw, String) != "{}")

    return which


def _forget_raw(ids: list[int]) -> None:
    _change(IncomingText, ids, raw={}, body="", sender="")


# what was kept for a time


def _old_exports(retention: Retention, before: datetime) -> Ids:
    mine = DataExport.shop_id == retention.shop_id, DataExport.file_id.is_not(None)
    return select(DataExport.id).where(*mine, DataExport.expires_at < clock.now())


def _old_loads(retention: Retention, before: datetime) -> Ids:
    mine = FirstLoad.shop_id == retention.shop_id, FirstLoad.file_id.is_not(None)
    return select(FirstLoad.id).where(*mine, FirstLoad.worked_at < before)


def _old_handed(retention: Retention, before: datetime) -> Ids:
    mine = ExportRun.shop_id == retention.shop_id, ExportRun.file_id.is_not(None)
    return select(ExportRun.id).where(*mine, ExportRun.ended_at < before)


def _old_records(retention: Retention, before: datetime) -> Ids:
    mine = Erasure.shop_id == retention.shop_id, Erasure.kept_id.is_not(None)
    return select(Erasure.id).where(*mine, Erasure.kept_until < clock.now().date())  # a day more or less is no matter


def _throw_away(noun: type[DataExport] | type[Erasure] | type[ExportRun], key: str) -> Callable[[list[int]], None]:
    def go(ids: list[int]) -> None:
        files = list(db.session.scalars(select(getattr(noun, key)).where(noun.id.in_(ids))))
        _change(noun, ids, **{key: None})
        for file in db.session.scalars(select(StoredFile).where(StoredFile.id.in_(files))):
            file.erase()
        db.session.flush()

    return go


def _old_consents(retention: Retention, before: datetime) -> Ids:
    """Of numbers of erased customers; a last word that was no stays for good."""
    later = aliased(ConsentFact)
    same = later.shop_id == ConsentFact.shop_id, later.number == ConsentFact.number, later.scope == ConsentFact.scope
    is_last = ~select(later.id).where(*same, later.id > ConsentFact.id).exists()
    mine = ConsentFact.shop_id == retention.shop_id, ConsentFact.number.startswith(MARK), ConsentFact.at < before
    return select(ConsentFact.id).where(*mine, ~(is_last & ~ConsentFact.given))


def _change(noun: Any, ids: list[int], **values: Any) -> None:
    db.session.execute(update(noun).where(noun.id.in_(ids)).values(**values).execution_options(synchronize_session=False))


def _deleting(noun: Any) -> Callable[[list[int]], None]:
    def go(ids: list[int]) -> None:
        db.session.execute(delete(noun).where(noun.id.in_(ids)).execution_options(synchronize_session=False))

    return go


SWEEPS = (
    Sweep("words_months", _old_words, _forget_words),
    Sweep("words_months", _old_drafts, _deleting(ThreadDraft)),
    Sweep("media_months", _old_media, _forget_media),
    Sweep("media_months", _old_attachments, _forget_attachments),
    Sweep("media_months", _old_cards, _deleting(Document)),
    *(Sweep("ip_days", _old_ips(table, at), _shorten(table)) for table, at in _with_ip()),
    Sweep("ip_days", _old_sealed_ips, _forget_sealed_ips),
    Sweep("link_days", _old_links, _expire),
    Sweep("raw_days", _old_raw(IncomingText), _forget_raw),
    Sweep("raw_days", _old_raw(DeliveryReport), lambda ids: _change(DeliveryReport, ids, raw={})),
    Sweep("handed_months", _old_handed, _throw_away(ExportRun, "file_id")),
    Sweep("export_days", _old_exports, _throw_away(DataExport, "file_id")),
    Sweep("export_days", _old_loads, forget),
    Sweep("record_years", _old_records, _throw_away(Erasure, "kept_id")),
    Sweep("consent_years", _old_consents, _deleting(ConsentFact)),
)
