"""The customer answers: what was on screen and what was said is frozen, signed for, numbered and chained. A receipt goes back."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from models import clock
from models.actor import Actor
from models.answer import Answer, Choices
from models.base import db
from models.communication import Communication
from models.document import Document
from models.entry import record
from models.evidence import digest_of, evidence
from models.handover import touch
from models.message import Message
from models.overview import TOPIC, Overview
from models.refused import NotFound, Refused
from models.remark import Remark
from models.reply import Reply
from models.signature import read_signature
from models.status import Status
from models.status_update import Wish
from models.stored_file import StoredFile
from models.summary import Summary
from models.wording import write_receipt

if TYPE_CHECKING:
    from models.work_order import WorkOrder

KIND = "receipt"
WAITING, ANSWERED = "st_approval", "st_answered"
MINUTES = 15  # until somebody looks at the answers, where the shop's status asks for an estimate
LONGEST_NAME, LONGEST_COMMENT = 80, 4000  # characters
MOST = 10**12  # minor units: a sum beyond that is a slip of typing, and nobody shall sign it


class Overtaken(Refused):
    """The overview was changed, or answered elsewhere, after the page was opened."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the form sends. ``statement`` is the sentence about the amount as it stood on the page; ``signature`` a drawn one."""

    choices: Choices
    name: str
    comment: str = ""
    statement: str = ""
    signature: str = ""
    key: str = ""
    agent: str = ""
    acknowledged: frozenset[int] = frozenset()  # necessary items at whose refusal the customer tapped that the risk was read


def answer(overview: Overview, said: Said, *, by: Actor) -> Reply:
    """Keep the answers; the same key again gives the same reply.

    Raises Overtaken: there is a newer version, or an item was answered elsewhere. Raises Refused: the order is closed, no name, too long a
    comment, the signature is no picture.
    """
    said = replace(said, name=" ".join(said.name.split()), comment=said.comment.replace("\r\n", "\n").strip())
    overview.order.lock()
    if known := _keyed(overview, said.key):
        return known
    db.session.expire(overview, ["items", "replies"])
    _check(overview, said)
    signature = read_signature(said.signature)
    reply = _kept(overview, said, by)
    if signature:
        reply.signature = StoredFile.keep(overview.shop_id, signature, "image/png")
    reply.receipt = evidence(overview, reply)
    reply.digest = digest_of(reply.receipt)
    overview.draft, overview.draft_comment = {}, ""
    overview.opened_at = overview.opened_at or reply.at  # without a script the first word is the first sign of a person
    db.session.flush()
    _spread(overview, reply, by)
    return reply


def _keyed(overview: Overview, key: str) -> Reply | None:
    return db.session.scalars(select(Reply).where(Reply.overview_id == overview.id, Reply.key == key)).first()


def _check(overview: Overview, said: Said) -> None:
    if overview.order.is_closed:
        raise Refused(_("Your visit has ended, so this can't be answered any more. Please call us."))
    if not overview.is_newest:
        raise Overtaken(_("The overview was changed while this page was open. Please look at it again."), field="version")
    if any(not overview.item(item_id).is_open for item_id in said.choices):
        raise Overtaken(_("Some of this was answered a moment ago on another screen. Please look at it again."), field="version")
    faults: dict[str, Any] = _unread_risks(overview, said)
    if not said.name:
        faults["name"] = _("Type your name, please: it stands for your signature.")
    for name, longest in (("name", LONGEST_NAME), ("comment", LONGEST_COMMENT)):
        if len(getattr(said, name)) > longest:
            faults[name] = _("Please keep it under %(count)s characters.", count=longest + 1)
    summary = Summary(overview, said.choices)
    if summary.including > MOST:
        faults["version"] = _("These prices can't be right. Please call us.")
    elif said.statement != summary.statement:
        faults["statement"] = _("This is what it comes to. Please look at it once more, then send.")
    if faults:
        raise Refused.at(**faults)


def _unread_risks(overview: Overview, said: Said) -> dict[str, Any]:
    """Refusing a necessary item asks for one tap more, beside the words that say what is at stake."""
    refused = [item for item in overview.asked if (chosen := said.choices.get(item.id)) and overview.needs_risk_read(item, chosen)]
    return {f"item-{item.id}": _("Tap that you have read this, please.") for item in refused if item.id not in said.acknowledged}


def _kept(overview: Overview, said: Said, by: Actor) -> Reply:
    summary = Summary(overview, said.choices)
    last = db.session.scalar(select(func.max(Reply.ordinal)).where(Reply.work_order_id == overview.work_order_id))
    reply = Reply(
        shop_id=overview.shop_id,
        overview=overview,
        work_order_id=overview.work_order_id,
        ordinal=(last or 0) + 1,
        key=said.key,
        at=clock.now(),
        name=said.name,
        comment=said.comment,
        statement=summary.statement,
        amount=summary.including,
        tax=summary.tax,
        currency=overview.terms.currency,
        prices=overview.visibility,
        contact=overview.address,
        ip=by.ip,
        agent=said.agent[:200],
        digest="",
    )
    for item_id, chosen in said.choices.items():
        item = overview.item(item_id)
        item.answer = Answer(shop_id=overview.shop_id, reply=reply, choice=chosen.choice, months=chosen.months)
    db.session.add(reply)
    db.session.flush()
    return reply


def _spread(overview: Overview, reply: Reply, by: Actor) -> None:
    """The chain, the log, the status, the receipt, and the shop's screens."""
    order = overview.order
    touch(overview.shop_id, TOPIC)  # before what else is touched below: what the desk waits for is fetched first
    facts = {
        "version": overview.version,
        "receipt": reply.number(order.number),
        "answers": [[answer.item.work_item_id, answer.chosen.word] for answer in reply.answers],
        "amount": reply.amount,
        "currency": reply.currency,
        "digest": reply.digest,
    }
    personal = {"name": reply.name, "contact": reply.contact, "ip": reply.ip, "comment": reply.comment, "agent": reply.agent}
    signature = {"signature": reply.signature.digest} if reply.signature else {}
    Communication.write(order, "answered", facts=facts, personal={**personal, **signature})
    if reply.comment:
        Remark.made_of(reply)
    record(order, "overview.answered", by, version=overview.version, receipt=reply.number(order.number))
    _step(order, by)
    if overview.message:
        overview.message.call_off("unanswered")
    Document.receipt(reply, by)  # so that it is there when the customer looks
    _send_receipt(overview, reply)


def _step(order: "WorkOrder", by: Actor) -> None:
    """From waiting for the decision to answered, where the shop has both steps; says nothing to the customer, who just sent it."""
    if order.stay is None or order.stay.status.key != WAITING:
        return
    try:
        status = Status.with_key(order.shop_id, ANSWERED)
    except NotFound:
        return
    if not status.retired_at:
        order.set_status(status, by=by, minutes=status.minutes or MINUTES, wish=Wish(silently=True, reason=_("The customer answered")))


def _send_receipt(overview: Overview, reply: Reply) -> None:
    visit = overview.order.visit
    wording = write_receipt(overview, reply, overview.channel)
    message = Message(
        shop_id=overview.shop_id,
        shop=visit.shop,
        dedupe_key=f"receipt:{reply.id}",
        channel=overview.channel,
        kind=KIND,
        address=overview.address,
        customer=visit.customer,
        visit=visit,
        due_at=reply.at,
        language=wording.language,
        subject=wording.subject,
        body=wording.body,
        actor_name="receipt",
    )
    db.session.add(message)
    db.session.flush()
    message.submit()
