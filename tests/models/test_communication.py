"""The communication log: one chain a shop, in which any change is found, and from which a person can be erased."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, text, update

from models import Communication, PersonalValue, Shop, WorkOrder, chain_proof, db
from models.chain import SALT_BYTES
from models.chain_head import ChainHead
from tests.ground.makers import a_customer, a_shop, a_work_order
from tests.ground.queries import counted

pytestmark = pytest.mark.both_databases

AT = datetime(2026, 11, 20, 9, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def order(app: Flask) -> WorkOrder:
    return a_work_order(a_shop())


def shop_of(order: WorkOrder) -> Shop:
    return order.visit.shop


def three(order: WorkOrder) -> list[Communication]:
    """Sent, opened, answered."""
    who = {"name": "María López", "address": "+13125550142"}
    records = [
        Communication.write(order, "sent", facts={"version": 1, "channel": "text", "items": ["Brakes"]}, personal=who, at=AT),
        Communication.write(order, "opened", facts={"version": 1}, personal={**who, "ip": "192.0.2.7"}),
        Communication.write(order, "answered", facts={"version": 1, "amount": 45678, "later": None, "all": True}, personal=who),
    ]
    db.session.commit()
    return records


def broken(shop: Shop) -> tuple[int, str] | None:
    db.session.expire_all()
    found = Communication.verify(shop)
    return (found.seq, found.reason) if found else None


def test_records_follow_each_other_and_verify(order: WorkOrder) -> None:
    records = three(order)
    assert [record.seq for record in records] == [1, 2, 3]
    assert [record.previous for record in records[1:]] == [record.digest for record in records[:-1]]
    assert Communication.verify(shop_of(order)) is None
    assert Communication.of(order)[0].personal == {"name": "María López", "address": "+13125550142"}


def test_a_shop_without_records_verifies(order: WorkOrder) -> None:
    assert Communication.verify(shop_of(order)) is None


def test_every_shop_has_a_chain_of_its_own(order: WorkOrder) -> None:
    three(order)
    other = a_work_order(a_shop("northgate"))
    assert [record.seq for record in three(other)] == [1, 2, 3]
    db.session.execute(update(Communication).where(Communication.shop_id == other.shop_id, Communication.seq == 2).values(kind="sent"))
    assert (broken(shop_of(order)), broken(shop_of(other))) == (None, (2, "content"))


def test_what_was_taken_back_leaves_no_gap(order: WorkOrder) -> None:
    three(order)
    Communication.write(order, "sent", facts={})
    db.session.rollback()
    Communication.write(order, "sent", facts={})
    db.session.commit()
    assert [record.seq for record in Communication.of(order)] == [1, 2, 3, 4]
    assert broken(shop_of(order)) is None


def test_a_record_is_not_changed_or_deleted(order: WorkOrder) -> None:
    record = three(order)[0]
    for spoil in (
        lambda: setattr(record, "kind", "opened"),
        lambda: setattr(record.personal_values[0], "value", "Mary"),
        lambda: db.session.delete(record.personal_values[0]),
        lambda: db.session.delete(record),
    ):
        spoil()
        with pytest.raises(RuntimeError, match="append-only"):
            db.session.flush()
        db.session.rollback()


@pytest.mark.parametrize("fact", [1.5, AT, {1: "a"}, {"über": 1}, b"bytes"])
def test_a_fact_that_has_no_single_form_is_none(order: WorkOrder, fact: Any) -> None:
    with pytest.raises(TypeError):
        Communication.write(order, "sent", facts={"fact": fact})


@given(
    facts=st.dictionaries(
        st.text("abc_", max_size=3),
        st.recursive(
            st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=9), lambda inner: st.lists(inner, max_size=3)
        ),
    ),
    name=st.text(max_size=20),
)
def test_whatever_is_written_verifies(app: Flask, facts: dict[str, Any], name: str) -> None:
    shop = Shop.with_slug("harbour") or a_shop()
    order = db.session.query(WorkOrder).first() or a_work_order(shop)
    Communication.write(order, "answered", facts=facts, personal={"name": name}, at=AT + timedelta(microseconds=len(name)))
    db.session.commit()
    assert broken(shop) is None


# what somebody with the database could do

ANYTHING = st.integers(0, 2) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=3)
CHANGES: list[tuple[Any, str, st.SearchStrategy[Any]]] = [
    (Communication, "seq", st.integers(4, 2**31 - 1)),
    (Communication, "order_number", st.integers(1, 2**31 - 1)),
    (Communication, "kind", st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=9)),
    (Communication, "at", st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))),
    (
        Communication,
        "facts",
        st.dictionaries(
            st.sampled_from(["version", "channel", "amount"]),
            ANYTHING,
        ),
    ),
    (
        Communication,
        "personal_digests",
        st.dictionaries(st.sampled_from(["name", "ip"]), st.text("0123456789abcdef", min_size=64, max_size=64)),
    ),
    (Communication, "previous", st.text("0123456789abcdef", max_size=64)),
    (Communication, "digest", st.text("0123456789abcdef", max_size=64)),
    (PersonalValue, "field", st.sampled_from(["signature", "words"])),
    (PersonalValue, "value", st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)),
    (PersonalValue, "salt", st.text("0123456789abcdef", max_size=40)),
    (ChainHead, "seq", st.integers(0, 9)),
    (ChainHead, "digest", st.text("0123456789abcdef", max_size=64)),
    (ChainHead, "seal", st.text("0123456789abcdef", max_size=64)),
]


@given(data=st.data())
def test_any_single_change_of_any_stored_field_is_found(app: Flask, data: st.DataObject) -> None:
    shop = Shop.with_slug("harbour")
    if shop is None:
        three(a_work_order(shop := a_shop()))
    noun, field, values = data.draw(st.sampled_from(CHANGES))
    row = data.draw(st.sampled_from(db.session.query(noun).order_by(noun.id).all()))
    value = data.draw(values)
    if repr(value) == repr(getattr(row, field)):
        return
    db.session.execute(update(noun).where(noun.id == row.id).values({field: value}).execution_options(synchronize_session=False))
    found = broken(shop)
    db.session.rollback()
    assert found is not None
    assert broken(shop) is None


def test_a_record_taken_out_is_found(order: WorkOrder) -> None:
    three(order)
    db.session.execute(delete(PersonalValue).where(PersonalValue.communication_id == Communication.of(order)[1].id))
    db.session.execute(delete(Communication).where(Communication.seq == 2))
    assert broken(shop_of(order)) == (2, "missing")


def test_a_tail_cut_off_is_found_also_where_the_end_was_moved(order: WorkOrder) -> None:
    last, first = three(order)[-1], Communication.of(order)[0]
    db.session.execute(delete(PersonalValue).where(PersonalValue.communication_id == last.id))
    db.session.execute(delete(Communication).where(Communication.seq == 3))
    assert broken(shop_of(order)) == (3, "end")
    two = db.session.scalars(db.select(Communication).where(Communication.seq == 2)).one()
    db.session.execute(update(ChainHead).values(seq=2, digest=two.digest))
    assert broken(shop_of(order)) == (2, "seal")
    assert first.seq == 1


def test_what_somebody_changed_is_not_covered_by_what_comes_next(order: WorkOrder) -> None:
    three(order)
    db.session.execute(update(ChainHead).values(seal="0" * 64))
    Communication.write(order, "sent", facts={})
    assert broken(shop_of(order)) == (4, "seal")


def test_a_record_moved_to_another_order_of_the_same_number_is_found(order: WorkOrder) -> None:
    three(order)
    other = a_work_order(a_shop("northgate"))
    assert other.number == order.number
    db.session.execute(update(Communication).where(Communication.seq == 1).values(work_order_id=other.id))
    assert broken(shop_of(order)) == (1, "order")


def test_what_is_no_json_any_more_is_a_record_that_was_changed(order: WorkOrder) -> None:
    three(order)
    if db.engine.dialect.name == "sqlite":
        for spoilt in ("facts = 'x'", "facts = '[1]'", "facts = 'null'", "personal_digests = '[]'", "at = 'yesterday'"):
            db.session.execute(text(f"UPDATE communications SET {spoilt} WHERE seq = 2"))
            assert broken(shop_of(order)) == (2, "content"), spoilt
            db.session.rollback()


# erasing


def test_a_person_is_erased_and_the_chain_still_verifies(order: WorkOrder) -> None:
    records = three(order)
    assert Communication.erase(order.visit.customer) == 3
    assert [record.personal for record in records] == [{}, {}, {}]
    db.session.commit()
    assert db.session.query(PersonalValue).count() == 0
    assert broken(shop_of(order)) is None
    last = Communication.of(order)[-1]
    assert (last.kind, last.facts) == ("erased", {"records": [1, 2, 3]})
    assert Communication.erase(order.visit.customer) == 0


def test_only_that_person_is_erased(order: WorkOrder) -> None:
    three(order)
    other = a_work_order(shop_of(order), a_customer(shop_of(order), "Jo", "Brandt", phones=["+13125550143"]))
    three(other)
    Communication.erase(other.visit.customer)
    assert [len(record.personal) for record in Communication.of(order)] == [2, 3, 2]
    assert broken(shop_of(order)) is None


def test_a_personal_value_that_goes_without_an_erasure_is_found(order: WorkOrder) -> None:
    second = three(order)[1]
    db.session.execute(delete(PersonalValue).where(PersonalValue.communication_id == second.id, PersonalValue.field == "ip"))
    assert broken(shop_of(order)) == (2, "removed")


def test_salts_are_long_and_never_the_same(order: WorkOrder) -> None:
    three(order)
    salts = [row.salt for row in db.session.query(PersonalValue)]
    assert len(set(salts)) == len(salts)
    assert {len(bytes.fromhex(salt)) for salt in salts} == {SALT_BYTES}
    assert SALT_BYTES >= 16


# speed


def test_a_long_log_is_read_so_many_records_at_a_time(order: WorkOrder, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(10):
        three(order)
    monkeypatch.setattr(chain_proof, "AT_ONCE", 10)
    with counted() as asked:
        assert Communication.verify(shop_of(order)) is None
    assert len(asked) == 2 * 3 + 2, "records and their values three times, nothing after them, and the end"
