"""Rows of a first load that are taken together: what is on file afterwards is as by one push each, for a fraction of the questions."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from models import Customer, Entry, FirstLoad, Shop, Transfer, Vehicle, db, load_part
from models.actor import Actor
from models.base import Base
from models.customer_key import CustomerKey
from models.customer_merge import CustomerMerge
from models.external_id import ExternalId
from models.load_fault import LoadFault
from models.transfer_ahead import look_ahead
from models.transfer_record import Record
from tests.ground.makers import SAM, a_customer, a_shop, a_vehicle
from tests.ground.queries import counted
from tests.models.test_first_load import HEAD, begun, count, loaded, tried

pytestmark = pytest.mark.both_databases

ON_FILE = ("customers", "customer_phones", "customer_emails", "vehicles", "odometer_readings", "customer_keys", "external_ids", "entries")
PHONE = 3122000000
OTHERWISE = ("id", "at", "shop_id", "our_id", "subject_id", "actor_name", "marks", "details", "last_used_at")


def on_file(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    """What the tables hold, but for who did it when; rows that belong to others by what those are called."""
    found = {}
    for name in ON_FILE:
        table = Base.metadata.tables[name]
        columns = [column for column in table.columns if column.name not in OTHERWISE and not column.name.endswith("_id")]
        mine = select(*columns)
        if "shop_id" in table.c:
            mine = mine.where(table.c.shop_id == shop.id)
        if name == "entries":
            mine = mine.where(table.c.subject.in_(("customers", "vehicles")))
        found[name] = sorted(tuple(map(str, row)) for row in db.session.execute(mine))
    return found


def rows(*numbers: int, make: str = "Ford") -> str:
    """Two vehicles a customer."""
    who = [(n, n // 2) for n in numbers]
    return "".join(f"C{c},Pat,Stone {c},{PHONE + c},p{c}@mail.example,V{n},2019,{make},Escape,B{n},,{1000 + n}\n" for n, c in who)


def test_what_is_taken_together_is_on_file_as_by_one_push_each(app: Flask) -> None:
    shop = a_shop()
    loaded(begun(shop, HEAD + rows(*range(8))))
    together = on_file(shop)
    assert (count(Customer), count(Vehicle)) == (4, 8)
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in ON_FILE or table.name in ("first_loads", "load_faults"):
            db.session.execute(table.delete())
    db.session.commit()
    transfer = Transfer(shop, "Protractor", Actor("system", "Protractor"))
    for n in range(8):
        name = {"external_id": f"C{n // 2}", "first_name": "Pat", "last_name": f"Stone {n // 2}"}
        reached = {"phones": [str(PHONE + n // 2)], "emails": [f"p{n // 2}@mail.example"]}
        car = {"external_id": f"V{n}", "customer": f"C{n // 2}", "year": 2019, "make": "Ford", "model": "Escape", "plate": f"B{n}"}
        assert transfer.push("customers", {**name, **reached}).errors == []
        assert transfer.push("vehicles", {**car, "odometer": 1000 + n}).errors == []
        db.session.commit()
    assert together == on_file(shop)


def test_every_kind_of_row_in_one_part_becomes_what_it_would_be_alone(app: Flask) -> None:
    shop = a_shop()
    ruth = a_customer(shop, first_name="Ruth", last_name="Berg", phones=["312 555 0145"])
    hers = a_vehicle(ruth, plate="DEMO 7")
    db.session.commit()
    loaded(begun(shop, HEAD + rows(0, 1, 2)))
    lines = (
        rows(4, 0)  # new; said before
        + rows(1, make="Honda")  # said before, and otherwise now
        + "C9,Ruth,Berg,312-555-0145,,V9,,,,DEMO 7,,\n"  # on file already, by both
        + "C8,Jo,Moss,312-555-0148,,V8,1990,Ford,Escape,,1FTFW1E50NFB0000O,\n"  # no VIN: its customer is not kept either
        + "C8,Jo,Moss,312-555-0148,,V88,2019,Ford,Escape,B88,,\n"
        + "C8,Jo,Moss,312-555-0148,,V89,2019,Ford,Fiesta,B89,,\n"
    )
    trial = tried(begun(shop, HEAD + lines)).counts
    load = loaded(begun(shop, HEAD + lines))
    assert load.counts["rows"] == trial["rows"] == {"created": 3, "unchanged": 2, "updated": 1, "bad": 1}
    assert [(fault.line, fault.column) for fault in LoadFault.of(load)] == [(6, "VIN")]
    named = dict(db.session.execute(select(ExternalId.external_id, ExternalId.our_id)).all())
    assert (named["C9"], named["V9"]) == (ruth.id, hers.id)
    assert "V8" not in named
    jo = db.session.scalars(select(Customer).where(Customer.last_name == "Moss")).one()
    assert [vehicle.plate for vehicle in jo.vehicles] == ["B88", "B89"]
    assert db.session.get_one(Vehicle, named["V1"]).make == "Honda"
    keys = set(db.session.scalars(select(CustomerKey.key).where(CustomerKey.customer_id == jo.id)))
    assert {"jo", "moss", "b88", "b89"} <= keys
    assert [entry.verb for entry in db.session.scalars(select(Entry).where(Entry.subject_id == jo.id, Entry.subject == "customers"))] == [
        "customer.added"
    ]


def test_a_row_that_the_database_refuses_stops_no_other(app: Flask) -> None:
    shop = a_shop()
    db.session.commit()
    db.session.execute(text("CREATE UNIQUE INDEX odd ON customers (last_name)"))
    db.session.commit()
    try:
        load = loaded(begun(shop, HEAD + rows(0, 2) + "C7,Ann,Stone 1,312-555-0177,,,,,,,,\n" + rows(4)))
    finally:
        db.session.rollback()
        db.session.execute(text("DROP INDEX odd"))
        db.session.commit()
    assert (load.counts["rows"], [fault.line for fault in LoadFault.of(load)]) == ({"created": 3, "bad": 1}, [4])
    assert count(Vehicle) == 3


def test_a_row_asks_the_database_a_few_questions_and_not_dozens(app: Flask) -> None:
    load = tried(begun(a_shop(), HEAD + rows(*range(200))))
    load.load(by=SAM)
    db.session.commit()
    with counted() as asked:
        for _part in load_part.Work(db.session.get_one(FirstLoad, load.id)).parts():
            db.session.commit()
    assert count(Vehicle) == 200
    assert len(asked) < 200 * 3


def test_what_a_refused_record_has_made_is_not_written(app: Flask) -> None:
    shop = a_shop()
    transfer = Transfer(shop, "Protractor", Actor("system", "Protractor"))
    read = [
        transfer.read("customers", {"external_id": "C1", "last_name": "Moss", "phones": ["312 555 0148"]}),
        transfer.read("vehicles", {"external_id": "V1", "customer": "C1"}),
        transfer.read("vehicles", {"external_id": "V2", "customer": "C1", "plate": "B2"}),
        transfer.read("customers", {"external_id": "C2"}),
    ]
    records = [one for one in read if isinstance(one, Record)]
    with look_ahead(shop, "Protractor", records).in_force():
        assert [transfer.take(one).result for one in records] == ["created", "refused", "created", "refused"]
    db.session.commit()
    assert set(db.session.scalars(select(ExternalId.external_id))) == {"C1", "V2"}
    assert (count(Customer), count(Vehicle)) == (1, 1)


def test_a_customer_that_was_merged_is_loaded_into_the_one_that_was_kept(app: Flask) -> None:
    shop = a_shop()
    loaded(begun(shop, HEAD + rows(0, 2)))
    first, second = db.session.scalars(select(Customer).order_by(Customer.id)).all()
    CustomerMerge.make(first, second, by=SAM)
    db.session.commit()
    load = loaded(begun(shop, HEAD + rows(2, 3)))
    assert load.counts["rows"] == {"unchanged": 1, "created": 1}
    assert {vehicle.customer_id for vehicle in db.session.scalars(select(Vehicle))} == {first.id}
