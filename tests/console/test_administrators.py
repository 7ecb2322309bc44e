"""Adding somebody to the staff, and managing who is there: by administrators, in the shops that are theirs, without locking anybody out."""

from collections.abc import Callable

import pytest
from flask import Flask

from models import AccountLink, Business, Entry, Membership, Message, Role, Shop, StaffMember, db
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.makers import PASSWORD, a_member, a_shop, signed_in
from tests.ground.queries import counted

HTMX = {"HX-Request": "true"}
PLACE = "/console/administrators"
Visitors = Callable[[], Visitor]
LORNA = {"name": "Lorna Fitzgerald", "email": "lorna@harbour.example", "role": "administrator"}


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 09:00", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def main(shop: Shop) -> StaffMember:
    """The first administrator of the business."""
    member = a_member(shop, "administrator", "ada@harbour.example", "Ada Whitfield")
    shop.business.main_administrator_id = member.id
    db.session.commit()
    return member


@pytest.fixture
def ada(client: Visitor, main: StaffMember) -> Visitor:
    signed_in(client, main)
    return client


def another_shop(shop: Shop, slug: str, *administrators: StaffMember) -> Shop:
    """Of the same business."""
    other = Shop.open(shop.business, f"{slug.title()} Tyre & Brake", slug, "America/New_York", email=f"desk@{slug}.example")
    for member in administrators:
        member.memberships.append(Membership(shop=other, shop_id=other.id, role=Role.administrator))
    db.session.commit()
    return other


def added(ada: Visitor, shop: Shop, **typed: str) -> StaffMember:
    answer = ada.post(PLACE, data={**LORNA, "shops": shop.id, **typed})
    assert answer.status_code == 303, answer.text
    member = StaffMember.with_email(typed.get("email", LORNA["email"]))
    assert member
    return member


def verbs(member: StaffMember) -> list[str]:
    return [entry.verb for entry in db.session.query(Entry).filter_by(subject="staff_members", subject_id=member.id).order_by(Entry.id)]


# the menu and the form


def test_the_menu_leads_an_administrator_to_both_pages_and_others_to_neither(ada: Visitor, shop: Shop, visitors: Visitors) -> None:
    menu = ada.get("/console/").text
    assert 'href="/console/administrators/new"' in menu
    assert "Add new administrator" in menu
    assert "Manage administrators" in menu
    theirs = signed_in(visitors(), a_member(shop)).get("/console/").text
    assert "administrator" not in theirs.lower()
    assert "Change password" in theirs


@pytest.mark.parametrize("role", ["administrator", "receptionist", "mechanic"])
def test_somebody_new_is_pending_and_gets_an_activation_link_by_mail(ada: Visitor, shop: Shop, role: str) -> None:
    member = added(ada, shop, role=role)
    assert (member.is_pending, member.memberships[0].role, member.memberships[0].shop_id) == (True, role, shop.id)
    (message,) = db.session.query(Message).all()
    assert (message.channel, message.kind, message.address, message.state) == ("email", "activation", "lorna@harbour.example", "queued")
    assert [passed for _rule, passed, _words in message.why] == [True, True, True]
    assert verbs(member) == ["staff.added", "staff.invited"]


def test_who_is_pending_can_not_sign_in_whatever_they_type(ada: Visitor, shop: Shop, client: Visitor) -> None:
    added(ada, shop)
    assert client.post("/console/sign-in", data={"email": LORNA["email"], "password": ""}).status_code == 422


