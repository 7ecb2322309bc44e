"""Harbour Street's follow-up letters: its numbers of days, and what they have sent in the last weeks."""

from datetime import date, time, timedelta

from sqlalchemy import select

from jobs.demo import people
from jobs.demo.crowd import Person
from jobs.demo.desk import Desk
from jobs.demo.shops import HARBOUR, OWNER
from models import Actor, Delivery, Document, DoNotMail, LastInvoice, LetterRules, Message, PostcardBatch, Shop, clock, db
from models.do_not_mail import BY_LINK
from models.letter_kind import EMAIL, LETTERS
from models.letter_planning import write_due_letters
from models.postcard_making import make_due_batches

DAYS = {"reminder_1": 30, "reminder_2": 7, "no_show": 1, "thank_you": 3, "deferred": 60}
INACTIVE = {"inactive": 90, "inactive_interval": 90, "dead": 365}
BACK = 31  # days; nothing that is older may still be sent
TEN, EVENING = time(10, 2), time(16, 40)


# regulars of whom the shop knows where they live and nothing else, by the open day on which they are missed
REGULARS = {
    -9: (
        ("Edith", "Marlow", 2011, "Buick", "Lucerne"),
        ("Otis", "Grady", 2014, "Ford", "Fusion"),
        ("Pilar", "Ocampo", 2009, "Honda", "CR-V"),
    ),
    -1: (
        ("Wendell", "Pryor", 2013, "Chevrolet", "Impala"),
        ("Lorraine", "Achterberg", 2016, "Toyota", "Camry"),
        ("Ignacio", "Beltrán", 2010, "Nissan", "Frontier"),
        ("Maude", "Fitzwilliam-Carrington", 2012, "Subaru", "Outback"),
    ),
}
FIRST_PLATE = 180  # of theirs


def set_up(shop: Shop) -> None:
    """E-mail, and postcards to who has no e-mail address."""
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
    desk.history.at(desk.history.now, lambda: _post(desk))
    regulars = ((steps, *regular) for steps, group in REGULARS.items() for regular in group)
    for plate, (steps, first, last, year, make, model) in enumerate(regulars, FIRST_PLATE):
        regular = Person(first, last, [people.car(year, make, model, plate)], consent=None)
        regular.address = desk.crowd.town.home(f"{first} {last}")
        _was_here(desk, regular, desk.day(steps) - timedelta(days=INACTIVE["inactive"]))


def _was_here(desk: Desk, regular: Person, day: date) -> None:
    """Last came that day, before the shop began to use Wrenchline's board: what it brought along says so, and nothing more."""

    def brought_along() -> None:
        customer, (vehicle, *_others) = desk.meet(regular, desk.staff[0])
        db.session.add(LastInvoice(shop_id=desk.shop.id, customer_id=customer.id, vehicle_id=vehicle.id, on=day))

    desk.history.at(desk.instant(day, time(17)), brought_along)


def _walter(desk: Desk) -> None:
    walter, _cars = desk.meet(people.WALTER, desk.staff[0])
    DoNotMail.set(walter, BY_LINK, by=Actor("customer", walter.name, walter.id, "198.51.100.20"))


def _nightly(desk: Desk) -> None:
    for rules in LetterRules.that_send("email") + LetterRules.that_send("postcard"):
        if rules.inactive_through and rules.inactive_through < clock.now().date() - timedelta(days=BACK):
            rules.inactive_through = clock.now().date() - timedelta(days=2)  # what went before is not told
    for _written in write_due_letters():
        db.session.flush()
    waiting = select(Message).where(Message.kind.in_(LETTERS), Message.state == Delivery.queued)
    desk.carrier.carry(db.session.scalars(waiting.where(Message.channel == EMAIL)))
    for _batch in make_due_batches():
        db.session.flush()


def _post(desk: Desk) -> None:
    """The cards of each morning went to the letter box the evening after, but for the newest, which wait for the printer."""
    for batch in PostcardBatch.listed(desk.shop, limit=BACK)[1:]:
        evening = desk.instant(desk.day(1, desk.shop.local(batch.made_at).date()), EVENING)
        with clock.at(min(evening, desk.history.now)):
            batch.post(by=desk.staff[0])
        for paper in Document.newest_of_batches([batch]).values():
            db.session.delete(paper)  # drawn when somebody asks for it
