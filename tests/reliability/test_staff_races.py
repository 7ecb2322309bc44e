"""Many at once at the staff's accounts: one truthful state, on both databases."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from models import AccountLink, Entry, Membership, Message, Refused, Role, Shop, SignIn, Staff, StaffMember, db, password
from tests.ground.client import Visitor
from tests.ground.makers import PASSWORD, SAM, a_member, a_shop

Together = Callable[..., list[Any]]


def count(noun: type, **where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(noun).filter_by(**where)) or 0


def invited(shop: Shop) -> AccountLink:
    Staff(a_member(shop, "administrator"), shop).add("lorna@harbour.example", "Lorna", Role.receptionist, [shop.id], by=SAM)
    db.session.commit()
    return db.session.scalars(select(AccountLink)).one()


def test_two_tabs_that_activate_at_once_leave_one_password_and_one_session(together: Together, visitors: Callable[[], Visitor]) -> None:
    link = invited(a_shop())
    path, words = link.url.removeprefix("http://localhost"), [f"{PASSWORD} {number}" for number in range(4)]
    answers = together(*[lambda word=word: visitors().post(path, data={"password": word}).status_code for word in words])
    assert sorted(answers) == [303, 404, 404, 404]
    assert password.verified(words[answers.index(303)], link.staff_member.password_hash)
    assert (count(SignIn), count(Entry, verb="staff.activated")) == (1, 1)


def test_a_link_is_used_or_replaced_but_never_both(together: Together, rounds: int) -> None:
    link = invited(a_shop())
    link_id, member_id, shop_id = link.id, link.staff_member_id, link.shop_id
    link.issued_at = link.issued_at.replace(year=2024)  # not a double click

    def activate() -> Any:
        return db.session.get_one(AccountLink, link_id).choose_password(PASSWORD, "")

    def resend() -> Any:
        giver = db.session.scalars(select(StaffMember).where(StaffMember.id != member_id)).one()
        staff = Staff(giver, db.session.get_one(Shop, shop_id))
        return staff.invite(staff.member(member_id), by=SAM).id

    used, sent = together(activate, resend)
    member = db.session.get_one(StaffMember, member_id)
    assert member.is_active is used
    assert isinstance(sent, Refused) or not used or not db.session.get_one(AccountLink, sent).works


def test_one_who_is_added_twice_at_once_is_one_member_with_one_mail(together: Together) -> None:
    shop = a_shop()
    shop_id, giver_id = shop.id, a_member(shop, "administrator").id

    def add() -> Any:
        staff = Staff(db.session.get_one(StaffMember, giver_id), db.session.get_one(Shop, shop_id))
        return staff.add("lorna@harbour.example", "Lorna", Role.mechanic, [shop_id], by=SAM).id

    results = together(add, add, add)
    assert [isinstance(result, Refused) for result in results].count(False) == 1
    assert (count(StaffMember), count(Message)) == (2, 1)


def test_one_address_added_by_two_businesses_at_once_is_refused_to_one(together: Together) -> None:
    givers = [a_member(a_shop(slug), "administrator").id for slug in ("harbour", "elm")]

    def add(giver_id: int) -> Any:
        giver = db.session.get_one(StaffMember, giver_id)
        shop = giver.memberships[0].shop
        return Staff(giver, shop).add("lorna@mail.example", "Lorna", Role.mechanic, [shop.id], by=SAM).id

    results = together(*[lambda giver=giver: add(giver) for giver in givers])
    assert [isinstance(result, Refused) for result in results].count(True) == 1
    assert count(StaffMember, email="lorna@mail.example") == 1


def test_two_administrators_who_demote_each_other_at_once_do_not_both_succeed(together: Together) -> None:
    shop = a_shop()
    shop_id = shop.id
    ada, ned = (a_member(shop, "administrator", f"{name}@harbour.example").id for name in ("ada", "ned"))

    def demote(giver_id: int, other_id: int) -> Any:
        giver = db.session.get_one(StaffMember, giver_id)
        return Staff(giver, db.session.get_one(Shop, shop_id)).give(other_id, {shop_id: Role.mechanic}, by=SAM).id

    results = together(lambda: demote(ada, ned), lambda: demote(ned, ada))
    assert [isinstance(result, Refused) for result in results].count(True) == 1
    assert count(Membership, role=Role.administrator) == 1


def test_two_administrators_who_disable_each_other_at_once_leave_one(together: Together) -> None:
    shop = a_shop()
    shop_id = shop.id
    ada, ned = (a_member(shop, "administrator", f"{name}@harbour.example").id for name in ("ada", "ned"))

    def disable(giver_id: int, other_id: int) -> Any:
        giver = db.session.get_one(StaffMember, giver_id)
        return Staff(giver, db.session.get_one(Shop, shop_id)).disable(other_id, by=SAM).id

    results = together(lambda: disable(ada, ned), lambda: disable(ned, ada))
    assert [isinstance(result, Refused) for result in results].count(True) == 1
    assert count(StaffMember, disabled_at=None) == 1


def test_a_password_asked_for_many_times_at_once_is_one_link_and_one_mail(together: Together) -> None:
    email = a_member(a_shop()).email

    def ask() -> Any:
        link = AccountLink.for_forgotten(email, "")
        return link.id if link else None

    assert len(set(together(ask, ask, ask, ask))) == 1
    assert (count(AccountLink), count(Message)) == (1, 1)
