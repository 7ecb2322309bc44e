"""A vehicle's card: what its VIN says, what is doubted and kept all the same, and the VIN that a plate leads to."""

import html
import json
import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from jobs.gateways.phone import Alone, serve_alone
from jobs.gateways.phone.plates import KEY
from models import Entry, PlateLookup, PlateService, Shop, db, plate_terms
from settings import Settings
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_vehicle, a_work_order, signed_in
from tests.ground.plain import plain

HTMX = {"HX-Request": "true"}
CIVIC, WRONG, GOLF = "2HGFC2F50JH000000", "1ZZDM5A19JD000101", "WVWZZZ1KZAW000000"


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop))
    return client


def said(sam: Visitor, **typed: object) -> str:
    return sam.get("/console/vehicles/vin", query_string=typed, headers=HTMX).text


def put(answer: str, how: str) -> dict[str, str]:
    """What the page is told to put into its fields."""
    found = re.search(f'data-{how}="([^"]*)"', answer)
    return json.loads(html.unescape(found[1])) if found else {}


def test_what_a_vin_says_fills_what_is_empty_and_is_offered_where_it_differs(sam: Visitor) -> None:
    assert put(said(sam, vin=CIVIC), "fill").items() >= {("make", "Honda"), ("year", "2018")}
    typed = {"make": "honda", "model": "Civic EX", "year": "2017", "submodel": "LX", "engine": "2.0 L 4-cylinder"}
    answer = said(sam, vin=CIVIC.lower(), **typed)
    assert (put(answer, "fill"), put(answer, "over")) == ({}, {"year": "2018"})


@pytest.mark.parametrize(
    ("vin", "words", "asks"),
    [
        ("2HGFC2F5", "9 characters are missing.", False),
        ("2HGFC2F5O", "is the O at place 9 a 0?", False),
        (WRONG, "one character is wrong, or two have changed places", True),
        (GOLF, "which is common outside North America", False),
    ],
)
def test_a_wrong_vin_is_said_at_once_and_one_from_elsewhere_only_warned_of(sam: Visitor, vin: str, words: str, asks: bool) -> None:
    answer = said(sam, vin=vin)
    assert words in plain(answer)
    assert ('name="vin_as_is"' in answer) is asks


def test_a_vin_that_does_not_fit_is_kept_by_who_says_that_it_is_so_and_for_that_one_alone(sam: Visitor, shop: Shop) -> None:
    maria = a_customer(shop)
    address, typed = f"/console/customers/{maria.id}/vehicles", {"make": "Honda", "vin": WRONG}
    refused = sam.post(address, data={**typed, "vin_as_is": CIVIC}, headers=HTMX)
    assert refused.status_code == 422
    assert "tick that it is on the vehicle like this" in refused.text.partition('id="vin-error"')[2].partition("</p>")[0]
    assert maria.vehicles == []
    sam.post(address, data={**typed, "vin_as_is": WRONG}, headers=HTMX)
    vehicle = maria.vehicles[0]
    assert (vehicle.vin, vehicle.vin_sure_by) == (WRONG, "Sam Ortiz")
    assert "Sam Ortiz said 8:15 AM that it is on the vehicle like this" in plain(sam.get(f"/console/vehicles/{vehicle.id}").text)
    sam.post(f"/console/vehicles/{vehicle.id}", data={**typed, "model": "Civic"}, headers=HTMX)
    assert (vehicle.model, bool(vehicle.vin_sure_at)) == ("Civic", True)
    sam.post(f"/console/vehicles/{vehicle.id}", data={"make": "Honda", "vin": CIVIC}, headers=HTMX)
    assert (vehicle.vin, vehicle.vin_sure_at) == (CIVIC, None)
    assert [entry.details for entry in db.session.query(Entry).filter_by(verb="vehicle.vin_sure")] == [{"vin": WRONG}]


def test_a_vin_from_outside_north_america_is_kept_without_a_question(sam: Visitor, shop: Shop) -> None:
    maria = a_customer(shop)
    sam.post(f"/console/customers/{maria.id}/vehicles", data={"make": "VW", "vin": GOLF}, headers=HTMX)
    assert maria.vehicles[0].vin == GOLF


def test_the_same_vin_on_another_vehicle_is_said_with_its_page_and_another_shops_is_not(sam: Visitor, shop: Shop) -> None:
    a_vehicle(a_customer(a_shop("elm")), vin=CIVIC)
    assert "On file already" not in said(sam, vin=CIVIC)
    vehicle = a_vehicle(a_customer(shop), vin=CIVIC)
    assert f'href="/console/vehicles/{vehicle.id}"' in said(sam, vin=CIVIC)
    assert "On file already" not in said(sam, vin=CIVIC, vehicle=vehicle.id)


def test_without_a_script_the_card_comes_back_with_what_the_vin_says(sam: Visitor, shop: Shop) -> None:
    maria = a_customer(shop)
    page = sam.post(f"/console/vehicles/vin?customer={maria.id}", data={"vin": CIVIC, "model": "Civic", "plate": "DEMO 1"}).text
    for value in ("2018", "Honda", "Civic", "DEMO 1"):
        assert f'value="{value}"' in page
    assert maria.vehicles == []


