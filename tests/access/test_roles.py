"""What each role may open and do, at every address of the console, against the one place that names permissions."""

import pytest
from flask import Flask

from models.role import Role
from tests.ground.client import Visitor
from tests.ground.makers import a_member, a_shop, signed_in
from tests.ground.routes import doors

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_let_in_where_its_permission_reaches_and_nowhere_else(app: Flask, client: Visitor, role: Role) -> None:
    signed_in(client, a_member(a_shop(), role.value))
    wrong = []
    for door in doors(app):
        if door.room == "console" and door.policy not in {"strangers", "members"}:
            with client.open(door.url, method=door.method) as answer:
                refused = answer.status_code == 403
            if refused is role.may(str(door.policy)):
                wrong.append(str(door))
    assert wrong == []


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        ("receptionist", ["Today", "Messages", "Customers", "New appointment"], ["Settings"]),
        ("mechanic", ["Queue"], ["Today", "Messages", "Customers", "New appointment", "Search customers", "Settings"]),
    ],
)
def test_the_navigation_shows_what_the_role_may_open(client: Visitor, role: str, shown: list[str], hidden: list[str]) -> None:
    signed_in(client, a_member(a_shop(), role))
    page = client.get("/console/queue").text
    assert [words for words in shown if words not in page] == []
    assert [words for words in hidden if words in page] == []


def test_who_may_not_is_told_so_in_words_with_a_way_back(client: Visitor) -> None:
    signed_in(client, a_member(a_shop(), "mechanic"))
    page = client.get("/console/customers")
    assert page.status_code == 403
    assert "This is not part of your role here." in page.text
    assert 'href="/console/queue">Back to work' in page.text
