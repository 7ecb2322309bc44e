"""Closing records the visit; a closed work order can be reopened, with a reason (specification 2, point 14)."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from models import Refused, Stage, WorkOrder
from tests.ground.makers import SAM, a_shop, a_work_order


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 10:00", "America/Chicago")


@pytest.fixture
def order(app: Flask) -> WorkOrder:
    return a_work_order(a_shop())


def test_closing_records_invoice_date_odometer_and_the_next_visit(order: WorkOrder) -> None:
    order.close(by=SAM, odometer=81_200, next_visit_on=date(2025, 11, 10), next_visit="Oil service")
    closing = order.closing
    assert closing
    assert (closing.invoiced_on, closing.odometer, closing.next_visit_on) == (date(2025, 5, 12), 81_200, date(2025, 11, 10))
    assert (closing.next_visit, closing.closed_by, order.visit.stage) == ("Oil service", "Sam Ortiz", Stage.closed)
    assert order.stay is None


def test_closing_twice_is_once(order: WorkOrder) -> None:
    order.close(by=SAM)
    order.close(by=SAM, odometer=5)
    assert len(order.closings) == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"invoiced_on": date(2025, 5, 11)}, "invoiced_on"),
        ({"invoiced_on": date(2025, 5, 13)}, "invoiced_on"),
        ({"odometer": -1}, "odometer"),
        ({"odometer": 2_000_001}, "odometer"),
        ({"next_visit_on": date(2025, 5, 12)}, "next_visit_on"),
        ({"next_visit": "x" * 201}, "next_visit"),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_closed(order: WorkOrder, typed: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        order.close(by=SAM, **typed)
    assert set(refused.value.errors) == {field}
    assert not order.is_closed


def test_reopening_needs_a_reason_and_keeps_what_was_recorded(order: WorkOrder) -> None:
    order.close(by=SAM)
    with pytest.raises(Refused, match="Say why"):
        order.reopen("  ", by=SAM)
    order.reopen("the noise is back", by=SAM)
    order.reopen("again", by=SAM)
    assert (order.is_closed, order.closing, order.visit.stage) == (False, None, Stage.progress)
    assert [(closing.reason, closing.reopened_by) for closing in order.closings] == [("the noise is back", "Sam Ortiz")]
    assert order.stay
    assert order.stay.status.name == "Checked in"


def test_a_vehicle_that_is_here_again_keeps_its_old_order_closed(order: WorkOrder) -> None:
    order.close(by=SAM)
    other = WorkOrder.walk_in(order.visit.customer, order.visit.vehicle, by=SAM)
    with pytest.raises(Refused, match=f"work order {other.number}"):
        order.reopen("the noise is back", by=SAM)


def test_a_closed_order_takes_no_status(order: WorkOrder) -> None:
    status = order.history[0].status
    order.close(by=SAM)
    with pytest.raises(Refused, match="Reopen it first"):
        order.set_status(status, by=SAM)
