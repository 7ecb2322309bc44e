"""A first load: whatever file comes, tried without keeping anything, loaded once, gone on with after any end."""

import io

import pytest
from flask import Flask
from sqlalchemy import func, select

from jobs import erasures, first_loads, retention
from models import Customer, Erasure, FirstLoad, Message, Refused, Shop, Vehicle, WorkItem, WorkOrder, clock, db, load_part
from models.first_load import STUCK
from models.load_fault import LoadFault
from models.load_fields import BOTH
from models.load_mending import to_mend
from models.retention import DAY
from tests.ground.makers import SAM, a_shop

pytestmark = pytest.mark.both_databases

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


def test_a_worker_that_is_killed_is_followed_by_one_that_goes_on_without_loss_or_doubles(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"C{each // 2},Pat,Stone {each // 2},+1312{2000000 + each // 2},,V{each},2019,Ford,Escape,B{each},,\n" for each in range(60)]
    monkeypatch.setattr(load_part, "MOST", 7)
    load = tried(begun(a_shop(), HEAD + "".join(rows) + rows[7]))
    assert load.counts == {
        "rows": {"created": 60, "bad": 1},
        "customers": {"created": 30, "unchanged": 30},
        "vehicles": {"created": 60},
    }
    load.load(by=SAM)
    db.session.commit()
    for kept in range(3):  # as many parts are kept, the next one is under way when it is killed
        parts = load_part.Work(db.session.get_one(FirstLoad, load.id)).parts()
        for _part in range(kept + 1):
            next(parts)
            db.session.commit()
        next(parts)
        parts.close()
        db.session.rollback()
        db.session.expunge_all()
    early, late = (load_part.Work(db.session.get_one(FirstLoad, load.id)).parts() for _each in range(2))
    for parts in (early, late, late, early):  # two at once: the later one leaves it to the other
        next(parts, None)
        db.session.commit()
    assert FirstLoad.waiting_ids() == []
    with clock.at(clock.now() + STUCK * 2):
        assert FirstLoad.waiting_ids() == [load.id]
        first_loads.work(load.id)
    load = db.session.get_one(FirstLoad, load.id)
    assert (load.stage, load.done, load.counts["rows"]) == ("loaded", 61, {"created": 60, "bad": 1})
    assert (count(Customer), count(Vehicle), LoadFault.count(load)) == (30, 60, 1)
    assert [fault.sentence for fault in LoadFault.of(load)] == ["“V7” is in this file already, on line 9."]


def test_stopped_it_stays_where_it_is_and_goes_on_from_there(app: Flask) -> None:
    load = tried(begun(a_shop(), HEAD + GOOD))
    load.load(by=SAM)
    load.stop(by=SAM)
    db.session.commit()
    first_loads.work(load.id)
    assert count(Customer) == 0
    load = db.session.get_one(FirstLoad, load.id)
    load.go_on(by=SAM)
    db.session.commit()
    first_loads.work(load.id)
    assert count(Customer) == 2
    again = loaded(begun(db.session.get_one(Shop, load.shop_id), HEAD + GOOD))
    assert again.counts["rows"] == {"unchanged": 3}
    assert count(Vehicle) == 2


def test_history_is_loaded_without_a_message_and_days_are_read_as_they_are_written(app: Flask) -> None:
    shop = a_shop()
    loaded(begun(shop, HEAD + GOOD))
    orders = (
        "RO Number;Vehicle ID;Date Opened;Invoice Date;Work Performed;Declined work;Mileage Out\n"
        "58123;V1;3/28/2025 8:15 AM;28-Mar-2025;Oil and filter change; Wiper blades;41,900 mi\n"
        "58124;V1;13/28/2025;04/02/2025;;;\n58125;Z9;04/01/2025;04/02/2025;;;\n"
    )
    load = loaded(begun(shop, orders, "work_orders"))
    assert load.counts["rows"] == {"created": 1, "bad": 2}
    assert [(fault.line, fault.column) for fault in LoadFault.of(load)] == [(3, "Date Opened"), (4, "Vehicle ID")]
    order = db.session.scalars(select(WorkOrder)).one()
    assert (order.number, order.closing.invoiced_on.isoformat(), order.closing.odometer) == (58123, "2025-03-28", 41900)
    assert shop.local(order.opened_at).isoformat() == "2025-03-28T08:15:00-05:00"
    assert {item.title for item in WorkItem.of(order)} == {"Oil and filter change", "Wiper blades"}
    assert count(Message) == 0


