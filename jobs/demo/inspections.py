"""What the mechanics of a demo shop found: points that are fine with their readings, and those that become work."""

from collections.abc import Collection
from datetime import timedelta
from itertools import islice

from jobs.demo.desk import Desk
from models import Actor, Inspection, InspectionSheet, Result, WorkOrder, clock
from models.assignment import mechanics
from models.finding_items import write_items
from models.inspection_lists import with_inspection

# by the job that comes of it: the points, how urgent, what was read, what the mechanic wrote
FOUND = {
    "BRK-FP": (("Front pads, thinnest", Result.necessary, "2", ""),),
    "BRK-FLU": (("Brake fluid moisture", Result.recommended, "2.6", ""),),
    "TYR-4": (("Tread left front", Result.recommended, "4", ""), ("Tread right front", Result.recommended, "3", "")),
    "WIP": (("Wiper blades", Result.recommended, "", ""),),
    "CABF": (("Cabin filter", Result.recommended, "", ""),),
    "BAT": (("Battery state of health", Result.necessary, "52", ""),),
    "SWLK": (("Sway bar links and bushes", Result.recommended, "", "It knocks over bumps, on the left."),),
    "COOL": (("Coolant level and freeze point", Result.recommended, "-23", ""),),
}
ON_TABLETS = frozenset({"harbour", "northgate"})
USUAL = {
    "Tread left front": "7",
    "Tread right front": "7",
    "Tread left rear": "8",
    "Tread right rear": "8",
    "Cold pressure, four wheels": "33 / 33 / 32 / 32",
    "Front pads, thinnest": "8",
    "Rear pads or shoes, thinnest": "7",
    "Brake fluid moisture": "1.2",
    "Battery state of health": "91",
    "Charging voltage": "14.2",
    "Coolant level and freeze point": "-35",
}


def tell(desk: Desk) -> None:
    """Of the vehicles that nobody has looked at yet one is on the lift just now, and of another the desk has just heard."""
    if desk.shop.slug not in ON_TABLETS:
        return
    waiting = [order for order in WorkOrder.open_in(desk.shop, with_inspection()) if order.inspection is None]
    for order, points in zip(reversed(waiting), (41, None), strict=False):
        with clock.at(max(order.opened_at, desk.history.now - timedelta(minutes=12))):
            inspect(desk, order, ["BRK-FLU", "WIP"], points=points)


def inspect(desk: Desk, order: WorkOrder, codes: Collection[str], *, points: int | None = None) -> Inspection:
    """The order's inspection with what these jobs stand for; so many ``points`` of it, without them all of it and complete."""
    by = _mechanic(desk, order)
    inspection = Inspection.begin(order, InspectionSheet.of(desk.shop, InspectionSheet.whole())[0], by=by)
    bad = {point: what for code in codes for point, *what in FOUND[code]}
    for finding in islice(inspection.findings, points):
        result, value, remark = bad.get(finding.name, (Result.ok, USUAL.get(finding.name, ""), ""))
        finding.answer({"result": str(result), "value": value, "remark": remark}, by=by, at=clock.now())
    if points is None:
        inspection.complete(rest=False, by=by)
        write_items(inspection, by=by)
    return inspection


def _mechanic(desk: Desk, order: WorkOrder) -> Actor:
    mechanic = order.assignment.mechanic if order.assignment else mechanics(desk.shop)[0]
    return Actor("staff", mechanic.name, mechanic.id)
