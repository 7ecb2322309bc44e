"""What providers said, as it came: webhooks of texts and of postcards, and plates that were looked up. What followed from it stays."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import String, cast, or_, select

from models.delivery_report import DeliveryReport
from models.incoming_text import IncomingText
from models.plate_lookup import PlateLookup
from models.print_report import PrintReport
from models.retention import Retention
from models.retention_part import Ids, Sweep, change

Report = type[IncomingText] | type[DeliveryReport] | type[PrintReport]


def _old_raw(noun: Report) -> Callable[[Retention, datetime], Ids]:
    def which(retention: Retention, before: datetime) -> Ids:
        worked = noun.shop_id == retention.shop_id, noun.worked_at.is_not(None), noun.received_at < before
        return select(noun.id).where(*worked, cast(noun.raw, String) != "{}")

    return which


def _forget_text(ids: list[int]) -> None:
    change(IncomingText, ids, raw={}, body="", sender="")


def _old_plates(retention: Retention, before: datetime) -> Ids:
    """Who asked, when, and what it cost stays: it is counted by the month."""
    mine = select(PlateLookup.id).where(PlateLookup.shop_id == retention.shop_id, PlateLookup.asked_at < before)
    return mine.where(or_(PlateLookup.plate != "", PlateLookup.vin != ""))


def _forget_plates(ids: list[int]) -> None:
    change(PlateLookup, ids, plate="", region="", vin="")


OF_REPORTS = (
    Sweep("raw_days", _old_raw(IncomingText), _forget_text),
    Sweep("raw_days", _old_raw(DeliveryReport), lambda ids: change(DeliveryReport, ids, raw={})),
    Sweep("raw_days", _old_raw(PrintReport), lambda ids: change(PrintReport, ids, raw={})),
    Sweep("raw_days", _old_plates, _forget_plates),
)
