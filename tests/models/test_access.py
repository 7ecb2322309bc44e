"""Passwords, sign-ins, roles, links."""

import pytest
from flask import Flask

from models import Link, NotFound, Refused, Role, SignIn, StaffMember, db
from models.password import hashed, verified
from tests.ground.makers import PASSWORD, a_drop_off, a_member, a_shop


@pytest.mark.parametrize("weak", ["short", "", "12345678901", "password1234", "Password1234", "x" * 257])
def test_a_weak_password_is_refused(weak: str) -> None:
    with pytest.raises(Refused):
        hashed(weak)


def test_passwords_are_kept_as_argon2id(app: Flask) -> None:
    member = a_member(a_shop())
    assert member.password_hash
    assert member.password_hash.startswith("$argon2id$")


def test_nobody_has_the_password_of_nobody() -> None:
    assert not verified("nobody has this password", None)


def test_who_is_not_activated_or_disabled_can_not_sign_in(app: Flask) -> None:
    member = a_member(a_shop())
    assert StaffMember.signing_in(" Receptionist@Harbour.Example ", PASSWORD) is member
    assert StaffMember.signing_in(member.email, "wrong") is None
    member.disable()
    assert StaffMember.signing_in(member.email, PASSWORD) is None
    pending = StaffMember.add("new@harbour.example", "New", Role.mechanic, member.memberships[0].shop)
    assert StaffMember.signing_in(pending.email, PASSWORD) is None


def test_disabling_somebody_ends_their_sessions(app: Flask) -> None:
    member = a_member(a_shop())
    token = SignIn.begin(member, "").token
    assert SignIn.current(token) is member
    member.disable()
    db.session.flush()
    assert SignIn.current(token) is None


def test_a_mechanic_may_neither_book_nor_change_settings() -> None:
    assert not any(Role.mechanic.may(permission) for permission in ("day", "book", "customers", "estimates", "messages", "settings"))
    assert Role.receptionist.may("book")
    assert not Role.receptionist.may("settings")


def test_the_database_alone_can_not_make_a_link(app: Flask) -> None:
    link = a_drop_off(a_shop()).visit.link
    assert len(link.token) == 22
    assert link.token not in {str(value) for value in (link.digest, link.version, link.visit_id)}


@pytest.mark.parametrize(
    "change", [lambda token: token[:-1], lambda token: token + "x", lambda token: token[::-1], lambda token: "", lambda token: "é" * 22]
)
def test_a_wrong_or_cut_off_link_is_not_found(app: Flask, change: object) -> None:
    token = a_drop_off(a_shop()).visit.link.token
    with pytest.raises(NotFound):
        Link.found(change(token))  # type: ignore[operator]


def test_a_revoked_link_is_not_found_and_the_new_one_is(app: Flask) -> None:
    link = a_drop_off(a_shop()).visit.link
    old = link.token
    link.revoke()
    db.session.flush()
    assert Link.found(link.token) is link
    with pytest.raises(NotFound):
        Link.found(old)


def test_the_calendars_link_is_another_one(app: Flask) -> None:
    visit = a_drop_off(a_shop()).visit
    assert visit.link.token != visit.calendar_link.token
