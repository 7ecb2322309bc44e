"""The rules of sending that concern appointments: may this message about one go? Asked, like all others, by ``sending_rules``."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from models import clock
from models.delivery import Delivery

if TYPE_CHECKING:
    from models.message import Message

REMINDERS = ("follow_up", "remind")


def concerning_appointments(message: "Message") -> list[str]:
    rules = [] if message.instead_of_id else ["preference"]
    rules += [] if message.kind == "cancelled" else ["still_stands"]
    rules.append("not_skipped")
    if message.kind == "follow_up":
        rules += ["no_open_request", "not_confirmed_or_wanted", "once_a_day"]
    return rules


def _preference(message: "Message") -> bool:
    return message.appointment is not None and message.appointment.preference == message.channel


def _still_stands(message: "Message") -> bool:
    appointment = message.appointment
    return (
        appointment is not None
        and appointment.may_confirm
        and appointment.revision == message.revision
        and clock.now() < _too_late(message)
    )


def _not_skipped(message: "Message") -> bool:
    return skipper(message) is None


def skipper(message: "Message") -> str | None:
    """Who decided that it shall not go."""
    skips = message.appointment.skips if message.appointment else ()
    return next((skip.actor_name for skip in skips if skip.what == message.dedupe_key), None)


def _too_late(message: "Message") -> datetime:
    """What the clock starts is pointless once the drop-off has begun; what a person sends may go until the day is over."""
    assert message.appointment is not None
    if message.clock_started:
        return message.appointment.starts_at
    return clock.day_bounds(message.appointment.date, message.shop.tz)[1]


def _phone_preferred(message: "Message") -> bool:
    return message.appointment is not None and message.appointment.preference == "phone"


def _not_confirmed(message: "Message") -> bool:
    return message.appointment is not None and message.appointment.confirmation is None


def _no_open_request(message: "Message") -> bool:
    return message.appointment is not None and message.appointment.open_request is None


def _not_confirmed_or_wanted(message: "Message") -> bool:
    return message.appointment is not None and (message.appointment.confirmation is None or message.shop.location.remind_confirmed)


def _once_a_day(message: "Message") -> bool:
    assert message.appointment is not None
    today = message.shop.local(clock.now()).date()
    these = message, message.instead_of
    others = (other for other in message.appointment.messages if other not in these and other.kind in REMINDERS)
    return all(_day_of_going(other) != today for other in others)


def _day_of_going(reminder: "Message") -> date | None:
    """The day in the shop's zone on which it went, goes, or may have gone: two that are due together must not both go."""
    if reminder.state in {Delivery.queued, Delivery.sending}:
        return reminder.shop.local(clock.now()).date()
    went_at = reminder.sent_at or (reminder.claimed_at if reminder.state is Delivery.unknown else None)
    return reminder.shop.local(went_at).date() if went_at else None


RULES_OF_APPOINTMENTS: Mapping[str, Callable[["Message"], bool]] = {
    "preference": _preference,
    "still_stands": _still_stands,
    "not_skipped": _not_skipped,
    "phone_preferred": _phone_preferred,
    "not_confirmed": _not_confirmed,
    "no_open_request": _no_open_request,
    "not_confirmed_or_wanted": _not_confirmed_or_wanted,
    "once_a_day": _once_a_day,
}
