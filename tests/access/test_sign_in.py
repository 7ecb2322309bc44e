"""Signing in and out: who gets in, how often one may try, and what ends with a session."""

from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask

from models import SignIn, db, password
from tests.ground.client import Visitor
from tests.ground.databases import entered
from tests.ground.makers import PASSWORD, a_member, a_shop, signed_in


class Counting(PasswordHasher):
    """The real one, which says how often it compared."""

    compared = 0

    def verify(self, *given: Any, **more: Any) -> bool:
        self.compared += 1
        return bool(super().verify(*given, **more))


WRONG = "This e-mail and password don&#39;t go together."
Answer = tuple[int, str]


def tries(client: Visitor, email: str, password: str = "not this one", **more: str) -> Answer:
    answer = client.post("/console/sign-in", data={"email": email, "password": password, **more})
    return answer.status_code, answer.location or answer.text


def test_the_front_door_is_the_sign_in_page(client: Visitor) -> None:
    page = client.get("/")
    assert page.status_code == 200
    for words in (">Email</label>", ">Password</label>", "Sign in</button>"):
        assert words in page.text


def test_who_signs_in_lands_on_today(client: Visitor) -> None:
    a_member(a_shop())
    assert tries(client, "receptionist@harbour.example", PASSWORD) == (303, "/console/")
    assert client.get("/console/").status_code == 200


def test_capitals_and_spaces_in_the_address_do_not_matter(client: Visitor) -> None:
    a_member(a_shop())
    assert tries(client, " Receptionist@HARBOUR.example ", PASSWORD)[0] == 303


def test_a_mechanic_lands_on_the_queue(client: Visitor) -> None:
    a_member(a_shop(), "mechanic")
    assert tries(client, "mechanic@harbour.example", PASSWORD) == (303, "/console/queue")


@pytest.mark.parametrize("email", ["receptionist@harbour.example", "nobody@harbour.example", "", "no address"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Visitor, email: str) -> None:
    a_member(a_shop())
    status, page = tries(client, email)
    assert status == 422
    assert WRONG in page


def test_the_address_that_was_typed_is_kept_and_the_password_is_not(client: Visitor) -> None:
    _status, page = tries(client, "sam@harbour.example", "my secret words")
    assert 'value="sam@harbour.example"' in page
    assert "my secret words" not in page


def test_who_was_not_activated_or_was_disabled_does_not_get_in(client: Visitor) -> None:
    member = a_member(a_shop())
    member.disable()
    assert tries(client, member.email, PASSWORD)[0] == 422


def test_after_five_wrong_passwords_the_account_waits_even_with_the_right_one(client: Visitor) -> None:
    member = a_member(a_shop())
    assert [tries(client, member.email)[0] for _ in range(6)] == [422, 422, 422, 422, 422, 429]
    status, page = tries(client, member.email, PASSWORD)
    assert status == 429
    assert "Too many wrong attempts. Wait five minutes, then try again." in page


def test_another_account_does_not_wait_with_it(client: Visitor) -> None:
    shop = a_shop()
    member, other = a_member(shop), a_member(shop, "administrator")
    for _ in range(6):
        tries(client, member.email)
    assert tries(client, other.email, PASSWORD)[0] == 303


def test_twenty_wrong_attempts_from_one_address_end_all_attempts_from_it(client: Visitor) -> None:
    member = a_member(a_shop())
    assert [tries(client, f"guess{number}@harbour.example")[0] for number in range(20)] == [422] * 20
    assert tries(client, member.email, PASSWORD)[0] == 429


def test_attempts_under_way_at_once_are_counted_before_they_are_answered(client: Visitor) -> None:
    """A wrong one counts when it was answered: without a second limit, hundreds that are sent in one moment would all be compared."""
    member = a_member(a_shop())
    assert [tries(client, member.email, PASSWORD)[0] for _ in range(31)] == [303] * 30 + [429]


@pytest.mark.usefixtures("queue")
def test_the_processes_of_an_installation_count_together(client: Visitor, make_app: Callable[[], Flask]) -> None:
    email = a_member(a_shop()).email
    here = [tries(client, email)[0] for _ in range(3)]
    other = make_app()
    with entered(other):
        there = [tries(Visitor(other, other.response_class), email)[0] for _ in range(3)]
    assert here + there == [422, 422, 422, 422, 422, 429]


@pytest.mark.parametrize("email", ["receptionist@harbour.example", "nobody@harbour.example"])
def test_for_nobody_the_same_work_is_done_as_for_a_wrong_password(client: Visitor, email: str) -> None:
    a_member(a_shop())
    password.verified("once", None)  # makes the hash that nobody's password is compared with
    usual, password._hasher = password._hasher, Counting(time_cost=1, memory_cost=8, parallelism=1)
    try:
        tries(client, email)
        assert password._hasher.compared == 1
    finally:
        password._hasher = usual


def test_signing_in_often_is_no_wrong_attempt(client: Visitor) -> None:
    member = a_member(a_shop())
    assert {tries(client, member.email, PASSWORD)[0] for _ in range(8)} == {303}


@pytest.mark.parametrize("target", ["/console/customers?q=lopez", "/console/appointments/new"])
def test_who_was_sent_to_sign_in_comes_back_to_where_they_were(client: Visitor, target: str) -> None:
    a_member(a_shop())
    assert tries(client, "receptionist@harbour.example", PASSWORD, next=target) == (303, target)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/console/", "/\\evil.example", "/console/\\evil", "javascript:alert(1)", "/v/abc"]
)
def test_signing_in_leads_nowhere_else(client: Visitor, target: str) -> None:
    a_member(a_shop())
    assert tries(client, "receptionist@harbour.example", PASSWORD, next=target) == (303, "/console/")


