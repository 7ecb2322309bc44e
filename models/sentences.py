"""The log in words for people, in one place."""

from collections.abc import Callable
from datetime import date, time
from typing import TYPE_CHECKING, Any

from babel.dates import format_skeleton
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.moments import clock_words
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
    "appointment.by_email": _l("Texts ended: goes by e-mail from here on"),
    "work_order.by_email": _l("Texts ended: updates go by e-mail from here on"),
    "notice.rewritten": _l("%(kind)s rewritten"),
    "appointment.booked": _l("Booked for %(when)s"),
    "appointment.changed": _l("Details changed"),
    "appointment.moved": _l("Moved to %(when)s"),
    "appointment.move_undone": _l("Move undone, back to %(when)s"),
    "appointment.opened": _l("The customer opened the page"),
    "appointment.confirmed": _l("Confirmed, %(channel)s"),
    "appointment.reschedule_requested": _l("Asked for another date"),
    "reschedule_request.detailed": _l("Added which days would suit"),
    "reschedule_request.settled": _l("Reschedule request dealt with, date kept"),
    "appointment.reminded": _l("Reminder asked for, %(channel)s"),
    "appointment.cancelled": _l("Cancelled"),
    "appointment.checked_in": _l("Checked in, work order %(number)s"),
    "appointment.no_show": _l("Did not come"),
    "appointment.no_show_undone": _l("Expected after all, no no-show"),
    "work_order.repair_order_texted": _l("Repair order texted"),
    "work_order.opened": _l("Work order %(number)s opened"),
    "work_order.closed": _l("Work order %(number)s closed"),
    "work_order.assigned": _l("Given to %(mechanic)s"),
    "work_order.reordered": _l("Moved in the list of %(mechanic)s"),
    "work_order.unassigned": _l("Taken back from %(mechanic)s"),
    "inspection.begun": _l("Inspection begun: %(name)s"),
    "inspection.completed": _l("Inspection complete: %(necessary)s necessary, %(recommended)s recommended"),
    "inspection.resumed": _l("Inspection not complete after all"),
    "inspection.taken_on": _l("Inspection seen by the desk"),
    "part.needed": _l("Part needed: %(part)s"),
    "part.changed": _l("Part changed: %(part)s"),
    "part.ordered": _l("Part ordered: %(part)s"),
    "part.not_ordered": _l("Part not ordered after all: %(part)s"),
    "part.arrived": _l("Part arrived: %(part)s"),
    "part.removed": _l("Part off the list: %(part)s"),
    "part.returned": _l("Part on the list again: %(part)s"),
    "inspection_sheet.made": _l("Inspection sheet made: %(name)s"),
    "inspection_sheet.changed": _l("Inspection sheet changed: %(name)s"),
    "inspection_sheet.retired": _l("Inspection sheet removed: %(name)s"),
    "inspection_sheet.returned": _l("Inspection sheet in use again: %(name)s"),
    "work_order.changed": _l("Work order changed"),
    "work_order.status_set": _l("Status: %(status)s"),
    "work_order.status_undone": _l("Status %(status)s undone"),
    "work_order.promised": _l("Promised time changed"),
    "work_order.updates_on": _l("Updates %(channel)s on for this visit"),
    "work_order.updates_off": _l("Updates %(channel)s off for this visit"),
    "work_order.delay_explained": _l("Reason of the delay: %(reason)s"),
    "work_order.reopened": _l("Work order %(number)s reopened: %(reason)s"),
    "status.added": _l("Status %(name)s added"),
    "status.changed": _l("Status %(name)s changed"),
    "status.ordered": _l("Order of the statuses changed"),
    "status.retired": _l("Status %(name)s removed"),
    "trial.sent": _l("A test message sent"),
    "texting.changed": _l("Settings of texting changed"),
    "mail_setup.changed": _l("Settings of e-mail changed"),
    "own_host.named": _l("Name for the customers' pages kept: %(name)s"),
    "own_host.switched_on": _l("Links are made with %(name)s"),
    "own_host.switched_off": _l("Links are no longer made with %(name)s"),
    "own_host.removed": _l("Name for the customers' pages removed: %(name)s"),
    "provider_account.kept": _l("The shop's own account at the text provider kept"),
    "provider_account.forgotten": _l("The shop's own account at the text provider removed"),
    "attachment.added": _l("%(kind)s added"),
    "attachment.captioned": _l("%(kind)s described"),
    "attachment.put": _l("%(kind)s put to a work item"),
    "attachment.taken": _l("%(kind)s taken from its work item"),
    "attachment.removed": _l("%(kind)s removed"),
    "attachment.restored": _l("%(kind)s brought back"),
    "attachment.retried": _l("%(kind)s to be converted once more"),
    "own_video.added": _l("Video “%(title)s” added to the explanations"),
    "own_video.titled": _l("Video called “%(title)s”"),
    "own_video.removed": _l("Video “%(title)s” removed"),
    "own_video.restored": _l("Video “%(title)s” brought back"),
    "own_video.retried": _l("Video “%(title)s” to be converted once more"),
    "estimate.asked": _l("Estimate asked for"),
    "estimate.booked": _l("Appointment made of the estimate"),
    "estimate.declined": _l("Estimate declined"),
    "estimate.reopened": _l("Estimate active again"),
    "message.skipped": _l("Decided that a message shall not go"),
    "message.unskipped": _l("Decided that a message goes after all"),
    "message.settled": _l("Looked into what became of a message"),
    "thread.read": _l("Texts read"),
    "thread.unread": _l("Texts marked unread"),
    "thread.closed": _l("Texts done"),
    "thread.reopened": _l("Texts open again"),
    "thread.assigned": _l("Texts handed to %(to)s"),
    "thread.attached": _l("Number attached to %(name)s"),
    "message.attributed": _l("Text attributed to %(name)s"),
    "thread.unassigned": _l("Texts handed to nobody in particular"),
    "quick_reply.added": _l("Quick reply %(title)s added"),
    "quick_reply.changed": _l("Quick reply %(title)s changed"),
    "quick_reply.retired": _l("Quick reply %(title)s removed"),
    "quick_reply.brought_back": _l("Quick reply %(title)s offered again"),
    "stop_alarm.raised": _l("“Stop work?”: the customer wrote what may mean stop"),
    "stop_alarm.go_on": _l("“Stop work?” looked into: go on"),
    "stop_alarm.opt_out": _l("“Stop work?” looked into: no more texts"),
    "stop_alarm.stopped": _l("“Stop work?” looked into: the work is stopped"),
    "template.saved": _l("Template %(key)s changed"),
    "template.reset": _l("Template %(key)s back to the preset"),
    "calendar_feed.made": _l("Address of the calendar made"),
    "calendar_feed.renewed": _l("New address of the calendar, the old one revoked"),
    "calendar_feed.stopped": _l("Address of the calendar revoked"),
    "work_item.added": _l("Work item added: %(title)s"),
    "work_item.changed": _l("Work item changed: %(title)s"),
    "work_item.moved": _l("Work item moved in the list: %(title)s"),
    "work_item.done": _l("Work item done: %(title)s"),
    "work_item.reopened": _l("Work item not done after all: %(title)s"),
    "work_item.removed": _l("Work item removed: %(title)s"),
    "work_item.restored": _l("Work item back on the order: %(title)s"),
    "work_item.shown": _l("Work item shown to the customer: %(title)s"),
    "work_item.hidden": _l("Work item not shown to the customer: %(title)s"),
    "work_item.pinned": _l("Work item pinned: %(title)s"),
    "work_item.unpinned": _l("Work item no longer pinned: %(title)s"),
    "work_item.started": _l("Work item begun: %(title)s"),
    "work_item.snoozed": _l("Work item put off: %(title)s"),
    "work_item.woken": _l("Work item back from being put off: %(title)s"),
    "overview.sent": _l("Overview %(version)s sent, %(channel)s"),
    "overview.opened": _l("Overview %(version)s opened by the customer"),
    "overview.answered": _l("Overview %(version)s answered, receipt %(receipt)s"),
    "overview.prices_told": _l("Prices of overview %(version)s told by phone"),
    "remark.read": _l("Customer's remark marked as read"),
    "remark.unread": _l("Customer's remark not read after all"),
    "remark.shared": _l("Customer's remark shown to the mechanic"),
    "remark.unshared": _l("Customer's remark no longer shown to the mechanic"),
    "overview_rules.changed": _l("Rules of overviews changed"),
    "authorisation.up": _l("Authorised: %(title)s"),
    "authorisation.down": _l("Not authorised: %(title)s"),
    "authorisation.undone": _l("Thumbs undone: %(count)s"),
    "authorisation.oral": _l("Authorised by word of mouth by %(name)s"),
    "work_item.repriced": _l("Work priced by today's settings"),
    "job.added": _l("Job %(key)s added to the catalogue"),
    "job.changed": _l("Job %(key)s changed"),
    "job.retired": _l("Job %(key)s no longer offered"),
    "job.brought_back": _l("Job %(key)s offered again"),
    "prices.changed": _l("Prices and taxes changed"),
    "customer.do_not_mail": _l("Do Not Mail set, %(mail_source)s"),
    "customer.may_mail": _l("Do Not Mail taken off"),
    "address.bounced": _l("Mail came back: nothing more goes to this address"),
    "address.complained": _l("A complaint: nothing more goes to this address"),
    "address.works": _l("Mail may go to this address again"),
    "letter_rules.changed": _l("Follow-up letters changed, %(channel)s"),
    "postcards.made": _l("Postcards to print: %(count)s"),
    "postcards.posted": _l("Postcards posted: %(count)s"),
    "postcards.not_posted": _l("Postcards not posted after all"),
    "list.exported": _l("List exported: %(name)s, rows: %(count)s, %(key)s"),
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
_KINDS = {"photo": _l("Photo"), "video": _l("Video"), "privacy": _l("Privacy notice"), "texting": _l("Messaging terms")}
_MAIL_SOURCES = {"by_hand": _l("by hand"), "unsubscribed": _l("by the link in a letter"), "complaint": _l("after a complaint")}
_CHANNELS = {
    "postcard": _l("by postcard"),
    "web": _l("on the page"),
    "phone": _l("by phone"),
    "text": _l("by text"),
    "email": _l("by e-mail"),
}


