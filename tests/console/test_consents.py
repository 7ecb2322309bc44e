"""Permission to text as staff note it: on paper, on the tablet, by the code at the counter, with its ledger."""

from collections.abc import Callable

import pytest

from models import Consent, ConsentFact, Customer, Shop, counter_code, db
from models.consent import MARKETING, SERVICE
from models.opt_out import opt_in
from tests.ground.client import Visitor
from tests.ground.makers import MARIA, SAM, a_customer, a_drop_off, a_member, a_shop, signed_in
from tests.ground.plain import plain

TYPED = {"typed": "(312) 555-0142", "number": MARIA}


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")


@pytest.fixture
def shop(client: Visitor) -> Shop:
    return a_shop()


@pytest.fixture
def maria(shop: Shop) -> Customer:
    return a_customer(shop)


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop))
    return client


def facts() -> list[tuple[str, bool, str]]:
    return [(fact.scope, fact.given, fact.source) for fact in db.session.query(ConsentFact).order_by(ConsentFact.id)]


def test_a_signed_form_is_kept_for_what_was_ticked_with_the_remark(sam: Visitor, maria: Customer) -> None:
    signed = {"number": MARIA, "given": "yes", "source": "written", "scope": [SERVICE, MARKETING], "remark": "Binder 3"}
    for _ in range(2):
        assert sam.post(f"/console/customers/{maria.id}/consent", data=signed).status_code == 303
    assert facts() == [(SERVICE, True, "written"), (MARKETING, True, "written")]
    fact = Consent.of(maria.shop, MARIA, MARKETING)
    assert fact
    assert (fact.remark, fact.actor_name, fact.ip) == ("Binder 3", "Sam Ortiz", "127.0.0.1")
    assert "to (312) 555-0142" in fact.wording


@pytest.mark.parametrize("wrong", [{"scope": "marketing", "source": "spoken"}, {"scope": "all", "source": "written"}, {"source": "dream"}])
def test_offers_by_word_of_mouth_and_nonsense_are_refused(sam: Visitor, maria: Customer, wrong: dict[str, str]) -> None:
    answer = sam.post(
        f"/console/customers/{maria.id}/consent", data={"number": MARIA, "given": "yes", **wrong}, headers={"HX-Request": "1"}
    )
    assert answer.status_code == 422
    assert facts() == []


def test_a_spoken_no_moves_open_visits_and_leaves_offers_alone(sam: Visitor, maria: Customer) -> None:
    drop_off = a_drop_off(maria.shop, customer=maria)
    opt_in(maria.shop, MARIA, source="written", wording="", by=SAM, scope=MARKETING)
    no = {"number": MARIA, "given": "no", "source": "spoken", "scope": SERVICE}
    sam.post(f"/console/customers/{maria.id}/consent", data=no)
    assert drop_off.preference == "email"
    assert Consent.may_text(maria.shop, MARIA, MARKETING)


def test_the_form_to_sign_names_customer_number_and_both_kinds(sam: Visitor, maria: Customer) -> None:
    page = plain(sam.get(f"/console/customers/{maria.id}/consent-form?number=%2B13125550142").text)
    for words in (
        "Maria Lopez",
        "(312) 555-0142",
        "Signature",
        "about my appointments",
        "not a condition of any purchase",
        "/p/harbour/privacy",
    ):
        assert words in page
    assert sam.get(f"/console/customers/{maria.id}/consent-form?number=%2B13125550177").status_code == 404


def test_it_is_in_the_customers_language_or_the_one_that_is_picked(sam: Visitor, shop: Shop) -> None:
    ana = a_customer(shop, "Ana", language="es")
    address = f"/console/customers/{ana.id}/consent-form?number=%2B13125550142"
    assert "Firma" in sam.get(address).text
    assert "Handtekening" in sam.get(f"{address}&language=nl").text


