"""May this be sent? Asked here only: when a message is written, and again when it goes. The answer lists every rule that was tried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from models import clock, phone
from models.delivery import Delivery
from models.follow_up import QuietHours
from models.letter_sending import RULES_OF_LETTERS

if TYPE_CHECKING:
    from models.message import Message

Trace = list[list[str | bool]]
Rules = Mapping[str, Callable[["Message"], bool]]
REMINDERS = ("follow_up", "remind")
TO_STAFF = ("activation", "reset")  # about somebody's account, no customer's business
BY_HAND = ("typed", "remind", "repair_order", "trial", "overview", "receipt")  # somebody decided on this very text
ANSWERS = ("stop_reply", "help_reply", "start_reply", "consent_reply")  # to a word that means just that
PAPER = timedelta(seconds=20)  # until it is looked again whether the paper is made; who makes it says so at once
OLD_NEWS = timedelta(hours=1)
OUTDATED = {"still_stands", "updates_on", "still_new", "not_skipped", "link_works", "letters_on", "reason", "in_time"}


@dataclass(frozen=True, slots=True)
class Verdict:
    trace: Trace
    until: datetime | None = None  # only the hour is against it: it may go then
    outdated: bool = False  # its reason is gone

    @property
    def allowed(self) -> bool:
        return all(passed for _rule, passed, _note in self.trace)


def judge(message: "Message", asked: "Rules | None" = None) -> Verdict:
    """Try every rule that concerns this message now. ``asked``: of many messages, some were asked at once (``asked_at_once``)."""
    rules = {**_RULES, **(asked or {})}
    results = {rule: rules[rule](message) for rule in _concerning(message)}
    trace: Trace = [[rule, passed, _note(message, rule)] for rule, passed in results.items()]
    broken = {rule for rule, passed in results.items() if not passed}
    if broken == {"quiet_hours"}:
        quiet = _quiet_of(message)
        until = quiet.next_allowed(clock.now()) if quiet else None
        if until and until < _pointless_from(message):
            return Verdict(trace, until=until)
    if broken == {"paper"} and not _paper_failed(message):
        return Verdict(trace, until=clock.now() + PAPER)
    return Verdict(trace, outdated=bool(broken & OUTDATED))


def _concerning(message: "Message") -> list[str]:
    if message.channel == "call":  # nothing is sent: it is a line on the call list
        return ["phone_preferred", "still_stands", "not_skipped", "no_open_request", "not_confirmed"]
    reach = {"text": ["shop_number", "number"], "postcard": ["post"]}
    rules = list(reach.get(message.channel, ["shop_address", "address"]))
    if message.needs_consent:
        rules.append("consent")
        if message.kind not in BY_HAND + ANSWERS:
            rules.append("no_alarm")
    if message.instead_of_id:
        rules.append("text_failed")
    if message.appointment:
        rules += [] if message.instead_of_id else ["preference"]
        rules += [] if message.kind == "cancelled" else ["still_stands"]
        rules.append("not_skipped")
    if message.kind == "follow_up":
        rules += ["no_open_request", "not_confirmed_or_wanted", "once_a_day"]
    if message.clock_started:
        rules.append("quiet_hours")
    if message.letter:
        rules += [
            "letters_on",
            "do_not_mail",
            "reason",
            "in_time",
            "postal_address",
            *(["not_bounced"] if message.channel == "email" else []),
        ]
    if message.kind in TO_STAFF:
        rules.append("link_works")
    if message.kind == "repair_order":
        rules.append("paper")
    if message.kind == "status":
        rules += ["mail_not_refused" if message.instead_of_id else "updates_on", "still_new"]
    return rules


def _shop_number(message: "Message") -> bool:
    return bool(message.shop.texting_number)


def _shop_address(message: "Message") -> bool:
    return "@" in message.shop.email


def _number(message: "Message") -> bool:
    return bool(message.address) and phone.textable(message.address)


def _address(message: "Message") -> bool:
    return "@" in message.address


def _consent(message: "Message") -> bool:
    from models.consent import Consent

    return Consent.may_text(message.shop, message.address)


def _no_alarm(message: "Message") -> bool:
    from models.stop_alarm import StopAlarm

    return not StopAlarm.rings(message.shop, message.address)


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


def _quiet_hours(message: "Message") -> bool:
    quiet = _quiet_of(message)
    return quiet is None or clock.now() not in quiet


def _quiet_of(message: "Message") -> "QuietHours | None":
    """On the recipient's own clock; a card in a letter box wakes nobody."""
    if message.appointment:
        return message.appointment.recipient_quiet
    if message.letter is None or message.channel == "postcard" or message.customer is None:
        return None
    location = message.shop.location
    return QuietHours(location.quiet_from, location.quiet_until, message.customer.tz)


def _pointless_from(message: "Message") -> datetime:
    if message.appointment:
        return message.appointment.starts_at
    assert message.letter
    return clock.day_bounds(message.letter.last_day, message.shop.tz)[1]


def _updates_on(message: "Message") -> bool:
    assert message.stay is not None
    return message.stay.work_order.texts if message.channel == "text" else message.stay.work_order.emails


def _text_failed(message: "Message") -> bool:
    return message.instead_of is not None and message.instead_of.state is Delivery.failed


def _mail_not_refused(message: "Message") -> bool:
    assert message.stay is not None
    return not message.stay.work_order.has_switched_off("email")


def _still_new(message: "Message") -> bool:
    """News of a while ago would mislead; an update that was asked to wait for the morning is new until then."""
    message = message.instead_of or message
    return clock.now() - max(message.created_at, message.due_at) < OLD_NEWS


def _link_works(message: "Message") -> bool:
    from models.account_link import AccountLink

    link = AccountLink.of(message)
    return link is not None and link.works


def _paper(message: "Message") -> bool:
    from models.message_media import MessageMedia

    return all(media.is_ready for media in MessageMedia.of([message]).get(message.id, []))


def _paper_failed(message: "Message") -> bool:
    from models.message_media import MessageMedia

    return any(media.document and media.document.has_failed for media in MessageMedia.of([message]).get(message.id, []))


def _note(message: "Message", rule: str) -> str:
    if rule in {"number", "address", "consent", "post"}:
        return message.address
    if rule == "not_skipped":
        return skipper(message) or ""
    if rule == "quiet_hours":
        location = message.shop.location
        return f"{location.quiet_from:%H:%M}–{location.quiet_until:%H:%M}"
    return ""


_RULES: Rules = {
    "shop_number": _shop_number,
    "shop_address": _shop_address,
    "number": _number,
    "address": _address,
    "consent": _consent,
    "no_alarm": _no_alarm,
    "preference": _preference,
    "still_stands": _still_stands,
    "not_skipped": _not_skipped,
    "phone_preferred": _phone_preferred,
    "not_confirmed": _not_confirmed,
    "no_open_request": _no_open_request,
    "not_confirmed_or_wanted": _not_confirmed_or_wanted,
    "once_a_day": _once_a_day,
    "quiet_hours": _quiet_hours,
    "link_works": _link_works,
    "paper": _paper,
    **RULES_OF_LETTERS,
    "text_failed": _text_failed,
    "mail_not_refused": _mail_not_refused,
    "updates_on": _updates_on,
    "still_new": _still_new,
}
