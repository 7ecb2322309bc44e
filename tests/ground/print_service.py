"""A shop whose postcards go by a print service, and the stand-in of that service as a real HTTP server in this process."""

import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from jobs.gateways import print_service
from jobs.gateways.phone import Alone, print_store, serve_alone
from jobs.gateways.phone.print_store import Postcard
from models import Customer, Letter, PostcardBatch, PrintedCard, PrintOrder, PrintService, Shop, clock, db
from models.postcard_making import make_due_batches
from models.print_order import Estimate
from models.print_service import Wanted
from tests.ground.letters import JOHN, a_letter_shop, a_visit, nightly
from tests.ground.makers import SAM, a_customer

KEY, SECRET = "test_0123456789abcdef0123", "secret_of_the_webhook"
SETTINGS = Wanted(True, "", KEY, SECRET, "HARBOUR-7", 79, "USD", "marketing", "usps_first_class")
DAY = date(2025, 3, 3)  # a Monday, on which they were all here
THEN = DAY + timedelta(days=3)


@contextmanager
def serving(app: Flask, folder: Path, *, carrier: bool = False) -> Iterator[Alone]:
    """The app hands its cards to this one as long as the block lasts."""
    usual = app.extensions["settings"]
    try:
        with serve_alone(replace(usual, data_dir=folder), carrier=carrier) as alone:
            app.extensions["settings"] = replace(usual, print_api_base=f"{alone.url}/print")
            yield alone
            db.session.rollback()
            print_service.hang_up()
    finally:
        app.extensions["settings"] = usual


def a_printing_shop(slug: str = "harbour", **settings: Any) -> Shop:
    """Its thank-you cards go by the service, at 79 cents each."""
    with clock.at(clock.instant(DAY - timedelta(days=2), time(9), clock_zone())):
        shop = a_letter_shop(slug, thank_you=3, cards=True)
        PrintService.keep(shop, replace(SETTINGS, **settings), by=SAM)
        db.session.commit()
    return shop


def clock_zone() -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo("America/Chicago")


def a_reader(shop: Shop, last_name: str = "Doyle", **address: str) -> Customer:
    """Somebody without e-mail who was here on ``DAY``, so that a card goes to them on ``THEN``."""
    customer = a_customer(shop, "Hank", last_name, phones=[], emails=[], addresses=[JOHN | address])
    a_visit(shop, DAY, customer)
    return customer


def a_batch(shop: Shop, *names: str) -> PostcardBatch:
    """Of a card to each of these, made on the morning of ``THEN``."""
    for name in names:
        a_reader(shop, name)
    nightly(shop, THEN)
    with clock.at(clock.instant(THEN, time(11), shop.tz)):
        (batch,) = list(make_due_batches())
        db.session.commit()
    return batch


def ordered(batch: PostcardBatch) -> PrintOrder:
    """Somebody says yes to what it costs."""
    service = PrintService.of(batch.shop)
    assert service
    order = PrintOrder.confirm(batch, Estimate.of(batch, service).seal, by=SAM)
    db.session.commit()
    return order


def standings(batch: PostcardBatch) -> dict[str, str]:
    """By the customer's name, how far each card is."""
    db.session.expire_all()
    found = db.session.query(PrintedCard).join(Letter, Letter.message_id == PrintedCard.message_id)
    return {card.message.customer.last_name: card.standing.value for card in found if card.shop_id == batch.shop_id}  # type: ignore[union-attr]


def card_of(batch: PostcardBatch, last_name: str = "Doyle") -> PrintedCard:
    found = db.session.query(PrintedCard).filter_by(shop_id=batch.shop_id).all()
    return next(card for card in found if card.message.customer and card.message.customer.last_name == last_name)


def taken(alone: Alone) -> list[Postcard]:
    """What the service has, newest first."""
    return print_store.cards(alone.store)


def event(kind: str, provider_id: str, uid: str = "", event_id: str = "") -> bytes:
    """What the service would post."""
    about = {"id": provider_id, "metadata": {"message": uid}, "to": {"name": "Hank Doyle"}}
    said = {
        "id": event_id or f"evt_{kind}_{provider_id}",
        "event_type": {"id": f"postcard.{kind}"},
        "reference_id": provider_id,
        "body": about,
    }
    return json.dumps(said).encode()


def signed(body: bytes, secret: str = SECRET, *, ago: float = 0, stamp: str = "") -> dict[str, str]:
    """The headers that prove who says so; ``ago`` seconds old."""
    stamp = stamp or str(int((clock.now().timestamp() - ago) * 1000))
    digest = hmac.digest(secret.encode(), stamp.encode() + b"." + body, "sha256").hex()
    return {"Lob-Signature": digest, "Lob-Signature-Timestamp": stamp}
