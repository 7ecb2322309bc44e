"""When a shop's night of tidying is: once a day, after three o'clock by its own clock."""

from collections.abc import Sequence
from datetime import time

from sqlalchemy import select

from models import clock
from models.base import db
from models.retention import Retention
from models.shop import Shop

NIGHT = time(3)


def unswept() -> Sequence[int]:
    """Ids of the shops whose night has come and that were not swept in it."""
    rows = db.session.execute(select(Shop.id, Shop.zone, Retention.swept_on).outerjoin(Retention, Retention.shop_id == Shop.id))
    return [row.id for row in rows if is_due(row.zone, row.swept_on)]


def announced(shop: Shop) -> Retention | None:
    """The usual periods, as long as they are only announced; with what would have gone last night."""
    found = db.session.scalars(select(Retention).where(Retention.shop_id == shop.id)).first()
    return found if found and found.is_announced and any(found.swept.values()) else None


def is_due(zone: str, swept_on: object) -> bool:
    from zoneinfo import ZoneInfo

    here = clock.now().astimezone(ZoneInfo(zone))
    return here.time() >= NIGHT and swept_on != here.date()
