"""Stop work?: it is shown where somebody looks, what goes by itself waits, and a person decides."""

import pytest
from flask import Flask
from sqlalchemy import select

from models import (
    Appointment,
    Consent,
    Delivery,
    Entry,
    IncomingText,
    Message,
    Shop,
    StaffMember,
    StopAlarm,
    Thread,
    TypedText,
    Waiting,
    WorkOrder,
    db,
)
from models.consent import MARKETING
from tests.ground.client import Visitor
from tests.ground.makers import MARIA, SAM, a_customer, a_drop_off, a_member, a_shop, a_work_order, consenting, signed_in
from tests.ground.queries import counted

HTMX = {"HX-Request": "true"}
serial = iter(range(1, 1_000_000))


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def member(shop: Shop) -> StaffMember:
    return a_member(shop)


@pytest.fixture
def sam(client: Visitor, member: StaffMember) -> Visitor:
    return signed_in(client, member)


@pytest.fixture
def thread(shop: Shop) -> Thread:
    consenting(a_customer(shop))
    return Thread.at(shop, MARIA)


@pytest.fixture
def order(shop: Shop, thread: Thread) -> WorkOrder:
    return a_work_order(shop, thread.customers[0])


def says(shop: Shop, words: str, number: str = MARIA) -> None:
    text = IncomingText.take(shop, f"SM{next(serial):032}", number, words, {})
    assert text
    text.work()
    db.session.commit()


def open_alarms(shop: Shop, number: str = MARIA) -> list[str]:
    return [alarm.kind for alarm in StopAlarm.open_at(shop, number)]


def decide(sam: Visitor, thread: Thread, decision: str) -> None:
    assert sam.post(f"/console/threads/{thread.id}/alarm-decision", data={"decision": decision}, headers=HTMX).status_code == 200


def booked(shop: Shop, thread: Thread) -> tuple[Appointment, Message]:
    appointment = a_drop_off(shop, customer=thread.customers[0])
    return appointment, appointment.messages[0]


# where it is seen


def test_it_is_on_the_tile_in_the_row_in_the_thread_in_the_list_and_on_the_work_order(
    sam: Visitor, shop: Shop, thread: Thread, order: WorkOrder
) -> None:
    says(shop, "Please stop the work")
    places = ["/console/board", f"/console/threads/{thread.id}", "/console/messages", f"/console/work-orders/{order.number}"]
    for place in places:
        page = sam.get(place)
        assert page.status_code == 200
        assert "Stop work?" in page.text, place
    sam.post("/console/board/view", data={"view": "rows"})
    assert "Stop work?" in sam.get("/console/board").text


def test_before_the_vehicle_is_here_it_is_on_the_day_and_on_the_appointment(sam: Visitor, shop: Shop) -> None:
    drop_off = a_drop_off(shop)
    says(shop, "Please stop the work")
    for place in (f"/console/?day={drop_off.date}", f"/console/appointments/{drop_off.id}"):
        assert "Stop work?" in sam.get(place).text, place


def test_it_is_on_the_tile_whichever_of_the_customers_numbers_wrote(sam: Visitor, shop: Shop) -> None:
    a_work_order(shop, a_customer(shop, phones=[MARIA, "+13125550143"]))
    says(shop, "Please stop the work", "+13125550143")
    assert "Stop work?" in sam.get("/console/board").text


def test_a_refusal_in_other_words_asks_about_the_texts(sam: Visitor, shop: Shop, order: WorkOrder) -> None:
    says(shop, "Don't text me")
    page = sam.get("/console/board").text
    assert "No more texts?" in page
    assert "Stop work?" not in page
    assert Consent.may_text(shop, MARIA), "a person decides"


def test_of_two_words_the_one_about_the_work_is_shown(shop: Shop) -> None:
    says(shop, "No more texts please")
    says(shop, "And stop the work")
    assert Waiting.at(shop).alarms == {MARIA: "Stop work?"}


def test_a_text_that_means_neither_rings_no_alarm(sam: Visitor, shop: Shop, order: WorkOrder) -> None:
    says(shop, "I'll stop by at 5")
    assert not open_alarms(shop)
    assert "Stop work?" not in sam.get("/console/board").text


def test_another_shops_alarm_is_not_seen(sam: Visitor, shop: Shop, order: WorkOrder) -> None:
    says(a_shop("elm"), "Please stop the work")
    assert not open_alarms(shop)
    assert "Stop work?" not in sam.get("/console/board").text


def test_a_done_thread_with_an_alarm_stays_in_the_list_and_comes_first(sam: Visitor, shop: Shop, thread: Thread) -> None:
    says(shop, "Please stop the work")
    thread.close(by=SAM)
    says(shop, "Is it ready?", "+13125550143")
    page = sam.get("/console/messages").text
    assert page.index("Please stop the work") < page.index("Is it ready?")


def test_the_board_asks_no_more_for_it(sam: Visitor, shop: Shop, order: WorkOrder) -> None:
    with counted() as before:
        sam.get("/console/board")
    for _ in range(5):
        says(shop, "Please stop the work")
    with counted() as after:
        sam.get("/console/board")
    assert len(after) == len(before) <= 12


# what waits


def test_what_is_queued_is_held_at_once_and_says_why(shop: Shop, thread: Thread) -> None:
    _appointment, message = booked(shop, thread)
    assert message.state is Delivery.queued
    says(shop, "Please stop the work")
    assert message.state is Delivery.held
    assert message.held_by == "The customer wrote what may mean stop: somebody has to decide first."


