"""An order with work that customers decide on, and an overview of it that was sent."""

from decimal import Decimal
from secrets import token_hex
from typing import Any

from models import Actor, Category, Choice, Chosen, Overview, OverviewRules, Reply, Shop, WorkItem, WorkOrder, db
from models.answering import Said, answer
from models.item_line import Line
from models.overview_sending import contacts, send_overview
from models.summary import Summary
from models.tax import Kind
from tests.ground.makers import SAM, a_customer, a_work_order, consenting

OWNER = Actor("customer", "Maria Lopez", ip="198.51.100.7")
FOUND = {
    "Oil and filter": (Category.scheduled, 8000),
    "Front brake pads": (Category.necessary, 30000),
    "Wiper blades": (Category.recommended, 4000),
    "Tyres": (Category.recommended, 60000),
    "Lights": (Category.checked_ok, 0),
}


def an_item(order: WorkOrder, title: str, category: Category = Category.necessary, price: int = 10000) -> WorkItem:
    """One of labour alone, on which a shop in the United States charges no tax."""
    lines = [Line(Kind.labour, "", Decimal(1), price)] if price else []
    item = WorkItem.add(order, title, by=SAM, category=category, lines=lines)
    db.session.commit()
    return item


def an_inspected_order(shop: Shop, found: dict[str, tuple[Category, int]] | None = None) -> WorkOrder:
    """Maria's car, with work of all four categories; she agreed to texts."""
    order = a_work_order(shop, consenting(a_customer(shop)))
    for title, (category, price) in (found or FOUND).items():
        an_item(order, title, category, price)
    return order


def rules(shop: Shop, **changed: Any) -> OverviewRules:
    usual = {"prices": "all", "may_decline": True, "may_decline_necessary": False, "may_put_off": False, "risk_words": {}}
    made = OverviewRules.change(shop, **{**usual, "tolerance_percent": Decimal(0), "tolerance_amount": None, **changed}, by=SAM)
    db.session.commit()
    return made


def sent(order: WorkOrder, note: str = "", key: str = "") -> Overview:
    """An overview of it as it stands, to the first address that there is."""
    order.lock()
    overview = send_overview(order, contacts(order)[0].word, note, key or token_hex(8), by=SAM)
    db.session.commit()
    return overview


def answered(overview: Overview, choices: dict[str, str], **said: Any) -> Reply:
    """Maria chooses, by the items' titles, and sends."""
    ids = {item.title: item.id for item in overview.items}
    chosen = {ids[title]: Chosen.read(word) or Chosen(Choice.repair) for title, word in choices.items()}
    statement = Summary(overview, chosen).statement
    usual = {"name": "Maria Lopez", "statement": statement, "key": token_hex(8), "acknowledged": frozenset(chosen)}
    reply = answer(overview, Said(choices=chosen, **{**usual, **said}), by=OWNER)
    db.session.commit()
    return reply


def item_called(order: WorkOrder, title: str) -> WorkItem:
    return next(item for item in WorkItem.of(order) if item.title == title)
