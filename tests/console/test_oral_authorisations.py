"""A customer's word by phone or at the counter: noted with all that the law wants, marked on the items, refused with every fault."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from models import Approvals, OralAuthorisation, Shop, WorkOrder, db
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_work_order, signed_in
from tests.ground.overviews import an_inspected_order, an_item, answered, item_called, rules, sent

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 10:15", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    shop = a_shop()
    rules(shop)
    return shop


@pytest.fixture
def order(shop: Shop, at: Callable[..., None]) -> WorkOrder:
    order = an_inspected_order(shop)
    at("2025-05-12 10:40", "America/Chicago")
    return order


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop))


def path(order: WorkOrder, *rest: str) -> str:
    return "/".join(["/console/work-orders", str(order.number), "oral-authorisations", *rest])


def said(order: WorkOrder, *titles: str, **changed: Any) -> dict[str, Any]:
    usual = {"way": "phone", "name": "Maria Lopez", "number": "312 555 0142", "date": "2025-05-12", "time": "10:31", "amount": "319.49"}
    items = [item_called(order, title).id for title in titles or ("Front brake pads",)]
    return {**usual, "words": "Go on", "item": items, **changed}


def test_a_word_by_phone_is_marked_on_the_items_and_counts(sam: Visitor, order: WorkOrder) -> None:
    assert sam.post(path(order), data=said(order)).location.endswith(f"/work-orders/{order.number}")
    page = sam.get(f"/console/work-orders/{order.number}").text
    assert "By word of mouth, Maria Lopez, 10:31 AM, (312) 555-0142 · heard by Sam Ortiz" in page
    (oral,) = OralAuthorisation.of(order)
    assert (oral.number, oral.amount, oral.words, oral.total) == ("+13125550142", 31949, "Go on", 31949 + 8520)
    assert Approvals(order).of(item_called(order, "Front brake pads")).is_authorised


def test_a_word_in_person_has_no_number(sam: Visitor, order: WorkOrder) -> None:
    sam.post(path(order), data=said(order, way="in_person"))
    assert OralAuthorisation.of(order)[0].in_person
    assert "10:31 AM, in person" in sam.get(f"/console/work-orders/{order.number}").text


def test_the_customers_page_does_not_ask_again_what_was_agreed_to_aloud(sam: Visitor, client: Visitor, order: WorkOrder) -> None:
    overview = sent(order)
    wipers = next(item for item in overview.items if item.title == "Wiper blades")
    page = f"{order.visit.link.path}/overview"
    assert f'name="item-{wipers.id}"' in client.get(page).text
    assert sam.post(path(order), data=said(order, item=[item_called(order, "Wiper blades").id], amount="42.60")).status_code == 303
    shown = client.get(page).text
    assert f'name="item-{wipers.id}"' not in shown
    assert "Agreed by phone, " in shown


def test_the_form_begins_with_what_the_customer_wants_to_be_called_about(sam: Visitor, order: WorkOrder) -> None:
    answered(sent(order), {"Tyres": "contact", "Front brake pads": "repair"})
    form = sam.get(path(order, "new")).text
    assert f'value="{item_called(order, "Tyres").id}" checked' in form
    assert f'value="{item_called(order, "Front brake pads").id}" checked' not in form
    assert all(f'value="{value}"' in form for value in ("Maria Lopez", "(312) 555-0142", "637.89", "2025-05-12", "10:40"))


def test_the_form_can_be_opened_for_one_item(sam: Visitor, order: WorkOrder) -> None:
    wipers = item_called(order, "Wiper blades").id
    form = sam.get(path(order, f"new?item={wipers}")).text
    assert (form.count(" checked"), f'value="{wipers}" checked' in form) == (2, True)  # that one, and how it was said
    assert 'value="42.60"' in form


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_every_fault_is_said_at_once_and_what_was_typed_stays(sam: Visitor, order: WorkOrder, headers: dict[str, str]) -> None:
    wrong = said(order, name=" ", number="12", date="soon", amount="much", words="x" * 501, item=[])
    answer = sam.post(path(order), data=wrong, headers=headers)
    assert answer.status_code == 422
    sentences = ("Say who agreed", "no phone number", "Choose a day", "Give a number", "under 501 characters", "Choose what was agreed to")
    assert [sentence for sentence in sentences if sentence not in answer.text] == []
    assert all(typed in answer.text for typed in ('value="12"', 'value="much"', "x" * 501))
    assert OralAuthorisation.of(order) == []


@each(
    ("changed", "sentence"),
    [
        ({"amount": "300"}, "These items cost $319.49."),
        ({"amount": ""}, "Give a price"),
        ({"amount": "-1"}, "below zero"),
        ({"number": ""}, "Say which number was called."),
        ({"time": "25:99"}, "hours and minutes"),
        ({"time": ""}, "hours and minutes"),
        ({"time": "10:00"}, "between check-in and now"),
        ({"time": "11:00"}, "between check-in and now"),
        ({"date": "2025-05-11"}, "between check-in and now"),
        ({"item": ["99999", "nonsense"]}, "Choose what was agreed to."),
    ],
)
def test_what_can_not_be_is_refused_beside_its_field(sam: Visitor, order: WorkOrder, changed: dict[str, Any], sentence: str) -> None:
    answer = sam.post(path(order), data=said(order, **changed), headers=HTMX)
    assert (answer.status_code, sentence in answer.text) == (422, True)


def test_what_is_in_order_or_done_or_of_another_order_is_not_agreed_to(sam: Visitor, shop: Shop, order: WorkOrder) -> None:
    item_called(order, "Oil and filter").finish(by=SAM)
    other = a_work_order(shop, a_customer(shop, "Ruth", "Berg", phones=["+13125550145"]))
    theirs = an_item(other, "Theirs")
    for items in (["Oil and filter"], ["Lights"]):
        assert sam.post(path(order), data=said(order, *items, amount="900"), headers=HTMX).status_code == 422
    assert sam.post(path(order), data=said(order, item=[theirs.id]), headers=HTMX).status_code == 422
    assert "Lights" not in sam.get(path(order, "new")).text.split("What was agreed to")[1]


def test_a_closed_order_takes_no_word_and_another_shops_is_not_there(sam: Visitor, order: WorkOrder) -> None:
    form = said(order)
    other = a_shop("northgate", "America/New_York")
    theirs = a_work_order(other, a_customer(other))
    theirs.number = 7007
    db.session.commit()
    assert sam.get(path(theirs, "new")).status_code == 404
    assert sam.post(path(theirs), data=form).status_code == 404
    order.close(by=SAM)
    assert sam.post(path(order), data=form, headers=HTMX).status_code == 422
    assert sam.get(path(order, "new"), headers=HTMX).status_code == 422