@each(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " \t "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "Lorna\u200b\u202egreb"}, "name"),
        ({"name": "Lorna\x07"}, "name"),
        ({"email": ""}, "email"),
        ({"email": "lorna"}, "email"),
        ({"email": "lorna@"}, "email"),
        ({"email": "lorna@harbour"}, "email"),
        ({"email": "lorna@harbour.example, eve@evil.example"}, "email"),
        ({"email": "lorna@harbour.example\r\nBcc: eve@evil.example"}, "email"),
        ({"email": f"{'l' * 300}@harbour.example"}, "email"),
        ({"email": "Lorna <lorna@harbour.example>"}, "email"),
        ({"email": "ADA@harbour.example"}, "email"),
        ({"role": ""}, "role"),
        ({"role": "owner"}, "role"),
        ({"shops": ""}, "shops"),
        ({"shops": "harbour"}, "shops"),
    ],
)
def test_what_makes_no_member_is_refused_beside_its_field_and_nothing_goes_out(
    ada: Visitor, shop: Shop, typed: dict[str, str], field: str
) -> None:
    answer = ada.post(PLACE, data={**LORNA, "shops": shop.id, **typed}, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert (db.session.query(StaffMember).count(), db.session.query(Message).count()) == (1, 0)


def test_every_objection_is_said_at_once_and_what_was_typed_is_kept(ada: Visitor) -> None:
    answer = ada.post(PLACE, data={"name": "", "email": "lorna@", "role": "mechanic"}, headers=HTMX)
    assert [f'id="{field}-error"' in answer.text for field in ("name", "email", "shops")] == [True] * 3
    assert 'value="lorna@"' in answer.text
    assert 'value="mechanic" selected' in answer.text


def test_an_administrator_of_two_shops_chooses_in_which_somebody_works(ada: Visitor, shop: Shop, main: StaffMember) -> None:
    northgate = another_shop(shop, "northgate", main)
    form = ada.get(f"{PLACE}/new").text
    assert form.count('name="shops"') == 2
    ada.post(PLACE, data={**LORNA, "shops": [shop.id, northgate.id]})
    member = StaffMember.with_email(LORNA["email"])
    assert member
    assert {one.shop_id for one in member.memberships} == {shop.id, northgate.id}


def test_nobody_is_added_to_a_shop_that_the_administrator_does_not_administer(ada: Visitor, shop: Shop) -> None:
    for other in (another_shop(shop, "northgate"), a_shop("elm")):
        assert ada.post(PLACE, data={**LORNA, "shops": [shop.id, other.id]}).status_code == 404
    assert db.session.query(StaffMember).count() == 1


def test_a_shop_without_an_address_holds_the_mail_back_and_the_page_says_so(ada: Visitor, shop: Shop) -> None:
    shop.email = ""
    added(ada, shop)
    assert "The shop has no e-mail address yet." in ada.get(PLACE).text


# the page


def test_the_page_lists_who_is_pending_active_and_disabled(ada: Visitor, shop: Shop) -> None:
    added(ada, shop)
    a_member(shop, name="Sam Ortiz")
    gone = a_member(shop, "mechanic", name="Tess Nowak")
    gone.disable()
    page = ada.get(PLACE).text
    parts = [
        page.index(words) for words in ("pending-staff-head", "Lorna", "active-staff-head", "Sam Ortiz", "disabled-staff-head", "Tess")
    ]
    assert parts == sorted(parts)
    assert "Main administrator" in page


def test_the_page_asks_the_database_as_often_for_many_as_for_few(ada: Visitor, shop: Shop) -> None:
    def questions() -> int:
        with counted() as asked:
            assert ada.get(PLACE).status_code == 200
        return len(asked)

    added(ada, shop)
    few = questions()
    for number in range(12):
        a_member(shop, email=f"sam{number}@harbour.example")
        added(ada, shop, email=f"lorna{number}@harbour.example")
    assert questions() == few <= 12


def test_only_the_staff_of_the_shops_that_one_administers_is_seen(ada: Visitor, shop: Shop) -> None:
    hidden = [a_member(other, name="Omar Haddad") for other in (another_shop(shop, "northgate"), a_shop("elm"))]
    assert "Omar" not in ada.get(PLACE).text
    for member in hidden:
        assert ada.get(f"{PLACE}/{member.id}").status_code == 404


# managing


@pytest.mark.parametrize("verb", ["", "/invitation", "/disablement", "/return"])
def test_the_staff_of_others_can_not_be_touched(ada: Visitor, shop: Shop, verb: str) -> None:
    for other in (another_shop(shop, f"northgate{len(verb)}"), a_shop("elm")):
        member = a_member(other, "mechanic")
        answer = ada.post(f"{PLACE}/{member.id}{verb}", data={f"role-{other.id}": "administrator", f"role-{shop.id}": "mechanic"})
        assert answer.status_code == 404
        assert (member.is_active, [one.role for one in member.memberships]) == (True, [Role.mechanic])


@pytest.mark.parametrize("role", ["receptionist", "mechanic"])
@pytest.mark.parametrize(
    ("method", "address"), [("GET", ""), ("GET", "/new"), ("POST", ""), ("POST", "/{id}"), ("POST", "/{id}/disablement")]
)
def test_other_roles_can_not_call_these_addresses(
    client: Visitor, shop: Shop, main: StaffMember, role: str, method: str, address: str
) -> None:
    signed_in(client, a_member(shop, role))
    answer = client.open(PLACE + address.format(id=main.id), method=method, data={**LORNA, "shops": shop.id, f"role-{shop.id}": "mechanic"})
    assert answer.status_code == 403
    assert (main.is_active, db.session.query(StaffMember).count()) == (True, 2)


def test_an_administrator_in_one_shop_is_none_in_another(client: Visitor, shop: Shop) -> None:
    member, northgate = a_member(shop, "administrator"), another_shop(shop, "northgate")
    member.memberships.append(Membership(shop=northgate, shop_id=northgate.id, role=Role.receptionist))
    tess = a_member(northgate, "mechanic")
    signed_in(client, member)
    assert client.get(PLACE, headers={"X-Shop": "northgate"}).status_code == 403
    assert client.post(f"{PLACE}/{tess.id}/disablement").status_code == 404


def test_sending_again_ends_the_older_link_and_calls_its_mail_off(ada: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    member = added(ada, shop)
    (first,) = db.session.query(AccountLink).all()
    at("2025-05-12 09:30", "America/Chicago")
    answer = ada.post(f"{PLACE}/{member.id}/invitation", headers=HTMX)
    assert "is on its way to lorna@harbour.example" in answer.text
    assert answer.headers["HX-Trigger"] == "refresh"
    second = db.session.query(AccountLink).order_by(AccountLink.id.desc()).first()
    assert second
    assert (first.works, second.works) == (False, True)
    assert first.message
    first.message.submit()
    assert first.message.state == "cancelled"


def test_a_double_click_on_send_again_sends_once(ada: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    member = added(ada, shop)
    at("2025-05-12 09:30", "America/Chicago")
    assert [ada.post(f"{PLACE}/{member.id}/invitation", headers=HTMX).status_code for _time in range(2)] == [200, 200]
    assert db.session.query(Message).count() == 2
    assert verbs(member).count("staff.invited") == 2


def test_no_link_is_sent_to_who_is_active_or_disabled(ada: Visitor, shop: Shop) -> None:
    sam = a_member(shop)
    assert ada.post(f"{PLACE}/{sam.id}/invitation", headers=HTMX).status_code == 422
    sam.disable()
    assert ada.post(f"{PLACE}/{sam.id}/invitation", headers=HTMX).status_code == 422
    assert db.session.query(Message).count() == 0


def test_disabling_ends_all_sessions_at_once_and_can_be_undone(ada: Visitor, shop: Shop, visitors: Visitors) -> None:
    sam = a_member(shop)
    here, there = signed_in(visitors(), sam), signed_in(visitors(), sam)
    answer = ada.post(f"{PLACE}/{sam.id}/disablement", headers=HTMX)
    assert "Sam Ortiz is disabled and signed out everywhere." in answer.text
    assert f'action="{PLACE}/{sam.id}/return"' in answer.text
    assert [visitor.get("/console/").status_code for visitor in (here, there)] == [302, 302]
    assert here.post("/console/sign-in", data={"email": sam.email, "password": PASSWORD}).status_code == 422
    ada.post(f"{PLACE}/{sam.id}/return", headers=HTMX)
    assert here.get("/console/").status_code == 302  # the sessions that ended stay so
    assert here.post("/console/sign-in", data={"email": sam.email, "password": PASSWORD}).status_code == 303
    assert verbs(sam) == ["staff.disabled", "staff.enabled"]


def test_disabling_and_enabling_twice_is_once(ada: Visitor, shop: Shop) -> None:
    sam = a_member(shop)
    for verb in ("disablement", "disablement", "return", "return"):
        assert ada.post(f"{PLACE}/{sam.id}/{verb}", headers=HTMX).status_code == 200
    assert verbs(sam) == ["staff.disabled", "staff.enabled"]


def test_who_is_pending_and_disabled_can_not_use_the_link_until_enabled_again(ada: Visitor, shop: Shop) -> None:
    member = added(ada, shop)
    (link,) = db.session.query(AccountLink).all()
    ada.post(f"{PLACE}/{member.id}/disablement")
    assert not link.works
    ada.post(f"{PLACE}/{member.id}/return")
    assert link.works


def test_a_role_is_changed_at_once(ada: Visitor, shop: Shop, visitors: Visitors) -> None:
    tess = a_member(shop, "mechanic")
    theirs = signed_in(visitors(), tess)
    assert theirs.get("/console/customers").status_code == 403
    assert ada.post(f"{PLACE}/{tess.id}", data={f"role-{shop.id}": "receptionist"}).status_code == 303
    assert theirs.get("/console/customers").status_code == 200
    assert "Role changed to receptionist" in ada.get(f"{PLACE}/{tess.id}").text


def test_shops_are_given_and_taken(ada: Visitor, shop: Shop, main: StaffMember) -> None:
    northgate, sam = another_shop(shop, "northgate", main), a_member(shop)
    ada.post(f"{PLACE}/{sam.id}", data={f"role-{shop.id}": "receptionist", f"role-{northgate.id}": "mechanic"})
    assert {one.shop_id: one.role for one in sam.memberships} == {shop.id: "receptionist", northgate.id: "mechanic"}
    ada.post(f"{PLACE}/{sam.id}", data={f"role-{shop.id}": "", f"role-{northgate.id}": "mechanic"})
    assert [one.shop_id for one in sam.memberships] == [northgate.id]
    assert verbs(sam) == ["staff.added", "staff.left"]


def test_who_is_taken_out_of_a_shop_is_not_in_it_any_more(ada: Visitor, shop: Shop, main: StaffMember, visitors: Visitors) -> None:
    northgate, sam = another_shop(shop, "northgate", main), a_member(shop)
    theirs = signed_in(visitors(), sam)
    ada.post(f"{PLACE}/{sam.id}", data={f"role-{shop.id}": "", f"role-{northgate.id}": "receptionist"})
    assert "Harbour Street Garage" not in theirs.get("/console/").text


@pytest.mark.parametrize("role", ["", "owner", "settings"])
def test_no_role_and_an_unknown_one_are_refused_in_words(ada: Visitor, shop: Shop, role: str) -> None:
    tess = a_member(shop, "mechanic")
    answer = ada.post(f"{PLACE}/{tess.id}", data={f"role-{shop.id}": role}, headers=HTMX)
    assert answer.status_code == 422
    assert "-error" in answer.text
    assert tess.memberships[0].role is Role.mechanic


# nobody is locked out


def test_the_main_administrator_is_neither_disabled_nor_demoted_by_others(client: Visitor, shop: Shop, main: StaffMember) -> None:
    signed_in(client, a_member(shop, "administrator"))
    assert client.post(f"{PLACE}/{main.id}/disablement", headers=HTMX).status_code == 422
    assert client.post(f"{PLACE}/{main.id}", data={f"role-{shop.id}": "mechanic"}, headers=HTMX).status_code == 422
    assert (main.is_active, main.memberships[0].role) == (True, "administrator")
    page = client.get(f"{PLACE}/{main.id}").text
    assert "The main administrator of the business stays its administrator." in page
    assert "<select" not in page


def test_nobody_disables_or_demotes_themselves(ada: Visitor, shop: Shop, main: StaffMember) -> None:
    shop.business.main_administrator_id = None
    assert ada.post(f"{PLACE}/{main.id}/disablement", headers=HTMX).status_code == 422
    assert ada.post(f"{PLACE}/{main.id}", data={f"role-{shop.id}": "mechanic"}, headers=HTMX).status_code == 422
    assert (main.is_active, main.memberships[0].role) == (True, "administrator")


def test_who_also_works_elsewhere_is_not_disabled_from_here_but_taken_out(client: Visitor, shop: Shop) -> None:
    northgate = another_shop(shop, "northgate")
    ned, sam = a_member(northgate, "administrator"), a_member(shop)
    sam.memberships.append(Membership(shop=northgate, shop_id=northgate.id, role=Role.receptionist))
    signed_in(client, ned)
    refused = client.post(f"{PLACE}/{sam.id}/disablement", headers=HTMX)
    assert (refused.status_code, sam.is_active) == (422, True)
    assert client.post(f"{PLACE}/{sam.id}", data={f"role-{northgate.id}": ""}).status_code == 303
    assert [one.shop_id for one in sam.memberships] == [shop.id]


def test_an_administrator_can_not_change_a_role_in_a_shop_of_others(client: Visitor, shop: Shop) -> None:
    northgate = another_shop(shop, "northgate")
    ned, sam = a_member(northgate, "administrator"), a_member(shop, "mechanic")
    sam.memberships.append(Membership(shop=northgate, shop_id=northgate.id, role=Role.receptionist))
    signed_in(client, ned)
    client.post(f"{PLACE}/{sam.id}", data={f"role-{shop.id}": "administrator", f"role-{northgate.id}": "mechanic"})
    assert {one.shop_id: one.role for one in sam.memberships} == {shop.id: "mechanic", northgate.id: "mechanic"}


def test_mails_to_staff_are_not_among_the_messages_with_customers(ada: Visitor, shop: Shop) -> None:
    added(ada, shop)
    assert "has added you to the staff" not in ada.get("/console/messages/log").text


def test_the_main_administrator_of_another_business_has_no_say_here(client: Visitor, shop: Shop, main: StaffMember) -> None:
    elm = a_shop("elm")
    elena = a_member(elm, "administrator")
    db.session.get_one(Business, elm.business_id).main_administrator_id = elena.id
    signed_in(client, elena)
    assert client.get(f"{PLACE}/{main.id}").status_code == 404