def test_the_form_needs_its_token(client: Visitor, with_csrf: None) -> None:
    a_member(a_shop())
    status, page = tries(client, "receptionist@harbour.example", PASSWORD)
    assert status == 400
    assert "This page was open for too long. Please sign in again." in page


def test_each_sign_in_gets_a_session_of_its_own(client: Visitor) -> None:
    a_member(a_shop())
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    tries(client, "receptionist@harbour.example", PASSWORD)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"] == db.session.query(SignIn).one().token


def test_signing_out_ends_the_session_for_good(client: Visitor) -> None:
    signed_in(client, a_member(a_shop()))
    with client.session_transaction() as session:
        stolen = dict(session)
    assert client.post("/console/sign-out").location == "/"
    with client.session_transaction() as session:
        session.update(stolen)
    assert client.get("/console/").status_code == 302


def test_disabling_a_member_ends_their_session_at_once(client: Visitor) -> None:
    member = a_member(a_shop())
    signed_in(client, member)
    assert client.get("/console/").status_code == 200
    member.disable()
    assert client.get("/console/").status_code == 302


def test_a_session_lasts_thirty_days_at_most(client: Visitor, at: Callable[..., None]) -> None:
    at("2025-05-12 09:00", "America/Chicago")
    signed_in(client, a_member(a_shop()))
    at("2025-06-11 08:59", "America/Chicago")
    assert client.get("/console/").status_code == 200
    at("2025-06-11 09:01", "America/Chicago")
    assert client.get("/console/").status_code == 302


def test_signing_out_by_a_link_is_not_possible(client: Visitor) -> None:
    signed_in(client, a_member(a_shop()))
    assert client.get("/console/sign-out").status_code == 405


def test_ending_one_session_leaves_the_others(visitors: Callable[[], Visitor]) -> None:
    member = a_member(a_shop())
    here, there = signed_in(visitors(), member), signed_in(visitors(), member)
    here.post("/console/sign-out")
    assert there.get("/console/").status_code == 200
