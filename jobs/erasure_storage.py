"""What the storage gets of an erasure, and what goes there, once the rows are gone for good."""

import structlog

from jobs.files import throw_away
from models import Erasure, db
from models.erasure_ledger import note_erasure

log = structlog.get_logger()


def store(erasure: Erasure) -> bool:
    """Outside of any transaction, and each step may be done twice; false: it does not answer, and is asked again in a while."""
    try:
        ids, kept, content = erasure.noted_ids, erasure.kept_file, erasure.sealed_record
        db.session.commit()
        note_erasure(erasure, ids)
        if kept and content:
            kept.fill(content)
        throw_away(erasure.unused_files())
        erasure.stored()
    except Exception:
        log.exception("not stored yet", erasure=erasure.id)
        db.session.rollback()
        erasure.storage_away()
    db.session.commit()
    return erasure.stored_at is not None
