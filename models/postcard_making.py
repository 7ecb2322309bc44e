"""Putting the postcards that wait into batches, one or more a shop; again and again is once."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, select

from models.actor import Actor
from models.base import db
from models.delivery import Delivery
from models.document import Document
from models.entry import record
from models.handover import touch
from models.letter import Letter
from models.letter_kind import POSTCARD
from models.message import Message
from models.postcard_batch import MOST, PostcardBatch
from models.postcard_size import PostcardSize
from models.shop import Shop

CLOCK = Actor.rule("Clock")


def make_due_batches() -> Iterator[PostcardBatch]:
    """Of all shops; gives each batch for the caller to commit. Safe twice, safe missed."""
    waiting = _waiting(select(Message.shop_id)).distinct().order_by(Message.shop_id)
    for shop_id in db.session.scalars(waiting).all():
        yield from make_batches(db.session.get_one(Shop, shop_id), by=CLOCK)


def make_batches(shop: Shop, *, by: Actor) -> Iterator[PostcardBatch]:
    """Of the cards of one shop that wait and that the rules, asked once more, let go. The caller commits after each."""
    while letters := _taken(shop):
        willing = [letter for letter in letters if letter.message.still_goes()]
        db.session.flush()
        if willing:
            yield _made(shop, willing, by)


def _taken(shop: Shop) -> Sequence[Letter]:
    """Those that wait, no more than one batch takes. Who makes one at the same moment waits for our transaction, and finds nothing then."""
    shop.lock()
    waiting = _waiting(select(Letter)).where(Letter.shop_id == shop.id).options(*PostcardBatch.whole())
    return db.session.scalars(waiting.order_by(Letter.id).limit(MOST)).unique().all()


def _made(shop: Shop, letters: Sequence[Letter], by: Actor) -> PostcardBatch:
    batch = PostcardBatch(shop_id=shop.id, shop=shop, size=PostcardSize.of(shop), made_by=by.name)
    db.session.add(batch)
    db.session.flush()
    for number, letter in enumerate(sorted(letters, key=_by_route), start=1):
        letter.postcard_batch_id, letter.card_number = batch.id, number
        letter.message.address = letter.customer.addresses[0].line(shop.country)  # as it is now, and will be printed
    db.session.flush()
    record(batch, "postcards.made", by, count=len(letters))
    Document.postcards(batch, by)
    touch(shop.id, "messages")
    return batch


def _waiting(query: Select[Any]) -> Select[Any]:
    query = query.select_from(Letter).join(Letter.message)
    return query.where(Message.channel == POSTCARD, Message.state == Delivery.queued, Letter.postcard_batch_id.is_(None))


def _by_route(letter: Letter) -> tuple[str, str, str, int]:
    """In the order in which the post sorts them."""
    address = letter.customer.addresses[0]
    return address.country or letter.shop.country, address.postal_code, letter.customer.mailing_name, letter.id
