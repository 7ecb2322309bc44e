"""The calendar of a customer, from the rules alone; and the same from an independent count."""

import json
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import Customer, LetterRules, Shop, WorkOrder, clock, db
from models.forecast import Forecast
from models.letter_rules import FIELDS
from tests.ground.letters import a_letter_shop, a_visit, nightly, noon, set_days
from tests.ground.makers import a_customer

DAY = date(2025, 3, 3)


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_letter_shop()


@pytest.fixture
def visit(shop: Shop) -> WorkOrder:
    return a_visit(shop, DAY, a_customer(shop), next_visit_on=DAY + timedelta(days=182))


def calendar(shop: Shop, days: int = 400) -> list[tuple[int, str]]:
    """After how many days from the visit which letter will go, as seen on the evening of the visit."""
    with clock.at(noon(shop, DAY) + timedelta(hours=6)):
        lines = Forecast(shop, days).lines
    return [((shop.local(line.at).date() - DAY).days, line.kind) for line in lines if line.allowed]


@pytest.mark.parametrize(("dead", "interval", "days"), [(365, 90, [90, 180, 270, 360]), (180, 60, [90, 150])])
def test_the_sources_examples(shop: Shop, visit: WorkOrder, dead: int, interval: int, days: list[int]) -> None:
    with clock.at(noon(shop, DAY)):
        set_days(shop, inactive=90, dead=dead, inactive_interval=interval)
    assert calendar(shop) == [(day, "inactive") for day in days]


def test_all_kinds_of_a_year_at_ten_in_the_morning(shop: Shop, visit: WorkOrder) -> None:
    with clock.at(noon(shop, DAY)):
        set_days(shop, reminder_1=30, reminder_2=7, thank_you=3, inactive=90, dead=365, inactive_interval=90)
    expected = [(3, "thank_you"), (90, "inactive"), (152, "reminder_1"), (175, "reminder_2"), (180, "inactive"), (270, "inactive")]
    assert calendar(shop) == [*expected, (360, "inactive")]
    with clock.at(noon(shop, DAY)):
        assert {shop.local(line.at).hour for line in Forecast(shop, 400).lines} == {10}, "also after the clocks have changed"


def test_what_was_written_is_not_foreseen_again(shop: Shop, visit: WorkOrder) -> None:
    with clock.at(noon(shop, DAY)):
        set_days(shop, thank_you=3)
    nightly(shop, DAY + timedelta(days=3))
    with clock.at(noon(shop, DAY + timedelta(days=3))):
        assert Forecast(shop, 30).lines == []


def test_looking_ahead_keeps_nothing(shop: Shop, visit: WorkOrder) -> None:
    with clock.at(noon(shop, DAY)):
        set_days(shop, thank_you=3)
    calendar(shop)
    assert not db.session.new
    db.session.rollback()


def test_the_command_says_it_in_plain_values(app: Flask, shop: Shop, visit: WorkOrder) -> None:
    with clock.at(noon(shop, DAY)):
        set_days(shop, inactive=90, dead=180, inactive_interval=60)
        db.session.commit()
        said = json.loads(app.test_cli_runner().invoke(args=["forecast", "--days", "400", "--shop", "harbour", "--json"]).output)
    assert [(line["kind"], line["channel"], line["at"]) for line in said] == [
        ("inactive", "email", "2025-06-01T10:00:00-05:00"),
        ("inactive", "email", "2025-07-31T10:00:00-05:00"),
    ]


numbers = st.fixed_dictionaries({name: st.sampled_from([0, 1, 2, 5, 30, 60, 90, 120]) for name in FIELDS if name != "dead"})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=numbers, dead=st.integers(0, 400))
def test_the_calendar_is_what_an_independent_count_gives(shop: Shop, visit: WorkOrder, days: dict[str, int], dead: int) -> None:
    days = {**days, "reminder_1": min(days["reminder_1"], 60), "reminder_2": min(days["reminder_2"], 60)}
    if days["inactive"]:
        dead = max(dead, days["inactive"])
    with clock.at(noon(shop, DAY)):
        if known := db.session.query(LetterRules).first():
            known.inactive_through = None
        set_days(shop, dead=dead, **days)
    assert sorted(calendar(shop)) == sorted(counted(days, dead))


def counted(days: dict[str, int], dead: int) -> list[tuple[int, str]]:
    """Day by day, by hand."""
    found = []
    for day in range(1, 401):
        if day == days["thank_you"]:
            found.append((day, "thank_you"))
        found += [(day, name) for name in ("reminder_1", "reminder_2") if days[name] and day == 182 - days[name]]
        beyond = day - days["inactive"]
        on_step = beyond == 0 or (days["inactive_interval"] > 0 and beyond > 0 and beyond % days["inactive_interval"] == 0)
        if days["inactive"] and on_step and day < dead:
            found.append((day, "inactive"))
    return found


def test_a_customer_without_a_name_or_vehicle_breaks_nothing(shop: Shop, visit: WorkOrder) -> None:
    customer: Customer = visit.visit.customer
    customer.first_name = customer.last_name = ""
    with clock.at(noon(shop, DAY)):
        set_days(shop, thank_you=3)
    (letter,) = nightly(shop, DAY + timedelta(days=3))
    assert letter.body.startswith("Dear Customer,")
