"""The end of consent, said by the customer or told by the provider, and its return; with what that means for texts that wait."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from models.actor import Actor
from models.base import db
from models.consent import MARKETING, SERVICE, Consent, ConsentFact
from models.delivery import Delivery
from models.handover import touch
from models.message import Message
from models.rerouting import go_by_email
from models.shop import Shop

BY_STOP = frozenset({"stop", "provider", "words"})  # sources of withdrawals that START undoes
AT_PROVIDER = frozenset({"stop", "provider"})  # those that the provider knows of, so that nothing gets through whatever we believe


def opt_out(shop: Shop, number: str, *, source: str, wording: str, by: Actor, scopes: Collection[str] = (SERVICE, MARKETING)) -> None:
    """End consent, for every scope at once unless said otherwise; what waits for that number goes by e-mail, or is held back."""
    for scope in scopes:
        newest = Consent.of(shop, number, scope)
        if scope == SERVICE or (newest and newest.given):
            Consent.note(shop, number, given=False, source=source, scope=scope, wording=wording, by=by)
    if SERVICE not in scopes:
        return
    go_by_email(shop, number, by=by)
    for message in texts_to(shop.id, number, Delivery.planned, Delivery.queued):
        if message.needs_consent:
            message.hold("opted_out")
    touch(shop.id, "messages")


def opt_in(
    shop: Shop, number: str, *, source: str, wording: str, by: Actor, scope: str = SERVICE, version: str = "", remark: str = ""
) -> bool:
    """Keep that consent was given, and let the rules look again at what was held back; false where it was kept before.

    Visits that went over to e-mail stay there: that is for a person to change.
    """
    noted = Consent.note(shop, number, given=True, source=source, scope=scope, wording=wording, version=version, remark=remark, by=by)
    for message in texts_to(shop.id, number, Delivery.held) if noted else ():
        message.reconsider()
    return noted is not None


def taken_by_stop(shop: Shop, number: str, scope: str) -> bool:
    """Whether consent had been given until STOP took it; what staff withdrew before is not for START to give back."""
    facts = [fact for fact in Consent.history(shop, number) if fact.scope == scope]
    before = next((fact for fact in facts if fact.source not in BY_STOP or fact.given), None)
    return bool(facts) and not facts[0].given and facts[0].source in BY_STOP and before is not None and before.given


def still_stopped(facts: Sequence[ConsentFact]) -> bool:
    """Whether of a number's facts, newest first, STOP is the last word to the provider, which lets nothing through until START comes."""
    told = next((fact for fact in facts if fact.source in {*AT_PROVIDER, "start"}), None)
    return told is not None and told.source in AT_PROVIDER


def texts_to(shop_id: int, number: str, *states: Delivery) -> Sequence[Message]:
    """What was to go to that number and stands so, oldest first."""
    texts = select(Message).where(Message.shop_id == shop_id, Message.address == number, Message.channel == "text")
    return db.session.scalars(texts.where(Message.direction == "out", Message.state.in_(states)).order_by(Message.id)).all()
