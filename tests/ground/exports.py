"""A shop that hands visits over to other companies, and visits with services that were done."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from jobs.exports import drain
from models import Category, Customer, ExportRun, ExportSetup, Partner, Shop, Vehicle, WorkItem, WorkOrder, clock, db
from models.export_making import plan_nights
from models.item_line import Line
from models.tax import Kind
from tests.ground.ftp_server import PASSWORD, USER
from tests.ground.ftp_server import Partner as Server
from tests.ground.makers import SAM, a_customer, a_vehicle

RIGHT_VIN = "1HGCM82633A004352"
WRONG_VIN = "1HGCM82633A004353"
BRAKES = "Front brake pads and rotors"
NO_ADDRESS: dict[str, Any] = {
    "delivery": "keep",
    "server": "",
    "port": 21,
    "user_name": "",
    "password": "",
    "directory": "",
    "passive": True,
    "needs_tls": False,
}


def a_service(
    shop: Shop,
    day: date,
    *titles: str,
    customer: Customer | None = None,
    vehicle: Vehicle | None = None,
    odometer: int | None = 61000,
    **details: Any,
) -> WorkOrder:
    """The vehicle came at nine that day and left at four; all that was booked was done. ``details`` are the vehicle's."""
    customer = customer or a_customer(shop, f"Maria{db.session.query(Customer).count()}", "Lopez")
    vehicle = vehicle or a_vehicle(customer, **{"vin": RIGHT_VIN, "plate_region": "IL", **details})
    lines = [Line(Kind.labour, "Labour by the hour", Decimal("1.5"), 14500), Line(Kind.part, "Ceramic pads", Decimal(1), 23050, "D1210-C")]
    with clock.at(clock.instant(day, time(9), shop.tz)):
        order = WorkOrder.walk_in(customer, vehicle, by=SAM)
        db.session.flush()
        for title in titles or (BRAKES,):
            WorkItem.add(order, title, by=SAM, category=Category.scheduled, lines=lines)
    closed(order, day, odometer)
    return order


def closed(order: WorkOrder, day: date, odometer: int | None = 61000) -> None:
    with clock.at(clock.instant(day, time(16), order.visit.shop.tz)):
        order.close(by=SAM, odometer=odometer)
        db.session.commit()


def switched_on(shop: Shop, partner: Partner, day: date, at_server: Server | None = None, **address: Any) -> ExportSetup:
    """Since that day; kept for download unless there is a server."""
    setup = ExportSetup.of(shop, partner)
    where = {"delivery": "ftp", "server": "127.0.0.1", "port": at_server.port, "user_name": USER, "password": PASSWORD} if at_server else {}
    with clock.at(clock.instant(day, time(10), shop.tz)):
        setup.set_up("4711" if partner.code_label else "", {**NO_ADDRESS, **where, **address}, by=SAM)
        setup.switch_on(True, by=SAM)
        db.session.commit()
    return setup


def night_after(shop: Shop, day: date, at: time = time(1, 1)) -> list[ExportRun]:
    """What the clock and the worker do in the night after that day; all runs that there are then, oldest first."""
    with clock.at(clock.instant(day + timedelta(days=1), at, shop.tz)):
        for _planned in plan_nights():
            db.session.commit()
        drain()
    return db.session.query(ExportRun).order_by(ExportRun.id).all()


def text_of(run: ExportRun) -> str:
    assert run.file
    return run.file.read().decode()
