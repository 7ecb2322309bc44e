"""Between shops: what is another shop's is not there, and a member of two is in one at a time, in each tab."""

import pytest

from models import Membership, Role, StaffMember, db
from tests.ground.client import Visitor
from tests.ground.makers import a_drop_off, a_member, a_shop, signed_in

THEIRS = (
    ("GET", "appointments/{appointments}"),
    ("POST", "appointments/{appointments}/drop-off"),
    ("POST", "appointments/{appointments}/reminder"),
    ("POST", "appointments/{appointments}/confirmation"),
    ("POST", "appointments/{appointments}/check-in"),
    ("POST", "appointments/{appointments}/no-show"),
    ("POST", "appointments/{appointments}/no-show/return"),
    ("POST", "appointments/{appointments}/cancellation"),
    ("POST", "appointments/{appointments}/slip"),
    ("GET", "appointments/new?customer={customers}"),
    ("GET", "customers/{customers}"),
    ("GET", "customers/{customers}/edit"),
    ("POST", "customers/{customers}"),
    ("POST", "customers/{customers}/consent"),
    ("POST", "customers/{customers}/first-phone"),
    ("GET", "customers/{customers}/vehicles/new"),
    ("POST", "customers/{customers}/vehicles"),
    ("GET", "vehicles/{vehicles}"),
    ("POST", "vehicles/{vehicles}"),
    ("POST", "vehicles/{vehicles}/check-in"),
    ("GET", "messages/{messages}"),
    ("POST", "messages/{messages}/fate"),
    ("POST", "reschedule-requests/{reschedule-requests}/settlement"),
)


@pytest.fixture
def theirs() -> dict[str, int]:
    """Ids of everything in a shop that is not ours."""
    drop_off = a_drop_off(a_shop("northgate", "America/New_York"))
    request = drop_off.request_reschedule("Friday", by=_maria())
    db.session.commit()
    ids = {"appointments": drop_off.id, "customers": drop_off.customer.id, "vehicles": drop_off.vehicle.id}
    return ids | {"messages": drop_off.messages[0].id, "reschedule-requests": request.id}


def _maria():  # type: ignore[no-untyped-def]
    from models import Actor

    return Actor("customer", "Maria Lopez", ip="127.0.0.1")


def test_what_belongs_to_another_shop_is_not_there(client: Visitor, theirs: dict[str, int]) -> None:
    signed_in(client, a_member(a_shop()))
    asked = [(method, f"/console/{address.format(**theirs)}") for method, address in THEIRS]
    assert [one for one in asked if client.open(one[1], method=one[0]).status_code != 404] == []


def test_another_shops_customers_are_not_found(client: Visitor, theirs: dict[str, int]) -> None:
    signed_in(client, a_member(a_shop()))
    for address in ("customers?q=lopez", "customers/find?q=lopez", "customers/pick?who=3125550142", "vehicles?q=demo", "", "messages"):
        assert "Lopez" not in client.get(f"/console/{address}").text


def test_another_shops_customer_can_not_be_booked(client: Visitor, theirs: dict[str, int]) -> None:
    signed_in(client, a_member(a_shop()))
    assert client.post("/console/appointments", data={"customer": theirs["customers"], "date": "2030-05-14"}).status_code == 404


def a_member_of_two() -> StaffMember:
    member, northgate = a_member(a_shop()), a_shop("northgate", "America/New_York")
    member.memberships.append(Membership(shop=northgate, role=Role.mechanic))
    db.session.commit()
    return member


def test_a_member_of_one_shop_is_offered_no_other(client: Visitor) -> None:
    signed_in(client, a_member(a_shop()))
    assert "Change the shop" not in client.get("/console/").text


def test_a_member_of_two_changes_from_one_to_the_other_and_has_the_role_of_each(client: Visitor) -> None:
    signed_in(client, a_member_of_two())
    assert "Harbour Street Garage" in client.get("/console/").text
    assert client.post("/console/shop", data={"shop": "northgate"}).location == "/console/queue"
    assert client.get("/console/").status_code == 403
    assert client.get("/console/queue").status_code == 200


def test_a_shop_of_others_can_not_be_chosen(client: Visitor) -> None:
    a_shop("elm")
    signed_in(client, a_member_of_two())
    assert client.post("/console/shop", data={"shop": "elm"}).status_code == 404
    assert "Harbour Street Garage" in client.get("/console/", headers={"X-Shop": "elm"}).text


def test_a_tab_stays_in_its_shop_when_another_tab_changes_it(client: Visitor) -> None:
    signed_in(client, a_member_of_two())
    client.post("/console/shop", data={"shop": "northgate"})
    assert client.get("/console/", headers={"X-Shop": "harbour", "HX-Request": "true"}).status_code == 200
