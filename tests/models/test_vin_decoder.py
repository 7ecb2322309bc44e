"""What is read from a VIN on this machine, with the tables that are always there."""

import pytest

from models import vin_decoder
from models.vin import Vin
from models.vin_decoder import Decoded

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("number", "decoded"),
    [
        ("2HGFC2F50JH000000", Decoded(year=2018, make="Honda")),
        ("1FTEW1EP1FFA00000", Decoded(year=2015, make="Ford")),
        ("5YJ3E1EA6KF000000", Decoded(year=2019, make="Tesla")),
        ("1C4RJFBG5KC500000", Decoded(year=2019)),  # Chrysler, Dodge or Jeep
        ("WVWZZZ1KZAW000000", Decoded(make="Volkswagen")),
        ("1ZZDM5A14JD000101", Decoded(year=2018)),
        ("ZZZZZZZZZ0Z000000", Decoded()),
    ],
)
def test_the_small_tables_say_maker_and_year_and_no_more_than_they_know(number: str, decoded: Decoded) -> None:
    assert vin_decoder._by_vininfo(Vin(number)) == decoded


def test_an_engine_is_written_as_mechanics_write_it() -> None:
    facts = {
        "Displacement (L)": "2.7",
        "Engine Number of Cylinders": "6",
        "Engine Configuration": "V-Shaped",
        "Fuel Type - Primary": "Gasoline",
    }
    assert vin_decoder._engine(facts) == "2.7 L V6"
    assert vin_decoder._engine({**facts, "Engine Configuration": "In-Line", "Fuel Type - Primary": "Diesel"}) == "2.7 L 6-cylinder diesel"
    assert vin_decoder._engine({"Fuel Type - Primary": "Electric"}) == "Electric"
    assert vin_decoder._engine({}) == ""


def test_the_large_tables_say_model_and_engine_where_the_vin_is_written_for_them() -> None:
    attributes = {"Make": "FORD", "Model": "F-150", "Trim": "XLT", "Displacement (L)": "2.7", "Body Class": "Pickup", "Note": ["a", "b"]}
    said = {"model_year": 2015, "attributes": attributes}
    known = vin_decoder._as_the_authority_says(Vin("1FTEW1EP1FFA00000"), said)
    assert known == Decoded(2015, "Ford", "F-150", "XLT", "2.7 L", "Pickup")
    assert vin_decoder._as_the_authority_says(Vin("WF0WXXGCDWAA00000"), said) == Decoded(make="Ford")
    assert vin_decoder._as_the_authority_says(Vin("1ZZDM5A14JD000101"), {"model_year": 2018, "attributes": {}}) is None
