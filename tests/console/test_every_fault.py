"""Several fields of a form are wrong at once: each gets its own sentence, whether it can't be read or breaks a rule."""

import re
from typing import Any

import pytest
from flask import Flask

from models import Shop, Status, WorkItem, WorkOrder, db
from tests.console.test_prices import JOB, PRICES
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.makers import SAM, a_member, a_shop, a_work_order, signed_in

pytestmark = pytest.mark.one_database

ITEM = {
    "title": "Brakes",
    "why": "",
    "category": "necessary",
    "discount": "",
    "discount_unit": "percent",
    "version": "1",
    "line-kind": ["labour", "part"],
    "line-description": ["", "Pads"],
    "line-number": ["", ""],
    "line-quantity": ["1.5", "1"],
    "line-price": ["145", "80"],
}
STATUS = {"name": "Car wash", "words": "", "colour": "blue", "timer": "count_up", "hours": "", "minutes": ""}
BOARD = {"orange_percent": "20", "orange_minutes": "10", "board_seconds": "60"}
VEHICLE = {"make": "Honda", "model": "Civic"}


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    order = a_work_order(shop)
    WorkItem.add(order, "Brakes", by=SAM)
    db.session.commit()
    return order


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop, "administrator"))
    return client


@each(
    ("address", "right", "wrong", "fields"),
    [
        ("work-orders/1001/items/1", ITEM, {"line-quantity": ["-1", "x"], "title": ""}, {"line-0-quantity", "line-1-quantity", "title"}),
        ("work-orders/1001/items/1", ITEM, {"line-price": ["-5", "80"], "discount": "-3"}, {"line-0-price", "discount"}),
        (
            "work-orders/1001/items/1",
            ITEM,
            {"line-price": ["-5", "-6"], "discount": "9", "discount_unit": "amount"},
            {"line-0-price", "line-1-price"},
        ),
        ("settings/prices", PRICES, {"labour_rate": "x", "part_tax": "-1", "currency": "QQQ"}, {"labour_rate", "part_tax", "currency"}),
        ("settings/jobs", JOB, {"hours": "-1", "code": "", "part-price": ["-2", ""]}, {"hours", "code", "part-0-price"}),
        ("settings/statuses", STATUS, {"name": "", "hours": "-1", "minutes": "x"}, {"name", "hours", "minutes"}),
        ("settings/statuses/board", BOARD, {"orange_percent": "-1", "board_seconds": "0"}, {"orange_percent", "board_seconds"}),
        (
            "work-orders/1001/closing",
            {},
            {"invoiced_on": "2001-01-01", "odometer": "-4", "next_visit_on": "x"},
            {"invoiced_on", "odometer", "next_visit_on"},
        ),
        (
            "work-orders/1001/status",
            {},
            {"hours": "-1", "minutes": "x", "promise_date": "2025-05-12"},
            {"hours", "minutes", "promise_time"},
        ),
        ("vehicles/1", VEHICLE, {"year": "x", "odometer": "-1", "vin": "short" * 9}, {"year", "odometer", "vin"}),
        ("customers/1/vehicles", VEHICLE, {"year": "-1", "odometer": "x"}, {"year", "odometer"}),
    ],
)
def test_each_bad_field_gets_its_sentence(
    ada: Visitor, order: WorkOrder, address: str, right: dict[str, Any], wrong: dict[str, Any], fields: set[str]
) -> None:
    parts = next(one for one in Status.all_of(order.visit.shop) if one.name == "Parts")
    chosen = {"status": str(parts.id)} if address.endswith("/status") else {}
    answer = ada.post(f"/console/{address}", data={**chosen, **right, **wrong}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    said = set(re.findall(r'id="([\w-]+)-error"', answer.text))
    assert {name.removeprefix("item-1-").removeprefix("job-") for name in said} == fields
    assert set(re.findall(r'id="([\w-]+)"[^>]*aria-invalid="true"', answer.text)) == said


@pytest.mark.parametrize(
    ("address", "field"),
    [("customers/1/vehicles", "year"), ("work-orders/1001/status", "seen"), ("inspections/1001", "sheet"), ("vehicles/1", "odometer")],
)
def test_a_number_of_five_thousand_digits_is_refused_and_breaks_nothing(ada: Visitor, order: WorkOrder, address: str, field: str) -> None:
    parts = next(one for one in Status.all_of(order.visit.shop) if one.name == "Parts")
    answer = ada.post(f"/console/{address}", data={**VEHICLE, "vin": "1HGCM", "status": str(parts.id), field: "9" * 5000})
    assert answer.status_code in {303, 404, 422}
