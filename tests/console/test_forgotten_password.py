"""A forgotten password, and changing one: whoever asks learns nothing, and what was chosen ends every other session."""

import re
import time
from collections.abc import Callable

import pytest
from flask import Flask

from models import AccountLink, Entry, Message, Shop, SignIn, StaffMember, db, password
from tests.ground.client import Visitor
from tests.ground.makers import PASSWORD, a_member, a_shop, signed_in

ASK = "/console/forgotten-password"
NEW = "a new day has a new word"
Visitors = Callable[[], Visitor]


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 09:00", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def sam(shop: Shop) -> StaffMember:
    return a_member(shop)


def links() -> list[AccountLink]:
    return db.session.query(AccountLink).order_by(AccountLink.id).all()


def asked(client: Visitor, email: str) -> str:
    """The path of the newest link after asking for one."""
    assert client.post(ASK, data={"email": email}).status_code == 303
    return links()[-1].url.removeprefix("http://localhost")


# asking


def test_the_sign_in_page_leads_there(client: Visitor) -> None:
    assert f'href="{ASK}"' in client.get("/").text
    assert client.get(ASK).status_code == 200


def test_who_asks_gets_a_link_by_mail(client: Visitor, sam: StaffMember) -> None:
    asked(client, " Receptionist@HARBOUR.example ")
    (message,) = db.session.query(Message).all()
    assert (message.kind, message.address, message.state, message.shop_id) == ("reset", sam.email, "queued", sam.memberships[0].shop_id)
    assert [entry.verb for entry in db.session.query(Entry).filter_by(subject="staff_members")] == ["staff.password_asked"]


def test_a_known_and_an_unknown_address_get_the_same_answer_in_the_same_time(visitors: Visitors, shop: Shop, sam: StaffMember) -> None:
    disabled, pending = a_member(shop, "mechanic"), StaffMember.add("lorna@harbour.example", "Lorna", sam.memberships[0].role, shop)
    disabled.disable()
    answers, times = set(), []
    for email in (sam.email, "nobody@harbour.example", disabled.email, pending.email):
        visitor = visitors()
        begun = time.perf_counter()
        answer = visitor.post(ASK, data={"email": email})
        times.append(time.perf_counter() - begun)
        answers.add((answer.status_code, answer.text, re.sub(r'name="csrf_token" value="[^"]+"', "", visitor.get(answer.location).text)))
    assert len(answers) == 1
    assert "If somebody with this address is on the staff" in answers.pop()[2]
    assert min(times) >= 0.15
    assert len(links()) == 1


@pytest.mark.parametrize("email", ["", "sam", "sam@", "sam@harbour.example, eve@evil.example", "a@b\r\nBcc: c@d.example", "x" * 5000])
def test_what_is_no_address_is_said_to_be_none(client: Visitor, email: str) -> None:
    answer = client.post(ASK, data={"email": email})
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text


def test_asking_twice_at_once_sends_once_and_later_again_ends_the_older_link(
    client: Visitor, sam: StaffMember, at: Callable[..., None]
) -> None:
    first = asked(client, sam.email)
    assert asked(client, sam.email) == first
    at("2025-05-12 09:05", "America/Chicago")
    second = asked(client, sam.email)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    assert db.session.query(Message).count() == 2


@pytest.mark.parametrize("email", ["receptionist@harbour.example", "nobody@harbour.example"])
def test_after_five_requests_an_address_waits_whether_or_not_it_is_known(client: Visitor, sam: StaffMember, email: str) -> None:
    answers = [client.post(ASK, data={"email": email}).status_code for _time in range(6)]
    assert answers == [303] * 5 + [429]
    assert "Too many attempts" in client.post(ASK, data={"email": email}).text


def test_one_visitor_can_not_ask_for_everybody(client: Visitor, shop: Shop) -> None:
    answers = [client.post(ASK, data={"email": f"guess{number}@harbour.example"}).status_code for number in range(21)]
    assert answers[-1] == 429


# choosing


def test_the_new_password_counts_and_every_session_ends(client: Visitor, visitors: Visitors, sam: StaffMember) -> None:
    here, there = signed_in(visitors(), sam), signed_in(visitors(), sam)
    link = asked(client, sam.email)
    answer = client.post(link, data={"password": NEW})
    assert (answer.status_code, answer.location) == (303, "/console/sign-in")
    assert "Your password is changed" in client.get(answer.location).text
    assert [visitor.get("/console/").status_code for visitor in (here, there)] == [302, 302]
    assert client.post("/console/sign-in", data={"email": sam.email, "password": PASSWORD}).status_code == 422
    assert client.post("/console/sign-in", data={"email": sam.email, "password": NEW}).status_code == 303


