"""Harbour Street's people with a story of their own. Their numbers lie between those that the crowd may have."""

from datetime import time, timedelta
from typing import Any

from jobs.demo.crowd import Person
from jobs.demo.desk import Desk
from jobs.demo.drop_off import DropOff
from models import Appointment

MARIAS_TIME, MARIAS_LAST_VISIT = time(9), 75  # on the next business day; days ago
SOME_DAYS = 4  # open days between call and drop-off
INACTIVE, DEAD = 90, 365  # days ago that Walter's and Joan's last visits ended


def car(year: int, make: str, model: str, plate: int, **more: Any) -> dict[str, Any]:
    return {"year": year, "make": make, "model": model, "plate": f"DEMO {plate}", "plate_region": "IL", **more}


CIVIC = car(2018, "Honda", "Civic", 101, submodel="EX", engine="2.0 L", vin="1ZZDM5A14JD000101", odometer=68_412)
MARIA = Person("Maria", "Lopez", [CIVIC], "+13125550142", "maria.lopez@mail.example", consent="written")
DEVON = Person("", "Pratt", [car(2015, "Ford", "F-150", 102, submodel="XLT", engine="2.7 L EcoBoost", odometer=121_870)], "+13125550143")
AISHA = Person(
    "Aisha",
    "Khan",
    [
        car(2021, "Toyota", "Highlander", 103, engine="3.5 L V6", vin="1ZZDM5A14MD000104", odometer=51_003),
        car(2014, "Honda", "Fit", 104, engine="1.5 L", odometer=97_551),
    ],
    "+13125550144",
    "aisha.khan@mail.example",
)
RUTH = Person(
    "Ruth", "Berg", [car(2017, "Subaru", "Forester", 105, engine="2.5 L", odometer=88_120)], "+13125550145", "ruth.berg@mail.example"
)
PAUL = Person("Paul", "Berg", [car(2011, "Ford", "Ranger", 106, engine="2.3 L", odometer=143_900)], "+13125550145")
TOMAS = Person(
    "Tomas",
    "Novak",
    [car(2020, "Volkswagen", "Golf", 107, engine="1.4 L turbo", vin="1ZZDM5A14LD000103", odometer=44_760)],
    "+13125550146",
    "tomas.novak@mail.example",
    "email",
    consent=None,
)
GRACE = Person(
    "Grace",
    "Okafor",
    [car(2012, "Toyota", "Camry", 108, engine="2.5 L", odometer=156_300)],
    "+13125550147",
    "grace.okafor@mail.example",
    "email",
    None,
)
LENA = Person(
    "Lena",
    "Schmidt",
    [car(2019, "Volkswagen", "Tiguan", 109, engine="2.0 L turbo", vin="1ZZDM5A14KD000102", odometer=62_240)],
    "+13125550148",
    "lena.schmidt@mail.example",
    "phone",
    None,
)
VANS = [
    car(2019, "Ford", "Transit Connect", 111, unit_number="Van 1", odometer=104_220),
    car(2019, "Ford", "Transit Connect", 112, unit_number="Van 2", odometer=98_870),
    car(2021, "Ford", "Transit", 113, submodel="250", unit_number="Van 3", odometer=61_015),
    car(2021, "Ford", "Transit", 114, submodel="250", unit_number="Van 4", odometer=57_940),
    car(2023, "Ram", "ProMaster", 115, unit_number="Van 5", vin="1ZZDM5A12PD000106", odometer=28_310),
    car(2023, "Ford", "E-Transit", 116, engine="Electric", unit_number="Van 6", odometer=19_725),
]
BAKERY = Person("Inez", "Farrow", VANS, "+13125550149", "fleet@cornerbakery.example", "email", None, company="Corner Bakery")
HANKS_HOME = {"street": "77 Old Ferry Road", "city": "Chicago", "region": "IL", "postal_code": "60607"}
HANK = Person(
    "Hank", "Doyle", [car(2009, "Chevrolet", "Silverado", 117, engine="5.3 L V8", odometer=187_450)], "+13125550150", address=HANKS_HOME
)
YUKI = Person(
    "Yuki",
    "Tanaka",
    [car(2022, "Toyota", "bZ4X", 118, engine="Electric", vin="1ZZDM5A14ND000105", odometer=23_980)],
    "+13125550151",
    "yuki.tanaka@mail.example",
    language="es",
)
WALTER = Person(
    "Walter", "Finch", [car(2016, "Buick", "LaCrosse", 119, odometer=74_600)], "+13125550152", "walter.finch@mail.example", "email", None
)
JOAN = Person(
    "Joan",
    "Price",
    [car(2018, "Nissan", "Sentra", 120, vin="1ZZDM5A19JD000101", odometer=49_118)],  # the VIN's check digit is wrong
    "+13125550153",
    "joan.price@mail.example",
)
OSCAR = Person("Oscar", "Lindqvist", [car(2013, "Volvo", "XC60", 121, odometer=112_480)], "+13125550154", "oscar.lindqvist@mail.example")


