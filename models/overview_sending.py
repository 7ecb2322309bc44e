"""Sending an overview: the items with an open eye are frozen into a version, and the status's update brings it to the customer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select

from models import clock, phone
from models.actor import Actor
from models.attachment import Attachment
from models.base import db
from models.communication import Communication
from models.consent import Consent, ConsentFact
from models.entry import record
from models.handover import touch
from models.inspection import Inspection
from models.message import Message
from models.overview import TOPIC, Overview, carried
from models.overview_item import OverviewItem
from models.overview_rules import OverviewRules
from models.refused import NotFound, Refused
from models.status import Status
from models.status_update import Wish
from models.wording import write_overview
from models.work_item import WorkItem

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


def send_overview(order: "WorkOrder", contact: str, note: str, key: str, *, by: Actor) -> Overview:
    """Freeze what is shown now, set the status, and hand its message to the rules; the same key again gives the same overview.

    The caller holds the order's lock. Raises Refused, every fault at once: closed, nothing to show, too long a note, an address that is
    not on file or can't be used.
    """
    if known := _keyed(order, key):
        return known
    order.must_be_open()
    shown, note = [item for item in WorkItem.of(order) if item.shown], note.replace("\r\n", "\n").strip()
    to = next((one for one in contacts(order) if one.word == contact), None)
    _check(shown, note, to)
    assert to
    overview = _frozen(order, shown, to, note, key, by)
    _tell(overview, by)
    items = [[item.work_item_id, item.fingerprint] for item in overview.items]
    facts = {"version": overview.version, "items": items, "channel": to.channel}
    Communication.write(order, "sent", facts=facts, personal={"name": overview.to_name, "contact": to.address})
    record(order, "overview.sent", by, version=overview.version, channel=to.channel)
    touch(order.shop_id, TOPIC)
    return overview


def is_outdated(overview: Overview) -> bool:
    """Whether what is shown to the customer has changed on the work order since."""
    now = {item.work_item_id: item.fingerprint for item in _items(overview.order, overview.language)}
    return now != {item.work_item_id: item.fingerprint for item in overview.items}


def _keyed(order: "WorkOrder", key: str) -> Overview | None:
    return db.session.scalars(select(Overview).where(Overview.work_order_id == order.id, Overview.key == key)).first()


def _check(shown: list[WorkItem], note: str, to: Contact | None) -> None:
    faults = {}
    if not shown:
        faults["items"] = _("There is nothing to show: open the eye of at least one item.")
    if len(note) > LONGEST_NOTE:
        faults["note"] = _("Please keep it under %(count)s characters.", count=LONGEST_NOTE + 1)
    if to is None or to.why_not:
        faults["contact"] = to.why_not if to else _("Choose where it shall go.")
    if faults:
        raise Refused.at(**faults)


def _frozen(order: "WorkOrder", shown: list[WorkItem], to: Contact, note: str, key: str, by: Actor) -> Overview:
    visit, before = order.visit, Overview.newest(order.id)
    language = visit.customer.language or visit.shop.language
    overview = Overview(
        shop_id=order.shop_id,
        order=order,
        version=before.version + 1 if before else 1,
        key=key,
        sent_at=clock.now(),
        sent_by=by.name,
        channel=to.channel,
        address=to.address,
        to_name=to.name,
        note=note,
        language=language,
        terms_kept=shown[0].terms_kept,
        rules_kept=kept_rules(OverviewRules.of(visit.shop), language),
        checked_ok=_checked_ok(order),
        draft={},
        draft_comment=before.draft_comment if before else "",
    )
    overview.replies, overview.items = [], _items(order, language, shown)
    _follow(overview, before)
    Attachment.went_along([picture["id"] for item in overview.items for picture in item.pictures])
    db.session.add(overview)
    db.session.flush()
    if before and before.draft:
        overview.keep_draft(carried({int(item_id): word for item_id, word in before.draft.items()}, before, overview), before.draft_comment)
    return overview


def _items(order: "WorkOrder", language: str, shown: list[WorkItem] | None = None) -> list[OverviewItem]:
    shown = [item for item in WorkItem.of(order) if item.shown] if shown is None else shown
    pictures = Attachment.by_item(order)
    return [OverviewItem.frozen(item, pictures.get(item.id, []), language) for item in shown]


def _follow(overview: Overview, before: Overview | None) -> None:
    """What has changed since the version before; whatever has not keeps its answer."""
    if before is None:
        return
    was = {item.work_item_id: item for item in before.items}
    for item in overview.items:
        item.compare(was.pop(item.work_item_id, None))
    overview.taken_out = len(was)
    overview.prices_told_at, overview.prices_told_by = before.prices_told_at, before.prices_told_by


def _checked_ok(order: "WorkOrder") -> list[list[object]]:
    inspection = Inspection.of(order)
    sections = inspection.checked_ok if inspection else {}
    return [[section, [finding.name for finding in findings]] for section, findings in sections.items()]


def kept_rules(rules: OverviewRules, language: str) -> dict[str, object]:
    """What the customer may do and see, frozen with the overview."""
    return {
        "prices": rules.prices.value,
        "may_decline": rules.may_decline,
        "may_decline_necessary": rules.may_decline_necessary,
        "may_put_off": rules.may_put_off,
        "risk": rules.risk(language),
    }


def _tell(overview: Overview, by: Actor) -> None:
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
        due_at=overview.sent_at,
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
