"""Two customers that are one: shown side by side, merged with nothing lost, and separated again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from models import Base, Consent, Customer, CustomerMerge, Entry, Estimate, Message, Refused, Shop, Vehicle, Visit, clock, db
from models.customer_duplicates import duplicates
from models.customer_merge import COPIES, MOVES
from tests.ground.client import Visitor
from tests.ground.makers import MARIA, SAM, a_customer, a_drop_off, a_member, a_shop, a_vehicle, consenting, signed_in
from tests.ground.plain import plain

HTMX = {"HX-Request": "true"}
OFFICE = "+13125550177"


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop))
    return client


def two(shop: Shop) -> tuple[Customer, Customer]:
    """Maria, and Maria again with another number, a drop-off by text and an estimate."""
    maria = a_customer(shop, emails=[])
    again = a_customer(shop, "M.", "Lopez", phones=[OFFICE], language="es")
    appointment = a_drop_off(shop, customer=again)
    Estimate.ask(again, appointment.vehicle, "Brakes", by=SAM)
    db.session.commit()
    return maria, again


def merged(kept: Customer, other: Customer) -> CustomerMerge:
    merge = CustomerMerge.make(kept, other, by=SAM)
    db.session.commit()
    return merge


def owners(noun: Any) -> set[int]:
    return set(db.session.scalars(select(noun.customer_id)))


def test_every_table_that_knows_customers_is_moved_copied_or_a_pointer() -> None:
    known = {
        fk.parent.table.name for table in Base.metadata.sorted_tables for fk in table.foreign_keys if fk.column.table.name == "customers"
    }
    assert known == {noun.__tablename__ for noun in (*MOVES, *COPIES)} | {
        *("customers", "customer_keys", "customer_merges"),
        "last_invoices",  # looked up anew
        "do_not_mails",  # whoever of the two wants no letters
        *("data_exports", "erasures"),  # of the row that they were asked for
        "mail_links",  # each old letter's goes on working: it leads to whom one was merged into
    }


def test_everything_goes_over_and_what_lacked_is_filled(shop: Shop) -> None:
    maria, again = two(shop)
    merged(maria, again)
    for noun in (Vehicle, Visit, Estimate, Message):
        assert owners(noun) == {maria.id}
    assert [row.number for row in maria.phones] == [MARIA, OFFICE]
    assert (maria.first_name, maria.language, maria.email) == ("Maria", "es", "maria@mail.example")
    assert again.merged_into_id == maria.id


def test_the_merged_one_is_found_under_the_kept_ones_name_only(shop: Shop) -> None:
    maria, again = two(shop)
    merged(maria, again)
    for words in ("0177", "lopez", "demo101"):
        assert Customer.search(shop, words) == [maria]


def test_both_logs_tell_it(shop: Shop) -> None:
    maria, again = two(shop)
    merged(maria, again)
    told = {entry.subject_id: entry.sentence for entry in db.session.scalars(select(Entry).where(Entry.verb.startswith("customer.merged")))}
    assert told == {maria.id: "M. Lopez merged into this customer", again.id: "Merged into Maria Lopez"}


def test_no_number_gains_permission(shop: Shop) -> None:
    maria, again = two(shop)  # the second number may be texted, the first was never asked about
    merged(maria, again)
    assert maria.phone
    assert maria.phone.number == MARIA
    assert not Consent.may_text(shop, MARIA)
    assert Consent.may_text(shop, OFFICE)
    Consent.note(shop, OFFICE, given=False, source="stop", by=SAM)
    assert not Consent.may_text(shop, OFFICE)


def test_a_withdrawal_outlives_the_merge(shop: Shop) -> None:
    maria, other = consenting(a_customer(shop)), a_customer(shop, "M.", phones=[OFFICE])
    Consent.note(shop, OFFICE, given=False, source="spoken", by=SAM)
    merged(maria, other)
    assert [Consent.may_text(shop, number) for number in (MARIA, OFFICE)] == [True, False]


def test_separating_gives_each_back_what_was_theirs(shop: Shop) -> None:
    maria, again = two(shop)
    before = [[row.number for row in one.phones] + [one.email, one.language, one.name] for one in (maria, again)]
    merge = merged(maria, again)
    merge.separate(by=SAM)
    db.session.commit()
    assert [[row.number for row in one.phones] + [one.email, one.language, one.name] for one in (maria, again)] == before
    for noun in (Vehicle, Visit, Estimate, Message):
        assert owners(noun) == {again.id}
    assert Customer.search(shop, "0177") == [again]
    assert again.merged_into is None


def test_what_came_since_stays_with_the_kept_one(shop: Shop) -> None:
    maria, again = two(shop)
    merge = merged(maria, again)
    golf = a_vehicle(maria, make="VW", model="Golf", plate="DEMO 7")
    maria.change(by=SAM, first_name="Maria", last_name="Lopez-Ortiz", company_name="", language="en", phones=[MARIA], emails=[])
    merge.separate(by=SAM)
    db.session.commit()
    assert (maria.vehicles, maria.last_name, maria.language) == ([golf], "Lopez-Ortiz", "en")


def test_separating_twice_does_it_once(shop: Shop) -> None:
    merge = merged(*two(shop))
    for _ in range(3):
        merge.separate(by=SAM)
    db.session.commit()
    assert len(db.session.scalars(select(Entry).where(Entry.verb == "customer.separated")).all()) == 2


def test_the_newest_merge_is_separated_first(shop: Shop) -> None:
    maria, again = two(shop)
    first, second = merged(maria, again), merged(maria, a_customer(shop, "Mary", "Lopez", phones=[]))
    with pytest.raises(Refused):
        first.separate(by=SAM)
    db.session.rollback()
    second.separate(by=SAM)
    first.separate(by=SAM)
    db.session.commit()
    assert again.merged_into_id is None


def test_after_thirty_days_they_stay_one(shop: Shop, at: Callable[..., None]) -> None:
    merge = merged(*two(shop))
    at((clock.now() + timedelta(days=30)).strftime("%Y-%m-%d %H:%M"))
    with pytest.raises(Refused):
        merge.separate(by=SAM)


def test_a_merged_one_is_merged_no_further(shop: Shop) -> None:
    maria, again = two(shop)
    merged(maria, again)
    for kept, other in ((maria, again), (again, maria), (maria, maria)):
        with pytest.raises(Refused):
            CustomerMerge.make(kept, other, by=SAM)
        db.session.rollback()


def test_a_chain_of_merges_leads_to_the_last(shop: Shop) -> None:
    maria, again = two(shop)
    third = a_customer(shop, "Maria E.", "Lopez", phones=[])
    merged(maria, again)
    merged(third, maria)
    assert shop.customer(again.id) == third
    assert owners(Visit) == {third.id}


def together(app: Flask, *works: Callable[[], Any]) -> list[Any]:
    db.session.commit()
    barrier = Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        with app.app_context():
            barrier.wait()
            try:
                work()
                db.session.commit()
            except Refused as refused:
                db.session.rollback()
                return refused
            return None

    with ThreadPoolExecutor(len(works)) as pool:
        results = list(pool.map(one, works))
    db.session.expire_all()
    return results


def test_merging_each_into_the_other_at_once_merges_one_way(app: Flask, shop: Shop) -> None:
    maria, again = two(shop)
    one, other = maria.id, again.id

    def merge(kept: int, gone: int) -> None:
        CustomerMerge.make(db.session.get_one(Customer, kept), db.session.get_one(Customer, gone), by=SAM)

    results = together(app, *[lambda: merge(one, other), lambda: merge(other, one)] * 2)
    assert [isinstance(result, Refused) for result in results].count(False) == 1
    assert {maria.merged_into_id is None, again.merged_into_id is None} == {True, False}
    assert len(owners(Visit)) == 1


def test_what_is_booked_while_two_are_merged_is_with_the_kept_one_or_not_at_all(app: Flask, shop: Shop) -> None:
    maria, again = two(shop)
    one, other, car = maria.id, again.id, again.vehicles[0].id

    def merge() -> None:
        CustomerMerge.make(db.session.get_one(Customer, one), db.session.get_one(Customer, other), by=SAM)

    def begin() -> None:
        Visit.begin(db.session.get_one(Customer, other), db.session.get_one(Vehicle, car))

    together(app, begin, merge, begin, begin)
    assert owners(Visit) == {one}


def test_who_shares_number_mail_or_name_and_plate_is_suggested(shop: Shop) -> None:
    maria = a_customer(shop)
    a_vehicle(maria)
    same_number = a_customer(shop, "Paul", "Berg", emails=[])
    same_mail = a_customer(shop, "M.", "Lopez", phones=[], emails=["MARIA@mail.example"])
    same_car = a_customer(shop, "Mary", "Lopez", phones=[], emails=[])
    a_vehicle(same_car, plate="demo-101")
    bought_it = a_customer(shop, "Tom", "Novak", phones=[], emails=[])
    a_vehicle(bought_it, plate="DEMO101")
    a_customer(shop, "Maria", "Lopez", phones=[], emails=[])
    assert {one.customer.id: one.reasons for one in duplicates(maria)} == {
        same_number.id: ["same number"],
        same_mail.id: ["same e-mail"],
        same_car.id: ["same plate"],
    }


def test_the_preview_shows_both_and_what_moves(sam: Visitor, shop: Shop) -> None:
    maria, again = two(shop)
    page = plain(sam.get(f"/console/customers/{maria.id}/merges/new?with={again.id}").text)
    for words in ("Stays: Maria Lopez", "Goes into it: M. Lopez", "(312) 555-0177 added", "Visits 1", "Drop-offs to come 1", "Estimates 1"):
        assert words in page
    assert "That number may not be texted." in page
    assert owners(Visit) == {again.id}


def test_one_confirm_merges_and_undo_is_offered_at_once(sam: Visitor, shop: Shop) -> None:
    maria, again = two(shop)
    answer = sam.post(f"/console/customers/{maria.id}/merges", data={"with": again.id}, headers=HTMX)
    page = sam.get(answer.headers["HX-Redirect"]).text
    assert "Maria Lopez and M. Lopez are one now." in plain(page)
    merge = db.session.scalars(select(CustomerMerge)).one()
    assert sam.post(f"/console/customers/{maria.id}/merges/{merge.id}/separation", headers=HTMX).status_code == 200
    assert again.merged_into_id is None


def test_old_addresses_lead_to_the_kept_one(sam: Visitor, shop: Shop) -> None:
    maria, again = two(shop)
    merged(maria, again)
    for tail in ("", "/edit", "/merges/new"):
        answer = sam.get(f"/console/customers/{again.id}{tail}")
        assert answer.status_code == 303
        assert f"/console/customers/{maria.id}" in answer.location
    assert sam.get(f"/console/appointments/new?customer={again.id}").status_code == 200


def test_a_form_of_the_merged_one_does_not_overwrite_the_kept_one(sam: Visitor, shop: Shop) -> None:
    maria, again = two(shop)
    merged(maria, again)
    answer = sam.post(f"/console/customers/{again.id}", data={"kind": "person", "last_name": "Overwritten"}, headers=HTMX)
    assert answer.status_code == 422
    assert "merged into Maria Lopez meanwhile" in answer.text
    assert maria.last_name == "Lopez"


def test_another_shops_customer_is_neither_shown_nor_merged(sam: Visitor, shop: Shop) -> None:
    maria, theirs = a_customer(shop), a_customer(a_shop("elm"))
    assert sam.get(f"/console/customers/{maria.id}/merges/new?with={theirs.id}").status_code == 404
    assert sam.post(f"/console/customers/{maria.id}/merges", data={"with": theirs.id}, headers=HTMX).status_code == 404
    assert sam.post(f"/console/customers/{theirs.id}/merges", data={"with": maria.id}, headers=HTMX).status_code == 404
    assert duplicates(maria) == []


@pytest.mark.parametrize("odd", ["", "x", "-1", "99999999999999999999"])
def test_odd_ids_are_not_found(sam: Visitor, shop: Shop, odd: str) -> None:
    maria = a_customer(shop)
    assert sam.post(f"/console/customers/{maria.id}/merges", data={"with": odd}, headers=HTMX).status_code in {404, 422}
    assert sam.get(f"/console/customers/{maria.id}/merges/new", query_string={"with": odd}).status_code in {200, 404}
