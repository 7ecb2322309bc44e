"""Plates that are looked up at a real HTTP server on this machine: found once, paid once, and every trouble in plain words."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from jobs.gateways import plates
from jobs.gateways.phone import Alone, serve_alone
from jobs.gateways.phone.plates import KEY
from models import Entry, PlateLookup, PlateService, Refused, Shop, clock, db, plate_terms
from models.plate_lookup import AT_ONCE, Outcome
from settings import Settings
from tests.ground.makers import SAM, a_shop

CIVIC = "2HGFC2F50JH000000"


@pytest.fixture
def provider(settings: Settings) -> Iterator[Alone]:
    with serve_alone(settings, carrier=False) as alone:
        yield alone


@pytest.fixture
def shop(app: Flask, provider: Alone) -> Shop:
    return subscribed(a_shop(), f"{provider.url}/plates/v1/vin")


def subscribed(shop: Shop, address: str, key: str = KEY, **limits: int) -> Shop:
    shop.business.looks_up_plates = True
    service = PlateService.of(shop)
    service.subscribe(address, key, limits.get("most", 300), by=SAM)
    service.agree(plate_terms.VERSION, by=SAM)
    service.switch_on(by=SAM)
    db.session.commit()
    return shop


def looked_up(shop: Shop, plate: str, work: Callable[[], int]) -> PlateLookup:
    lookup = PlateLookup.ask(shop, plate, "il", by=SAM)
    db.session.commit()
    work()
    return lookup


def test_a_plate_leads_to_its_vin_and_is_paid_once_for_some_days(shop: Shop, work: Callable[[], int], at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")
    found = looked_up(shop, "demo-130", work)
    assert (found.outcome, found.vin, found.units, found.asked_by) == (Outcome.found, CIVIC, 1, "Sam Ortiz")
    at("2025-05-18 08:15", "America/Chicago")
    assert PlateLookup.ask(shop, "DEMO 130", "IL", by=SAM) == found
    at("2025-05-20 08:15", "America/Chicago")
    assert PlateLookup.ask(shop, "DEMO 130", "IL", by=SAM) != found
    assert [month[1:] for month in PlateLookup.months(shop, 2)] == [(2, 1, 1), (0, 0, 0)]


@pytest.mark.parametrize(
    ("plate", "outcome", "words"),
    [
        ("DEMO 1", Outcome.none, "knows no vehicle"),
        ("DEMO 402", Outcome.unpaid, "wants to be paid"),
        ("DEMO 429", Outcome.busy, "in a minute"),
        ("DEMO 503", Outcome.broken, "fault of its own"),
        ("DEMO 599", Outcome.silent, "did not answer"),
    ],
)
def test_what_the_provider_can_not_do_is_said_plainly(
    shop: Shop, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch, plate: str, outcome: Outcome, words: str
) -> None:
    monkeypatch.setattr(plates, "TIMEOUT", 0.3)
    lookup = looked_up(shop, plate, work)
    assert (lookup.ended, lookup.vin, lookup.units) == (outcome, "", 0)
    assert words in lookup.words


def test_a_key_that_the_provider_refuses_and_a_machine_that_is_not_there(app: Flask, provider: Alone, work: Callable[[], int]) -> None:
    refused = looked_up(subscribed(a_shop(), f"{provider.url}/plates/v1/vin", "another-key-of-somebody"), "DEMO 130", work)
    silent = looked_up(subscribed(a_shop("elm"), "http://127.0.0.1:9/vin"), "DEMO 130", work)
    assert (refused.ended, silent.ended) == (Outcome.refused, Outcome.silent)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"<html>", Outcome.odd),
        (b"[]", Outcome.odd),
        (b'{"vin": null}', Outcome.none),
        (b'{"vin": "1HG"}', Outcome.odd),
        (b'{"vin": "2hgfc2f50jh000000", "units": 3}', Outcome.found),
        (b'{"vin": "2HGFC2F50JH000000", "units": "many"}', Outcome.odd),
        (b'{"vin": "2HGFC2F50JH000000", "units": 1e999}', Outcome.odd),
    ],
)
def test_an_answer_is_a_vin_or_nothing(body: bytes, outcome: Outcome) -> None:
    assert plates._read(body)[0] is outcome


def test_a_job_that_got_lost_is_not_done_later_and_one_that_was_begun_is_not_done_again(
    shop: Shop, work: Callable[[], int], at: Callable[..., None]
) -> None:
    at("2025-05-12 08:15")
    lookup, begun = (PlateLookup.ask(shop, plate, "IL", by=SAM) for plate in ("DEMO 130", "DEMO 131"))
    begun.claimed_at = clock.now()
    db.session.commit()
    at("2025-05-12 08:16")
    work()
    assert {(one.ended, one.done_at) for one in (lookup, begun)} == {(Outcome.silent, None)}


def test_it_is_off_until_the_operator_the_terms_and_an_administrator_have_said_yes(app: Flask, provider: Alone) -> None:
    shop = a_shop()
    service = PlateService.of(shop)
    for missing, step in (
        ("not enabled", lambda: setattr(shop.business, "looks_up_plates", True)),
        ("address and key", lambda: service.subscribe(f"{provider.url}/plates/v1/vin", KEY, 300, by=SAM)),
        ("agreed to the terms", lambda: service.agree(plate_terms.VERSION, by=SAM)),
    ):
        with pytest.raises(Refused, match=missing):
            service.switch_on(by=SAM)
        with pytest.raises(Refused, match="not set up"):
            PlateLookup.ask(shop, "DEMO 130", "IL", by=SAM)
        step()
    service.switch_on(by=SAM)
    assert PlateService.of(shop).works
    shop.business.looks_up_plates = False
    assert not PlateService.of(shop).works
    assert {entry.verb for entry in db.session.query(Entry)} >= {"plate_service.kept", "plate_service.agreed", "plate_service.switched_on"}


def test_too_many_at_once_or_in_a_month_are_refused(shop: Shop) -> None:
    for number in range(AT_ONCE):
        PlateLookup.ask(shop, f"DEMO {number}", "IL", by=SAM)
    with pytest.raises(Refused, match="within a minute"):
        PlateLookup.ask(shop, "DEMO 130", "IL", by=SAM)
    elm = subscribed(a_shop("elm"), "http://127.0.0.1:9/vin", most=1)
    PlateLookup.ask(elm, "DEMO 1", "IL", by=SAM)
    with pytest.raises(Refused, match="used up"):
        PlateLookup.ask(elm, "DEMO 2", "IL", by=SAM)


@pytest.mark.parametrize(
    ("address", "key", "field"),
    [
        ("http://plates.example.com/vin", KEY, "address"),
        ("https://", KEY, "address"),
        ("https://user:secret@plates.example.com/vin", KEY, "address"),
        ("https://[::1/vin", KEY, "address"),
        ("https://plates.example.com/vin", "", "key"),
        ("https://plates.example.com/vin", "two words", "key"),
    ],
)
def test_an_address_or_a_key_that_can_not_be_is_refused(shop: Shop, address: str, key: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        PlateService.of(shop).subscribe(address, key, 300, by=SAM)
    assert set(refused.value.errors) == {field}


@pytest.mark.parametrize("address", ["https://127.0.0.1/vin", "http://localhost:8000/vin", "https://[::1]/vin"])
def test_a_shop_of_a_public_installation_reaches_no_machine_inside(make_app: Callable[..., Flask], address: str) -> None:
    app = make_app(PUBLIC_BASE_URL="https://visit.example.com", SECRET_KEY="s" * 40, DATA_KEY="d" * 40)
    with app.app_context():
        shop = a_shop()
        with pytest.raises(Refused, match="this machine"):
            PlateService.of(shop).subscribe(address, KEY, 300, by=SAM)
        assert plates.look_up(plates.Sought("https://10.0.0.7/vin", KEY, "A", "IL", "US", "x"))[0] is Outcome.silent


def test_the_operators_command_enables_it_for_a_business(app: Flask) -> None:
    shop = a_shop()
    said = app.test_cli_runner().invoke(args=["allow-plates", "--business", "Harbour Motors"]).output
    db.session.expire_all()
    assert (said, shop.business.looks_up_plates) == ("Harbour Motors: plate look-up on.\n", True)
