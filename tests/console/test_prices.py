"""Settings: prices and taxes, and the catalogue of jobs."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from models import Job, Prices, Shop, db
from models.tax import Kind
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.makers import a_member, a_shop, signed_in

HTMX = {"HX-Request": "true"}
PRICES = {
    "labour_rate": "160,50",
    "currency": "usd",
    "supplies_percent": "5",
    "supplies_cap": "",
    "scheme": "sales_tax",
    "inclusive": "0",
    "labour_tax": "0",
    "part_tax": "8.875",
    "supplies_tax": "8.875",
    "fee_tax": "0",
    "sublet_tax": "0",
}
JOB = {
    "code": "dent-1",
    "title": "Dent in a door",
    "section": "Body",
    "hours": "2,5",
    "part-name": ["Filler", ""],
    "part-number": ["F-1", ""],
    "part-quantity": ["", ""],
    "part-price": ["12.50", ""],
}


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop, "administrator"))
    return client


def test_a_new_shop_has_the_usual_prices_of_its_country(shop: Shop) -> None:
    linde = Prices.of(a_shop("delinde", "Europe/Amsterdam", country="NL", currency="EUR"))
    harbour = Prices.of(shop)
    assert (harbour.labour_rate, harbour.supplies_cap, harbour.part_tax, harbour.labour_tax, harbour.inclusive) == (
        14500,
        3500,
        Decimal("8.25"),
        0,
        False,
    )
    assert (linde.scheme, linde.labour_tax, linde.inclusive, linde.supplies_percent) == ("vat", 21, True, 0)


def test_prices_are_shown_as_they_are_written_and_saved_as_they_are_typed(ada: Visitor, shop: Shop) -> None:
    page = ada.get("/console/settings/prices").text
    assert all(f'value="{value}"' in page for value in ("145.00", "6", "35.00", "8.25", "USD"))
    assert ada.post("/console/settings/prices", data=PRICES).location == "/console/settings/prices"
    prices = Prices.of(shop)
    assert (prices.labour_rate, prices.supplies_cap, prices.part_tax) == (16050, None, Decimal("8.875"))


@each(
    ("wrong", "field"),
    [
        ({"labour_rate": ""}, "labour_rate"),
        ({"labour_rate": "-1"}, "labour_rate"),
        ({"labour_rate": "145.005"}, "labour_rate"),
        ({"labour_rate": "9" * 20}, "labour_rate"),
        ({"labour_rate": "145", "currency": "JPY", "supplies_cap": "3.5"}, "supplies_cap"),
        ({"part_tax": "101"}, "part_tax"),
        ({"part_tax": "8.25125"}, "part_tax"),
        ({"fee_tax": "none"}, "fee_tax"),
        ({"supplies_percent": "-6"}, "supplies_percent"),
        ({"currency": "QQQ"}, "currency"),
        ({"currency": "x" * 20_000}, "currency"),
        ({"scheme": "bribe"}, "scheme"),
    ],
)
def test_a_price_that_can_not_be_is_refused_beside_its_field(ada: Visitor, shop: Shop, wrong: dict[str, str], field: str) -> None:
    answer = ada.post("/console/settings/prices", data={**PRICES, **wrong}, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert Prices.of(shop).labour_rate == 14500


def test_with_another_currency_the_figures_of_the_catalogue_stay(ada: Visitor, shop: Shop) -> None:
    ada.post("/console/settings/prices", data={**PRICES, "currency": "BHD", "labour_rate": "20.125"})
    job = Job.coded(shop, "BRK-FP")
    assert job
    assert (shop.currency, Prices.of(shop).labour_rate, job.parts[0]["price"]) == ("BHD", 20125, 78000)


def test_the_catalogue_is_searched_by_code_title_and_section(ada: Visitor) -> None:
    assert '<span class="count count--quiet">48</span>' in ada.get("/console/settings/jobs").text
    found = ada.get("/console/settings/jobs?q=brakes+caliper", headers=HTMX).text
    assert "BRK-CAL" in found
    assert "BRK-FP" not in found
    assert "No job matches" in ada.get("/console/settings/jobs?q=%25", headers=HTMX).text


def test_a_job_is_added_changed_retired_and_brought_back(ada: Visitor, shop: Shop) -> None:
    ada.post("/console/settings/jobs", data=JOB)
    job = Job.coded(shop, "DENT-1")
    assert job
    assert [(line.kind, line.quantity, line.price) for line in job.lines(10000)] == [
        (Kind.labour, Decimal("2.5"), 10000),
        (Kind.part, 1, 1250),
    ]
    assert 'value="2.5"' in ada.get(f"/console/settings/jobs/{job.id}").text
    ada.post(f"/console/settings/jobs/{job.id}", data={**JOB, "hours": "3"})
    assert "Undo" in ada.post(f"/console/settings/jobs/{job.id}/retirement", headers=HTMX).text
    assert Job.coded(shop, "dent-1") is None
    assert "Dent in a door" in ada.get("/console/settings/jobs?show=retired").text
    ada.post(f"/console/settings/jobs/{job.id}/return", headers=HTMX)
    assert Job.coded(shop, "dent-1").hours == 3  # type: ignore[union-attr]


@each(
    ("wrong", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "a b"}, "code"),
        ({"code": "x" * 20_000}, "code"),
        ({"code": "BRK-FP"}, "code"),
        ({"title": " "}, "title"),
        ({"title": "x" * 20_000}, "title"),
        ({"hours": "-1"}, "hours"),
        ({"hours": "1.125"}, "hours"),
        ({"hours": ""}, "hours"),
        ({"hours": "1000"}, "hours"),
        ({"part-price": ["", ""]}, "job-part-0-price"),
        ({"part-price": ["1.005", ""]}, "job-part-0-price"),
        ({"part-quantity": ["-1", ""]}, "job-part-0-quantity"),
        ({"part-name": ["", ""]}, "job-part-0-description"),
    ],
)
def test_a_job_that_can_not_be_is_refused_beside_its_field(ada: Visitor, wrong: dict[str, Any], field: str) -> None:
    answer = ada.post("/console/settings/jobs", data={**JOB, **wrong}, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_an_empty_catalogue_is_filled_with_the_usual_jobs(ada: Visitor, shop: Shop) -> None:
    db.session.query(Job).delete()
    assert "Take over the usual jobs" in ada.get("/console/settings/jobs").text
    ada.post("/console/settings/jobs/usual")
    assert len(Job.catalogue(shop)) == 48


def test_another_shops_job_is_not_there(ada: Visitor) -> None:
    theirs = Job.coded(a_shop("northgate", "America/New_York"), "BRK-FP")
    assert theirs
    assert ada.get(f"/console/settings/jobs/{theirs.id}").status_code == 404
    assert ada.post(f"/console/settings/jobs/{theirs.id}/retirement").status_code == 404
