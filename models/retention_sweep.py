"""What is older than a shop's periods goes: so many rows at a time, each part its own transaction, found by what is still there.

``due`` counts with the very questions that ``swept`` works through: what would go tonight. Doing it twice does it once.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from models import clock
from models.appointment import Appointment
from models.base import db
from models.consent import ConsentFact
from models.link import Link
from models.remembered_number import MARK
from models.retention import Retention
from models.retention_addresses import of_addresses
from models.retention_files import OF_FILES
from models.retention_part import Ids, Sweep, change, deleting
from models.retention_reports import OF_REPORTS
from models.retention_words import OF_WORDS
from models.visit import Visit
from models.work_order import WorkOrder

AT_ONCE = 500  # rows in one transaction
PROMISED = frozenset({"export_days", "record_years"})  # told to whoever asked for the file, so not put off until periods begin to count


def due(retention: Retention) -> dict[str, int]:
    """How many rows would go now, by the name of the period; none are left out."""
    found: dict[str, int] = {}
    for sweep in SWEEPS:
        ids = sweep.which(retention, retention.before(sweep.period)).subquery()
        found[sweep.period] = found.get(sweep.period, 0) + (db.session.scalar(select(func.count()).select_from(ids)) or 0)
    return found


def swept(retention: Retention) -> Iterator[tuple[str, int]]:
    """Let it go, part by part: the caller commits after each. Says of which period a part was, and how many rows.

    As long as the periods are only announced, nothing goes but what was promised to somebody.
    """
    for sweep in SWEEPS:
        if retention.is_announced and sweep.period not in PROMISED:
            continue
        while ids := list(db.session.scalars(sweep.which(retention, retention.before(sweep.period)).limit(AT_ONCE))):
            sweep.go(ids)
            yield sweep.period, len(ids)


def _old_links(retention: Retention, before: datetime) -> Ids:
    ended = select(Visit.id).outerjoin(Visit.work_order).outerjoin(Visit.appointment).where(Visit.shop_id == retention.shop_id)
    never_came = WorkOrder.id.is_(None) & (Appointment.starts_at < before)
    ended = ended.where((WorkOrder.closed_at < before) | never_came)
    return select(Link.id).where(Link.visit_id.in_(ended), Link.expired_at.is_(None))


def _expire(ids: list[int]) -> None:
    change(Link, ids, expired_at=clock.now())


def _old_consents(retention: Retention, before: datetime) -> Ids:
    """Of numbers of erased customers; a last word that was no stays for good."""
    later = aliased(ConsentFact)
    same = later.shop_id == ConsentFact.shop_id, later.number == ConsentFact.number, later.scope == ConsentFact.scope
    is_last = ~select(later.id).where(*same, later.id > ConsentFact.id).exists()
    mine = ConsentFact.shop_id == retention.shop_id, ConsentFact.number.startswith(MARK), ConsentFact.at < before
    return select(ConsentFact.id).where(*mine, ~(is_last & ~ConsentFact.given))


SWEEPS = (
    *OF_WORDS,
    *OF_FILES,
    *of_addresses(),
    Sweep("link_days", _old_links, _expire),
    *OF_REPORTS,
    Sweep("consent_years", _old_consents, deleting(ConsentFact)),
)
