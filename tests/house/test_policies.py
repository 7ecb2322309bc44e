"""Deny by default: every address says whom it is for, and a stranger who knocks at all of them gets in nowhere else."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from models import ApiToken
from models.api_token import SCOPES
from models.role import PERMISSIONS
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_member, a_shop, signed_in
from tests.ground.routes import Door, doors

pytestmark = pytest.mark.one_database

OF_TOKENS = frozenset(SCOPES) | {"token"}  # what a token of another system may do; no member of the staff comes in by it
DECLARABLE = frozenset().union(*PERMISSIONS.values()) | {"strangers", "members"}
# What is open without a declared policy, and why. A name ends with a dot where a whole room is meant.
OPEN = {
    "portal.": "behind links: the token is the right",
    "hooks.": "from the provider: its signature is the right",
    "mail_hooks.": "from the mail provider: its signature is the right",
    "print_hooks.": "from a shop's print service: the address and the signature are the right",
    "phone.": "the built-in phone, in the demo and on loopback only",
    "health": "says that we are alive, nothing else",
    "metrics": "on loopback or with a token",
}
CLOSED = {302, 303, 401, 403, 404, 405}


@pytest.fixture(autouse=True)
def mistakes_are_answered(app: Flask) -> Iterator[None]:
    """A view that breaks answers 500, as outside tests, so that its address can be named."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield
    app.config["PROPAGATE_EXCEPTIONS"] = None


def is_open(door: Door) -> bool:
    known = any(door.endpoint == name or (name.endswith(".") and door.endpoint.startswith(name)) for name in OPEN)
    return known or door.policy == "strangers"


def undeclared(app: Flask) -> list[str]:
    """Doors that say nothing about whom they are for, or something that no role knows."""
    return [str(door) for door in doors(app) if door.policy not in declarable(door) and not (door.policy is None and is_open(door))]


def declarable(door: Door) -> frozenset[str]:
    """In the room of tokens what tokens may, elsewhere what people may."""
    return OF_TOKENS | {"strangers"} if door.room == "api" else DECLARABLE


def ajar(app: Flask, client: Visitor) -> list[str]:
    """Doors that are not open, and yet answer a stranger with something else than 'no'."""
    answers = ((door, client.open(door.url, method=door.method)) for door in doors(app) if not is_open(door))
    return [f"{door}: {answer.status}" for door, answer in answers if answer.status_code not in CLOSED]


def test_every_address_declares_whom_it_is_for(app: Flask) -> None:
    assert undeclared(app) == []


def test_a_stranger_is_let_in_nowhere(app: Flask, client: Visitor) -> None:
    assert ajar(app, client) == []


def test_a_stranger_is_sent_to_the_sign_in_page_and_nowhere_else(app: Flask, client: Visitor) -> None:
    answers = (client.open(door.url, method=door.method) for door in doors(app) if not is_open(door))
    places = {answer.location.partition("?")[0] for answer in answers if answer.location}
    assert places <= {"/console/sign-in"}


def test_an_open_address_never_breaks_under_nonsense(app: Flask, client: Visitor) -> None:
    answers = ((door, client.open(door.url, method=door.method)) for door in doors(app) if is_open(door))
    assert [f"{door}: {answer.status}" for door, answer in answers if answer.status_code >= 500] == []


def test_a_member_of_the_staff_opens_no_door_that_is_for_tokens(app: Flask, client: Visitor) -> None:
    signed_in(client, a_member(a_shop(), "administrator"))
    of_tokens = [door for door in doors(app) if door.policy in OF_TOKENS]
    assert len(of_tokens) > 12
    assert {client.open(door.url, method=door.method).status_code for door in of_tokens} == {401}


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_a_token_opens_the_doors_of_its_scope_and_no_others(app: Flask, client: Visitor, scope: str) -> None:
    secret = ApiToken.make(a_shop(), "Protractor", [scope], by=SAM)[1]
    headers = {"Authorization": f"Bearer {secret}"}
    wrong = []
    for door in doors(app):
        refused = door.policy in SCOPES and client.open(door.url, method=door.method, headers=headers).status_code == 403
        if door.policy in SCOPES and refused is (door.policy == scope):
            wrong.append(str(door))
    assert wrong == []


def test_a_token_is_no_session(app: Flask, client: Visitor) -> None:
    secret = ApiToken.make(a_shop(), "Protractor", SCOPES, by=SAM)[1]
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/console/customers", headers=headers).status_code in CLOSED


def test_an_address_without_a_policy_and_one_left_open_are_found(make_app: Callable[[], Flask]) -> None:
    app = make_app()
    app.add_url_rule("/console/forgotten", "console.forgotten", lambda: "hello")
    app.add_url_rule("/reports", "reports", lambda: "hello")
    assert undeclared(app) == ["GET /console/forgotten", "GET /reports"]
    assert ajar(app, Visitor(app, app.response_class)) == ["GET /reports: 200 OK"]


@pytest.mark.parametrize("header", [{}, {"HX-Request": "true"}], ids=["page", "panel"])
def test_a_stranger_who_fakes_a_session_is_a_stranger(app: Flask, client: Visitor, header: dict[str, str]) -> None:
    client.set_cookie("session", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    assert client.get("/console/", headers=header).status_code in CLOSED


def test_in_business_there_is_no_built_in_phone(make_app: Callable[..., Flask]) -> None:
    app = make_app(PUBLIC_BASE_URL="https://visit.example.com", SECRET_KEY="s" * 32, DATA_KEY="d" * 32)
    assert [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/phone")] == []
    client = Visitor(app, app.response_class)
    assert {client.get(path).status_code for path in ("/phone", "/phone/", "/phone/twilio/2010-04-01/Accounts/AC1.json")} == {404}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_a_method_that_no_view_takes_does_nothing_anywhere(app: Flask, client: Visitor, method: str) -> None:
    """Signed in as an administrator: what a view does not take is 405, and never the view after all."""
    signed_in(client, a_member(a_shop(), "administrator"))
    wrong = []
    for url in sorted({door.url for door in doors(app) if door.endpoint != "console.live"}):
        taken = {door.method for door in doors(app) if door.url == url} | {"OPTIONS"}
        if method not in taken:
            with client.open(url, method=method) as answer:
                if answer.status_code not in {401, 404, 405, 403}:
                    wrong.append(f"{method} {url}: {answer.status}")
    assert wrong == []
