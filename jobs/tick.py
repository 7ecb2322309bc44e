"""One tick: safe to do twice, safe to miss."""

from datetime import datetime

from jobs import messages
from models import DeliveryReport, Document, IncomingText, Message, clock, db, later, plan


def tick() -> None:
    """Plan and queue everything that is due; pick up what a lost queue or a dead worker left lying."""
    plan.follow_ups()
    plan.no_shows()
    plan.wake()
    db.session.commit()
    if not clock.pretending():
        sweep()


def sweep() -> None:
    """Rebuild every queue from the database."""
    for message in Message.stuck():
        message.lost()
        later("jobs.messages.look_up", message.id)
    for text in IncomingText.waiting():
        later("jobs.incoming.work", text.id)
    for report in DeliveryReport.waiting():
        later("jobs.delivery_reports.work", report.id)
    for document in Document.waiting():
        later("jobs.documents.render", document.id)
    if Message.due_ids(limit=1):
        later("jobs.messages.drain")
    db.session.commit()


def tick_at(moment: datetime) -> None:
    """As if it were that moment, sending included: the workers' own clocks would wait for it."""
    with clock.at(moment):
        tick()
        messages.drain()
