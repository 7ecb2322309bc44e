"""Carry out an erasure: the rows in one transaction, then the files, then the provider's copies of the texts."""

import structlog

from jobs.erasure_storage import store
from jobs.gateways import texts
from models import Credentials, Erasure, Refused, db

AT_ONCE = 20  # texts between two commits
log = structlog.get_logger()


def carry_out(erasure_id: int) -> None:
    """Killed anywhere, it goes on where it was."""
    erasure = db.session.get(Erasure, erasure_id)
    if erasure is None or not erasure.is_under_way:
        return
    if not erasure.is_done:
        _erase(erasure)
    if erasure.is_done and (erasure.stored_at or store(erasure)):
        _ask_the_provider(erasure)


def _erase(erasure: Erasure) -> None:
    signatures = erasure.signatures
    db.session.commit()  # no transaction is open while the storage is asked
    try:
        known = {file.id: file.read() for file in signatures}
        erasure.carry_out(read=lambda file: known.get(file.id) or file.read())
    except Refused:  # merged at this very moment
        db.session.rollback()
        erasure.refuse("merged")
    except Exception:  # whatever it is: the person who waits is told that nothing was done
        log.exception("not erased", erasure=erasure.id)
        db.session.rollback()
        erasure.refuse("broken")
    db.session.commit()


def _ask_the_provider(erasure: Erasure) -> None:
    """Text by text; one that can't be deleted now leaves the rest for later."""
    account = Credentials.of(erasure.shop)
    try:
        while copies := erasure.copies(AT_ONCE):
            db.session.commit()  # no transaction is open while the provider is asked
            gone = [message_id for message_id, sid in copies if texts.forget(sid, account)]
            erasure.forgotten(gone)
            if len(gone) < len(copies):
                erasure.put_off()
                db.session.commit()
                return
            db.session.commit()
    finally:
        texts.hang_up()
    erasure.finish()
    db.session.commit()
