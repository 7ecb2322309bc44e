"""Let go of what is older than a shop keeps: once a night, in parts."""

import structlog

from models import Erasure, Retention, Shop, db, later
from models.retention_sweep import swept

log = structlog.get_logger()


def sweep(shop_id: int) -> None:
    """Killed anywhere, the next one goes on: what has gone is not found again."""
    shop = db.session.get(Shop, shop_id)
    if shop is None:
        return
    retention, night = Retention.held(shop), shop.today()
    counts: dict[str, int] = {}
    db.session.commit()
    for period, count in swept(retention):
        counts[period] = counts.get(period, 0) + count
        db.session.commit()
    retention = Retention.held(shop)
    retention.swept_on, retention.swept = night, counts
    Erasure.look_again(shop_id)
    later("jobs.files.tidy")
    db.session.commit()
    if counts:
        log.info("swept", shop=shop.slug, **counts)
