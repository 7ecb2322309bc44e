"""How an appointment stands, as Today and Calendar show it: the one table that puts facts and delivery in order."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from models import clock
from models.delivery import Delivery

if TYPE_CHECKING:
    from models.appointment import Appointment


class Standing(StrEnum):
    not_due = "not_due"
    call = "call"
    held = "held"
    queued = "queued"
    sent = "sent"
    delivered = "delivered"
    failed = "failed"
    unknown = "unknown"
    opened = "opened"
    confirmed = "confirmed"
    reschedule_requested = "reschedule_requested"
    checked_in = "checked_in"
    no_show = "no_show"
    cancelled = "cancelled"

    @property
    def label(self) -> str:
        return str(_LABELS[self])


_LABELS = {
    Standing.not_due: _l("Not due"),
    Standing.call: _l("Call"),
    Standing.held: _l("Held back"),
    Standing.queued: _l("Queued"),
    Standing.sent: _l("Sent"),
    Standing.delivered: _l("Delivered"),
    Standing.failed: _l("Failed"),
    Standing.unknown: _l("Unknown"),
    Standing.opened: _l("Opened"),
    Standing.confirmed: _l("Confirmed"),
    Standing.reschedule_requested: _l("Wants to reschedule"),
    Standing.checked_in: _l("Checked in"),
    Standing.no_show: _l("No-show"),
    Standing.cancelled: _l("Cancelled"),
}

_BY_DELIVERY = {
    Delivery.planned: Standing.not_due,
    Delivery.held: Standing.held,
    Delivery.queued: Standing.queued,
    Delivery.sending: Standing.queued,
    Delivery.sent: Standing.sent,
    Delivery.delivered: Standing.delivered,
    Delivery.failed: Standing.failed,
    Delivery.unknown: Standing.unknown,
    Delivery.cancelled: Standing.not_due,
}


def standing_of(appointment: "Appointment") -> tuple[Standing, datetime | None]:
    """The state that counts, and since when: how it ended, else what the customer last said, else what became of the newest message."""
    return _ended(appointment) or _answered(appointment) or _reached(appointment)


def ending_of(appointment: "Appointment") -> Standing | None:
    """How it ended; None while it stands."""
    ended = _ended(appointment)
    return ended[0] if ended else None


def _ended(appointment: "Appointment") -> tuple[Standing, datetime] | None:
    if appointment.cancellation:
        return Standing.cancelled, appointment.cancellation.at
    if appointment.work_order:
        return Standing.checked_in, appointment.work_order.opened_at
    if appointment.no_show:
        return Standing.no_show, appointment.no_show.at
    return None


def _answered(appointment: "Appointment") -> tuple[Standing, datetime] | None:
    answers = [
        (fact.at, standing)
        for fact, standing in (
            (appointment.confirmation, Standing.confirmed),
            (appointment.reschedule_request, Standing.reschedule_requested),
        )
        if fact
    ]
    if not answers:
        return None
    at, standing = max(answers)
    return standing, at


def _reached(appointment: "Appointment") -> tuple[Standing, datetime | None]:
    message = appointment.latest_message
    if message and message.state in {Delivery.failed, Delivery.unknown, Delivery.held}:
        return _BY_DELIVERY[message.state], message.state_at
    opened = next(
        (fact for fact in reversed(appointment.visit.openings) if (fact.evidence, fact.revision) == ("opened", appointment.revision)), None
    )
    if opened:
        return Standing.opened, opened.at
    if message:
        return _BY_DELIVERY[message.state], message.state_at
    if appointment.preference == "phone" and appointment.follow_up_at and not appointment.follow_up_skip:
        _start, end = clock.day_bounds(appointment.shop.today(), appointment.shop.tz)
        if appointment.follow_up_at < end:
            return Standing.call, appointment.follow_up_at
    return Standing.not_due, appointment.follow_up_at
