"""Make a night's file and bring it to the partner: no transaction is open meanwhile, and each step is written down as it is done."""

from datetime import date

import structlog

from jobs.gateways import ftp
from models import Partner, Shop, db
from models.export_making import ask_for, make
from models.export_night import Night
from models.export_run import ExportRun
from models.export_setup import ExportSetup

log = structlog.get_logger()


def run(run_id: int) -> None:
    """Safe twice: only who has claimed it brings it. Killed anywhere, it leaves a state that tells how far it got."""
    made = make(run_id)
    db.session.commit()
    if made is None:
        return
    export, setup = made
    before, temporary = export.temporary, f"{export.file_name}.{export.digest[:8]}.part"
    if export.uploaded_at is not None:
        temporary = before
    if export.claim(temporary, setup.where):
        _bring(export, setup, stale=before)


def drain() -> None:
    """All that is due, here and now."""
    for run_id in ExportRun.due_ids():
        run(run_id)


def file_of(shop: Shop, partner: Partner, day: date) -> bytes:
    """As it would go; nothing is kept."""
    return Night(ExportSetup.of(shop, partner), day).content


def hand_over(shop: Shop, partner: Partner, day: date) -> ExportRun:
    """The day's own run, made and brought now if it was not before. Raises Refused: it is off, or the day is not over."""
    ask_for(shop, partner, day)
    db.session.commit()
    found = ExportRun.newest_of(shop, partner, day)
    assert found
    run(found.id)
    db.session.refresh(found)
    return found


def _bring(export: ExportRun, setup: ExportSetup, stale: str) -> None:
    try:
        parcel, place = _parcel(export, stale), place_of(setup)
        db.session.commit()
        for step in ftp.hand_over(place, parcel):
            export.note(step)
            if step != ftp.RENAMED and export.is_spoiled():
                raise ftp.NotTaken("erased")
            db.session.commit()
        export.delivered()
    except ftp.NotTaken as problem:
        db.session.rollback()
        export.not_delivered(problem.code, problem.said)
    except Exception:  # whatever a server answers: the night is not lost, and somebody is told
        log.exception("export not delivered", run=export.id)
        db.session.rollback()
        export.not_delivered("ours", "")
    db.session.commit()


def _parcel(export: ExportRun, stale: str) -> ftp.Parcel:
    assert export.file
    return ftp.Parcel(export.file.read(), export.file_name, export.temporary, stale, uploaded=export.uploaded_at is not None)


def place_of(setup: ExportSetup) -> ftp.Place:
    if not setup.password:
        raise ftp.NotTaken("password")
    return ftp.Place(
        setup.server, setup.port, setup.user_name, setup.password, setup.directory, passive=setup.passive, needs_tls=setup.wants_tls
    )
