"""Postcards that are printed together: each card once, asked again before it is printed, sent when somebody says that it is posted."""

from datetime import date, time, timedelta
from threading import Barrier, Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from weasyprint import HTML

from jobs import postcards
from jobs.erasure_storage import store
from models import (
    Customer,
    Delivery,
    Document,
    DoNotMail,
    Erasure,
    Letter,
    PostcardBatch,
    PostcardSize,
    Refused,
    Retention,
    Shop,
    StoredFile,
    clock,
    db,
)
from models.postcard_batch import LOOK_AGAIN, UNDO
from models.postcard_making import make_due_batches
from models.retention_sweep import swept
from tests.ground.letters import JOHN, a_letter_shop, a_visit, nightly, noon
from tests.ground.makers import SAM, a_customer

DAY = date(2025, 3, 3)  # a Monday
THEN = DAY + timedelta(days=3)


@pytest.fixture
def shop(app: Flask) -> Shop:
    with clock.at(clock.instant(DAY - timedelta(days=2), time(9), ZoneInfo("America/Chicago"))):
        return a_letter_shop(thank_you=3, cards=True)


def a_card(shop: Shop, last_name: str = "Doyle", **address: str) -> Customer:
    """Somebody without e-mail who was here on ``DAY``."""
    customer = a_customer(shop, "Hank", last_name, phones=[], emails=[], addresses=[JOHN | address])
    a_visit(shop, DAY, customer)
    return customer


def made(shop: Shop) -> list[PostcardBatch]:
    """By one tick, at noon three days after the visits."""
    with clock.at(noon(shop, THEN)):
        found = []
        for batch in make_due_batches():
            db.session.commit()
            found.append(batch)
        db.session.commit()
    return found


def printed(shop: Shop) -> PostcardBatch:
    nightly(shop, THEN)
    (batch,) = made(shop)
    return batch


def test_what_waits_goes_into_one_batch_sorted_as_the_post_does_and_never_into_another(shop: Shop) -> None:
    for name, code in (("Abbot", "60699"), ("Brown", "60601"), ("Adams", "60601")):
        a_card(shop, name, postal_code=code)
    batch = printed(shop)
    assert [(card.card_number, card.customer.last_name) for card in batch.cards] == [(1, "Adams"), (2, "Brown"), (3, "Abbot")]
    assert {card.message.state for card in batch.cards} == {Delivery.queued}
    assert (batch.size, batch.way, batch.made_by) == (PostcardSize.american, "own", "Clock")
    assert made(shop) == []


def test_two_ticks_at_the_same_moment_make_one(shop: Shop, app: Flask) -> None:
    a_card(shop)
    nightly(shop, THEN)
    together = Barrier(2)

    def tick() -> None:
        with app.app_context(), clock.at(noon(shop, THEN)):
            together.wait()
            for _batch in make_due_batches():
                db.session.commit()
            db.session.rollback()

    db.session.commit()
    ticks = [Thread(target=tick) for _count in range(2)]
    for one in ticks:
        one.start()
    for one in ticks:
        one.join()
    db.session.expire_all()
    (batch,) = db.session.query(PostcardBatch)
    assert len(batch.cards) == 1


def test_a_card_whose_reason_is_gone_is_not_printed_and_says_why(shop: Shop) -> None:
    came, wants_none = a_card(shop), a_card(shop, "Finch")
    nightly(shop, THEN)
    DoNotMail.set(wants_none, "by_hand", by=SAM)
    order = db.session.query(Letter).filter_by(customer_id=came.id).one().work_order
    assert order
    order.reopen("noise", by=SAM)
    assert made(shop) == []
    states = {card.customer.last_name: (card.message.state, card.message.held_by) for card in db.session.query(Letter)}
    assert states["Doyle"] == (Delivery.cancelled, "Its reason is gone: a new visit, another date, or the work is done.")
    assert states["Finch"] == (Delivery.held, "Do Not Mail is set.")


def test_what_lies_here_too_long_is_left_out_when_the_rules_are_asked_again(shop: Shop) -> None:
    a_card(shop)
    batch = printed(shop)
    with clock.at(noon(shop, THEN) + LOOK_AGAIN / 2):
        assert PostcardBatch.to_look_at() == []
    with clock.at(noon(shop, THEN) + timedelta(days=8)):
        assert PostcardBatch.to_look_at() == [batch.id]
        assert batch.look_again() == 1
        assert (batch.going, [card.message.held_by for card in batch.left_out]) == ([], ["It would come too late to make sense."])
        assert PostcardBatch.to_look_at() == []


