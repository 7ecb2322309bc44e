"""The update that a status sends: held for a moment so that a slip can be undone, and merged when statuses follow each other fast."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select

from models import clock
from models.actor import Actor
from models.base import db
from models.delivery import Delivery
from models.message import Message
from models.moments import clock_time
from models.refused import Refused
from models.wording import promise_words, write_update

if TYPE_CHECKING:
    from models.status_stay import StatusStay
    from models.work_order import WorkOrder

UNDO = timedelta(seconds=20)  # an update waits so long, with Undo on screen
APART = timedelta(minutes=2)  # after one has gone, the visit's next one waits; of those that come meanwhile only the last goes
REPEAT = timedelta(hours=1)  # the same words within this ask first
_BLANK = re.compile(r"\{(\w*)\}")
_WRITTEN = (
    *("shop_id", "shop", "customer", "visit", "stay", "kind", "channel", "address"),
    *("language", "subject", "body", "actor_kind", "actor_name"),
)
WAITING = (Delivery.planned, Delivery.held, Delivery.queued)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person who sets a status wants said about it.

    ``bodies``: words as they were changed in review, by channel. ``repeat``: yes, once more.
    """

    silently: bool = False
    skip: frozenset[str] = frozenset()  # channels
    bodies: dict[str, str] = field(default_factory=dict)
    part: str = ""
    reason: str = ""
    repeat: bool = False
    in_the_morning: bool = False


def send_updates(stay: "StatusStay", wish: Wish, *, by: Actor) -> list[Message]:
    """Write the stay's updates for the channels that are on for this visit; they wait for ``UNDO``, longer if one has just gone.

    What waits about statuses before does not go any more; where this one says nothing, it still does if it is as true as it was.
    Raises Refused: a blank is not filled in; the same words went within the hour, and nobody said to repeat them.
    """
    order, status = stay.work_order, stay.status
    wanted = [] if wish.silently else [one for one in order.channels_of(status) if one not in wish.skip]
    if not wanted:
        call_off_waiting(order, _overtaken_by(stay))
        return []
    _ask_before_repeating(stay, wish)
    call_off_waiting(order, [one for one in order.stays if one is not stay])
    due_at = _due_at(order, wish)
    return [_write(stay, channel, wish, due_at, by) for channel in wanted]


def _overtaken_by(stay: "StatusStay") -> list["StatusStay"]:
    """The stays before it of which customers read other words than now: a text that says "ready" would mislead."""
    customer = stay.work_order.visit.customer
    language = customer.language or stay.work_order.visit.shop.language
    words = stay.status.shown_to_customer(language)
    return [one for one in stay.work_order.stays if one is not stay and one.status.shown_to_customer(language) != words]


def call_off_waiting(order: "WorkOrder", stays: Iterable["StatusStay"]) -> None:
    """What has not gone of these stays' updates does not go any more; an overview, which asks something, does while the order is open."""
    for stay in stays:
        for update in stay.updates:
            if update.state in WAITING and (update.kind != "overview" or order.is_closed):
                update.call_off("last_word")


def resume_updates(slip: "StatusStay") -> list[Message]:
    """The slip is undone: the updates that it replaced go after all, as they were written, with a wait of their own."""
    updates = [update for stay in slip.work_order.stays if not stay.undone_at for update in stay.updates]
    replaced = [update for update in updates if _was_replaced(update, slip.entered_at)]
    return [_again(update, f"stay:{update.stay_id}:{update.channel}:{slip.id}") for update in replaced]


def _was_replaced(update: Message, since: datetime) -> bool:
    was = update.state is Delivery.cancelled and any(rule == "last_word" and not passed for rule, passed, _note in update.trace)
    return was and update.state_at >= since


def withdrawn(order: "WorkOrder", since: datetime) -> list[str]:
    """A sentence about each status of which an update would have gone, if the vehicle had not moved on at ``since``."""
    names = [
        stay.status.name
        for stay in order.stays
        for update in stay.updates
        if _was_replaced(update, since) and all(passed for rule, passed, _note in update.trace if rule != "last_word")
    ]
    return [_("The update about “%(status)s” does not go any more.", status=name) for name in dict.fromkeys(names)]


