"""Files that a shop keeps for a time. Here rows let go of them; the bytes go once nobody points at them (``jobs.files.tidy``)."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, or_, select

from models import clock
from models.attachment import Attachment
from models.base import db
from models.data_export import DataExport
from models.document import Document
from models.erasure import Erasure
from models.export_run import ExportRun
from models.first_load import FirstLoad, forget
from models.message_media import MessageMedia
from models.rendition import Rendition
from models.retention import Retention
from models.retention_part import Ids, Sweep, change, deleting
from models.work_order import WorkOrder


def _old_media(retention: Retention, before: datetime) -> Ids:
    files = or_(*(column.is_not(None) for column in (MessageMedia.file_id, MessageMedia.small_id, MessageMedia.original_id)))
    mine = MessageMedia.shop_id == retention.shop_id, MessageMedia.message_id.is_not(None), MessageMedia.added_at < before
    return select(MessageMedia.id).where(*mine, files)


def _forget_media(ids: list[int]) -> None:
    """The bytes go once nobody points at them (``jobs.files.tidy``)."""
    gone = {"refused_at": clock.now(), "reason": "expired", "ready_at": None, "due_at": None}
    change(MessageMedia, ids, file_id=None, small_id=None, original_id=None, name="", **gone)


def _old_attachments(retention: Retention, before: datetime) -> Ids:
    """Of closed orders; what the customer decided by is part of the record."""
    closed = Attachment.work_order_id.in_(select(WorkOrder.id).where(WorkOrder.shop_id == retention.shop_id, WorkOrder.closed_at < before))
    return select(Attachment.id).where(Attachment.shop_id == retention.shop_id, closed, Attachment.shown_at.is_(None))


def _forget_attachments(ids: list[int]) -> None:
    db.session.execute(delete(Rendition).where(Rendition.attachment_id.in_(ids)).execution_options(synchronize_session=False))
    deleting(Attachment)(ids)


def _old_cards(retention: Retention, before: datetime) -> Ids:
    """PDFs with the addresses of everybody whose postcards were printed together; they can be made anew. Their bytes go as those above."""
    mine = Document.shop_id == retention.shop_id, Document.postcard_batch_id.is_not(None)
    return select(Document.id).where(*mine, Document.asked_at < before)


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


def _let_go(noun: type[DataExport] | type[Erasure] | type[ExportRun], key: str) -> Callable[[list[int]], None]:
    def go(ids: list[int]) -> None:
        change(noun, ids, **{key: None})

    return go


OF_FILES = (
    Sweep("media_months", _old_media, _forget_media),
    Sweep("media_months", _old_attachments, _forget_attachments),
    Sweep("media_months", _old_cards, deleting(Document)),
    Sweep("handed_months", _old_handed, _let_go(ExportRun, "file_id")),
    Sweep("export_days", _old_exports, _let_go(DataExport, "file_id")),
    Sweep("export_days", _old_loads, forget),
    Sweep("record_years", _old_records, _let_go(Erasure, "kept_id")),
)
