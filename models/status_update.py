"""The update that a status sends: held for a moment so that a slip can be undone, and merged when statuses follow each other fast."""

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
from models.wording import Wording, write_update

if TYPE_CHECKING:
    from models.status_stay import StatusStay
    from models.work_order import WorkOrder

UNDO = timedelta(seconds=20)  # an update waits so long, with Undo on screen
APART = timedelta(minutes=2)  # after one has gone, the visit's next one waits; of those that come meanwhile only the last goes
REPEAT = timedelta(hours=1)  # the same words within this ask first
WAITING = (Delivery.planned, Delivery.held, Delivery.queued)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person who sets a status wants said about it.

    ``bodies``: words as they were changed in review, by channel. ``blanks``: what only a person knows ({part}). ``repeat``: yes, once more.
    """

    silently: bool = False
    skip: frozenset[str] = frozenset()  # channels
    bodies: dict[str, str] = field(default_factory=dict)
    blanks: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    repeat: bool = False
    in_the_morning: bool = False


def channels(stay_or_order: "StatusStay | WorkOrder", texts: bool, emails: bool) -> list[str]:
    """By which channels the status sends."""
    return [channel for channel, sends in (("text", texts), ("email", emails)) if sends]


def send_updates(stay: "StatusStay", wish: Wish, *, by: Actor) -> list[Message]:
    """Write the stay's updates for the channels that are on for this visit; they wait for ``UNDO``, longer if one has just gone.

    Raises Refused: a blank is not filled in; the same words went within the hour, and nobody said to repeat them.
    """
    order, status = stay.work_order, stay.status
    wanted = [] if wish.silently else [one for one in order.channels_of(status) if one not in wish.skip]
    if not wanted:
        return []
    _ask_before_repeating(stay, wish)
    call_off_waiting(order, [one for one in order.stays if one is not stay])
    due_at = _due_at(order, wish)
    return [_write(stay, channel, wish, due_at, by) for channel in wanted]


def call_off_waiting(order: "WorkOrder", stays: Iterable["StatusStay"]) -> None:
    """What has not gone of these stays' updates does not go any more."""
    for stay in stays:
        for update in stay.updates:
            if update.state in WAITING:
                update.call_off()


def outcome(stay: "StatusStay", wish: Wish) -> str:
    """What was sent, or why not, for the person who set the status."""
    order, status = stay.work_order, stay.status
    if not status.sends:
        return ""
    if wish.silently:
        return _("Nothing is sent.")
    said = [_said(update) for update in stay.updates]
    off = [channel for channel in channels(order, status.texts, status.emails) if channel not in order.channels_of(status)]
    said += [
        _("Text updates are off for this visit.") if channel == "text" else _("E-mail updates are off for this visit.") for channel in off
    ]
    return " ".join(said)


def _said(update: Message) -> str:
    channel = _("Text") if update.channel == "text" else _("E-mail")
    if update.state is Delivery.held:
        return _("%(channel)s held back: %(reason)s", channel=channel, reason=update.held_by)
    wait = update.due_at - clock.now()
    when = _("in %(seconds)s seconds", seconds=round(wait.total_seconds())) if wait <= APART else clock_time(update.due_at, update.shop)
    return _("%(channel)s goes %(when)s.", channel=channel, when=when)


def preview(order: "WorkOrder", stay: "StatusStay", channel: str, wish: Wish) -> Wording:
    """The words as they would go."""
    return write_update(stay, channel, {**wish.blanks, "reason": wish.reason.strip()})


def _write(stay: "StatusStay", channel: str, wish: Wish, due_at: datetime, by: Actor) -> Message:
    order = stay.work_order
    visit, customer = order.visit, order.visit.customer
    wording = write_update(stay, channel, {**wish.blanks, "reason": wish.reason.strip()})
    body = wish.bodies.get(channel, "").replace("\r\n", "\n").strip() or wording.body
    if "{" in body:
        raise Refused(_("Fill in what stands in braces, or take it out."), field=f"body_{channel}")
    message = Message(
        shop_id=order.shop_id,
        shop=visit.shop,
        dedupe_key=f"stay:{stay.id}:{channel}",
        channel=channel,
        kind="status",
        address=(customer.phone.number if customer.phone else "") if channel == "text" else customer.email or "",
        customer=customer,
        visit=visit,
        stay=stay,
        due_at=due_at,
        language=wording.language,
        subject=wording.subject,
        body=body,
        actor_kind=by.kind,
        actor_name=by.name,
    )
    db.session.add(message)
    db.session.flush()
    message.submit()
    return message


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