def test_what_is_written_while_it_rings_is_held_and_other_numbers_are_not(shop: Shop, thread: Thread) -> None:
    says(shop, "Please stop the work")
    _appointment, message = booked(shop, thread)
    assert message.state is Delivery.held
    ana = a_drop_off(shop, customer=a_customer(shop, "Ana", phones=["+13125550143"]))
    assert ana.messages[0].state is Delivery.queued


def test_a_worker_that_takes_many_at_once_leaves_those_that_wait_for_a_decision(shop: Shop, thread: Thread) -> None:
    _appointment, message = booked(shop, thread)
    other = a_drop_off(shop, customer=a_customer(shop, "Ana", phones=["+13125550143"])).messages[0]
    alarm = StopAlarm(shop_id=shop.id, number=MARIA, kind="stop", message=Message.received(shop, MARIA, "stop it", "SM-late", None))
    db.session.add(alarm)
    db.session.commit()
    with counted() as one:
        assert Message.claim_all([message, other]) == [other]
    assert message.state is Delivery.held
    assert sum("stop_alarms" in query for query in one) == 1


def test_what_a_person_typed_or_reminded_by_hand_goes_all_the_same(shop: Shop, thread: Thread) -> None:
    appointment, _booking = booked(shop, thread)
    says(shop, "Please stop the work")
    assert TypedText("We stopped.", "0123456789abcdef").send(thread, by=SAM).state is Delivery.queued
    assert appointment.remind(by=SAM).state is Delivery.queued


def test_a_keyword_is_answered_all_the_same(shop: Shop, thread: Thread) -> None:
    shop.location.provider_answers_keywords = False
    says(shop, "Please stop the work")
    says(shop, "HELP")
    (reply,) = db.session.scalars(select(Message).where(Message.kind == "help_reply"))
    assert reply.state is Delivery.queued


def test_an_e_mail_goes_all_the_same(shop: Shop, thread: Thread) -> None:
    says(shop, "Please stop the work")
    assert a_drop_off(shop, customer=thread.customers[0], preference="email").messages[0].state is Delivery.queued


# deciding


@pytest.mark.parametrize("decision", ["go_on", "stopped"])
def test_once_decided_what_was_held_goes(sam: Visitor, shop: Shop, thread: Thread, decision: str) -> None:
    _appointment, message = booked(shop, thread)
    says(shop, "Please stop the work")
    says(shop, "Stop the work, please!")
    decide(sam, thread, decision)
    assert not open_alarms(shop)
    assert message.state is Delivery.queued
    assert "Stop work?" not in sam.get(f"/console/threads/{thread.id}").text


def test_opting_out_ends_consent_for_everything_and_what_waits_goes_by_e_mail(sam: Visitor, shop: Shop, thread: Thread) -> None:
    Consent.note(shop, MARIA, given=True, source="written", scope=MARKETING, by=SAM)
    appointment, message = booked(shop, thread)
    says(shop, "Don't text me again")
    decide(sam, thread, "opt_out")
    fact = Consent.of(shop, MARIA)
    assert fact
    assert (fact.given, fact.source, fact.wording, fact.actor_name) == (False, "words", "Don't text me again", "Sam Ortiz")
    assert not Consent.may_text(shop, MARIA, MARKETING)
    assert (appointment.preference, message.state) == ("email", Delivery.cancelled)


def test_deciding_twice_does_it_once_and_says_who_it_was(sam: Visitor, shop: Shop, thread: Thread) -> None:
    says(shop, "Please stop the work")
    decide(sam, thread, "go_on")
    decide(sam, thread, "opt_out")
    assert Consent.may_text(shop, MARIA)
    (alarm,) = db.session.scalars(select(StopAlarm))
    assert (alarm.outcome, alarm.decided_by) == ("Go on", "Sam Ortiz")
    sentences = [entry.sentence for entry in db.session.scalars(select(Entry).where(Entry.subject == "stop_alarms").order_by(Entry.id))]
    assert sentences == ["“Stop work?”: the customer wrote what may mean stop", "“Stop work?” looked into: go on"]


def test_a_decision_that_is_none_is_not_found(sam: Visitor, shop: Shop, thread: Thread) -> None:
    says(shop, "Please stop the work")
    assert sam.post(f"/console/threads/{thread.id}/alarm-decision", data={"decision": "perhaps"}).status_code == 404
    assert open_alarms(shop) == ["stop"]


def test_the_word_stop_answers_the_question_about_texts_and_leaves_the_one_about_work(shop: Shop, thread: Thread) -> None:
    says(shop, "No more texts please")
    says(shop, "Stop the work too")
    says(shop, "STOP")
    assert open_alarms(shop) == ["stop"]
    assert not Consent.may_text(shop, MARIA)


def test_who_stopped_in_words_gets_texts_back_by_start(sam: Visitor, shop: Shop, thread: Thread) -> None:
    says(shop, "Don't text me")
    decide(sam, thread, "opt_out")
    says(shop, "START")
    assert Consent.may_text(shop, MARIA)


def test_the_customers_next_stop_rings_again(sam: Visitor, shop: Shop, thread: Thread) -> None:
    says(shop, "Please stop the work")
    decide(sam, thread, "go_on")
    says(shop, "I said stop")
    assert open_alarms(shop) == ["stop"]
