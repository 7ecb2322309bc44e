"""Erased on request: nothing of the person is left but what is stated, and what the law demands is sealed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import delete, select, update

from jobs import erasures
from jobs.erasure_storage import store
from models import (
    BouncedAddress,
    Communication,
    Consent,
    Customer,
    CustomerMerge,
    Entry,
    Erasure,
    MailEvent,
    Message,
    Refused,
    ReturnedMail,
    Shop,
    WorkOrder,
    clock,
    db,
)
from models.base import Base
from models.bounced_address import HARD
from models.consent import SERVICE
from models.erasure import SOON
from models.erasure_ledger import noted_erasures
from models.kept_record import opened_record
from models.opt_out import opt_in, opt_out
from models.personal_rows import Person
from models.personal_tables import HELD, OTHERS
from settings import Settings
from tests.ground.makers import MARIA, SAM, a_customer, a_member, a_shop, a_vehicle, a_work_order, consenting
from tests.ground.markers import fill, marked
from tests.ground.overviews import an_inspected_order, answered, sent

pytestmark = pytest.mark.both_databases

# Of words of ours only names like these: whoever adds a column for people's words to them hides it from an erasure.
OURS = {
    *("kind", "state", "status", "code", "failure", "verb", "subject", "subject_id", "direction", "channel", "language", "preference"),
    *("purpose", "uid", "key", "dedupe_key", "digest", "previous", "batch", "fingerprint", "provider_id", "number", "ip", "what", "moved"),
    *("source", "scope", "wording_version", "currency", "actor_kind", "facts", "personal_digests", "details", "rules_kept", "news", "said"),
    *("why_not", "counts", "files", "kept_id", "step", "former_ids", "event_id", "system", "noun", "external_id", "marks"),
    *("country", "host", "verdict"),
}
# Keys that lead from one of a person's rows to another of theirs, so that the row is found without them.
SIDEWAYS = {
    *("appointments.id", "visits.vehicle_id", "estimates.vehicle_id", "estimates.appointment_id", "work_items.finding_id"),
    *("findings.lead_id", "overviews.message_id", "overview_items.work_item_id", "overview_items.answered_as_id"),
    *("answers.overview_item_id", "authorisations.work_item_id", "authorisations.answer_id", "authorisations.oral_id"),
    *("attachments.finding_id", "attachments.item_id", "attachments.remark_id", "last_invoices.vehicle_id", "customers.merged_into_id"),
    *("deferred_items.vehicle_id", "deferred_items.work_order_id", "deferred_items.work_item_id", "deferred_items.returned_item_id"),
    *("messages.stay_id", "messages.instead_of_id", "letters.message_id", "letters.vehicle_id", "letters.appointment_id"),
    *(
        "letters.work_order_id",
        "message_media.document_id",
        "calls.vehicle_id",
        "calls.appointment_id",
        "calls.work_order_id",
        "export_records.vehicle_id",
    ),
}


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


def erased(customer: Customer) -> Erasure:
    erasure = Erasure.ask(customer, customer.name, by=SAM)
    db.session.commit()
    erasure.carry_out()
    db.session.commit()
    assert store(erasure)
    return erasure


@pytest.mark.one_database
def test_every_table_says_what_it_holds_of_a_person(app: Flask) -> None:
    tables = Base.metadata.tables
    listed = [*HELD, *(name for names in OTHERS.values() for name in names)]
    assert sorted(listed) == sorted(tables)
    keys = [(table, key.parent.name, key.column.table.name) for table in tables for key in tables[table].foreign_keys]
    held = list(HELD)
    assert {f"{table}.{column}" for table, column, _to in keys if column in ("customer_id", "visit_id") and table not in HELD} == set()
    assert [table for table, _column, to in keys if to in HELD and table not in HELD] == ["account_links"]  # to the mail with it
    ways = {f"{table}.{column}" for table, column, to in keys if to in HELD and table in HELD and column not in HELD[table].via}
    assert ways - SIDEWAYS == set()
    for name, one in HELD.items():
        columns = set(tables[name].columns.keys())
        assert {*one.via, *one.holds, *one.stays, *one.masked, *one.left, *one.withheld} <= columns, name
        assert all(held.index(next(iter(tables[name].c[key].foreign_keys)).column.table.name) < held.index(name) for key in one.via), name
        assert set(one.words) <= OURS, name


def test_nothing_of_a_person_is_left_but_what_is_stated(shop: Shop, settings: Settings) -> None:
    storage = Path(settings.storage_url.removeprefix("file://"))
    customer, other = a_customer(shop, phones=[], emails=[]), a_customer(shop, "Ruth", "Berg", phones=["+13125550145"])
    a_work_order(shop, other)
    fill(customer, other, a_member(shop).id)
    filled = {name.partition(".")[0] for name in marked(storage)}
    assert set(HELD) - filled <= {
        "answers",
        "visits",
        "links",
        "renditions",
        "letters",
        "last_invoices",
        "communications",
        "external_ids",
        "thread_presences",
    }

    erasure = erased(customer)
    left = {place for place in marked(storage) if "erasures." not in place}  # of an erasure before this one, as its sealed record would be
    assert left <= {f"{name}.{column}" for name, held in HELD.items() if not held.gone for column in (*held.work, *held.staff)}
    assert "vehicles.make" in left
    assert customer.name == f"Erased customer {customer.id}"
    assert customer.erased_at
    assert erasure.counts["deleted"] > 20
    assert (other.name, other.phones[0].number, other.vehicles[0].plate) == ("Ruth Berg", "+13125550145", "DEMO 101")
    assert Communication.verify(shop) is None
    assert customer.id in [noted.customer_id for noted in noted_erasures() if noted.shop_id == shop.id]
    counts = Person.of(customer).ids
    assert all(not counts[name] for name, held in HELD.items() if held.gone and name != "threads")


def test_a_stop_outlives_the_customer_who_sent_it_and_a_yes_does_not(shop: Shop) -> None:
    maria, paul = consenting(a_customer(shop)), consenting(a_customer(shop, "Paul", "Berg", phones=["+13125550145"]))
    opt_out(shop, MARIA, source="stop", wording="STOP", by=SAM)
    db.session.commit()
    for one in (maria, paul):
        erased(one)
    again = [a_customer(shop, phones=[MARIA]), a_customer(shop, "Paul", "Berg", phones=["+13125550145"])]
    assert [one.consent and one.consent.source for one in again] == ["stop", "erased"]
    assert not any(Consent.may_text(shop, one.phone.number) for one in again if one.phone)
    assert Consent.newest({shop.id}, {MARIA})[shop.id, MARIA].source == "stop"
    assert [fact.number[0] for fact in Consent.histories(shop, [MARIA])[MARIA]] == ["#", "#"]
    opt_in(shop, MARIA, source="start", wording="START", by=SAM)
    db.session.commit()
    assert Consent.may_text(shop, MARIA)


def test_who_authorised_is_sealed_for_as_long_as_the_law_demands(shop: Shop, settings: Settings) -> None:
    order = an_inspected_order(shop)
    reply = answered(sent(order, note="Dear Maria"), {"Front brake pads": "repair"}, comment="Call my office")
    order.close(by=SAM)
    db.session.commit()
    erasure = erased(order.visit.customer)
    db.session.expire_all()
    assert (reply.name, reply.comment, reply.contact, reply.ip, reply.receipt["note"]) == (order.visit.customer.name, "", "", "", "")
    assert reply.amount > 38000
    assert reply.receipt["items"]
    assert Communication.verify(shop) is None
    assert erasure.kept_file
    assert erasure.kept_until
    assert erasure.kept_until.year == clock.now().year + 7
    assert b"Lopez" not in erasure.kept_file.read()
    said = opened_record(erasure.kept_file.read())
    assert said["customer"]["name"] == "Maria Lopez"
    assert said["repair_orders"][0]["answers"][0]["name"] == "Maria Lopez"
    assert said["repair_orders"][0]["vehicle"]["plate"] == "DEMO 101"
    with pytest.raises(Refused):
        erasure.open_kept(" ", by=SAM)
    assert erasure.open_kept("A letter of the bureau", by=SAM) == erasure.kept_file.read()


def test_an_open_visit_another_name_or_a_text_on_its_way_refuses(shop: Shop) -> None:
    order = a_work_order(shop)
    customer = order.visit.customer
    with pytest.raises(Refused, match="name"):
        Erasure.ask(customer, "Mary Lopez", by=SAM)
    with pytest.raises(Refused, match="open or booked"):
        Erasure.ask(customer, "maria  lopez", by=SAM)
    order.close(by=SAM)
    asked = Erasure.ask(customer, "maria  lopez", by=SAM)
    assert Erasure.ask(customer, "", by=SAM) is asked
    db.session.commit()
    a_work_order(shop, customer)  # between asking and doing
    asked.carry_out()
    assert (asked.is_done, asked.is_under_way, asked.why_not, customer.name) == (False, False, "open", "Maria Lopez")


def test_merged_customers_go_together_and_what_others_share_stays(shop: Shop) -> None:
    maria, again = a_customer(shop), a_customer(shop, "M.", "Lopez", phones=["+13125550177"])
    ruth = consenting(a_customer(shop, "Ruth", "Berg", phones=[MARIA], emails=[]))
    car = a_vehicle(maria)
    sold = a_vehicle(maria, plate="DEMO 999")
    for owner in (maria, ruth):
        order = WorkOrder.walk_in(owner, car, by=SAM)
        order.close(by=SAM)
    sold.sell(ruth, by=SAM)
    CustomerMerge.make(maria, again, by=SAM)
    db.session.commit()
    erased(maria)
    assert (again.name, again.erased_at is not None) == (f"Erased customer {maria.id}", True)
    assert (car.plate, sold.plate) == ("DEMO 101", "DEMO 999")
    assert Consent.of(shop, MARIA, SERVICE).number == MARIA  # type: ignore[union-attr]
    told = " ".join(f"{entry.actor_name} {entry.details}" for entry in db.session.scalars(select(Entry)))
    assert "Lopez" not in told
    with pytest.raises(Refused, match="erased"):
        WorkOrder.walk_in(maria, car, by=SAM)
    assert Customer.newest(shop) == [ruth]
    assert {one.body for one in db.session.scalars(select(Message).where(Message.customer_id == maria.id))} <= {""}


def test_what_is_asked_for_again_is_erased_once(shop: Shop, work: Callable[[], int]) -> None:
    customer = a_customer(shop)
    first = erased(customer)
    assert Erasure.ask(customer, "", by=SAM) is first
    first.carry_out()
    db.session.commit()
    done = select(Entry).where(Entry.verb == "customer.erased")
    assert len(db.session.scalars(done).all()) == 1


def test_whom_a_backup_brings_back_is_erased_again(app: Flask, shop: Shop) -> None:
    customer = a_customer(shop)
    erased(customer)
    back = {"last_name": "Lopez", "first_name": "Maria", "erased_at": None}
    db.session.execute(update(Customer).where(Customer.id == customer.id).values(**back))
    db.session.execute(delete(Erasure))
    db.session.commit()
    db.session.expire_all()
    a_work_order(shop, customer)  # which was closed since
    runner = app.test_cli_runner()
    assert "1 erased again" in runner.invoke(args=["erase-again"]).output
    assert "Nobody" in runner.invoke(args=["erase-again"]).output
    db.session.expire_all()
    assert customer.name == f"Erased customer {customer.id}"


def test_addresses_written_in_capitals_are_found_where_mail_that_came_back_is_kept(shop: Shop) -> None:
    customer = a_customer(shop, emails=["Maria.Lopez@mail.example"])
    BouncedAddress.note(shop, "Maria.Lopez@mail.example", HARD, "550 no such user", by=SAM)
    MailEvent.heard(shop, "maria.lopez@mail.example", None, "opened")
    mail = ReturnedMail.take(b"From: mailer-daemon@mail.example\n\nTo: Maria.Lopez@Mail.Example: what a pity")
    db.session.commit()
    erased(customer)
    db.session.expire_all()
    assert mail
    assert (db.session.query(BouncedAddress).all(), db.session.query(MailEvent).all(), mail.raw) == ([], [], b"")


def test_the_storage_is_as_it_was_when_the_rows_come_back(shop: Shop, settings: Settings) -> None:
    order = an_inspected_order(shop)
    answered(sent(order), {"Front brake pads": "repair"})
    customer = order.visit.customer
    order.close(by=SAM)
    erasure = Erasure.ask(customer, customer.name, by=SAM)
    db.session.commit()
    before = stored_at(settings)
    erasure.carry_out()
    db.session.rollback()
    assert stored_at(settings) == before
    assert "Erased" not in customer.name


def test_a_storage_that_is_away_gets_it_when_it_is_back_and_until_then_the_record_can_be_read(
    shop: Shop, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_inspected_order(shop)
    answered(sent(order), {"Front brake pads": "repair"})
    order.close(by=SAM)
    erasure = Erasure.ask(order.visit.customer, order.visit.customer.name, by=SAM)
    db.session.commit()
    away = replace(settings, storage_url=f"file://{settings.data_dir}/wrenchline.txt/nowhere")
    (settings.data_dir / "wrenchline.txt").write_text("a file, and no folder")
    erasure.carry_out()
    db.session.commit()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    monkeypatch.setitem(app.extensions, "settings", away)
    assert not store(erasure)
    assert erasure.stored_at is None
    assert opened_record(erasure.open_kept("A letter of the bureau", by=SAM))["customer"]["name"] == "Maria Lopez"
    db.session.commit()
    monkeypatch.setitem(app.extensions, "settings", settings)
    assert erasure.id not in Erasure.waiting_ids(), "not at each tick"
    with clock.at(clock.now() + SOON):
        assert erasure.id in Erasure.waiting_ids()
        erasures.carry_out(erasure.id)
    assert (erasure.stored_at is not None, erasure.sealed_record, erasure.files) == (True, None, [])
    assert erasure.kept_file
    assert opened_record(erasure.kept_file.read())["customer"]["name"] == "Maria Lopez"


def stored_at(settings: Settings) -> dict[str, bytes]:
    """All that lies there, the notes of erasures too."""
    storage = Path(settings.storage_url.removeprefix("file://"))
    return {str(path): path.read_bytes() for path in storage.rglob("*") if path.is_file()}
