"""A number that is nobody's: attached to a customer who is on file, or a new customer's."""

import pytest
from flask import Flask

from models import Customer, Message, Shop, Thread, db
from models.customer_search import find
from tests.ground.client import Visitor
from tests.ground.makers import MARIA, a_customer, a_member, a_shop, signed_in

HTMX = {"HX-Request": "true"}
STRANGER = "+17735550177"


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop))


@pytest.fixture
def thread(shop: Shop) -> Thread:
    Message.received(shop, STRANGER, "Who is this?", "SM1", None)
    db.session.commit()
    return Thread.at(shop, STRANGER)


@pytest.fixture
def maria(shop: Shop) -> Customer:
    return a_customer(shop)


def test_the_thread_of_an_unknown_number_offers_both(sam: Visitor, thread: Thread) -> None:
    page = sam.get(f"/console/threads/{thread.id}").text
    assert "Attach to a customer" in page
    assert "New customer" in page


def test_the_thread_of_a_known_number_offers_neither(sam: Visitor, shop: Shop, maria: Customer) -> None:
    page = sam.get(f"/console/threads/{Thread.at(shop, MARIA).id}").text
    assert "Attach to a customer" not in page
    assert "New customer" not in page


def test_customers_are_found_as_one_types(sam: Visitor, thread: Thread, maria: Customer) -> None:
    place = f"/console/threads/{thread.id}/owner"
    assert "Maria" not in sam.get(place).text
    found = sam.get(place, query_string={"who": "lop"}, headers=HTMX).text
    assert found.startswith('<div id="who-found"')
    assert f'value="{maria.id}"' in found
    assert "<html" in sam.get(place, query_string={"who": "lop"}).text


def test_the_number_becomes_another_phone_of_the_customer(sam: Visitor, shop: Shop, thread: Thread, maria: Customer) -> None:
    answer = sam.post(f"/console/threads/{thread.id}/owner", data={"customer": maria.id})
    assert answer.location == f"/console/threads/{thread.id}"
    assert [row.number for row in maria.phones] == [MARIA, STRANGER]
    assert [hit.customer.id for hit in find(shop, "7735550177")] == [maria.id]
    assert "Maria Lopez" in sam.get(answer.location).text
    assert "Who is this?" not in sam.get("/console/messages?show=unknown").text


def test_attaching_twice_attaches_once(sam: Visitor, thread: Thread, maria: Customer) -> None:
    for _ in range(3):
        sam.post(f"/console/threads/{thread.id}/owner", data={"customer": maria.id})
    assert len(maria.phones) == 2


@pytest.mark.parametrize("customer", ["", "0", "999999", "x"])
def test_nobody_is_nobody(sam: Visitor, thread: Thread, customer: str) -> None:
    assert sam.post(f"/console/threads/{thread.id}/owner", data={"customer": customer}).status_code == 404


def test_another_shops_customer_gets_no_number_of_ours(sam: Visitor, thread: Thread) -> None:
    stranger = a_customer(a_shop("elm"))
    assert sam.post(f"/console/threads/{thread.id}/owner", data={"customer": stranger.id}).status_code == 404
    assert len(stranger.phones) == 1


def test_a_new_customer_has_the_number_already_and_leads_back_to_the_texts(sam: Visitor, shop: Shop, thread: Thread) -> None:
    form = sam.get("/console/customers/new", query_string={"who": "(773) 555-0177", "anew": 1, "thread": thread.id}).text
    assert 'value="(773) 555-0177"' in form
    assert f'name="thread" value="{thread.id}"' in form
    typed = {"kind": "person", "last_name": "Novak", "phones": "(773) 555-0177", "thread": thread.id}
    answer = sam.post("/console/customers", data=typed)
    assert answer.location == f"/console/threads/{thread.id}"
    assert "Novak" in sam.get(answer.location).text


def test_a_mistake_in_the_form_does_not_lose_the_way_back(sam: Visitor, thread: Thread) -> None:
    answer = sam.post("/console/customers", data={"kind": "person", "phones": "(773) 555-0177", "thread": thread.id}, headers=HTMX)
    assert answer.status_code == 422
    assert f'name="thread" value="{thread.id}"' in answer.text