def test_on_the_tablet_the_customer_types_the_number_and_agrees_to_each_kind(sam: Visitor, maria: Customer) -> None:
    address = f"/console/customers/{maria.id}/tablet"
    assert sam.get(address, query_string={"number": MARIA}).text.count("I agree") >= 2
    for scope in (SERVICE, MARKETING, SERVICE):
        assert "You agreed. Thank you." in sam.post(address, data={**TYPED, "scope": scope}).text
    assert facts() == [(SERVICE, True, "tablet"), (MARKETING, True, "tablet")]
    fact = Consent.of(maria.shop, MARIA)
    assert fact
    assert (fact.actor_name, fact.ip) == ("Sam Ortiz", "127.0.0.1")


@pytest.mark.parametrize("typed", ["", "nonsense", "(312) 555-0177"])
def test_another_number_agrees_to_nothing(sam: Visitor, maria: Customer, typed: str) -> None:
    answer = sam.post(f"/console/customers/{maria.id}/tablet", data={**TYPED, "typed": typed, "scope": SERVICE})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert facts() == []


def test_a_kind_of_texts_that_there_is_not_is_not_found(sam: Visitor, maria: Customer) -> None:
    assert sam.post(f"/console/customers/{maria.id}/tablet", data={**TYPED, "scope": "all"}).status_code == 404
    assert facts() == []


def test_the_code_at_the_counter_writes_start_and_the_shops_word_for_every_phone(sam: Visitor, shop: Shop) -> None:
    assert counter_code.counter_address(shop) == f"sms:{shop.texting_number}?&body=START%20TEXTME"
    page = sam.get("/console/counter-code").text
    assert 'src="data:image/svg+xml' in page
    for words in ("START TEXTME", "Harbour Street Garage", "How often varies", "rates may apply", "HELP", "STOP", "/p/harbour/texting"):
        assert words in plain(page)


def test_a_shop_without_a_number_has_no_code(client: Visitor) -> None:
    signed_in(client, a_member(a_shop(texting_number=None)))
    assert client.get("/console/counter-code").status_code == 303


@pytest.mark.parametrize(("role", "shows"), [("administrator", True), ("receptionist", False)])
def test_the_ledger_shows_scope_source_wording_who_and_when_and_the_address_to_administrators(
    client: Visitor, shop: Shop, maria: Customer, role: str, shows: bool
) -> None:
    signed_in(client, a_member(shop, role))
    client.post(f"/console/customers/{maria.id}/tablet", data={**TYPED, "scope": MARKETING})
    db.session.query(ConsentFact).update({"ip": "203.0.113.7"})
    page = client.get(f"/console/customers/{maria.id}").text
    for words in ("on the shop's tablet", "Follow-ups and offers", "Sam Ortiz", "wording of 2026-11", "not a condition of any purchase"):
        assert words in plain(page)
    assert ("203.0.113.7" in page) is shows


def test_the_icon_is_green_for_who_may_be_texted(sam: Visitor, maria: Customer) -> None:
    assert "may-text--yes" not in sam.get(f"/console/customers/{maria.id}").text
    opt_in(maria.shop, MARIA, source="web", wording="", by=SAM)
    assert "may-text--yes" in sam.get(f"/console/customers/{maria.id}").text


def test_an_administrator_rewrites_the_notices_and_sees_every_version(client: Visitor, shop: Shop) -> None:
    signed_in(client, a_member(shop, "administrator"))
    address = "/console/settings/notices/privacy/en"
    client.post(address, data={"body": "Ours <i>alone</i>."})
    assert "Ours &lt;i&gt;alone&lt;/i&gt;." in client.get("/p/harbour/privacy?lang=en").text
    client.post(address, data={"body": "ignored", "standard": "1"})
    assert "Who we are" in client.get("/p/harbour/privacy?lang=en").text
    assert "Ours &lt;i&gt;alone&lt;/i&gt;." in client.get(address).text
    assert client.post(address, data={"body": "x" * 20_001}).status_code == 422
    assert "version 2" not in client.get("/console/settings/notices").text
