"""Harbour Street's exports: CARFAX agreed to and on since last week, its files kept for download, since nobody has given a server."""

from datetime import time, timedelta

from jobs.demo.desk import Desk
from jobs.demo.shops import HARBOUR
from models import ExportRun, ExportSetup, Partner, WorkOrder, db
from models.export_making import make, plan_nights

SINCE = 6  # days
AGREED, NIGHT = time(9, 20), time(1, 2)


def tell(desk: Desk) -> None:
    """Ada switches it on, and customers may see what goes; in each night since, the clock makes a file."""
    desk.history.at(desk.instant(desk.today - timedelta(days=SINCE), AGREED), lambda: _switch_on(desk))
    for ago in range(SINCE - 1, -1, -1):
        desk.history.at(desk.instant(desk.today - timedelta(days=ago), NIGHT), _nightly)


def is_told(desk: Desk) -> bool:
    """Whether what leaves now is in one of these files."""
    return desk.shop.slug == HARBOUR and desk.today - desk.shop.today() <= timedelta(days=SINCE)


def odometer(order: WorkOrder) -> int | None:
    """As somebody types it in when the car leaves; now and then the last digit is missing."""
    known = order.visit.vehicle.odometer
    return known and (known // 10 if order.number % 11 == 5 else known + order.number % 40 + 4)


def _switch_on(desk: Desk) -> None:
    ExportSetup.of(desk.shop, Partner.carfax).switch_on(True, by=desk.staff[-1])
    desk.shop.location.tells_exports = True


def _nightly() -> None:
    for _planned in plan_nights():
        db.session.flush()
    for run_id in ExportRun.due_ids():
        make(run_id)
