"""Real things for tests, made by the domain's own verbs: a shop, a customer, a drop-off that is booked."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from models import (
    Actor,
    Appointment,
    Business,
    Consent,
    Customer,
    OwnHost,
    Retention,
    Role,
    SetupCheck,
    Shop,
    SignIn,
    StaffMember,
    Vehicle,
    WorkOrder,
    db,
)
from models.retention import PERIODS
from models.setup_check import HOST, Finding

SAM = Actor("staff", "Sam Ortiz", 1, "127.0.0.1")
MARIA = "+13125550142"
PASSWORD = "the night shift has tea"


def a_shop(slug: str = "harbour", zone: str = "America/Chicago", **details: Any) -> Shop:
    """A shop that is open Monday to Friday 8 to 17:30 and can send texts and mails."""
    usual = {
        "texting_number": f"+13125550{100 + _serial(slug):03}",
        "voice_phone": "+13125550100",
        "email": f"desk@{slug}.example",
        "street": "12 Harbour Street",
        "city": "Chicago",
        "region": "IL",
        "postal_code": "60601",
    }
    location = {
        name: details.pop(name) for name in list(details) if hasattr(Shop.location.property.mapper.class_, name) and name not in usual
    }
    name = details.pop("name", f"{slug.title()} Street Garage")
    shop = Shop.open(Business.open(f"{slug.title()} Motors"), name, slug, zone, **{**usual, **details})
    location.setdefault("answers_after_hours", False)  # else what a test expects would depend on the hour at which it runs
    for setting, value in location.items():
        setattr(shop.location, setting, value)
    db.session.commit()
    return shop


def a_member(shop: Shop, role: str = "receptionist", email: str = "", name: str = "Sam Ortiz") -> StaffMember:
    """Somebody on the staff, activated, with ``PASSWORD``."""
    member = StaffMember.add(email or f"{role}@{shop.slug}.example", name, Role(role), shop)
    member.activate(PASSWORD)
    db.session.commit()
    return member


def signed_in(client: Any, member: StaffMember) -> Any:
    """The test client with a session of this member, as if they had signed in."""
    sign_in = SignIn.begin(member, "127.0.0.1")
    db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"] = sign_in.token
        session["_fresh"] = True
    return client


def a_customer(shop: Shop, first_name: str = "Maria", last_name: str = "Lopez", **details: Any) -> Customer:
    """Maria, with a mobile number and an address, without any consent."""
    details.setdefault("phones", [MARIA])
    details.setdefault("emails", ["maria@mail.example"])
    customer = Customer.add(shop, by=SAM, first_name=first_name, last_name=last_name, **details)
    db.session.commit()
    return customer


def a_vehicle(customer: Customer, **details: Any) -> Vehicle:
    vehicle = Vehicle.add(customer, by=SAM, **{"year": 2018, "make": "Honda", "model": "Civic", "plate": "DEMO 101", **details})
    db.session.commit()
    return vehicle


def consenting(customer: Customer, source: str = "spoken") -> Customer:
    """The customer after agreeing to texts at their first number."""
    assert customer.phone
    Consent.note(customer.shop, customer.phone.number, given=True, source=source, by=SAM, wording="May we text you?", version="test")
    db.session.commit()
    return customer


def next_open_day(shop: Shop, ahead: int = 1) -> date:
    """The ``ahead``-th day from today on which the shop is open."""
    day = shop.today()
    while ahead:
        day += timedelta(days=1)
        ahead -= shop.is_open(day)
    return day


def a_drop_off(
    shop: Shop,
    day: date | None = None,
    at: time | None = time(9),
    preference: str = "text",
    customer: Customer | None = None,
    **details: Any,
) -> Appointment:
    """Maria's drop-off, booked by Sam: by default on the next open day at 9:00, by text, with her consent."""
    customer = customer or a_customer(shop)
    if preference == "text":
        consenting(customer)
    vehicle = customer.vehicles[0] if customer.vehicles else a_vehicle(customer)
    appointment = Appointment.book(customer, vehicle, day or next_open_day(shop), at, preference, by=SAM, **details)
    db.session.commit()
    return appointment


def local(text: str, zone: str = "America/Chicago") -> datetime:
    """The instant at which a clock in that zone shows this: ``2025-05-15 09:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


_texting_numbers = (f"+1{area}55501{line:02}" for area in (773, 847, 630, 708, 217, 309, 618, 815, 779, 224) for line in range(100))


def a_texting_number() -> str:
    """One that no other shop of this process has: shops that are tried in browsers share a database."""
    return next(_texting_numbers)


def _serial(slug: str) -> int:
    return sum(slug.encode()) % 100


def a_work_order(shop: Shop, customer: Customer | None = None) -> WorkOrder:
    """Maria's car is in the shop, as a walk-in."""
    customer = customer or a_customer(shop)
    order = WorkOrder.walk_in(customer, customer.vehicles[0] if customer.vehicles else a_vehicle(customer), by=SAM)
    db.session.commit()
    return order


def an_own_host(shop: Shop, name: str = "visit.harbour.example") -> OwnHost:
    """The shop's own name, found to lead here and switched on."""
    own = OwnHost.name_it(shop, name, by=SAM)
    check = SetupCheck.begin(shop, HOST, by=SAM)
    check.note(Finding("page", "good", own.name))
    check.finish()
    own.switch_on(by=SAM)
    db.session.commit()
    return own


def usual_periods(shop: Shop) -> None:
    """An administrator has looked at the usual periods of retention and saved them, so that they count."""
    usual = Retention.of(shop)
    Retention.change(shop, {period.name: getattr(usual, period.name) for period in PERIODS}, by=SAM)
    db.session.commit()
