"""One tick: safe to do twice, safe to miss."""

from datetime import datetime

import structlog

from jobs import exports, messages
from models import (
    Attachment,
    DataExport,
    DeliveryReport,
    Document,
    Erasure,
    ExportRun,
    FirstLoad,
    IncomingText,
    Message,
    MessageMedia,
    OwnVideo,
    PostcardBatch,
    PostcardPicture,
    PrintedCard,
    PrintReport,
    ReturnedMail,
    SetupCheck,
    clock,
    db,
    later,
    plan,
)
from models.export_making import plan_nights
from models.letter_planning import write_due_letters
from models.postcard_making import make_due_batches
from models.retention_night import unswept

SENT: tuple[type[Attachment] | type[OwnVideo], ...] = (Attachment, OwnVideo)  # what people send and a job converts
log = structlog.get_logger()


def tick() -> None:
    """Plan and queue everything that is due; pick up what a lost queue or a dead worker left lying.

    A step that fails keeps no other from its work; the first mistake is raised at the end.
    """
    mistakes: list[Exception] = []
    for step in (reminders, plan.no_shows, letters, postcards, nights, wake, *(() if clock.pretending() else (sweep,))):
        try:
            step()
            db.session.commit()
        except Exception as mistake:
            db.session.rollback()
            log.exception("step failed", step=step.__name__)
            mistakes.append(mistake)
    if mistakes:
        raise mistakes[0]


def reminders() -> None:
    """The reminders of drop-offs, part by part."""
    plan.follow_ups(db.session.commit)


def wake() -> None:
    """What was planned for now goes to the rules again, part by part."""
    plan.wake(db.session.commit)


def letters() -> None:
    """The follow-up letters that became due, part by part: a night's thousands in one transaction would keep everybody else waiting."""
    for _written in write_due_letters():
        db.session.commit()


def postcards() -> None:
    """The postcards that wait go to the printer, shop by shop."""
    for _batch in make_due_batches():
        db.session.commit()


def nights() -> None:
    """The files that other companies get of days that are over, partner by partner."""
    for _planned in plan_nights():
        db.session.commit()


def sweep() -> None:
    """Rebuild every queue from the database."""
    for message in Message.stuck():
        message.lost()
    for document in Document.waiting():
        later(document.job, document.id)
    for run in ExportRun.stuck():
        run.lost()
    for run_id in ExportRun.due_ids():
        later("jobs.exports.run", run_id)
    for load_id in FirstLoad.waiting_ids():
        later("jobs.first_loads.work", load_id)
    for check in SetupCheck.left_lying():
        later("jobs.setup_checks.run", check.id)
    PostcardPicture.forget_old()
    ReturnedMail.forget_old()
    for batch_id in PostcardBatch.to_look_at():
        later("jobs.postcards.look_again", batch_id)
    for noun in SENT:
        for left in noun.given_up():
            left.refuse("gave_up")
        for sent in noun.waiting():
            later(sent.job, sent.id)
    for card_id in PrintedCard.to_withdraw():
        later("jobs.print_orders.withdraw", card_id)
    for media in MessageMedia.waiting():
        later(media.job, media.id)
    for own_data_job, waiting in (
        ("jobs.data_exports.make", DataExport.waiting_ids()),
        ("jobs.erasures.carry_out", Erasure.waiting_ids()),
        ("jobs.retention.sweep", unswept()),
    ):
        for row_id in waiting:
            later(own_data_job, row_id)
    for job, ids in (
        ("jobs.incoming.drain", IncomingText.waiting_ids()),
        ("jobs.delivery_reports.drain", DeliveryReport.waiting_ids()),
        ("jobs.returned_mails.drain", ReturnedMail.waiting_ids()),
        ("jobs.messages.drain", Message.due_ids(limit=1)),
        ("jobs.messages.look_up", Message.unclear_ids()),
        ("jobs.print_orders.hear", PrintReport.waiting_ids()),
        ("jobs.print_orders.drain", PrintedCard.due_ids()),
        ("jobs.print_orders.look_up", PrintedCard.unclear_ids()),
        ("jobs.files.tidy", MessageMedia.abandoned()),
        ("jobs.photos.tidy", [*Attachment.to_tidy(), *OwnVideo.to_tidy()]),
    ):
        if ids:
            later(job)


def tick_at(moment: datetime) -> None:
    """As if it were that moment, sending included: the workers' own clocks would wait for it."""
    with clock.at(moment):
        tick()
        messages.drain()
        exports.drain()
