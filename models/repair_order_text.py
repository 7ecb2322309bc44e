"""The repair order by text: its PDF behind a link, and with the text itself where carriers take it. It goes once the paper is made."""

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models import clock
from models.actor import Actor
from models.base import db
from models.delivery import Delivery
from models.document import Document
from models.entry import record
from models.media_content import MediaSort
from models.message import Message
from models.message_media import MessageMedia
from models.refused import Refused
from models.thread import Thread
from models.wording import write_repair_order

if TYPE_CHECKING:
    from models.work_order import WorkOrder

KIND = "repair_order"


def text_repair_order(order: "WorkOrder", key: str, *, by: Actor) -> Message:
    """Write it to the customer's number and hand it to the rules; the same click, and the same paper again at once, is the same text.

    Raises Refused: no number, one that can't get texts, no consent.
    """
    shop, customer = order.visit.shop, order.visit.customer
    if not customer.phone:
        raise Refused(_("The customer has no number that can get texts."))
    number = customer.phone.number
    Thread.at(shop, number).must_be_textable()
    dedupe_key, document = f"repair-order:{order.id}:{key}", Document.repair_order(order, by)
    if known := Message.keyed(dedupe_key) or _sent_just_now(document, number):
        return known
    try:
        with db.session.begin_nested():
            message = _written(order, document, number, dedupe_key, by)
    except IntegrityError:  # the second click of two, in the same moment
        return Message.keyed(dedupe_key) or message
    message.submit()
    record(order, "work_order.repair_order_texted", by)
    Thread.at(shop, number).said()
    return message


def paper_is_made(document: Document) -> None:
    """What waited for it goes now; where it could not be made, that is said instead."""
    waiting = select(Message).join(MessageMedia, MessageMedia.message_id == Message.id).where(MessageMedia.document_id == document.id)
    for message in db.session.scalars(waiting.where(Message.state == Delivery.planned)):
        message.due_at = clock.now()
        message.submit()


def _written(order: "WorkOrder", document: Document, number: str, dedupe_key: str, by: Actor) -> Message:
    shop, customer = order.visit.shop, order.visit.customer
    media = MessageMedia(shop_id=shop.id, document=document, sort=MediaSort.pdf, name=f"{document.name}.pdf", by_link=True, by_mms=True)
    db.session.add(media)
    db.session.flush()
    wording = write_repair_order(order, media.url())
    message = Message(
        shop_id=shop.id,
        shop=shop,
        dedupe_key=dedupe_key,
        channel="text",
        kind=KIND,
        address=number,
        customer=customer,
        visit=order.visit,
        body=wording.body,
        due_at=clock.now(),
        language=wording.language,
        actor_kind=by.kind,
        actor_name=by.name,
    )
    db.session.add(message)
    db.session.flush()
    media.message_id = message.id
    db.session.flush()
    return message


def _sent_just_now(document: Document, number: str) -> Message | None:
    with_it = select(Message).join(MessageMedia, MessageMedia.message_id == Message.id).where(MessageMedia.document_id == document.id)
    newest = db.session.scalars(with_it.where(Message.address == number).order_by(Message.id.desc()).limit(1)).first()
    return newest if newest and newest.is_fresh else None
