"""The demo: four shops, their people and a believable month around today, by the domain's own verbs. Nothing here talks to the outside."""

from jobs.demo import (
    bay,
    calls,
    estimates,
    exports,
    inspections,
    letters,
    marias_overview,
    month,
    odd_cases,
    overviews,
    people,
    plates,
    print_service,
    retention,
    shops,
    staff,
    work_items,
)
from jobs.demo.carrier import Carrier
from jobs.demo.desk import Desk
from jobs.demo.history import History
from models import Shop, db


def fill() -> None:
    """Fill the demo in as of now, whole or not at all; where its first shop is known already, nothing changes."""
    if Shop.with_slug(shops.HARBOUR):
        return
    with db.session.no_autoflush:  # verbs flush where they must: asking before every query would take half as long again
        _fill()
    db.session.commit()


def _fill() -> None:
    history = History()
    carrier = Carrier(history)
    with history.opening_day():
        opened = {shop.slug: shop for shop in shops.open_all(history.today)}
        staff.hire(opened)
        for shop in opened.values():
            bay.hang_up_sheet(shop)
            work_items.set_rate(shop)
            overviews.set_rules(shop, shops.OWNER)
            letters.set_up(shop)
            plates.set_up(shop)
            print_service.set_up(shop)
            retention.set_up(shop)
    desks = {slug: Desk(shop, history, carrier) for slug, shop in opened.items()}
    people.tell(desks[shops.HARBOUR])
    marias_overview.tell(desks[shops.HARBOUR])
    odd_cases.tell(desks[shops.HARBOUR])
    for desk in desks.values():
        month.tell(desk)
        estimates.tell(desk)
    letters.tell(desks[shops.HARBOUR])
    plates.tell(desks[shops.HARBOUR])
    exports.tell(desks[shops.HARBOUR])
    history.unfold()
    for desk in desks.values():
        bay.tell(desk)
        work_items.tell(desk)
        inspections.tell(desk)
    calls.tell(desks[shops.HARBOUR])
    staff.invite(opened[shops.HARBOUR])
    people.book_maria(desks[shops.HARBOUR])
