"""Harbour Street has its postcards printed by a service if it likes: the stand-in at /phone, which knows the shop's account already."""

from flask import current_app

from jobs.demo.shops import HARBOUR, OWNER
from jobs.gateways.phone import Store, print_store
from models import PrintService, Shop
from models.print_service import Wanted

KEY, SECRET = "test_harbour_street_garage_demo", "secret_of_the_demo_harbour_street"
PRICE = 79  # cents


def set_up(shop: Shop) -> None:
    if shop.slug != HARBOUR:
        return
    wanted = Wanted(True, "", KEY, SECRET, "HARBOUR-01", PRICE, shop.currency, "marketing", "usps_first_class")
    service = PrintService.keep(shop, wanted, by=OWNER)
    settings = current_app.extensions["settings"]
    if not settings.demo:
        return
    store = Store(settings.data_dir / "phone.db")
    with store.writing() as kept:
        print_store.tell_at(kept, print_store.account_of(KEY), service.webhook_address, SECRET)
    store.close()
