"""The customer's own page gives and withdraws permission to text (specification 3, points 2 and 13)."""

from collections.abc import Callable

import pytest

from models import Actor, Consent, ConsentFact, Customer, Notice, Shop, db
from models.consent import MARKETING, SERVICE
from models.opt_out import opt_in, opt_out
from tests.ground.client import Visitor
from tests.ground.makers import MARIA, SAM, a_customer, a_drop_off, a_shop
from tests.portal.forms import press, read

AGREE = {SERVICE: "Agree to texts about my visits", MARKETING: "Agree to reminders and offers"}
END = {SERVICE: "End texts about my visits", MARKETING: "End reminders and offers"}
HERSELF = Actor("customer", "Maria Lopez")


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")


@pytest.fixture
def shop(client: Visitor) -> Shop:
    return a_shop()


def a_link(shop: Shop, customer: Customer | None = None) -> str:
    return a_drop_off(shop, customer=customer, preference="email").visit.link.path


def facts() -> list[ConsentFact]:
    return db.session.query(ConsentFact).order_by(ConsentFact.id).all()


def test_the_page_shows_how_it_stands_and_hides_all_but_the_end_of_the_number(client: Visitor, shop: Shop) -> None:
    link = a_link(shop)
    page = client.get(link)
    assert "Off for ••• 0142" in read(page).text
    assert not {MARIA, "555-0142", "5550142"} & set(page.text.split())
    assert "555-0142" not in page.text
    opt_in(shop, MARIA, source="written", wording="", by=SAM)
    assert "On for ••• 0142" in read(client.get(link)).text


@pytest.mark.parametrize("scope", [SERVICE, MARKETING])
def test_agreeing_is_a_fact_with_its_wording_version_source_and_address(client: Visitor, shop: Shop, scope: str) -> None:
    link = a_link(shop)
    was_read = read(client.get(link)).text
    answer = press(client, link, AGREE[scope])
    assert (answer.status_code, answer.location) == (303, f"{link}/texts#texts")
    (fact,) = facts()
    assert (fact.number, fact.scope, fact.given, fact.source) == (MARIA, scope, True, "web")
    assert (fact.actor_name, fact.ip, fact.wording_version) == ("Maria Lopez", "127.0.0.1", "2026-11")
    assert fact.wording in was_read, "what was read is what is kept"


def test_the_wording_of_offers_says_that_they_are_no_condition(client: Visitor, shop: Shop) -> None:
    page = read(client.get(a_link(shop)))
    for words in ("Harbour Street Garage", "How often varies", "rates may apply", "STOP at any time", "not a condition of any purchase"):
        assert words in page.text
    assert page.links["Messaging terms"] == "/p/harbour/texting?lang=en"


def test_withdrawing_one_kind_leaves_the_other(client: Visitor, shop: Shop) -> None:
    link = a_link(shop)
    for scope in (SERVICE, MARKETING):
        press(client, link, AGREE[scope])
    press(client, link, END[MARKETING])
    assert (Consent.may_text(shop, MARIA), Consent.may_text(shop, MARIA, MARKETING)) == (True, False)
    press(client, link, END[SERVICE])
    assert not Consent.may_text(shop, MARIA)
    assert [(fact.scope, fact.given) for fact in facts()] == [(SERVICE, True), (MARKETING, True), (MARKETING, False), (SERVICE, False)]


def test_saying_it_twice_keeps_one_fact(client: Visitor, shop: Shop) -> None:
    link = a_link(shop)
    form = read(client.get(link)).forms[AGREE[SERVICE]]
    for _ in range(3):
        assert client.post(form.action, data=form.fields).status_code == 303
    assert len(facts()) == 1


