"""A first load: whatever file comes, tried without keeping anything, loaded once, gone on with after any end."""

import io

from flask import Flask
from sqlalchemy import func, select

from jobs import first_loads
from models import Customer, FirstLoad, Message, Shop, Vehicle, db
from models.load_fault import LoadFault
from models.load_fields import BOTH
from tests.ground.makers import SAM, a_shop

HEAD = "Customer ID,First Name,Last Name,Phone,Email,Vehicle ID,Year,Make,Model,Plate,VIN,Mileage\n"
GOOD = (
    'C1,Maria,Lopez,312-555-0142,maria@mail.example,V1,2018,Honda,Civic,DEMO 101,,"41,200"\n'
    "C1,Maria,Lopez,312-555-0142,maria@mail.example,V2,2011,Ford,F-150,DEMO 102,,\n"
    "C2,Ruth,Berg,312-555-0145,,,,,,,,\n"
)


def begun(shop: Shop, content: str | bytes, kind: str = BOTH) -> FirstLoad:
    data = content.encode() if isinstance(content, str) else content
    load = FirstLoad.begin(shop, "Protractor", kind, "export.csv", io.BytesIO(data), by=SAM)
    db.session.commit()
    return load


def tried(load: FirstLoad) -> FirstLoad:
    load.check(by=SAM)
    db.session.commit()
    first_loads.work(load.id)
    db.session.expire_all()
    return db.session.get_one(FirstLoad, load.id)


def loaded(load: FirstLoad) -> FirstLoad:
    tried(load).load(by=SAM)
    db.session.commit()
    first_loads.work(load.id)
    db.session.expire_all()
    return db.session.get_one(FirstLoad, load.id)


def count(noun: type) -> int:
    return db.session.scalar(select(func.count()).select_from(noun)) or 0


def test_a_dry_run_keeps_nothing_and_says_what_the_load_then_does(app: Flask) -> None:
    load = begun(a_shop(), HEAD + GOOD + "C3,,,12,nobody,V3,1701,,,,,\n")
    assert load.columns[0] == "customers.external_id"
    assert "" not in load.columns
    load = tried(load)
    assert (load.stage, load.done, load.total) == ("checked", 4, 4)
    assert load.counts["rows"] == {"created": 3, "bad": 1}
    assert (count(Customer), count(Vehicle)) == (0, 0)
    wrong = {(5, "Phone", "12"), (5, "Email", "nobody"), (5, "Year", "1701")}
    assert {(fault.line, fault.column, fault.typed) for fault in LoadFault.of(load)} == wrong
    trial = load.counts
    load = loaded(load)
    assert load.stage == "loaded"
    assert load.counts["rows"] == trial["rows"]
    assert (count(Customer), count(Vehicle), count(Message)) == (2, 2, 0)
