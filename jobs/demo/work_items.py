"""The work on the orders that are open: what was booked, what was found, what was in order."""

import random
from decimal import Decimal

from jobs.demo.desk import Desk
from jobs.demo.inspections import FOUND, inspect
from models import Actor, Approvals, Category, Prices, Shop, WorkItem, WorkOrder
from models.item_line import Line
from models.overview_lists import newest_overview
from models.tax import Kind

FINE = ("Panel gaps", "Seat belts and airbags", "Wheel alignment")
DUTCH_FINDINGS = (
    ("Remblokken voor vervangen", Category.necessary, "De blokken zijn nog 2 mm dik (nieuw 11 mm).", "1.4", "Remblokset voor", 8900),
    ("Ruitenwissers vervangen", Category.recommended, "Beide bladen trekken strepen.", "0.2", "Wisserbladen, set", 3850),
)
DUTCH_FINE = ("Verlichting en claxon", "Stuurinrichting en ophanging")
LINDES_HOUR = Decimal("98.50")
BUSY = frozenset({"st_pricing", "st_approval", "st_answered", "st_parts", "st_repair", "st_late", "st_quality", "st_ready"})
NEARLY_THERE = frozenset({"st_quality", "st_ready"})


def set_rate(shop: Shop) -> None:
    if shop.language == "nl":
        Prices.of(shop).labour_rate = int(LINDES_HOUR * 100)


def tell(desk: Desk) -> None:
    """What stands on the orders that are open now; some had it written on them when their overview was sent."""
    orders = WorkOrder.open_in(desk.shop, newest_overview())
    on_the_lift = next((order for order in reversed(orders) if order.newest_overview is None), None)
    for order in orders:
        status = order.stay.status.key if order.stay else ""
        price(desk, order, found=status in BUSY and order is not on_the_lift)
        if status in NEARLY_THERE:
            finish(order, by=desk.staff[0])


def price(desk: Desk, order: WorkOrder, *, found: bool) -> None:
    """What was booked, and what was found besides; once."""
    rng = random.Random(f"work of {desk.shop.slug} {order.number}")  # noqa: S311 (the demo shall be the same each time)
    by = desk.someone(rng)
    if WorkItem.any_on(order):
        return
    if order.visit.appointment and order.visit.appointment.type_of_work:
        booked = WorkItem.add_booked(order, by=by)
        if not booked.lines:
            _estimate(desk, booked, rng, by)
    if found:
        _find(desk, order, rng, by)


def finish(order: WorkOrder, *, by: Actor) -> None:
    """All that may be done is done."""
    approvals = Approvals(order)
    for item in approvals.work.items:
        if not approvals.why_not(item):
            item.finish(by=by)


def _find(desk: Desk, order: WorkOrder, rng: random.Random, by: Actor) -> None:
    rate = Prices.of(desk.shop).labour_rate
    if desk.shop.language == "nl":
        for title, category, why, hours, part, price in rng.sample(DUTCH_FINDINGS, rng.randint(1, 2)):
            lines = [Line(Kind.labour, "", Decimal(hours), rate), Line(Kind.part, part, Decimal(1), price)]
            WorkItem.add(order, title, by=by, category=category, why=why, lines=lines)
    elif desk.shop.slug != "elm":
        inspect(desk, order, rng.sample(list(FOUND), rng.randint(1, 3)))
        return
    WorkItem.add(order, rng.choice(DUTCH_FINE if desk.shop.language == "nl" else FINE), by=by, category=Category.checked_ok)


def _estimate(desk: Desk, item: WorkItem, rng: random.Random, by: Actor) -> None:
    """Work that is in no catalogue has hours and parts of its own."""
    rate = Prices.of(desk.shop).labour_rate
    dutch, body = desk.shop.language == "nl", desk.shop.slug == "elm"
    hours, price = Decimal(rng.randrange(5, 60 if body else 25)) / 10, rng.randrange(20, 400 if body else 120) * 100 + 50
    part = "Onderdelen" if dutch else "Paint and materials" if body else "Parts"
    lines = [Line(Kind.labour, "", hours, rate), Line(Kind.part, part, Decimal(1), price)]
    item.change(item.version, title=item.title, why="", category=item.category, lines=lines, by=by)
