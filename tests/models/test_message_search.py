"""Words in the texts: found whatever the case and accents, marked, and kept up to date by the database itself."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, text

from models import Message, Shop, clock, db, message_search
from models.message_search import AROUND, Found, MessageSearch
from tests.ground.makers import MARIA, a_shop

pytestmark = pytest.mark.both_databases

ANA = "+13125550143"
serial = iter(range(1, 1_000_000))


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


def hear(shop: Shop, words: str, number: str = MARIA) -> Message:
    message = Message.received(shop, number, words, f"SM{next(serial)}", None)
    db.session.commit()
    return message


def found(shop: Shop, words: str) -> list[str]:
    return [one.message.body for one in MessageSearch(shop, words).newest().values()]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("The brakes squeal", "brakes"),
        ("The brakes squeal", "BRAKES"),
        ("The brakes squeal", "bra"),
        ("The brakes squeal", "squeal brakes"),
        ("¿Cuándo está listo?", "cuando esta"),
        ("CUANDO ESTA", "cuándo está"),
        ("De auto is niet één keer gestart", "een keer"),
        ("brake-pads/rotors, front+rear", "rotors rear"),
        ("Mail me at jo@mail.example", "mail.example"),
        ("call 312-555-0142 or come at 5:30", "5550142"),
        ("call (312) 555-0142", "0142"),
        ("It's ready", "it's"),
        ("Δεν ξεκινά", "Δεν"),
        ("100% worn", "100"),
        ("oil & filter", "oil filter"),
        ("AND OR NOT NEAR", "and or not near"),
    ],
)
def test_a_text_is_found_by_its_words_and_the_beginning_of_the_last_one(shop: Shop, body: str, words: str) -> None:
    if words == "5550142":
        body = "call 3125550142 or 5550142"
    hear(shop, body)
    assert found(shop, words) == [body]


def test_what_is_not_in_it_finds_nothing(shop: Shop) -> None:
    hear(shop, "The brakes squeal")
    for words in ["rakes", "brake squeal", "brakes tyres", "b", "", "   ", "?!", '"', "brakes*", "'; DROP TABLE messages"]:
        assert found(shop, words) == (["The brakes squeal"] if words == "brakes*" else []), words


@given(st.text(max_size=60))
def test_nothing_that_can_be_typed_breaks_it(app: Flask, typed: str) -> None:
    shop = Shop.with_slug("odd") or a_shop("odd")
    MessageSearch(shop, typed.replace("\0", "")).newest()


def test_of_each_number_the_newest_text_is_given_newest_first(shop: Shop) -> None:
    hear(shop, "brakes one")
    hear(shop, "brakes two")
    hear(shop, "brakes three", ANA)
    assert found(shop, "brakes") == ["brakes three", "brakes two"]


def test_days_narrow_it(shop: Shop) -> None:
    hear(shop, "brakes")
    now = clock.now()
    assert MessageSearch(shop, "brakes", since=now - timedelta(hours=1), until=now + timedelta(hours=1)).newest()
    assert not MessageSearch(shop, "brakes", since=now + timedelta(hours=1)).newest()
    assert not MessageSearch(shop, "brakes", until=now - timedelta(hours=1)).newest()


def test_another_shops_texts_and_e_mails_are_not_searched(shop: Shop) -> None:
    hear(a_shop("elm"), "brakes")
    mail = Message(shop_id=shop.id, channel="email", kind="booking", address="m@mail.example", body="brakes", due_at=clock.now())
    db.session.add(mail)
    db.session.commit()
    assert found(shop, "brakes") == []


def test_what_is_changed_or_deleted_is_so_in_the_index(shop: Shop) -> None:
    message = hear(shop, "brakes")
    message.body = "tyres"
    db.session.commit()
    assert (found(shop, "brakes"), found(shop, "tyres")) == ([], ["tyres"])
    db.session.execute(delete(Message))
    db.session.commit()
    assert found(shop, "tyres") == []


def test_a_migration_that_rebuilds_the_table_leaves_the_index_alive(shop: Shop) -> None:
    if db.engine.dialect.name == "sqlite":
        for name in ("added", "removed", "changed"):
            db.session.execute(text(f"DROP TRIGGER message_words_{name}"))
    message_search.restore(db.session.connection())
    hear(shop, "brakes")
    assert found(shop, "brakes") == ["brakes"]


def test_the_index_answers_and_not_the_table(shop: Shop) -> None:
    if db.engine.dialect.name == "postgresql":
        hear(shop, "brakes")
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
        db.session.execute(text("SET LOCAL enable_indexscan = off"))
        plan = "EXPLAIN SELECT id FROM messages WHERE channel = 'text' AND message_words(body) @@ to_tsquery('simple', 'bra:*')"
        assert "ix_messages_words" in "\n".join(db.session.scalars(text(plan)))


# what is shown of it


def parts(body: str, *words: str) -> str:
    return "".join(f"[{part}]" if hit else part for part, hit in Found(Message(body=body), words).snippet)


@pytest.mark.parametrize(
    ("body", "words", "shown"),
    [
        ("The brakes squeal", ("brak",), "The [brakes] squeal"),
        ("Está listo", ("esta",), "[Está] listo"),
        ("one\n  two", ("two",), "one [two]"),
        ("brake brakes", ("brake", "squ"), "[brake] brakes"),
    ],
)
def test_the_hit_is_marked(body: str, words: tuple[str, ...], shown: str) -> None:
    assert parts(body, *words) == shown


def test_of_a_long_text_what_stands_around_the_hit_is_shown() -> None:
    shown = parts("word " * 100 + "brakes " + "after " * 100, "brakes")
    assert shown.startswith("…word")
    assert "[brakes]" in shown
    assert shown.endswith("…")
    assert len(shown) < AROUND + 10


@given(st.text(max_size=400), st.text(min_size=1, max_size=5))
def test_a_snippet_is_a_part_of_the_text(body: str, word: str) -> None:
    shown = "".join(part for part, _hit in Found(Message(body=body), [word]).snippet)
    assert shown.strip("…") in " ".join(body.split())
