"""Lists as files for mail merge: what the screen's filters show, all of it, as CSV and as a workbook that other programs read right."""

import csv
import io
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from models import Category, Customer, DoNotMail, Entry, Shop, Vehicle, db
from models.list_file import ListFile
from models.list_workbook import write_workbook
from models.money import Money
from tests.ground.client import Visitor
from tests.ground.letters import JOHN
from tests.ground.makers import SAM, a_customer, a_drop_off, a_member, a_shop, a_vehicle, a_work_order, signed_in
from tests.ground.overviews import an_item
from tests.ground.queries import counted


def sheet_of(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).active


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def workbook_rows(content: bytes) -> list[dict[str, Any]]:
    head, *rows = sheet_of(content).iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.fixture
def shop(app: object) -> Shop:
    return a_shop()


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop))


def test_a_workbook_has_days_and_numbers_as_such_and_text_only_as_text() -> None:
    row = ["=1+1", "https://x.example", "00601", "Zoë\x07\nMüller", Money(5325, "USD"), 2018, date(2026, 1, 2), time(9, 30), None]
    file = io.BytesIO()
    ListFile("all kinds", [f"column {place}" for place in range(len(row))], [row]).write(file, "xlsx")
    sheet = sheet_of(file.getvalue())
    cells = list(sheet[2])
    assert [cell.data_type for cell in cells] == ["s", "s", "s", "s", "n", "n", "d", "d", "n"]
    assert [cell.value for cell in cells[:6]] == ["=1+1", "https://x.example", "00601", "Zoë\nMüller", 53.25, 2018]
    assert (cells[6].value, cells[7].value) == (datetime(2026, 1, 2), time(9, 30))
    assert not any(cell.hyperlink for cell in cells)
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet["A1"].font.bold) == ("A2", "A1:I2", True)


def test_no_cell_and_no_sheet_holds_more_than_excel_takes() -> None:
    file = io.BytesIO()
    write_workbook(file, "names", ["name"], [["ü" * 40_000], ["b"], ["c"]], most=3)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["names", "names 2"]
    assert len(book["names"]["A2"].value) == 32_767
    assert [cell.value for cell in book["names 2"]["A"]] == ["name", "c"]


def test_customers_are_taken_away_as_the_words_find_them(sam: Visitor, shop: Shop) -> None:
    hank = a_customer(shop, "=Hank", "Müller", emails=["hank@mail.example"], addresses=[JOHN])
    a_customer(shop, "Walter", "Finch", phones=[])
    a_customer(a_shop("northgate", "America/New_York"), "Anna", "Müller")
    DoNotMail.set(hank, "by_hand", by=SAM)
    (row,) = rows_of(sam.get("/console/customers.csv?q=muller").data)
    assert (row["mailing name"], row["phone"], row["postal code"], row["do not mail"]) == (
        "'=Hank Müller",
        "(312) 555-0142",
        "60601",
        "yes",
    )
    (same,) = workbook_rows(sam.get("/console/customers.xlsx?q=muller").data)
    assert (same["mailing name"], same["postal code"], same["year"]) == ("=Hank Müller", "60601", None)
    assert len(workbook_rows(sam.get("/console/customers.xlsx").data)) == 2


def test_vehicles_deferred_work_and_drop_offs_are_taken_away_too(sam: Visitor, shop: Shop) -> None:
    drop_off = a_drop_off(shop)
    other = a_vehicle(drop_off.customer, make="Ford", model="F-150", plate="TRUCK 1")
    order = a_work_order(shop, a_customer(shop, "Joan", "Price", phones=[]))
    an_item(order, "Belt", Category.recommended, 5000)
    order.close(by=SAM)
    (truck,) = workbook_rows(sam.get("/console/vehicles.xlsx?q=truck").data)
    assert (truck["plate"], truck["year"], truck["last name"]) == (other.plate, 2018, "Lopez")
    (belt,) = workbook_rows(sam.get("/console/deferred-items.xlsx?words=price&at_least=50").data)
    assert (belt["item"], belt["amount"], belt["currency"], belt["work order"]) == ("Belt", 53.25, "USD", order.number)
    assert workbook_rows(sam.get("/console/deferred-items.xlsx?at_least=54").data) == []
    (row,) = workbook_rows(sam.get(f"/console/calendar.xlsx?view=day&date={drop_off.date}").data)
    assert (row["date"].date(), row["time"], row["mailing name"], row["model"]) == (drop_off.date, time(9), "Maria Lopez", "Civic")


def test_the_log_knows_who_took_how_much_of_which_list(sam: Visitor, shop: Shop) -> None:
    a_customer(shop)
    assert sam.get("/console/customers.csv").data
    entry = db.session.scalars(select(Entry).where(Entry.verb == "list.exported")).one()
    assert (entry.actor_name, entry.sentence) == ("Sam Ortiz", "List exported: customers, rows: 1, csv")


def test_a_mechanic_takes_no_list_away(client: Visitor, shop: Shop) -> None:
    tess = signed_in(client, a_member(shop, "mechanic"))
    lists = ("customers", "vehicles", "deferred-items", "calendar", "follow-ups")
    assert {tess.get(f"/console/{name}.{form}").status_code for name in lists for form in ("csv", "xlsx")} == {403}


def test_a_file_asks_no_more_often_for_more_rows(sam: Visitor, shop: Shop) -> None:
    asked = []
    for count in (2, 12):
        for number in range(count):
            customer = Customer.add(shop, by=SAM, last_name=f"Berg {count} {number}", phones=[], emails=[f"b{count}{number}@mail.example"])
            Vehicle.add(customer, by=SAM, make="Ford", model="F-150")
        db.session.commit()
        for path in ("customers", "vehicles", "calendar"):
            with counted() as statements:
                assert sam.get(f"/console/{path}.csv").data
            asked.append(len(statements))
    assert asked[:3] == asked[3:]


def test_the_list_of_deferred_work_is_narrowed_by_words_amount_and_day(sam: Visitor, shop: Shop) -> None:
    for name, price in (("Price", 5000), ("Finch", 9000)):
        order = a_work_order(shop, a_customer(shop, "Joan", name, phones=[]))
        an_item(order, f"Belt of {name}", Category.recommended, price)
        order.close(by=SAM)
    for query, found in (
        ("", 2),
        ("words=finch", 1),
        ("words=demo+101", 2),
        ("at_least=60", 1),
        ("until=2020-01-01", 0),
        ("at_least=x", 2),
    ):
        assert sam.get(f"/console/deferred-items?{query}").text.count("Belt of") == found, query
