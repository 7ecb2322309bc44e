"""Let go of what is older than a shop keeps: once a night, in parts."""

import structlog

from models import Erasure, Retention, Shop, db, later
from models.message_search import forget_deleted_words
from models.retention_sweep import due, swept

UNFINISHED = "unfinished"  # stands instead of the counts until a night's work is done
log = structlog.get_logger()


def sweep(shop_id: int) -> None:
    """Killed anywhere, the next one goes on: what has gone is not found again."""
    shop = db.session.get(Shop, shop_id)
    if shop is None:
        return
    retention, night = Retention.held(shop), shop.today()
    counts: dict[str, int] = {}
    interrupted, retention.swept = UNFINISHED in retention.swept, {UNFINISHED: 1}
    db.session.commit()
    for period, count in swept(retention):
        counts[period] = counts.get(period, 0) + count
        db.session.commit()
    if interrupted or counts.get("words_months"):
        forget_deleted_words()
        db.session.commit()
    retention = Retention.held(shop)
    retention.swept_on, retention.swept = night, due(retention) if retention.is_announced else counts
    Erasure.look_again(shop_id)
    later("jobs.files.tidy")
    db.session.commit()
    if counts:
        log.info("swept", shop=shop.slug, **counts)
