"""The end of consent, said by the customer or told by the provider, and its return; with what that means for texts that wait."""

from collections.abc import Sequence

from sqlalchemy import select

from models.actor import Actor
from models.base import db
from models.consent import MARKETING, SERVICE, Consent
from models.delivery import Delivery
from models.handover import touch
from models.message import Message
from models.shop import Shop

BY_STOP = frozenset({"stop", "provider", "words"})  # sources of withdrawals that START undoes


def opt_out(shop: Shop, number: str, *, source: str, wording: str, by: Actor) -> None:
    """End consent for every scope at once, and hold back what is waiting to go to that number."""
    for scope in (SERVICE, MARKETING):
        newest = Consent.of(shop, number, scope)
        if scope == SERVICE or (newest and newest.given):
            Consent.note(shop, number, given=False, source=source, scope=scope, wording=wording, by=by)
    for message in texts_to(shop.id, number, Delivery.planned, Delivery.queued):
        if message.needs_consent:
            message.hold("opted_out")
    touch(shop.id, "messages")


def opt_in(shop: Shop, number: str, *, source: str, wording: str, by: Actor, scope: str = SERVICE, version: str = "") -> bool:
    """Keep that consent was given, and let the rules look again at what was held back; false where it was kept before."""
    noted = Consent.note(shop, number, given=True, source=source, scope=scope, wording=wording, version=version, by=by)
    for message in texts_to(shop.id, number, Delivery.held) if noted else ():
        message.reconsider()
    return noted is not None


def taken_by_stop(shop: Shop, number: str, scope: str) -> bool:
    """Whether consent had been given until STOP took it; what staff withdrew before is not for START to give back."""
    facts = [fact for fact in Consent.history(shop, number) if fact.scope == scope]
    before = next((fact for fact in facts if fact.source not in BY_STOP or fact.given), None)
    return bool(facts) and not facts[0].given and facts[0].source in BY_STOP and before is not None and before.given


def texts_to(shop_id: int, number: str, *states: Delivery) -> Sequence[Message]:
    """What was to go to that number and stands so, oldest first."""
    texts = select(Message).where(Message.shop_id == shop_id, Message.address == number, Message.channel == "text")
    return db.session.scalars(texts.where(Message.direction == "out", Message.state.in_(states)).order_by(Message.id)).all()
