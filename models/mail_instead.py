"""A text that will not arrive goes by e-mail instead, once, if there is an address: what goes by itself, never what was typed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select

from models import clock
from models.base import db
from models.failure import MAY_GO_BY_MAIL
from models.message import Message
from models.overview import Overview
from models.status_update import blanks
from models.wording import Wording, write, write_overview, write_update

if TYPE_CHECKING:
    from models.appointment import Appointment
    from models.status_stay import StatusStay

OF_APPOINTMENTS = frozenset({"booking", "follow_up", "remind", "moved", "cancelled"})


def mail_instead(text: Message) -> Message | None:
    """Write the mail and hand it to the rules; the same text again gives the same mail. None: nothing could or should go that way."""
    if text.channel != "text" or text.failure not in MAY_GO_BY_MAIL or not text.customer or not text.customer.email:
        return None
    key = f"instead:{text.id}"
    if known := Message.keyed(key):
        return known
    wording = _wording(text)
    if wording is None:
        return None
    mail = Message(
        shop_id=text.shop_id,
        shop=text.shop,
        dedupe_key=key,
        channel="email",
        kind=text.kind,
        address=text.customer.email,
        customer=text.customer,
        visit=text.visit,
        appointment=text.appointment,
        revision=text.revision,
        stay=text.stay,
        instead_of=text,
        due_at=clock.now(),
        language=wording.language,
        subject=wording.subject,
        body=wording.body,
        actor_kind=text.actor_kind,
        actor_name=text.actor_name,
    )
    db.session.add(mail)
    db.session.flush()
    mail.submit()
    return mail


def mails_instead(texts: Sequence[Message]) -> dict[int, Message]:
    """The mails that went instead of these, by the text's id; those that did not fail are not asked about."""
    failed = [text.id for text in texts if text.failure]
    found = db.session.scalars(select(Message).where(Message.instead_of_id.in_(failed))) if failed else ()
    return {mail.instead_of_id: mail for mail in found if mail.instead_of_id}


def _wording(text: Message) -> Wording | None:
    if text.appointment and text.kind in OF_APPOINTMENTS:
        return _of_appointment(text.appointment, text.kind)
    if text.kind == "overview":
        overview = Overview.told_by(text)
        return write_overview(overview, "email") if overview else None
    return _of_status(text.stay, text) if text.stay and text.kind == "status" else None


def _of_appointment(appointment: "Appointment", kind: str) -> Wording:
    return write(appointment, kind, "email")


def _of_status(stay: "StatusStay", text: Message) -> Wording | None:
    """None where the update goes by e-mail anyway, or the vehicle has moved on."""
    order = stay.work_order
    if order.stay is not stay or any(update.channel == "email" for update in stay.updates):
        return None
    wording = write_update(order, stay.status, "email", blanks(order, order.promised_at, "", stay.reason))
    if "{" in wording.body:  # what only the person knew who set the status stands in the text
        return write_update(order, stay.status, "email", {}, body=text.body)
    return wording