def test_an_odometer_that_runs_backwards_is_doubted_wherever_it_is_typed(sam: Visitor, shop: Shop) -> None:
    order = a_work_order(shop, (vehicle := a_vehicle(a_customer(shop), odometer=68_412)).customer)
    assert "It showed 68,412 on May 12, 2025 already." in sam.get(f"/console/vehicles/{vehicle.id}/odometer/odometer?odometer=6841").text
    for address, field, form in (
        (f"vehicles/{vehicle.id}", "odometer", {"make": "Honda"}),
        (f"vehicles/{vehicle.id}/odometer-readings", "reading", {}),
        (f"work-orders/{order.number}/closing", "odometer", {"invoiced_on": "2025-05-12"}),
    ):
        refused = sam.post(f"/console/{address}", data={**form, field: "6,841"}, headers=HTMX)
        assert (refused.status_code, f'name="{field}_as_is"' in refused.text) == (422, True), address
    sam.post(f"/console/work-orders/{order.number}/closing", data={**form, "odometer": "6,841", "odometer_as_is": "6,841"}, headers=HTMX)
    assert (vehicle.odometer, order.is_closed) == (6841, True)


# plates, at a real server on this machine


@pytest.fixture
def provider(settings: Settings) -> Iterator[Alone]:
    with serve_alone(settings, carrier=False) as alone:
        yield alone


@pytest.fixture
def ada(visitors: Callable[[], Visitor], shop: Shop) -> Visitor:
    return signed_in(visitors(), a_member(shop, "administrator", name="Ada Marsh"))


def test_an_administrator_sets_it_up_and_a_receptionist_finds_a_vin_by_plate(
    ada: Visitor, sam: Visitor, shop: Shop, provider: Alone, work: Callable[[], int], caplog: pytest.LogCaptureFixture
) -> None:
    vehicle = a_vehicle(a_customer(shop))
    shop.business.looks_up_plates = True
    assert "Plate look-up is not set up." in plain(sam.get(f"/console/vehicles/{vehicle.id}").text)
    typed = {"address": f"{provider.url}/plates/v1/vin", "key": KEY, "most_a_month": "20"}
    assert ada.post("/console/settings/plates", data={**typed, "address": "http://plates.example.com"}, headers=HTMX).status_code == 422
    ada.post("/console/settings/plates", data=typed, headers=HTMX)
    assert ada.post("/console/settings/plates/terms", data={}, headers=HTMX).status_code == 422
    ada.post("/console/settings/plates/terms", data={"agreed": plate_terms.VERSION}, headers=HTMX)
    ada.post("/console/settings/plates/use", headers=HTMX)

    asked = [sam.post("/console/plate-lookups", data={"plate": "demo 130", "plate_region": "il"}, headers=HTMX) for _ in range(2)]
    lookup = db.session.query(PlateLookup).one()
    assert all(f'hx-get="/console/plate-lookups/{lookup.id}"' in answer.text for answer in asked)
    work()
    found = sam.get(f"/console/plate-lookups/{lookup.id}", headers=HTMX).text
    assert f'data-fill="{{&#34;vin&#34;: &#34;{CIVIC}&#34;}}"' in found
    settings_page = ada.get("/console/settings/plates").text
    assert "Ada Marsh, 8:15 AM, version 1" in plain(settings_page)
    assert "Sam Ortiz" in settings_page
    assert KEY not in settings_page + found + sam.get(f"/console/vehicles/{vehicle.id}").text + caplog.text
    assert KEY not in PlateService.of(shop).sealed_key


def test_what_can_not_be_asked_is_said_beside_the_button(sam: Visitor, shop: Shop) -> None:
    refused = sam.post("/console/plate-lookups", data={"plate": "DEMO 130", "plate_region": "IL"}, headers=HTMX)
    assert (refused.status_code, "Plate look-up is not set up." in refused.text) == (422, True)
    service = PlateService.of(shop)
    shop.business.looks_up_plates = True
    service.subscribe("https://plates.example.com/vin", KEY, 300, by=SAM)
    service.agree(plate_terms.VERSION, by=SAM)
    service.switch_on(by=SAM)
    for typed, words in (({"plate": "", "plate_region": "IL"}, "Type the plate first."), ({"plate": "DEMO 1"}, "plate&#39;s state too")):
        refused = sam.post("/console/plate-lookups", data=typed, headers=HTMX)
        assert (refused.status_code, words in refused.text) == (422, True)


def test_another_shops_vehicle_and_look_up_are_not_there_and_a_mechanic_may_not_ask(
    sam: Visitor, shop: Shop, visitors: Callable[[], Visitor]
) -> None:
    elm = a_shop("elm")
    vehicle = a_vehicle(a_customer(elm))
    lookup = PlateLookup(shop_id=elm.id, plate="DEMO1", country="US", host="x", asked_by="Sam")
    db.session.add(lookup)
    db.session.commit()
    for address in (f"vehicles/{vehicle.id}/odometer/odometer", f"plate-lookups/{lookup.id}"):
        assert sam.get(f"/console/{address}", headers=HTMX).status_code == 404
    assert sam.post(f"/console/vehicles/vin?vehicle={vehicle.id}").status_code == 404
    tess = signed_in(visitors(), a_member(shop, "mechanic"))
    assert tess.post("/console/plate-lookups", data={"plate": "DEMO 1"}).status_code == 403
    assert sam.post("/console/settings/plates/use").status_code == 403
