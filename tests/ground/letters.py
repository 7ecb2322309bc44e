"""A shop that sends follow-up letters, and visits that give reason for them."""

from datetime import date, datetime, time, timedelta
from typing import Any

from models import Customer, LetterRules, Message, Shop, Vehicle, WorkOrder, clock, db
from models.letter_kind import LETTERS
from models.letter_planning import write_due_letters
from models.shop_settings import change_hours
from tests.ground.makers import SAM, a_customer, a_shop, a_vehicle

JOHN = {"street": "5 Elm Street", "city": "Chicago", "region": "IL", "postal_code": "60601"}


def a_letter_shop(slug: str = "harbour", zone: str = "America/Chicago", *, cards: bool = False, **days: int) -> Shop:
    """Open every day, so that days count plainly; letters by e-mail are on (and by postcard, if asked) with these numbers of days."""
    shop = a_shop(slug, zone)
    change_hours(shop, dict.fromkeys(range(7), (time(8), time(17, 30))), by=SAM)
    shop.business.mails_letters = shop.business.posts_cards = True
    db.session.flush()
    if days:
        set_days(shop, "email", **days)
        if cards:
            set_days(shop, "postcard", **days)
    db.session.commit()
    return shop


def set_days(shop: Shop, channel: str = "email", *, on: bool = True, never_stop: bool = False, **days: int) -> LetterRules:
    rules = LetterRules.change(shop, channel, days, on=on, never_stop=never_stop, by=SAM)
    db.session.commit()
    return rules


def a_visit(shop: Shop, on: date, customer: Customer | None = None, vehicle: Vehicle | None = None, **closing: Any) -> WorkOrder:
    """The vehicle came at nine that day and left at four."""
    customer = customer or a_customer(shop)
    vehicle = vehicle or (customer.vehicles[0] if customer.vehicles else a_vehicle(customer))
    with clock.at(clock.instant(on, time(9), shop.tz)):
        order = WorkOrder.walk_in(customer, vehicle, by=SAM)
        db.session.flush()
    with clock.at(clock.instant(on, time(16), shop.tz)):
        order.close(by=SAM, **closing)
        db.session.commit()
    return order


def nightly(shop: Shop, day: date, at: time = time(10, 1)) -> list[Message]:
    """What the clock writes that day, in the order in which it did."""
    before = {message.id for message in letters()}
    with clock.at(clock.instant(day, at, shop.tz)):
        for _part in write_due_letters():
            db.session.commit()
    return [message for message in letters() if message.id not in before]


def nights(shop: Shop, first: date, days: int) -> list[tuple[int, str]]:
    """Day by day: after how many days which letter was written."""
    found = []
    for count in range(days + 1):
        found += [(count, message.kind) for message in nightly(shop, first + timedelta(days=count))]
    return found


def letters() -> list[Message]:
    return db.session.query(Message).filter(Message.kind.in_(LETTERS)).order_by(Message.id).all()


def noon(shop: Shop, day: date) -> datetime:
    return clock.instant(day, time(12), shop.tz)
