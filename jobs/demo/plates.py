"""Harbour Street has a plate service: the built-in phone plays the provider, and knows a handful of the demo's plates."""

from datetime import time

from flask import current_app

from jobs.demo.desk import Desk
from jobs.demo.shops import HARBOUR, OWNER
from jobs.gateways.phone.plates import KEY, VINS
from models import PlateLookup, PlateService, Shop, clock, plate_terms
from models.plate_lookup import Outcome
from settings import LOOPBACK, Settings

# open days ago, when, plate
ASKED = ((24, time(9, 20), "DEMO108"), (9, time(14, 5), "DEMO140"), (2, time(8, 40), "DEMO102"))


def set_up(shop: Shop) -> None:
    settings: Settings = current_app.extensions["settings"]
    if shop.slug != HARBOUR or settings.host not in LOOPBACK:  # elsewhere a shop may not ask this machine itself
        return
    shop.business.looks_up_plates = True
    service = PlateService.of(shop)
    service.subscribe(f"http://127.0.0.1:{settings.port}/phone/plates/v1/vin", KEY, 200, by=OWNER)
    service.agree(plate_terms.VERSION, by=OWNER)
    service.switch_on(by=OWNER)


def tell(desk: Desk) -> None:
    if PlateService.of(desk.shop).works:
        for days, at, plate in ASKED:
            desk.history.at(desk.instant(desk.day(-days), at), lambda plate=plate: _asked(desk, plate))  # type: ignore[misc]


def _asked(desk: Desk, plate: str) -> None:
    lookup = PlateLookup.ask(desk.shop, plate, "IL", by=desk.staff[0])
    lookup.claimed_at = clock.now()
    found = VINS.get(plate, "")
    lookup.answered(Outcome.found if found else Outcome.none, found, 1 if found else 0)
