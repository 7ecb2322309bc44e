"""What work comes to: the published table to the cent, and sums that hold whatever is typed."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import models
from models.item_line import Line
from models.job import presets
from models.money import Money, whole
from models.tax import Kind, Scheme, Terms
from models.totals import Totals
from models.work_item import total

TABLE = Path(models.__file__).parent / "presets" / "jobs.csv"
RATE = 14500
AMERICAN = Terms(
    "USD",
    Scheme.sales_tax,
    False,
    {kind: Decimal("8.25") if kind in (Kind.part, Kind.supplies) else Decimal(0) for kind in Kind},
    Decimal(6),
    Money(3500, "USD"),
)
DUTCH = Terms("EUR", Scheme.vat, True, dict.fromkeys(Kind, Decimal(21)), Decimal(0), None)

RATES = st.sampled_from([Decimal(0), Decimal("8.25"), Decimal(9), Decimal("8.875"), Decimal(21)])
LINES = st.lists(
    st.builds(
        Line,
        kind=st.sampled_from([Kind.labour, Kind.part, Kind.fee, Kind.sublet]),
        description=st.just("x"),
        quantity=st.decimals(0, 999, places=2),
        price=st.integers(0, 500_000),
    ),
    max_size=12,
)
TERMS = st.builds(
    Terms,
    currency=st.sampled_from(["USD", "JPY", "BHD"]),
    scheme=st.sampled_from(Scheme),
    inclusive=st.booleans(),
    rates=st.fixed_dictionaries(dict.fromkeys(Kind, RATES)),
    supplies_percent=st.decimals(0, 20, places=2),
    supplies_cap=st.none(),
)


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["code"])
def test_a_job_comes_to_what_the_published_table_says(row: dict[str, str]) -> None:
    preset = next(preset for preset in presets() if preset.code == row["code"])
    parts = [Line(Kind.part, part["name"], Decimal(part["quantity"]), whole(Decimal(part["price"]) * 100)) for part in preset.parts]
    totals = total([Line(Kind.labour, preset.title, preset.hours, RATE), *parts], AMERICAN)
    said = [totals.kinds[Kind.labour], totals.kinds[Kind.part], totals.kinds[Kind.supplies], totals.tax, totals.including]
    assert [str(money.amount) for money in said] == [row["labour"], row["parts"], row["supplies"], row["tax"], row["total"]]


def test_the_table_is_all_there() -> None:
    assert len(rows()) == len(presets()) == 48


@given(TERMS, st.lists(LINES, max_size=6))
def test_an_orders_totals_are_the_sums_of_its_items(terms: Terms, items: list[list[Line]]) -> None:
    each = [total(lines, terms, discount_percent=Decimal(5)) for lines in items]
    order = Totals.joined(each, terms)
    for name in ("excluding", "tax", "including", "discount"):
        assert getattr(order, name).minor == sum(getattr(item, name).minor for item in each)


@given(TERMS, LINES, st.decimals(0, 100, places=2))
def test_including_is_excluding_and_tax_and_no_cent_of_the_price_is_lost(terms: Terms, lines: list[Line], percent: Decimal) -> None:
    totals = total(lines, terms, percent)
    assert totals.including == totals.excluding + totals.tax
    priced = Money.total(totals.kinds.values(), terms.currency) - totals.discount
    assert priced == (totals.including if terms.inclusive else totals.excluding)


@given(TERMS, LINES)
def test_a_discount_of_everything_leaves_nothing(terms: Terms, lines: list[Line]) -> None:
    assert total(lines, terms, Decimal(100)).including.minor == 0


@given(TERMS, LINES, st.integers(0, 10_000_000))
def test_a_discount_of_an_amount_is_that_amount_or_all_there_is(terms: Terms, lines: list[Line], amount: int) -> None:
    totals = total(lines, terms, discount_amount=amount)
    gross = sum(money.minor for money in totals.kinds.values())
    assert totals.discount.minor == min(amount, gross)
    assert all(tax.base.minor >= 0 and tax.tax.minor >= 0 for tax in totals.taxes.values())


@given(LINES)
def test_with_one_rate_lines_apart_and_together_cost_the_same_before_tax(lines: list[Line]) -> None:
    apart = Totals.joined((total([line], DUTCH) for line in lines), DUTCH)
    assert apart.including == total(lines, DUTCH).including


@given(LINES)
def test_nothing_that_is_worked_out_is_a_float(lines: list[Line]) -> None:
    totals = total(lines, AMERICAN, Decimal("12.5"))
    found = [*totals.kinds.values(), totals.discount, *(part for tax in totals.taxes.values() for part in (tax.base, tax.tax))]
    assert {type(money.minor) for money in found} <= {int}


def test_prices_with_vat_in_them_show_what_of_it_is_vat() -> None:
    totals = total([Line(Kind.labour, "Kleine beurt", Decimal(1), 12100)], DUTCH)
    assert (totals.excluding.minor, totals.tax.minor, totals.including.minor) == (10000, 2100, 12100)
    assert list(totals.taxed) == [Decimal(21)]


def test_supplies_are_capped_per_item() -> None:
    long_job = [Line(Kind.labour, "", Decimal(10), RATE)]
    two = Totals.joined([total(long_job, AMERICAN), total(long_job, AMERICAN)], AMERICAN)
    assert two.kinds[Kind.supplies].minor == 7000


def test_terms_come_back_from_where_they_are_kept() -> None:
    for terms in (AMERICAN, DUTCH):
        assert Terms.read(terms.kept()) == terms