def tell(desk: Desk) -> None:
    """Let what happened to them so far happen. Maria's booking comes last, see ``book_maria``."""
    desk.take(desk.day(1), MARIAS_TIME)
    _visited(desk, MARIA, MARIAS_LAST_VISIT, "30,000-mile service")
    _visited(desk, WALTER, INACTIVE, "Engine oil and filter, full synthetic (5 qt)")
    _visited(desk, JOAN, DEAD, "Rotate and balance four tyres")
    _drop_off(desk, DEVON, 1, time(10), "Diagnosis, first hour", shop_note="Check engine light, runs rough uphill")
    _in_the_shop(desk, AISHA, 0, "Front struts, pair")
    _drop_off(desk, AISHA, 2, time(8, 30), "Courtesy inspection, 63 points", car=1)
    _bergs(desk)
    _tomas(desk)
    _drop_off(desk, GRACE, 4, time(9, 30), "Brake fluid exchange")
    _drop_off(desk, LENA, 1, time(8), "Spark plugs, four cylinder", shop_note="Call her mobile before 6 pm")
    _bakery(desk)
    _hank(desk)
    _drop_off(desk, YUKI, 2, time(10, 30), "Cabin air filter", answer="confirms")
    _in_the_shop(desk, OSCAR, 0, "Replace water pump")
    desk.history.at(desk.lately(25), lambda: desk.hear(OSCAR.phone, "Please stop the work, I need to talk to my insurance first"))


def book_maria(desk: Desk) -> Appointment:
    """Booked in this moment: her text is still to go, and the first that the built-in phone gets."""
    by = desk.staff[0]
    maria, (civic,) = desk.meet(MARIA, by)
    return Appointment.book(
        maria,
        civic,
        desk.day(1),
        MARIAS_TIME,
        "text",
        by=by,
        type_of_work="Front brake pads and rotors",
        customer_note="Please leave the key in the drop box by the door.",
        shop_note="Grinding noise since last week",
        accept_warnings=True,
    )


def _drop_off(desk: Desk, person: Person, day: int, at: time, work: str, *, answer: str = "silent", **more: Any) -> None:
    """A drop-off so many open days from today, agreed on so many open days ago."""
    when = desk.day(day)
    DropOff(
        desk,
        person,
        when,
        at,
        booked=desk.working_moment(desk.day(-SOME_DAYS, min(when, desk.today)), desk.rng),
        work=work,
        answer=answer,
        ending="comes",
        **more,
    )


def _visited(desk: Desk, person: Person, ago: int, work: str) -> None:
    """A visit that ended so many days ago, that day."""
    left = desk.today - timedelta(days=ago)
    came = left if desk.shop.is_open(left) else desk.day(-1, left)
    booked = desk.working_moment(desk.day(-3, came), desk.rng)
    collected = desk.instant(left, time(16, 20))
    DropOff(desk, person, came, time(8, 30), booked=booked, work=work, answer="confirms", ending="comes", collected=collected)


def _in_the_shop(desk: Desk, person: Person, car: int, work: str) -> None:
    """Came on the last open day, and is not ready yet."""
    ready = desk.opening(desk.day(1))[1]
    _drop_off(desk, person, -1, time(8), work, car=car, answer="confirms", collected=ready)


def _bergs(desk: Desk) -> None:
    """One telephone for two: whose text it is, a person must find out."""
    _drop_off(desk, RUTH, 2, time(8), "Wiper blades, front pair")
    _drop_off(desk, PAUL, 3, time(11), "Puncture repair (inside plug-patch)")
    desk.history.at(desk.lately(80), lambda: desk.hear(RUTH.phone, "Could we come an hour later?"))


def _tomas(desk: Desk) -> None:
    """Agreed by keyword, then had enough of texts; what comes now comes by e-mail."""

    def come_in() -> None:
        desk.meet(TOMAS, desk.staff[0])

    def text(days_ago: int, words: str) -> None:
        desk.history.at(desk.working_moment(desk.day(-days_ago), desk.rng), lambda: desk.hear(TOMAS.phone, words))

    desk.history.at(desk.working_moment(desk.day(-10), desk.rng), come_in)
    text(9, "TEXTME")
    text(7, "STOP")
    _drop_off(desk, TOMAS, 3, time(13), "Coolant exchange")


def _bakery(desk: Desk) -> None:
    """One van was here, one is, one comes."""
    _drop_off(desk, BAKERY, -5, time(7, 30), "Engine oil and filter, conventional (5 qt)", car=0, answer="confirms")
    _in_the_shop(desk, BAKERY, 2, "Rear brake pads and rotors")
    _drop_off(desk, BAKERY, 3, time(7, 30), "Courtesy inspection, 63 points", car=4, answer="looks")


def _hank(desk: Desk) -> None:
    """No e-mail; and at his last visit fewer miles were written down than before."""
    _visited(desk, HANK, 201, "Replace one front wheel bearing hub")
    _drop_off(desk, HANK, -4, time(9), "Front brake pads and rotors", answer="confirms")
    desk.history.at(desk.opening(desk.day(-4))[1] - timedelta(hours=8), lambda: _odometer(desk, HANK, 178_450))


def _odometer(desk: Desk, person: Person, miles: int) -> None:
    _customer, (vehicle,) = desk.meet(person, desk.staff[0])
    vehicle.change(by=desk.staff[0], **{**person.cars[0], "odometer": miles})
