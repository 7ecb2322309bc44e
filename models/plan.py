"""What the clock starts: follow-ups, messages whose moment has come, no-shows. Each is safe to do twice and safe to miss."""

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import selectinload

from models import clock
from models.actor import Actor
from models.appointment import Appointment
from models.base import db
from models.delivery import Delivery
from models.location import Location
from models.message import Message
from models.shop import Shop

CLOCK = Actor.rule("Clock")


def follow_ups() -> None:
    """Write the reminders whose moment has come, also those that a stop of ours delayed, unless the drop-off has begun."""
    now = clock.now()
    written = exists().where(
        Message.appointment_id == Appointment.id,
        Message.revision == Appointment.revision,
        Message.kind == "follow_up",
        Message.dedupe_key.is_not(None),  # else it was to go a way that the customer no longer prefers
    )
    due = select(Appointment).where(
        Appointment.follow_up_at <= now, Appointment.starts_at > now, Appointment.preference != "phone", ~written
    )
    due = due.where(~Appointment.is_cancelled, ~Appointment.is_checked_in)
    for appointment in db.session.scalars(
        due.options(*Appointment.whole(), selectinload(Appointment.skips)).order_by(Appointment.follow_up_at)
    ):
        Message.about(appointment, "follow_up", by=CLOCK)


def wake() -> None:
    """Ask the rules again about planned messages whose moment has come."""
    for message in db.session.scalars(select(Message).where(Message.state == Delivery.planned, Message.due_at <= clock.now())):
        message.submit()


def no_shows() -> None:
    """At closing time mark who did not come, in the shops that want it."""
    wanted = select(Shop).join(Location, and_(Location.shop_id == Shop.id, Location.no_show_automatic))
    for shop in db.session.scalars(wanted):
        today, closes = shop.today(), shop.closes(shop.today())
        if closes is None or clock.now() < clock.instant(today, closes, shop.tz):
            continue
        for appointment in Appointment.between(shop, today, today):
            if appointment.stands and appointment.starts_at <= clock.now() and not appointment.was_taken_back:
                appointment.mark_no_show(by=CLOCK)
