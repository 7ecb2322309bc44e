"""A letter's template read as a real customer, while it is typed."""

import html
from datetime import timedelta

import pytest

from models import MessageTemplate, Shop, db
from tests.ground.client import Visitor
from tests.ground.letters import a_letter_shop, a_visit
from tests.ground.makers import a_customer, a_member, a_shop, signed_in

pytestmark = pytest.mark.one_database
HTMX = {"HX-Request": "true"}
THANKS, CARD = (f"/console/settings/messages/thank_you/{channel}/en" for channel in ("email", "postcard"))


@pytest.fixture
def shop(app: object) -> Shop:
    shop = a_letter_shop()
    shop.location.feedback = "mailto:feedback@harbour.example?subject=My%20visit"
    db.session.commit()
    return shop


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop, "administrator"))


def preview(ada: Visitor, address: str, reader: object, body: str, subject: str = "To {mailing}") -> str:
    answer = ada.post(f"{address}/preview", data={"subject": subject, "body": body, "reader": str(reader)}, headers=HTMX)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def test_the_words_as_typed_so_far_are_read_as_a_customer_who_was_here(ada: Visitor, shop: Shop) -> None:
    walter = a_customer(shop, "Walter", "Finch", phones=[], emails=[])
    order = a_visit(shop, shop.today() - timedelta(days=2), walter)
    assert "Walter Finch" in ada.get(THANKS).text, "who was here last is offered"
    read = preview(ada, THANKS, walter.id, "Dear {mailing}, your {model}. Write to {feedback}, or call {phone}.")
    assert "What Walter Finch reads" in read
    assert f"Dear Walter Finch, your {order.visit.vehicle.model_name}." in read
    assert ">feedback@harbour.example</a>" in read
    assert "mailto:" not in read, "there is nothing to follow in a preview"
    assert "Nothing is sent." in read


@pytest.mark.parametrize("address", [THANKS, CARD])
def test_without_name_vehicle_or_visit_there_is_neither_hole_nor_raw_field(ada: Visitor, shop: Shop, address: str) -> None:
    nobody = a_customer(shop, "X", "", phones=["+13125550177"], emails=[])
    nobody.first_name = ""  # as one who came with an import may be
    db.session.commit()
    template = MessageTemplate.of(shop, "thank_you", address.split("/")[-2], "en")
    read = preview(ada, address, nobody.id, template.body + "\nLast here on {last_service}.\n{year} {make}", "{plate}")
    words = read.partition("What a customer without a name reads")[2]
    assert "your vehicle" in words
    assert "Dear Customer," in words
    assert not any(sign in words for sign in ("{", "None", "Last here on", "plate", " ,"))
    assert "no reason for this letter" in words
    assert "Beste klant," in preview(ada, address.replace("/en", "/nl"), nobody.id, "Beste {mailing},")
    if address is THANKS:
        assert "Harbour Street Garage</p>" in words, "a subject is never empty"


def test_a_field_that_is_none_is_refused_beside_the_words_with_the_reader_kept(ada: Visitor, shop: Shop) -> None:
    walter = a_customer(shop, "Walter", "Finch", phones=[], emails=[])
    answer = ada.post(THANKS, data={"subject": "Hi", "body": "Dear {nickname}", "reader": str(walter.id)}, headers=HTMX)
    assert answer.status_code == 422
    assert "There is no field {nickname}." in html.unescape(answer.text).partition('id="body-error"')[2]
    assert f'value="{walter.id}" form="template-form" checked' in answer.text
    assert MessageTemplate.of(shop, "thank_you", "email", "en").is_preset


def test_customers_are_found_as_one_types_and_another_shops_are_not(ada: Visitor, shop: Shop) -> None:
    walter = a_customer(shop, "Walter", "Finch", phones=[], emails=[])
    theirs = a_customer(a_shop("northgate", "America/New_York"), "Walter", "Quist", phones=[], emails=[])
    found = ada.get("/console/settings/messages/readers?q=walt&kind=thank_you").text
    assert ("Walter Finch" in found, "Walter Quist" in found) == (True, False)
    assert "Nobody on file matches" in ada.get("/console/settings/messages/readers?q=zzz&kind=nonsense").text
    assert ada.post(f"{THANKS}/preview", data={"subject": "x", "body": "x", "reader": str(theirs.id)}).status_code == 404
    assert "What Maria Lopez reads" in preview(ada, THANKS, "²", "Dear {mailing}")
    assert walter.id


def test_a_shop_that_nobody_signs_for_is_named_once(ada: Visitor, shop: Shop) -> None:
    shop.location.owner_name = ""
    maria = a_customer(shop)
    for address in (THANKS, CARD):
        template = MessageTemplate.of(shop, "thank_you", address.split("/")[-2], "en")
        read = preview(ada, address, maria.id, template.body).rpartition("Thank you for bringing")[2]
        assert read.partition('class="mail-foot"')[0].count("Harbour Street Garage") == (2 if address is THANKS else 1)