@pytest.mark.parametrize(
    ("content", "form", "bad"),
    [
        (b"\xef\xbb\xbf" + (HEAD + GOOD).encode(), ("utf-8", ","), 0),
        ((HEAD + GOOD).replace(",", ";").replace('"41;200"', "41200").replace("Lopez", "Muñoz").encode("cp1252"), ("cp1252", ";"), 0),
        ((HEAD + GOOD).replace(",", "\t").replace("41\t200", "41200").encode("utf-16"), ("utf-16", "\t"), 0),
        (("sep=|\r\n" + HEAD + GOOD).replace(",", "|").replace("41|200", "41200").encode(), ("utf-8", "|"), 0),
        ((HEAD + GOOD + 'C4,=HYPERLINK("x"),@SUM(1),,,,,,,,,\n').encode(), ("utf-8", ","), 0),
        ((HEAD + GOOD + f"C4,{'x' * 1_000_000},Moss,,,,,,,,,\n" + "C5,Ann,Moss,,,,,,,,,\n").encode(), ("utf-8", ","), 1),
        ((HEAD + 'C4,"Jo,Moss,,,,,,,,,\n' + GOOD).encode(), ("utf-8", ","), 1),
        ((HEAD + GOOD + "C4,A\0n,Moss,,,,,,,,,\n").encode(), ("utf-8", ","), 1),
        ((HEAD + GOOD + "C5,Ann,Moss,,,,,,,,,,,x\n").encode(), ("utf-8", ","), 1),
        ((HEAD.replace("Mileage", "Colour") + GOOD).encode(), ("utf-8", ","), 0),
    ],
    ids=["bom", "semicolons and old letters", "utf-16", "sep", "formulas", "a cell of 1 MB", "open quote", "zero", "too many", "unknown"],
)
@pytest.mark.one_database
def test_whatever_a_program_writes_is_read_and_a_bad_row_stops_no_other(
    app: Flask, content: bytes, form: tuple[str, str], bad: int
) -> None:
    load = tried(begun(a_shop(), content))
    assert (load.encoding, load.delimiter) == form
    assert (load.bad, load.good >= 3, count(Customer)) == (bad, True, 0)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "nothing in this file"),
        (b"\xef\xbb\xbf\r\n \r\n", "nothing in this file"),
        (HEAD.encode(), "no rows below"),
        (GOOD.encode(), "no headings"),
        (b"PK\x03\x04" + bytes(400), "workbook"),
        (b"%PDF-1.7\n1 0 obj", "no CSV file"),
        (b"a\0b,c\n1,2\n", "no CSV file"),
    ],
)
@pytest.mark.one_database
def test_what_is_no_table_is_refused_with_a_sentence(app: Flask, content: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        begun(a_shop(), content)


def test_an_erasure_and_the_night_throw_the_files_away(app: Flask) -> None:
    load = loaded(begun(a_shop(), HEAD + GOOD + "C4,,,12,,,,,,,,\n"))
    other = tried(begun(load.shop, HEAD + GOOD))
    maria = db.session.scalars(select(Customer).where(Customer.first_name == "Maria")).one()
    Erasure.ask(maria, "Maria Lopez", by=SAM)
    db.session.commit()
    erasures.carry_out(db.session.scalars(select(Erasure.id)).one())
    load, other = (db.session.get_one(FirstLoad, each.id) for each in (load, other))
    assert (load.file_id, other.file_id, count(LoadFault)) == (None, None, 0)
    assert other.stage == "checked"
    third = begun(load.shop, HEAD + GOOD)
    with clock.at(clock.now() + 8 * DAY):
        retention.sweep(load.shop_id)
    db.session.expire_all()
    assert third.file_id is None


@pytest.mark.one_database
def test_a_line_that_cannot_be_cut_into_cells_comes_back_as_it_was(app: Flask) -> None:
    load = tried(begun(a_shop(), HEAD + 'C4,"Jo,Moss,,,,,,,,,\n' + GOOD))
    assert [(row[0], row[-2]) for row in to_mend(load).rows] == [('C4,"Jo,Moss,,,,,,,,,', "2")]