def outcome(stay: "StatusStay", wish: Wish) -> str:
    """What was sent, or why not, for the person who set the status."""
    order, status = stay.work_order, stay.status
    overtaken = withdrawn(order, stay.entered_at)
    if not status.sends or wish.silently:
        return " ".join([_("Nothing is sent.")] * status.sends + overtaken)
    said = [fate(update) for update in stay.updates]
    skipped = [channel for channel in order.channels_of(status) if channel in wish.skip]
    said += [_("Text skipped.") if channel == "text" else _("E-mail skipped.") for channel in skipped]
    if status.texts and not order.texts:
        said.append(_("Text updates are off for this visit."))
    if status.emails and not order.emails:
        said.append(_("E-mail updates are off for this visit."))
    return " ".join(said + overtaken)


def fate(update: Message) -> str:
    """When an update goes, or why it does not."""
    channel = _("Text") if update.channel == "text" else _("E-mail")
    if update.state is Delivery.held:
        return _("%(channel)s held back: %(reason)s", channel=channel, reason=update.held_by)
    wait = update.due_at - clock.now()
    when = _("in %(seconds)s seconds", seconds=round(wait.total_seconds())) if wait <= APART else clock_time(update.due_at, update.shop)
    return _("%(channel)s goes %(when)s.", channel=channel, when=when)


def _write(stay: "StatusStay", channel: str, wish: Wish, due_at: datetime, by: Actor) -> Message:
    visit = stay.work_order.visit
    known = blanks(stay.work_order, stay.work_order.promised_at, wish.part, wish.reason)
    wording = write_update(stay.work_order, stay.status, channel, known, wish.bodies.get(channel, ""))
    if left := _BLANK.search(wording.body):
        blank = left.group(1)
        field = "part" if blank == "part" else f"body_{channel}"
        raise Refused.at(**{field: _("Say which part.") if blank == "part" else _("Fill in what stands in braces, or take it out.")})
    message = Message(
        shop_id=stay.shop_id,
        shop=visit.shop,
        dedupe_key=f"stay:{stay.id}:{channel}",
        channel=channel,
        kind="status",
        address=Message.address_of(visit, channel),
        customer=visit.customer,
        visit=visit,
        stay=stay,
        due_at=due_at,
        language=wording.language,
        subject=wording.subject,
        body=wording.body,
        actor_kind=by.kind,
        actor_name=by.name,
    )
    db.session.add(message)
    db.session.flush()
    message.submit()
    return message


def _again(update: Message, key: str) -> Message:
    assert update.stay is not None
    order = update.stay.work_order
    message = Message(
        dedupe_key=key,
        due_at=max(update.due_at, _due_at(order, Wish())),
        **{name: getattr(update, name) for name in _WRITTEN},
    )
    db.session.add(message)
    db.session.flush()
    message.submit()
    return message


def blanks(order: "WorkOrder", promised_at: datetime | None, part: str, reason: str) -> dict[str, str]:
    """What only the person who sets the status knows; without a promise its sentence is left out."""
    shop, language = order.visit.shop, order.visit.customer.language or order.visit.shop.language
    known = {"part": part.strip(), "reason": reason.strip()}
    promise = promise_words(shop, promised_at, language) if promised_at else ""
    return {"eta": promise, **{name: words for name, words in known.items() if words}}


def _due_at(order: "WorkOrder", wish: Wish) -> datetime:
    now = clock.now()
    if wish.in_the_morning:
        return order.quiet.next_allowed(now)
    last = max((update.sent_at for update in _went(order) if update.sent_at), default=None)
    return max(now + UNDO, last + APART) if last else now + UNDO


def _went(order: "WorkOrder") -> Sequence[Message]:
    """This visit's updates that have left us."""
    query = select(Message).where(Message.visit_id == order.visit_id, Message.kind == "status", Message.claimed_at.is_not(None))
    return db.session.scalars(query).all()


def _ask_before_repeating(stay: "StatusStay", wish: Wish) -> None:
    if wish.repeat:
        return
    for update in _went(stay.work_order):
        if update.stay and update.stay.status_id == stay.status_id and update.sent_at and clock.now() - update.sent_at < REPEAT:
            when = clock_time(update.sent_at, update.shop)
            words = _("This update went at %(when)s already. Send it once more?", when=when)
            raise Refused(words, field="repeat", warnings=frozenset({"repeat"}))
