"""A vehicle's life: its VIN, its odometer, whose it is, and when it comes no more."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from models import Customer, Refused, Shop, Vehicle, WorkOrder, db, vin
from tests.ground.makers import SAM, a_customer, a_drop_off, a_shop, a_vehicle

GOOD = ("1ZZDM5A14JD000101", "1ZZDM5A14KD000102", "1ZZDM5A14LD000103", "1ZZDM5A14MD000104", "1ZZDM5A14ND000105", "1ZZDM5A12PD000106")


@pytest.fixture
def shop(app: Flask, at: Callable[..., None]) -> Shop:
    at("2025-05-12 08:15", "America/Chicago")
    return a_shop()


@pytest.mark.parametrize("number", [*GOOD, "11111111111111111", "1M8GDM9AXKP042788"])
def test_a_vin_whose_check_digit_fits_is_not_doubted(number: str) -> None:
    assert vin.is_possible(number)
    assert not vin.is_doubtful(number)


@pytest.mark.parametrize(("number", "doubtful"), [("1ZZDM5A19JD000101", True), ("WVWZZZ1KZ9W000001", False), ("", False), ("1ZZ", False)])
def test_only_north_american_vins_are_doubted(number: str, doubtful: bool) -> None:
    assert vin.is_doubtful(number) is doubtful


def test_a_vin_that_is_doubted_is_kept(shop: Shop) -> None:
    vehicle = a_vehicle(a_customer(shop), vin="1zzdm5a19 jd000101")
    assert (vehicle.vin, vehicle.vin_is_doubtful) == ("1ZZDM5A19JD000101", True)


@pytest.mark.parametrize(
    "number", ["1ZZDM5A14JD00010", "1ZZDM5A14JD0001011", "IZZDM5A14JD000101", "1ZZDM5A14JD00O101", "1ZZDM5A14JD0001Q1", "1ZZDM5A14JD0001٣1"]
)
def test_what_is_no_vin_is_refused(shop: Shop, number: str) -> None:
    with pytest.raises(Refused) as refused:
        a_vehicle(a_customer(shop), vin=number)
    assert "vin" in refused.value.errors


def test_before_1981_a_vin_may_have_any_length(shop: Shop) -> None:
    assert a_vehicle(a_customer(shop), vin="DZ109Q123", year=1966).vin == "DZ109Q123"


def test_each_odometer_reading_is_kept_with_its_day_and_one_that_went_down_shows(shop: Shop) -> None:
    vehicle = a_vehicle(a_customer(shop), odometer=187_450)
    vehicle.read_odometer(188_000, by=SAM, on=date(2025, 5, 12))
    assert not vehicle.odometer_went_down
    vehicle.read_odometer(18_900, by=SAM)
    vehicle.read_odometer(18_900, by=SAM)
    assert [reading.value for reading in vehicle.readings] == [187_450, 188_000, 18_900]
    assert (vehicle.odometer, vehicle.odometer_went_down) == (18_900, True)


def test_an_older_reading_does_not_become_the_newest(shop: Shop) -> None:
    vehicle = a_vehicle(a_customer(shop), odometer=90_000)
    vehicle.read_odometer(70_000, by=SAM, on=date(2024, 5, 12))
    assert (vehicle.odometer, vehicle.odometer_went_down) == (90_000, False)


@pytest.mark.parametrize(("value", "day"), [(None, None), (-1, None), (10_000_000, None), (1, date(2025, 5, 13))])
def test_a_reading_that_can_not_be_is_refused(shop: Shop, value: int | None, day: date | None) -> None:
    vehicle = a_vehicle(a_customer(shop))
    with pytest.raises(Refused):
        vehicle.read_odometer(value, by=SAM, on=day)
    assert vehicle.readings == []


def test_a_changed_odometer_is_a_reading(shop: Shop) -> None:
    vehicle = a_vehicle(a_customer(shop), odometer=100)
    vehicle.change(by=SAM, make="Honda", odometer=120)
    vehicle.change(by=SAM, make="Honda", odometer=120)
    assert [reading.value for reading in vehicle.readings] == [100, 120]


def test_a_sold_vehicle_moves_and_its_history_stays_with_who_had_it(shop: Shop) -> None:
    appointment = a_drop_off(shop)
    maria, vehicle, tom = appointment.customer, appointment.vehicle, a_customer(shop, "Tom", "Novak", phones=["+13125550188"])
    vehicle.sell(tom, by=SAM)
    db.session.commit()
    db.session.expire_all()
    assert (maria.vehicles, tom.vehicles) == ([], [vehicle])
    assert (appointment.customer, vehicle.history) == (maria, [appointment.visit])
    assert Customer.search(shop, "demo101") == [tom]


def test_selling_to_who_has_it_changes_nothing(shop: Shop) -> None:
    vehicle = a_vehicle(a_customer(shop))
    vehicle.sell(vehicle.customer, by=SAM)
    assert Vehicle.search(shop, "demo 101") == [vehicle]


def test_a_retired_vehicle_is_offered_no_more_and_still_found(shop: Shop) -> None:
    maria = a_customer(shop)
    vehicle, other = a_vehicle(maria), a_vehicle(maria, plate="DEMO 2")
    vehicle.retire(by=SAM)
    vehicle.retire(by=SAM)
    assert (maria.vehicles, maria.vehicles_in_use) == ([vehicle, other], [other])
    assert Vehicle.search(shop, "demo101") == [vehicle]
    vehicle.return_to_use(by=SAM)
    assert maria.vehicles_in_use == [vehicle, other]


def test_vehicles_are_found_by_plate_vin_make_model_year_and_unit(shop: Shop) -> None:
    vehicle = a_vehicle(a_customer(shop), vin=GOOD[0], unit_number="Van 1")
    a_vehicle(a_customer(shop, "Ruth", "Berg", phones=[], emails=[]), make="VW", model="Golf", year=2020, plate="X 1")
    for words in ["civic", "honda 2018", "hon civ", "demo 101", "DEMO-101", "000101", "van", "2018"]:
        assert Vehicle.search(shop, words) == [vehicle], words


def test_no_vehicle_is_found_by_what_fits_none(shop: Shop) -> None:
    a_vehicle(a_customer(shop))
    for words in ["golf civic", "?", "demo 9", "zz"]:
        assert Vehicle.search(shop, words) == [], words


def test_closing_a_work_order_notes_what_the_odometer_showed(shop: Shop) -> None:
    vehicle = a_vehicle(a_customer(shop), odometer=100)
    order = WorkOrder.walk_in(vehicle.customer, vehicle, by=SAM)
    order.close(by=SAM, odometer=140)
    assert [reading.value for reading in vehicle.readings] == [100, 140]
