"""Sending an overview: the items with an open eye are frozen into a version, and the status's update brings it to the customer."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select

from models import phone
from models.actor import Actor
from models.attachment import Attachment
from models.base import db
from models.communication import Communication
from models.consent import Consent, ConsentFact
from models.entry import record
from models.handover import touch
from models.message import Message
from models.overview import TOPIC, Overview, carried
from models.overview_draft import OverviewDraft
from models.refused import NotFound, Refused
from models.status import Status
from models.status_update import Wish
from models.wording import write_overview

if TYPE_CHECKING:
    from models.shop import Shop
    from models.status_stay import StatusStay
    from models.work_order import WorkOrder

KIND = "overview"
STATUS = "st_approval"
LONGEST_NOTE = 1000  # characters
MINUTES = 60  # until an answer is to be expected, where the shop's status asks for an estimate


@dataclass(frozen=True, slots=True)
class Contact:
    """Where an overview can go: one of the numbers and addresses on file."""

    channel: str  # text or email
    address: str
    name: str  # who reads it there
    why_not: str = ""  # a sentence, where it can't be sent there

    @property
    def word(self) -> str:
        """As a form says it."""
        return f"{self.channel}:{self.address}"


def contacts(order: "WorkOrder") -> list[Contact]:
    """All that are on file, the customer's own and those of people who may approve for a company; the visit's own way first."""
    shop, customer = order.visit.shop, order.visit.customer
    people = [person for person in customer.contacts if person.approves]
    numbers = {one.number: customer.name for one in customer.phones} | {one.phone: one.name for one in people if one.phone}
    addresses = {one.address: customer.name for one in customer.emails} | {one.email: one.name for one in people if one.email}
    consented = Consent.newest({shop.id}, set(numbers))
    texts = [
        Contact("text", number, name, _why_no_text(shop, consented.get((shop.id, number))))
        for number, name in numbers.items()
        if phone.textable(number)
    ]
    mails = [Contact("email", address, name) for address, name in addresses.items()]
    found = mails + texts if order.emails and not order.texts else texts + mails
    return sorted(found, key=lambda contact: bool(contact.why_not))


def _why_no_text(shop: "Shop", newest: ConsentFact | None) -> str:
    if not shop.texting_number:
        return _("The shop has no number for texts yet.")
    return "" if Consent.allowed_by(shop, newest) else _("There is no consent to text this number.")


def send_overview(order: "WorkOrder", contact: str, note: str, key: str, *, by: Actor, in_the_morning: bool = False) -> Overview:
    """Freeze what is shown now, set the status, and hand its message to the rules; the same key again gives the same overview.

    ``in_the_morning``: the message waits until the recipient's night is over. The caller holds the order's lock. Raises Refused, every
    fault at once: closed, nothing to show, too long a note, an address that is not on file or can't be used.
    """
    if known := _keyed(order, key):
        return known
    order.must_be_open()
    draft, note = OverviewDraft(order), note.replace("\r\n", "\n").strip()
    to = next((one for one in contacts(order) if one.word == contact), None)
    _check(draft, note, to)
    assert to
    overview = _kept(draft, to, note, key, by)
    if draft.before and draft.before.message:
        draft.before.message.call_off("newest")
    _tell(overview, order.quiet.next_allowed(overview.sent_at) if in_the_morning else overview.sent_at, by)
    items = [[item.work_item_id, item.fingerprint] for item in overview.items]
    facts = {"version": overview.version, "items": items, "channel": to.channel}
    Communication.write(order, "sent", facts=facts, personal={"name": overview.to_name, "contact": to.address})
    record(order, "overview.sent", by, version=overview.version, channel=to.channel)
    touch(order.shop_id, TOPIC)
    return overview


def _keyed(order: "WorkOrder", key: str) -> Overview | None:
    return db.session.scalars(select(Overview).where(Overview.work_order_id == order.id, Overview.key == key)).first()


def _check(draft: OverviewDraft, note: str, to: Contact | None) -> None:
    faults = {}
    if not draft.shown:
        faults["items"] = _("There is nothing to show: open the eye of at least one item.")
    if len(note) > LONGEST_NOTE:
        faults["note"] = _("Please keep it under %(count)s characters.", count=LONGEST_NOTE + 1)
    if to is None or to.why_not:
        faults["contact"] = to.why_not if to else _("Choose where it shall go.")
    if faults:
        raise Refused.at(**faults)


def _kept(draft: OverviewDraft, to: Contact, note: str, key: str, by: Actor) -> Overview:
    overview, before = draft.overview(note), draft.before
    overview.key, overview.sent_by = key, by.name
    overview.channel, overview.address, overview.to_name = to.channel, to.address, to.name
    Attachment.went_along([picture["id"] for item in overview.items for picture in item.pictures])
    db.session.add(overview)
    db.session.flush()
    if before and before.draft:
        overview.keep_draft(carried({int(item_id): word for item_id, word in before.draft.items()}, before, overview), before.draft_comment)
    return overview


def _tell(overview: Overview, due_at: datetime, by: Actor) -> None:
    """The message, which is the update of the status that it sets; nothing else goes out for that."""
    visit, stay = overview.order.visit, _stay(overview, by)
    wording = write_overview(overview, overview.channel)
    message = Message(
        shop_id=overview.shop_id,
        shop=visit.shop,
        dedupe_key=f"overview:{overview.id}",
        channel=overview.channel,
        kind=KIND,
        address=overview.address,
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
    overview.message = message
    db.session.flush()
    message.submit()


def _stay(overview: Overview, by: Actor) -> "StatusStay | None":
    """Where the shop has the step of waiting for a decision, the vehicle is in it now."""
    order = overview.order
    try:
        status = Status.with_key(order.shop_id, STATUS)
    except NotFound:
        return order.stay
    if status.retired_at:
        return order.stay
    wish = Wish(silently=True, reason=_("Overview sent"))
    return order.set_status(status, by=by, minutes=status.minutes or MINUTES, wish=wish)
