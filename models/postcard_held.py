"""Postcards that wait because nobody knows the whole address."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from models.base import db
from models.customer import Customer
from models.delivery import Delivery
from models.letter import Letter
from models.letter_kind import POSTCARD
from models.message import Message
from models.returned_address import ReturnedAddress

if TYPE_CHECKING:
    from models.shop import Shop

LISTED = 200


def cards_without_address(shop: "Shop") -> list[Letter]:
    """Those that would still come in time, newest first."""
    held = select(Letter).join(Letter.message).where(Letter.shop_id == shop.id, Letter.last_day >= shop.today())
    held = held.where(Message.channel == POSTCARD, Message.state == Delivery.held)
    customer = joinedload(Letter.customer, innerjoin=True).options(selectinload(Customer.addresses))
    found = db.session.scalars(held.options(joinedload(Letter.message, innerjoin=True), customer).order_by(Letter.id.desc()).limit(LISTED))
    return [letter for letter in found.unique() if _only_address(letter.message)]


def _only_address(message: Message) -> bool:
    """Whether it would go if only the address were whole and right."""
    return [rule for rule, passed, _note in message.trace if not passed] in (["post"], ["post_arrives"])


def missing_parts(customer: Customer) -> list[str]:
    """What the first address lacks, in words."""
    address = customer.addresses[0] if customer.addresses else None
    if address is None:
        return [_("the whole address")]
    parts = ((address.street, _("the street")), (address.city, _("the town")), (address.postal_code, _("the postal code")))
    missing = [str(words) for value, words in parts if not value.strip()]
    if not missing and ReturnedAddress.of(customer):
        return [_("another address, since a card came back from this one")]
    return missing


def reconsider_cards(customer: Customer) -> None:
    """What was held back goes now, if its address is whole and nothing else is against it."""
    for message in _held_for(customer):
        message.reconsider()


def _held_for(customer: Customer) -> Sequence[Message]:
    query = select(Message).join(Message.letter).where(Letter.customer_id == customer.id)
    return db.session.scalars(query.where(Message.channel == POSTCARD, Message.state == Delivery.held)).all()
