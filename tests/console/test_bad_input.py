"""Nonsense into every form: whatever is sent to whatever address, nothing breaks, and nothing crosses from one shop to another.

The addresses come from the url map, the fields from the pages that have the forms (``tests.ground.bad``).
"""

from collections import Counter
from collections.abc import Iterator
from os import environ
from random import Random

import pytest
import redis
from flask import Flask
from sqlalchemy import select

from models import Link, Overview, Shop, StaffMember, Visit, WorkOrder, db
from tests.access.test_other_shops import strays
from tests.ground.bad import Form, Forms, names, spoiled
from tests.ground.client import Visitor
from tests.ground.demo import demo
from tests.ground.makers import signed_in
from tests.ground.real import Place, complete, places
from web import limiter

pytestmark = pytest.mark.one_database

ROUNDS = int(environ.get("WL_ROUNDS", "1"))
ENDS_IT = {"console.sign_out", "console.choose_shop"}  # after these somebody else, or somewhere else, would be asking
SENT_AS = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def filled(queue_server: redis.Redis) -> Iterator[Flask]:
    with demo("bad-input") as app:
        app.config["PROPAGATE_EXCEPTIONS"] = False
        limiter.enabled = False
        complete(Shop.known("harbour"))
        yield app
        limiter.enabled = True


def ada(app: Flask) -> Visitor:
    member = db.session.scalars(select(StaffMember).filter_by(email="ada@harbour.example")).one()
    client: Visitor = signed_in(Visitor(app, app.response_class), member)
    return client


def forms_of(client: Visitor, addresses: list[str]) -> dict[str, Form]:
    """By where they go, the longest of those that go to the same address."""
    found: dict[str, Form] = {}
    for address in addresses:
        with client.get(address) as page:
            for form in Forms(page.text).found if page.mimetype == "text/html" else []:
                if len(form.fields) >= len(found.get(form.action, Form("")).fields):
                    found[form.action] = form
    return found


def answers(
    client: Visitor, asked: list[Place], forms: dict[str, Form], kept: frozenset[str] = frozenset()
) -> tuple[list[str], Counter[int]]:
    """What broke, by its address, the number of the round and what was sent; and how often each status was answered."""
    broken, statuses, others = [], Counter[int](), names()
    for place in asked:
        form = forms.get(place.address, Form(place.address))
        for number in range(ROUNDS):
            body = spoiled(form.fields, others, Random(f"{place.rule.rule} {number}"))
            with client.open(place.address, method=place.method, data=body, content_type=SENT_AS) as answer:
                statuses[answer.status_code] += 1
                if answer.status_code >= 500:
                    broken.append(f"{place} {number}: {answer.status_code}")
    return broken, statuses


def test_nonsense_breaks_no_form_of_the_console_and_crosses_into_no_other_shop(filled: Flask) -> None:
    client, every = ada(filled), places(filled, Shop.known("harbour"))
    forms = forms_of(client, [place.address for place in every if place.method == "GET" and place.rule.endpoint != "console.live"])
    asked = [place for place in every if place.method == "POST" and place.rule.endpoint not in ENDS_IT]
    broken, statuses = answers(client, asked, forms)
    assert broken == []
    assert sum(place.address in forms for place in asked) > 100, "most have a form on a page"
    assert statuses[422] > 40, "they are looked at, and refused"
    assert client.get("/console/settings").status_code == 200, "it was Ada who asked, to the end"
    assert strays() == []


def test_nonsense_in_a_question_breaks_no_page(filled: Flask) -> None:
    client, others, broken = ada(filled), names(), []
    asked = [place for place in places(filled, Shop.known("harbour")) if place.method == "GET" and place.rule.endpoint != "console.live"]
    for place in asked:
        query = spoiled([], [*others, "q", "before", "show", "day", "with", "next"], Random(place.rule.rule))[:6000]
        with client.get(f"{place.address}?{query}") as answer:
            if answer.status_code >= 500:
                broken.append(f"{place}?{query[:400]}: {answer.status_code}")
    assert broken == []


def test_nonsense_breaks_no_form_behind_a_customers_link(filled: Flask) -> None:
    client, broken = Visitor(filled, filled.response_class), []
    mine = select(Link).join(Visit, Visit.id == Link.visit_id).where(Link.purpose == "visit", Visit.shop_id == Shop.known("harbour").id)
    asked_for = mine.join(WorkOrder, WorkOrder.visit_id == Visit.id).where(WorkOrder.id.in_(select(Overview.work_order_id)))
    links = [*db.session.scalars(mine.order_by(Visit.id.desc()).limit(2)), *db.session.scalars(asked_for.limit(4))]
    posted = 0
    for link in links:
        for form in forms_of(client, [link.path, f"{link.path}/overview", f"{link.path}/texts", f"{link.path}/receipts/1"]).values():
            for number in range(ROUNDS * 3):
                body = spoiled(form.fields, names(), Random(f"{form.action} {number}"), frozenset({"nonce"}) if number % 3 else frozenset())
                with client.post(form.action, data=body, content_type=SENT_AS) as answer:
                    posted += 1
                    if answer.status_code >= 500:
                        broken.append(f"{form.action} {number}: {answer.status_code}")
    assert broken == []
    assert posted > 40