def test_the_link_works_once_and_for_an_hour(client: Visitor, sam: StaffMember, at: Callable[..., None]) -> None:
    used = asked(client, sam.email)
    client.post(used, data={"password": NEW})
    answer = client.post(used, data={"password": "and another one"})
    assert (answer.status_code, "This link was used already" in answer.text) == (404, True)
    assert password.verified(NEW, sam.password_hash)
    at("2025-05-12 10:00", "America/Chicago")
    late = asked(client, sam.email)
    at("2025-05-12 11:00", "America/Chicago")
    answer = client.post(late, data={"password": "and another one"})
    assert (answer.status_code, "This link does not work any more" in answer.text, f'href="{ASK}"' in answer.text) == (404, True, True)
    assert password.verified(NEW, sam.password_hash)


def test_looking_at_the_page_changes_nothing(client: Visitor, sam: StaffMember) -> None:
    link = asked(client, sam.email)
    assert {client.open(link, method=method).status_code for method in ("GET", "HEAD", "GET")} == {200}
    assert password.verified(PASSWORD, sam.password_hash)


@pytest.mark.parametrize("secret", ["", "short", "password1234", "sam ortiz", "x" * 300])
def test_a_weak_one_is_refused_and_the_link_still_works(client: Visitor, sam: StaffMember, secret: str) -> None:
    link = asked(client, sam.email)
    assert client.post(link, data={"password": secret}).status_code == 422
    assert client.get(link).status_code == 200


def test_who_is_disabled_after_asking_can_not_use_the_link(client: Visitor, sam: StaffMember) -> None:
    link = asked(client, sam.email)
    sam.disable()
    assert client.post(link, data={"password": NEW}).status_code == 404
    assert links()[-1].message.submit() is None  # type: ignore[union-attr]
    assert links()[-1].message.state == "cancelled"  # type: ignore[union-attr]


# changing it


def test_changing_ends_the_other_sessions_and_keeps_this_one(visitors: Visitors, sam: StaffMember) -> None:
    here, there = signed_in(visitors(), sam), signed_in(visitors(), sam)
    link = asked(visitors(), sam.email)
    answer = here.post("/console/password", data={"current": PASSWORD, "password": NEW})
    assert (answer.status_code, answer.location) == (303, "/console/")
    assert (here.get("/console/").status_code, there.get("/console/").status_code) == (200, 302)
    assert password.verified(NEW, sam.password_hash)
    assert here.get(link).status_code == 404  # what was asked for before is pointless now
    assert db.session.query(Entry).filter_by(verb="staff.password_changed").one().actor_name == "Sam Ortiz"


@pytest.mark.parametrize("role", ["administrator", "mechanic"])
def test_every_role_may(client: Visitor, shop: Shop, role: str) -> None:
    signed_in(client, a_member(shop, role))
    assert client.get("/console/password").status_code == 200
    assert client.post("/console/password", data={"current": PASSWORD, "password": NEW}).status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [
        ("", NEW, "current"),
        ("not this one at all", NEW, "current"),
        (PASSWORD, "", "password"),
        (PASSWORD, "short", "password"),
        (PASSWORD, PASSWORD, "password"),
        (PASSWORD, "Sam Ortiz", "password"),
    ],
)
def test_a_wrong_old_one_and_a_weak_new_one_are_refused(client: Visitor, sam: StaffMember, current: str, new: str, field: str) -> None:
    signed_in(client, sam)
    answer = client.post("/console/password", data={"current": current, "password": new})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert password.verified(PASSWORD, sam.password_hash)


def test_guessing_at_a_screen_that_was_left_open_is_slowed_down(client: Visitor, sam: StaffMember) -> None:
    signed_in(client, sam)
    typed = {"current": "not this one at all", "password": NEW}
    assert [client.post("/console/password", data=typed).status_code for _time in range(11)] == [422] * 10 + [429]


def test_a_stranger_changes_nothing(client: Visitor, sam: StaffMember) -> None:
    assert client.post("/console/password", data={"current": PASSWORD, "password": NEW}).status_code == 302
    assert db.session.query(SignIn).count() == 0