def test_after_a_tap_the_part_is_open_and_htmx_gets_it_alone_with_the_focus(client: Visitor, shop: Shop) -> None:
    link = a_link(shop)
    assert '<details class="texts" id="texts" open>' in client.get(f"{link}/texts").text
    assert '<details class="texts" id="texts">' in client.get(link).text
    answer = press(client, link, AGREE[SERVICE], headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith('<details class="texts" id="texts" open>')
    assert 'id="texts-service" tabindex="-1" autofocus' in answer.text


@pytest.mark.parametrize("wrong", [{"nonce": "forged"}, {"nonce": ""}, {"ends": "0177"}, {"ends": ""}])
def test_what_does_not_come_from_the_page_as_it_stands_keeps_nothing(client: Visitor, shop: Shop, wrong: dict[str, str]) -> None:
    link = a_link(shop)
    for button in (AGREE[SERVICE], AGREE[MARKETING]):
        assert press(client, link, button, **wrong).status_code == 422
    assert facts() == []


def test_a_strangers_page_can_not_make_anybody_agree(client: Visitor, shop: Shop) -> None:
    assert press(client, a_link(shop), AGREE[SERVICE], headers={"Sec-Fetch-Site": "cross-site"}).status_code == 422
    assert facts() == []


def test_opening_the_page_or_the_addresses_of_its_buttons_changes_nothing(client: Visitor, shop: Shop) -> None:
    link = a_link(shop)
    for path in ("", "/texts", "/texts/service", "/texts/service/withdrawal"):
        assert client.get(link + path).status_code in {200, 303}
    assert facts() == []


def test_the_link_in_a_calendar_shows_and_takes_none_of_it(client: Visitor, shop: Shop) -> None:
    drop_off = a_drop_off(shop, preference="email")
    link = drop_off.visit.calendar_link.path
    assert "0142" not in client.get(link).text
    form = read(client.get(drop_off.visit.link.path)).forms[AGREE[SERVICE]]
    assert client.post(f"{link}/texts/service", data=form.fields).status_code == 404
    assert client.get(f"{link}/texts").status_code == 200
    assert facts() == []


@pytest.mark.parametrize("phones", [[], ["+31205550123"]], ids=["no number", "a landline"])
def test_who_can_not_be_texted_is_not_asked(client: Visitor, shop: Shop, phones: list[str]) -> None:
    assert "Texts from" not in client.get(a_link(shop, a_customer(shop, phones=phones))).text


def test_a_shop_that_can_not_text_does_not_ask(client: Visitor) -> None:
    assert "Texts from" not in client.get(a_link(a_shop(texting_number=None))).text


def test_who_texted_stop_is_told_to_text_start_until_they_do(client: Visitor, shop: Shop) -> None:
    link = a_link(shop)
    opt_in(shop, MARIA, source="written", wording="", by=SAM)
    opt_out(shop, MARIA, source="stop", wording="STOP", by=HERSELF)
    press(client, link, AGREE[SERVICE])
    page = read(client.get(link))
    assert page.links["Text START to us"] == f"sms:{shop.texting_number}?&body=START"
    opt_in(shop, MARIA, source="start", wording="START", by=HERSELF)
    assert "Text START to us" not in read(client.get(link)).links


def test_spoken_consent_that_is_not_enough_here_is_asked_for_again(client: Visitor) -> None:
    shop = a_shop(spoken_consent=False)
    link = a_link(shop)
    opt_in(shop, MARIA, source="spoken", wording="", by=SAM)
    press(client, link, AGREE[SERVICE])
    assert Consent.may_text(shop, MARIA)


def test_withdrawing_moves_the_visit_to_e_mail(client: Visitor, shop: Shop) -> None:
    drop_off = a_drop_off(shop)
    press(client, drop_off.visit.link.path, END[SERVICE])
    assert drop_off.preference == "email"


def test_the_fact_is_in_the_language_that_was_read_and_names_the_shops_own_terms(client: Visitor, shop: Shop) -> None:
    Notice.rewrite(shop, "texting", "es", "Las nuestras.", by=SAM)
    link = a_link(shop, a_customer(shop, language="es"))
    press(client, link, "Aceptar mensajes sobre mis visitas")
    (fact,) = facts()
    assert fact.wording.startswith("Acepto que Harbour Street Garage")
    assert fact.wording_version == "2026-11, terms 1"
