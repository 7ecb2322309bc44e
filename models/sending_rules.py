"""May this be sent? Asked here only: when a message is written, and again when it goes. The answer lists every rule that was tried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from models import clock, phone
from models.appointment_sending import RULES_OF_APPOINTMENTS, concerning_appointments, skipper
from models.delivery import Delivery
from models.follow_up import QuietHours
from models.letter_sending import RULES_OF_LETTERS, concerning_letters

if TYPE_CHECKING:
    from models.message import Message

Trace = list[list[str | bool]]
Rules = Mapping[str, Callable[["Message"], bool]]
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
    reach = {"text": ["shop_number", "number"], "postcard": ["post", "post_arrives"]}
    rules = list(reach.get(message.channel, ["shop_address", "address"]))
    if message.needs_consent:
        rules.append("consent")
        if message.kind not in BY_HAND + ANSWERS:
            rules.append("no_alarm")
    if message.instead_of_id:
        rules.append("text_failed")
    rules += concerning_appointments(message) if message.appointment else []
    if message.clock_started:
        rules.append("quiet_hours")
    rules += concerning_letters(message) if message.letter else []
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
    "quiet_hours": _quiet_hours,
    "link_works": _link_works,
    "paper": _paper,
    **RULES_OF_APPOINTMENTS,
    **RULES_OF_LETTERS,
    "text_failed": _text_failed,
    "mail_not_refused": _mail_not_refused,
    "updates_on": _updates_on,
    "still_new": _still_new,
}
