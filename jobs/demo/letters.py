"""Harbour Street's follow-up letters: its numbers of days, and what they have sent in the last weeks."""

from datetime import time, timedelta

from sqlalchemy import select

from jobs.demo import people
from jobs.demo.desk import Desk
from jobs.demo.shops import HARBOUR, OWNER
from models import Actor, Delivery, DoNotMail, LetterRules, Message, Shop, clock, db
from models.do_not_mail import BY_LINK
from models.letter_kind import LETTERS
from models.letter_planning import write_due_letters

DAYS = {"reminder_1": 30, "reminder_2": 7, "no_show": 1, "thank_you": 3, "deferred": 60}
INACTIVE = {"inactive": 90, "inactive_interval": 90, "dead": 365}
BACK = 31  # days; nothing that is older may still be sent
TEN = time(10, 2)


def set_up(shop: Shop) -> None:
    """E-mail, and postcards to who has no address."""
    if shop.slug != HARBOUR:
        return
    shop.business.mails_letters = shop.business.posts_cards = True
    shop.location.owner_name, shop.location.feedback = "Ada Marsh", "https://harbour.example/feedback"
    for channel in ("email", "postcard"):
        LetterRules.change(shop, channel, DAYS | INACTIVE, on=True, never_stop=False, by=OWNER)


def tell(desk: Desk) -> None:
    """Walter wants none; what was due on the mornings of the last weeks went then."""
    desk.history.at(desk.instant(desk.today - timedelta(days=12), time(20)), lambda: _walter(desk))
    for ago in range(BACK, -1, -1):
        desk.history.at(desk.instant(desk.today - timedelta(days=ago), TEN), lambda: _nightly(desk))


def _walter(desk: Desk) -> None:
    walter, _cars = desk.meet(people.WALTER, desk.staff[0])
    DoNotMail.set(walter, BY_LINK, by=Actor("customer", walter.name, walter.id, "198.51.100.20"))


def _nightly(desk: Desk) -> None:
    for rules in LetterRules.that_send("email") + LetterRules.that_send("postcard"):
        if rules.inactive_through and rules.inactive_through < clock.now().date() - timedelta(days=BACK):
            rules.inactive_through = clock.now().date() - timedelta(days=2)  # what went before is not told
    for _written in write_due_letters():
        db.session.flush()
    desk.carrier.carry(db.session.scalars(select(Message).where(Message.kind.in_(LETTERS), Message.state == Delivery.queued)))
