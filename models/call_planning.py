"""Calls that the clock asks for: of follow-ups that are due and reach the customer by no letter, and of letters that did not arrive."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, select
from sqlalchemy.orm import contains_eager, joinedload

from models import clock
from models.base import db
from models.call import CAME_BACK, NO_ADDRESS, Call
from models.customer import Customer
from models.delivery import Delivery
from models.do_not_mail import DoNotMail
from models.letter import Letter
from models.letter_kind import EMAIL, POSTCARD
from models.letter_rules import LetterRules
from models.message import Message

if TYPE_CHECKING:
    from models.occasion import Occasion

REACH = {"post", "address", "not_bounced"}  # rules of sending that say that no letter gets there
BACK = timedelta(days=30)  # how long a letter may take to come back


def call_instead(rules: LetterRules, written: "Sequence[tuple[Occasion, Letter | None]]") -> int:
    """Of these occasions, each with its letter if one was written: somebody calls about those that get to nobody. Says how many."""
    cards = LetterRules.of(rules.shop, POSTCARD)
    unreached = []
    for about, letter in written:
        # no letter by e-mail: there is no address that works, and it goes by postcard if that is on
        left_out = letter is None and rules.channel == EMAIL and not (cards.sends and cards.days(about.kind))
        if left_out or (letter and _is_unreached(letter)):
            unreached.append(about)
    if not unreached:
        return 0
    known, barred = Call.known([about.key for about in unreached]), _barred({about.customer_id for about in unreached})
    wanted = [about for about in unreached if about.key not in known and about.customer_id not in barred]
    return sum(Call.instead(about, about.key, rules.shop, NO_ADDRESS) is not None for about in wanted)


def call_about_lost_letters() -> int:
    """Of all shops: about letters that failed, while a call is not too late. Says how many; safe twice."""
    lost = select(Letter).join(Letter.message).where(Message.state == Delivery.failed, Message.due_at > clock.now() - BACK)
    lost = lost.where(~exists().where(Call.shop_id == Letter.shop_id, Call.key == Message.dedupe_key), Message.dedupe_key.is_not(None))
    lost = lost.where(~exists().where(DoNotMail.customer_id == Letter.customer_id))
    lost = lost.where(~exists().where(Customer.id == Letter.customer_id, Customer.erased_at.is_not(None)))
    found = db.session.scalars(lost.options(contains_eager(Letter.message), joinedload(Letter.shop))).all()
    made = [Call.instead(one, one.message.dedupe_key or "", one.shop, CAME_BACK) for one in found if one.shop.today() <= one.last_day]
    return sum(call is not None for call in made)


def _is_unreached(letter: Letter) -> bool:
    """Held back by nothing but that no letter gets there."""
    stopped = {str(rule) for rule, passed, _note in letter.message.trace if not passed}
    return letter.message.state is Delivery.held and bool(stopped) and stopped <= REACH


def _barred(customer_ids: set[int]) -> set[int]:
    return set(db.session.scalars(select(DoNotMail.customer_id).where(DoNotMail.customer_id.in_(customer_ids))))
