"""Finding a customer as one types: whatever is known, in any writing, the same on both databases; and what is marked in what is found."""

from datetime import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from console.marking import marked
from models import Customer, Shop, WorkOrder, db
from models.customer_key import CustomerKey
from models.customer_search import find, with_number
from tests.ground.makers import SAM, a_customer, a_drop_off, a_shop, a_vehicle, next_open_day

pytestmark = pytest.mark.both_databases

VIN = "1ZZDM5A14JD000101"


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


def bakery(shop: Shop) -> Customer:
    people = [{"name": "Inez Farrow", "phone": "312 555 0149", "email": "inez@bakery.example", "role": "Fleet manager", "approves": "1"}]
    return Customer.add(shop, by=SAM, company_name="Corner Bakery", phones=["312 555 0150"], contacts=people)


def test_names_are_found_without_their_accents_and_signs(shop: Shop) -> None:
    jose = a_customer(shop, "José Muñoz", "O'Brien García-López")
    a_customer(shop, "Ruth", "Berg", phones=[], emails=[])
    for words in [
        "munoz",
        "MUÑOZ",
        "Muñoz",
        "mun",
        "jose munoz",
        "munoz jose",
        "o'brien",
        "obrien",
        "brien",
        "jose m",
        "garcia",
        "García-López",
        "garcialopez",
    ]:
        assert Customer.search(shop, words) == [jose], words


def test_a_number_is_found_in_any_writing_and_by_its_end(shop: Shop) -> None:
    maria = a_customer(shop)
    for words in ["3125550142", "+1 312 555 0142", "001 312-555-0142", "(312) 555.0142", "312 55", "0142", "142", "5550142"]:
        assert Customer.search(shop, words) == [maria], words


def test_a_number_is_found_as_it_is_dialled_at_home(app: Flask) -> None:
    linde = a_shop("delinde", "Europe/Amsterdam", country="NL")
    maria = a_customer(linde, phones=["06 12345678"])
    for words in ["06 1234 5678", "0612", "+31 6 12345678", "0031612345678", "5678"]:
        assert Customer.search(linde, words) == [maria], words


def test_a_dutch_097_number_is_found_by_the_0_that_is_dialled_at_home(app: Flask) -> None:
    linde = a_shop("delinde", "Europe/Amsterdam", country="NL")
    maria = a_customer(linde, phones=["+31970102042"])
    for words in ["0970 102042", "097", "+31 970 102042", "0031970102042", "2042"]:
        assert Customer.search(linde, words) == [maria], words


def test_a_plate_and_the_end_of_a_vin_lead_to_the_customer(shop: Shop) -> None:
    maria = a_customer(shop)
    a_vehicle(maria, vin=VIN, plate="DE-MO 101")
    a_vehicle(a_customer(shop, "Ruth", "Berg", phones=[], emails=[]), plate="OTHER 7", vin="1ZZDM5A14KD000102")
    for words in ["demo101", "DEMO 101", "demo-1", "d e m o 1 0 1", "000101", "JD000101", VIN, VIN.lower()]:
        assert Customer.search(shop, words) == [maria], words


def test_a_company_is_found_by_its_name_and_by_its_contacts(shop: Shop) -> None:
    company = bakery(shop)
    for words in ["corner", "bakery corner", "inez", "farrow", "0149", "312 555 0149", "inez@bakery"]:
        assert Customer.search(shop, words) == [company], words


def test_a_work_order_is_found_by_its_number_with_what_is_open(shop: Shop) -> None:
    maria = a_customer(shop)
    order = WorkOrder.walk_in(maria, a_vehicle(maria), by=SAM)
    db.session.commit()
    for words in ["1001", "WO 1001", "wo1001", "WO-1001"]:
        (hit,) = find(shop, words)
        assert (hit.customer, hit.order, hit.visit) == (maria, 1001, order.visit)