def sentence(entry: "Entry") -> str:
    """What happened, in plain words; wishes of the customer are appended as they wrote them."""
    words = str(_SENTENCES[entry.verb]) % {name: make(entry.details) for name, make in _PARTS.items()}
    return f"{words}: {entry.details['wishes']}" if entry.details.get("wishes") else words


def _when(details: dict[str, Any]) -> str:
    if "date" not in details:
        return ""
    day = format_skeleton("yMMMEd", date.fromisoformat(details["date"]), locale=get_locale())
    if not details.get("time"):
        return day
    return _("%(day)s, %(time)s", day=day, time=clock_words(time.fromisoformat(details["time"])))


def _source(details: dict[str, Any]) -> str:
    from models.consent import SOURCES

    return str(SOURCES.get(details.get("source", ""), ""))


_PARTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "when": _when,
    "source": _source,
    "channel": lambda details: str(_CHANNELS.get(details.get("channel", ""), "")),
    "mail_source": lambda details: str(_MAIL_SOURCES.get(details.get("source", ""), "")),
    "number": lambda details: str(details.get("number", "")),
    "role": lambda details: Role(details["role"]).label.lower() if "role" in details else "",
    "status": lambda details: str(details.get("status", "")),
    "reason": lambda details: str(details.get("reason", "")),
    "kind": lambda details: str(_KINDS.get(details.get("kind", ""), "")),
    "key": lambda details: str(details.get("key", "")),
    "name": lambda details: str(details.get("name", "")),
    "title": lambda details: str(details.get("title", "")),
    "value": lambda details: str(details.get("value", "")),
    "was": lambda details: str(details.get("was", "")),
    "now": lambda details: str(details.get("now", "")),
    "mechanic": lambda details: str(details.get("mechanic", "")),
    "part": lambda details: str(details.get("part", "")),
    "version": lambda details: str(details.get("version", "")),
    "receipt": lambda details: str(details.get("receipt", "")),
    "count": lambda details: str(details.get("count", "")),
    "necessary": lambda details: str(details.get("necessary", "")),
    "recommended": lambda details: str(details.get("recommended", "")),
}
