"""The data receipt: what was handed over about a car, to whom and when, for the customer whose it was then."""

from datetime import date, timedelta

import pytest
from flask import Flask

from models import Partner, Shop, db
from tests.ground.client import Visitor
from tests.ground.exports import BRAKES, a_service, night_after, switched_on
from tests.ground.makers import SAM, a_customer, a_shop
from tests.portal.forms import read

pytestmark = pytest.mark.one_database


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop(tells_exports=True, texting_number=None)


@pytest.fixture
def yesterday(shop: Shop) -> date:
    return shop.today() - timedelta(days=1)


@pytest.mark.parametrize(
    ("language", "titled", "field"),
    [
        ("en", "Data about your car that we passed on", "Title of the service"),
        ("es", "Datos de su coche que hemos transmitido", "Nombre del servicio"),
        ("nl", "Gegevens over uw auto die wij hebben doorgegeven", "Naam van het werk"),
    ],
)
def test_the_visit_page_leads_to_what_was_passed_on_in_the_customers_language(
    client: Visitor, shop: Shop, yesterday: date, language: str, titled: str, field: str
) -> None:
    visit = a_service(shop, yesterday).visit
    switched_on(shop, Partner.carfax, yesterday)
    night_after(shop, yesterday)
    page = read(client.get(f"{visit.link.path}?lang={language}"))
    told = read(client.get(page.links[titled]))
    assert titled in told.text
    assert f"{field} {BRAKES}" in told.text
    assert "CARFAX" in told.text
    assert client.get(f"{visit.calendar_link.path}/data").status_code == 404


def test_nothing_is_told_of_another_owners_visits_or_where_the_shop_does_not_want_it(client: Visitor, shop: Shop, yesterday: date) -> None:
    first = a_service(shop, yesterday - timedelta(days=1), "Of the owner before")
    vehicle, buyer = first.visit.vehicle, a_customer(shop, "Paul", "Berg")
    switched_on(shop, Partner.carfax, yesterday - timedelta(days=1))
    vehicle.sell(buyer, by=SAM)
    second = a_service(shop, yesterday, customer=buyer, vehicle=vehicle)
    night_after(shop, yesterday)
    told = client.get(f"{second.visit.link.path}/data").text
    assert BRAKES in told
    assert "Of the owner before" not in told
    shop.location.tells_exports = False
    db.session.commit()
    assert client.get(f"{second.visit.link.path}/data").status_code == 404
    assert "/data" not in client.get(second.visit.link.path).text