def test_what_is_open_is_shown_the_vehicle_in_the_shop_before_what_is_booked(shop: Shop) -> None:
    maria = a_customer(shop)
    booked = a_drop_off(shop, next_open_day(shop), time(9), customer=maria).visit
    (hit,) = find(shop, "lopez")
    assert hit.visits == [booked]
    order = WorkOrder.walk_in(maria, a_vehicle(maria, plate="DEMO 2"), by=SAM)
    db.session.commit()
    assert find(shop, "lopez")[0].visit == order.visit


def test_every_word_must_fit_the_same_customer(shop: Shop) -> None:
    maria, _mario = a_customer(shop), a_customer(shop, "Mario", "Berg", phones=["+13125550199"])
    assert Customer.search(shop, "mari lopez") == [maria]
    assert Customer.search(shop, "lopez 0199") == []
    assert Customer.search(shop, "maria 0142") == [maria]


def test_what_is_changed_is_found_by_the_new_and_no_longer_by_the_old(shop: Shop) -> None:
    maria = a_customer(shop)
    car = a_vehicle(maria)
    maria.change(by=SAM, first_name="Maria", last_name="Ortiz", company_name="", language=None, phones=["312 555 0188"], emails=[])
    car.change(by=SAM, make="Honda", plate="NEW 1")
    db.session.commit()
    assert [Customer.search(shop, words) for words in ("lopez", "0142", "demo101")] == [[], [], []]
    assert [Customer.search(shop, words) for words in ("ortiz", "0188", "new1")] == [[maria]] * 3


def test_two_may_share_a_number(shop: Shop) -> None:
    ruth, paul = a_customer(shop, "Ruth", "Berg"), a_customer(shop, "Paul", "Berg")
    assert with_number(shop, "+13125550142") == [paul, ruth]
    assert with_number(a_shop("elm"), "+13125550142") == []


def test_odd_words_break_nothing(shop: Shop) -> None:
    a_vehicle(a_customer(shop))
    for words in ["'", "\\", "ſ", "ß", "İ", "\U0010ffff", "a" * 500, "1 2 3 4 5 6 7 8 9", "@", "@@ @", "٣٤٥٦", "-", "WO", "wo 99999999999"]:
        assert find(shop, words) == [], words


def plans(statement: Any) -> str:
    compiled = str(statement.compile(db.engine, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
    if db.engine.dialect.name != "sqlite":
        db.session.execute(text("SET LOCAL enable_seqscan = off"))  # a table of three rows is read whole by anybody in his senses
    return "\n".join(str(row) for row in db.session.execute(text(explain + compiled)))


def test_a_search_is_a_range_of_the_index(shop: Shop) -> None:
    a_customer(shop)
    query = (
        select(CustomerKey.customer_id).where(CustomerKey.shop_id == shop.id, CustomerKey.begins("name", "lop")).order_by(CustomerKey.key)
    )
    plan = plans(query.limit(10))
    assert "ix_customer_keys_find" in plan
    assert ("key>? AND key<?" in plan) or ("key >= 'lop'" in plan)
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize(
    ("shown", "words", "expected"),
    [
        ("Muñoz", "mun", "[Muñ]oz"),
        ("Maria Lopez", "lop mar", "[Mar]ia [Lop]ez"),
        ("(312) 555-0142", "0142", "(312) 555-[0142]"),
        ("(312) 555-0142", "3125550142", "([312) 555-0142]"),
        ("(312) 555-0142", "+1 312 555 0142", "([312) 555-0142]"),
        ("(312) 555-0142", "312 55", "([312) 55]5-0142"),
        ("DE-MO 101", "demo1", "[DE-MO 1]01"),
        (VIN, "000101", "1ZZDM5A14JD[000101]"),
        ("Maria", "ria", "Maria"),
        ("<b>", "b", "<[b]>"),
        ("Lopez", "", "Lopez"),
    ],
)
def test_what_was_typed_is_marked_in_what_is_found(shown: str, words: str, expected: str) -> None:
    assert "".join(f"[{part}]" if hit else part for part, hit in marked(shown, words)) == expected
