"""The log in words for people, in one place."""

from collections.abc import Callable
from datetime import date, time
from typing import TYPE_CHECKING, Any

from flask_babel import format_date, format_time
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.role import Role

if TYPE_CHECKING:
    from models.entry import Entry

_SENTENCES: dict[str, Any] = {
    "customer.added": _l("Customer added"),
    "customer.changed": _l("Customer changed"),
    "customer.merged": _l("%(name)s merged into this customer"),
    "customer.merged_away": _l("Merged into %(name)s"),
    "customer.separated": _l("Separated from %(name)s again"),
    "vehicle.added": _l("Vehicle added"),
    "vehicle.changed": _l("Vehicle changed"),
    "vehicle.odometer_read": _l("Odometer read: %(value)s"),
    "vehicle.sold": _l("Went from %(was)s to %(now)s"),
    "vehicle.retired": _l("Retired"),
    "vehicle.returned": _l("In use again"),
    "consent.given": _l("Consent recorded, %(source)s"),
    "consent.withdrawn": _l("Consent ended, %(source)s"),
    "appointment.booked": _l("Booked for %(when)s"),
    "appointment.changed": _l("Details changed"),
    "appointment.moved": _l("Moved to %(when)s"),
    "appointment.opened": _l("The customer opened the page"),
    "appointment.confirmed": _l("Confirmed, %(channel)s"),
    "appointment.reschedule_requested": _l("Asked for another date"),
    "reschedule_request.detailed": _l("Added which days would suit"),
    "reschedule_request.settled": _l("Reschedule request dealt with, date kept"),
    "appointment.reminded": _l("Reminder asked for, %(channel)s"),
    "appointment.cancelled": _l("Cancelled"),
    "appointment.move_undone": _l("Move undone, back to %(when)s"),
    "appointment.checked_in": _l("Checked in, work order %(number)s"),
    "appointment.no_show": _l("Did not come"),
    "work_order.opened": _l("Work order %(number)s opened"),
    "work_order.closed": _l("Work order %(number)s closed"),
    "estimate.asked": _l("Estimate asked for"),
    "estimate.booked": _l("Appointment made of the estimate"),
    "estimate.declined": _l("Estimate declined"),
    "estimate.reopened": _l("Estimate active again"),
    "message.settled": _l("Looked into what became of a message"),
    "template.saved": _l("Template %(key)s changed"),
    "template.reset": _l("Template %(key)s back to the preset"),
    "location.changed": _l("Settings changed"),
    "shop.changed": _l("Name, address or numbers of the shop changed"),
    "branding.changed": _l("Branding changed"),
    "staff.added": _l("Added as %(role)s"),
    "staff.invited": _l("Activation e-mail sent"),
    "staff.activated": _l("Activated the account"),
    "staff.role_changed": _l("Role changed to %(role)s"),
    "staff.left": _l("Taken off the staff"),
    "staff.disabled": _l("Disabled"),
    "staff.enabled": _l("Enabled again"),
    "staff.password_asked": _l("Forgotten password: a link was sent"),
    "staff.password_reset": _l("Chose a new password by the link"),
    "staff.password_changed": _l("Changed the password"),
}
_CHANNELS = {"web": _l("on the page"), "phone": _l("by phone"), "text": _l("by text"), "email": _l("by e-mail")}


def sentence(entry: "Entry") -> str:
    "message.skipped": _l("Decided that a message shall not go"),
    "message.unskipped": _l("Decided that a message goes after all"),
    """What happened, in plain words; wishes of the customer are appended as they wrote them."""
    words = str(_SENTENCES[entry.verb]) % {name: make(entry.details) for name, make in _PARTS.items()}
    return f"{words}: {entry.details['wishes']}" if entry.details.get("wishes") else words
    "calendar_feed.made": _l("Address of the calendar made"),
    "calendar_feed.renewed": _l("New address of the calendar, the old one revoked"),
    "calendar_feed.stopped": _l("Address of the calendar revoked"),


def _when(details: dict[str, Any]) -> str:
    if "date" not in details:
        return ""
    day = format_date(date.fromisoformat(details["date"]), "EEE d MMM y")
    if not details.get("time"):
        return day
    return _("%(day)s, %(time)s", day=day, time=format_time(time.fromisoformat(details["time"]), "short", rebase=False))


def _source(details: dict[str, Any]) -> str:
    from models.consent import SOURCES

    return str(SOURCES.get(details.get("source", ""), ""))


_PARTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "when": _when,
    "source": _source,
    "channel": lambda details: str(_CHANNELS.get(details.get("channel", ""), "")),
    "number": lambda details: str(details.get("number", "")),
    "role": lambda details: Role(details["role"]).label.lower() if "role" in details else "",
    "key": lambda details: str(details.get("key", "")),
}
    "name": lambda details: str(details.get("name", "")),
    "title": lambda details: str(details.get("title", "")),
    "value": lambda details: str(details.get("value", "")),
    "was": lambda details: str(details.get("was", "")),
    "now": lambda details: str(details.get("now", "")),
    "mechanic": lambda details: str(details.get("mechanic", "")),
    "part": lambda details: str(details.get("part", "")),
