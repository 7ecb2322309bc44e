"""What the clock starts: follow-ups, messages whose moment has come, no-shows. Each is safe to do twice and safe to miss."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import joinedload, selectinload

from models import clock
from models.actor import Actor
from models.appointment import Appointment
from models.asked_at_once import asked_at_once
from models.base import db
from models.customer import Customer
from models.delivery import Delivery
from models.location import Location
from models.message import Message
from models.message_template import MessageTemplate
from models.shop import Shop
from models.visit import Visit

if TYPE_CHECKING:
    from sqlalchemy.sql.base import ExecutableOption

CLOCK = Actor.rule("Clock")
TOGETHER = 500  # messages that one transaction writes


def follow_ups(after_part: Callable[[], None] = lambda: None) -> None:
    """Write the reminders whose moment has come, also those that a stop of ours delayed, unless the drop-off has begun.

    ``after_part`` is called when some hundreds are written, for the caller to commit: a morning's thousands in one transaction would
    keep everybody else waiting.
    """
    for ids in _parts(db.session.scalars(_due().with_only_columns(Appointment.id).order_by(Appointment.follow_up_at)).all()):
        appointments: Iterable[Appointment] = db.session.scalars(
            _due().where(Appointment.id.in_(ids)).options(*_whole()).order_by(Appointment.follow_up_at)
        )
        template_of = cache(MessageTemplate.of)
        with db.session.no_autoflush:  # the rules are asked before the rows are there: each is written once, and all by one statement
            written = [Message.drafted(one, "follow_up", by=CLOCK, template_of=template_of) for one in appointments]
            asked = asked_at_once(written)
            for message in written:
                message.submit(asked)
        db.session.flush()
        after_part()


def _due() -> "Select[Appointment]":
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
    return due.where(~Appointment.is_cancelled, ~Appointment.is_checked_in)


def _whole() -> "tuple[ExecutableOption, ...]":
    """Loader options for all that a reminder says and its rules look at."""
    reached = joinedload(Visit.customer).options(selectinload(Customer.phones), selectinload(Customer.emails))
    visit = joinedload(Appointment.visit).options(
        reached, joinedload(Visit.vehicle), joinedload(Visit.work_order), selectinload(Visit.links)
    )
    many = (Appointment.confirmations, Appointment.reschedule_requests, Appointment.no_shows, Appointment.messages, Appointment.skips)
    return visit, joinedload(Appointment.cancellation), *map(selectinload, many)


def wake(after_part: Callable[[], None] = lambda: None) -> None:
    """Ask the rules again about planned messages whose moment has come; ``after_part`` as in ``follow_ups``."""
    due = select(Message).where(Message.state == Delivery.planned, Message.due_at <= clock.now())
    for ids in _parts(db.session.scalars(due.with_only_columns(Message.id).order_by(Message.due_at)).all()):
        messages = db.session.scalars(due.where(Message.id.in_(ids)).options(*Message.whole()).order_by(Message.due_at)).all()
        asked = asked_at_once(messages)
        for message in messages:
            message.submit(asked)
        after_part()


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + TOGETHER] for start in range(0, len(ids), TOGETHER))


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
