"""What goes on in the bay of a demo shop: the sheet that its mechanics go through, who works on what, which parts are on their way."""

from datetime import timedelta
from itertools import cycle

from jobs.demo.desk import Desk
from jobs.demo.shops import OWNER
from models import Actor, Assignment, InspectionSheet, PartRequest, PartState, Shop, WorkOrder, clock
from models.assignment import mechanics
from models.inspection_sheet import preset

PARTS = (
    (
        ("Front brake pads, ceramic", 1, "D1210-C", "Lakeside Parts, with the noon run", PartState.ordered),
        ("Front rotor", 2, "R-54321", "Lakeside Parts, with the noon run", PartState.ordered),
    ),
    (("Cabin air filter", 1, "", "", PartState.needed),),
    (("Oil filter", 1, "OF-1042", "Shelf", PartState.arrived), ("Drain washer", 1, "", "Shelf", PartState.arrived)),
    (("Upper radiator hose", 1, "", "Ask the dealer for a price first", PartState.needed),),
)


def hang_up_sheet(shop: Shop) -> None:
    InspectionSheet.make(shop, "Courtesy inspection", preset(), by=OWNER)


def tell(desk: Desk) -> None:
    """The desk gave the work out some minutes ago; what came last nobody has yet."""
    staff = mechanics(desk.shop)
    orders = WorkOrder.open_in(desk.shop)
    parts = iter(PARTS)
    with clock.at(max([desk.history.now - timedelta(minutes=20), *(order.opened_at for order in orders)])):
        for order, mechanic in zip(orders[: -1 if len(orders) < 6 else -2], cycle(reversed(staff)), strict=False):
            Assignment.give(desk.shop, order, mechanic, by=desk.staff[0])
            for description, quantity, number, supplier, state in next(parts, ()):
                typed = {"description": description, "quantity": quantity, "part_number": number, "supplier": supplier}
                PartRequest.ask(order, typed, by=Actor("staff", mechanic.name, mechanic.id)).advance(state, by=desk.staff[0])
