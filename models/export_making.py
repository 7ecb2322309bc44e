"""Planning the nights and making their files: safe twice, safe missed."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select

from models import clock
from models.base import db
from models.export_address import FTP
from models.export_night import Night
from models.export_opt_out import TOPIC
from models.export_partner import Partner
from models.export_record import ExportRecord
from models.export_run import ExportRun
from models.export_setup import ExportSetup
from models.export_state import PENDING
from models.handover import touch
from models.held_row import HeldRow
from models.refused import Refused
from models.stored_file import StoredFile

if TYPE_CHECKING:
    from models.shop import Shop

MOST_NIGHTS = 500  # that one transaction makes up for
CONTENT_TYPE = "application/octet-stream"


def plan_nights() -> Iterator[int]:
    """Of every partner that is on, each night that is over and has no run, from the day on which it was switched on."""
    for setup in ExportSetup.due():
        yield _plan(setup)


def _plan(setup: ExportSetup) -> int:
    db.session.refresh(setup, with_for_update=True)  # others were planned, and committed, meanwhile: it may be off by now
    planned = 0
    while setup.next_at and setup.next_day and setup.next_at <= clock.now() and planned < MOST_NIGHTS:
        ExportRun.plan(setup.shop, setup.partner, setup.next_day)
        planned += 1
        setup.next_day += timedelta(days=1)
        setup.next_at = setup.due_at(setup.next_day)
    return planned


def ask_for(shop: "Shop", partner: Partner, day: date) -> None:
    """The day's own run, where the clock has not planned it: of a day before the switch was on. Raises Refused: off, or not over yet."""
    if not ExportSetup.of(shop, partner).is_on:
        raise Refused(_("Exports to %(partner)s are off in this shop.", partner=partner.label))
    if day >= shop.today():
        raise Refused(_("That day is not over yet: what is closed later would be missing."))
    ExportRun.plan(shop, partner, day)


def make(run_id: int) -> tuple[ExportRun, ExportSetup] | None:
    """Make the run's file, or make it anew before another try; the caller commits.

    None where there is nothing to deliver: it isn't its turn, the partner is off by now, the night was empty, the file is kept for
    download.
    """
    run = db.session.scalars(
        select(ExportRun).where(ExportRun.id == run_id).with_for_update().execution_options(populate_existing=True)
    ).first()
    if run is None or run.state not in PENDING or run.next_at is None or run.next_at > clock.now():
        return None
    setup = ExportSetup.of(run.shop, run.partner)
    if not setup.is_on:  # it was under way when that was said, and did not get through
        run._event("cancel", next_at=None, ended_at=clock.now())
        return None
    if run.where != setup.where:  # it lies at another server, if anywhere
        run.uploaded_at = None
    if run.uploaded_at is None:  # else it lies there whole already, and only its name may be missing
        write(run, Night(setup, run.day))
    if not run.records and setup.profile.empty == "skip":
        run._event("nothing", next_at=None, ended_at=clock.now())
    elif setup.delivery != FTP:
        run._event("keep", next_at=None, ended_at=clock.now())
    else:
        run._event("make")
        return run, setup
    return None


def write(run: ExportRun, night: Night) -> None:
    """Its file, its fingerprint, its rows; rows that wait are put down, so that a person finds them."""
    content, going = night.content, night.going
    stored = StoredFile.keep(run.shop_id, content, CONTENT_TYPE)
    if run.digest == stored.digest and run.file:
        stored.erase()  # nothing has changed since the last try, which may have sent half of it
    else:
        before, run.file = run.file, stored
        db.session.flush()
        if before:
            before.erase()
    run.digest, run.file_name, run.columns = stored.digest, night.file_name, [list(column) for column in night.setup.profile.columns]
    run.records, run.held = len(going), len(night.waiting)
    ExportRecord.write(run, going, night.cells)
    for one in night.judged:
        held = one.held
        if held is None and one.waits:
            db.session.add(HeldRow(shop_id=run.shop_id, partner=run.partner, closing_id=one.row.closing_id, item=one.row.item))
        elif held and (one.goes or run.edition == 1):
            held.sent_with = run.day if one.goes else None
    db.session.flush()
    touch(run.shop_id, TOPIC)