def test_posted_is_said_once_and_all_its_cards_are_sent(shop: Shop) -> None:
    card, late = a_card(shop), a_card(shop, "Finch")
    batch = printed(shop)
    DoNotMail.set(late, "by_hand", by=SAM)
    with clock.at(noon(shop, THEN) + timedelta(hours=1)):
        batch.look_again()
        assert [batch.post(by=SAM), batch.post(by=SAM)] == [True, False]
    states = {card.customer_id: (card.message.state, card.message.sent_at) for card in batch.cards}
    assert states == {card.id: (Delivery.sent, batch.posted_at), late.id: (Delivery.held, None)}
    assert batch.posted_by == "Sam Ortiz"


def test_posted_can_be_taken_back_for_a_while(shop: Shop) -> None:
    a_card(shop)
    batch = printed(shop)
    with clock.at(noon(shop, THEN)):
        batch.post(by=SAM)
        batch.take_back(by=SAM)
        batch.take_back(by=SAM)
        assert (batch.posted_at, [card.message.state for card in batch.cards]) == (None, [Delivery.queued])
        batch.post(by=SAM)
    with clock.at(noon(shop, THEN) + UNDO), pytest.raises(Refused, match="any more"):
        batch.take_back(by=SAM)


def test_what_a_print_service_does_nobody_else_marks_as_posted(shop: Shop) -> None:
    a_card(shop)
    batch = printed(shop)
    batch.way = "service"
    with pytest.raises(Refused, match="print service"):
        batch.post(by=SAM)


@pytest.mark.parametrize(("country", "chosen", "size"), [("US", "", "6x4"), ("NL", "", "a6"), ("NL", "6x4", "6x4")])
def test_the_size_is_the_countrys_unless_the_shop_chooses(shop: Shop, country: str, chosen: str, size: str) -> None:
    shop.country, shop.location.postcard_size = country, chosen
    assert PostcardSize.of(shop) == size


def test_who_is_erased_is_in_no_pdf_any_more_and_the_others_cards_are_printed_anew(shop: Shop) -> None:
    hank, other = a_card(shop), a_card(shop, "Finch")
    batch = printed(shop)
    Document.newest_of_batches([batch])[batch.id].ready(b"HANK DOYLE, 12 ELM STREET")
    db.session.commit()
    erasure = Erasure.ask(hank, hank.name, by=SAM)
    erasure.carry_out()
    db.session.commit()
    assert store(erasure)
    assert (Document.newest_of_batches([batch]), db.session.query(StoredFile).filter_by(content_type="application/pdf").all()) == ({}, [])
    assert [letter.customer_id for letter in batch.going] == [other.id]


def test_no_transaction_is_open_while_a_batch_is_drawn(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    a_card(shop)
    batch = printed(shop)
    shop.branding.logo = StoredFile.keep(shop.id, b"", "image/png")
    document, drawn = Document.newest_of_batches([batch])[batch.id], []
    written = HTML.write_pdf

    def write(page: HTML, *arguments: Any, **named: Any) -> Any:
        drawn.append(db.session().in_transaction())
        return written(page, *arguments, **named)

    monkeypatch.setattr(HTML, "write_pdf", write)
    db.session.commit()
    db.session.expunge_all()
    with clock.at(noon(shop, THEN)):
        postcards.render(document.id)
    assert drawn == [False]


def test_the_pdf_with_everybodys_addresses_is_kept_no_longer_than_other_files(shop: Shop) -> None:
    a_card(shop)
    batch = printed(shop)
    Document.newest_of_batches([batch])[batch.id].ready(b"HANK DOYLE, 5 ELM STREET")
    db.session.commit()
    for days, papers in ((100, [batch.id]), (2000, [])):
        with clock.at(clock.now() + timedelta(days=days)):
            for _part in swept(Retention.of(shop)):
                db.session.commit()
        assert list(Document.newest_of_batches([batch])) == papers
    assert StoredFile.unused() != []
