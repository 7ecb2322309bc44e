"""Texts from customers, through the webhook: signed or refused, kept once, and what each word does to consent."""

from collections.abc import Callable
from datetime import time
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

import models
from jobs.gateways.phone import Alone
from models import Appointment, Consent, ConsentFact, DeliveryReport, IncomingText, Message, Shop, db
from models.consent import MARKETING
from tests.ground.client import Visitor
from tests.ground.makers import MARIA, SAM, a_customer, a_drop_off, a_shop, consenting

Work = Callable[[], int]
Webhook = Callable[..., object]


@pytest.fixture
def shop(app: Flask) -> Shop:
    shop = a_shop()
    shop.location.consent_keyword = "TEXTME"
    db.session.commit()
    return shop


@pytest.fixture
def says(shop: Shop, webhook: Webhook, work: Work) -> Callable[..., None]:
    """Maria texts the shop, and a worker works on it."""
    count = iter(range(1000))

    def say(body: str, **fields: str) -> None:
        fields = {"MessageSid": f"SM{next(count)}", "From": MARIA, "To": shop.texting_number or "", "Body": body, **fields}
        assert webhook("/message", **fields).status_code == 200  # type: ignore[attr-defined]
        work()

    return say


def count(noun: type) -> int:
    return db.session.scalar(select(func.count()).select_from(noun)) or 0


def may_text(shop: Shop) -> bool:
    return Consent.may_text(shop, MARIA)


def replies() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind.endswith("_reply")).order_by(Message.id)))


# who is let in


@pytest.mark.parametrize("signature", ["", "none", "forged=", "ünsigned"])
@pytest.mark.parametrize("path", ["/message", "/status/abc"])
def test_what_twilio_did_not_sign_is_refused(shop: Shop, webhook: Webhook, signature: str, path: str) -> None:
    answer = webhook(path, MessageSid="SM1", From=MARIA, To=shop.texting_number, Body="STOP", MessageStatus="sent", signature=signature)
    assert answer.status_code == 403
    assert count(IncomingText) == count(DeliveryReport) == 0


def test_another_account_is_refused_though_it_signs_well(shop: Shop, webhook: Webhook) -> None:
    assert webhook("/message", AccountSid="AC" + "9" * 32, MessageSid="SM1", From=MARIA, To=shop.texting_number).status_code == 403


def test_a_number_that_is_no_shops_is_not_found(shop: Shop, webhook: Webhook) -> None:
    assert webhook("/message", MessageSid="SM1", From=MARIA, To="+13125559999", Body="hi").status_code == 404


@pytest.mark.parametrize("missing", ["MessageSid", "From", "To"])
def test_what_lacks_a_field_is_no_error_of_ours(shop: Shop, webhook: Webhook, missing: str) -> None:
    fields = {"MessageSid": "SM1", "From": MARIA, "To": shop.texting_number, "Body": "hi"}
    assert webhook("/message", **{**fields, missing: ""}).status_code == 404


def test_the_host_that_a_proxy_passes_on_does_not_matter(shop: Shop, webhook: Webhook) -> None:
    """The address that was signed is the public one, whatever Host, scheme or port the request comes in by."""
    headers = {"Host": "10.0.0.7:8080", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    answer = webhook("/message", MessageSid="SM1", From=MARIA, To=shop.texting_number, Body="hi", headers=headers)
    assert answer.status_code == 200


def test_fields_that_we_do_not_know_and_empty_ones_are_signed_too(shop: Shop, webhook: Webhook) -> None:
    extra = {"ToCity": "", "ChannelMetadata": '{"a": 1}', "Näme": "ä ", "NumMedia": "0", "Tomorrow": "x"}
    assert webhook("/message", MessageSid="SM1", From=MARIA, To=shop.texting_number, Body=" hi  ", **extra).status_code == 200
    assert IncomingText.waiting_ids()


def test_a_replay_is_kept_once_and_worked_on_once(says: Callable[..., None]) -> None:
    for _ in range(3):
        says("Is it ready?", MessageSid="SM7")
    assert (count(IncomingText), count(Message)) == (1, 1)


def test_repeats_that_come_in_at_the_same_moment_are_kept_once(
    app: Flask, shop: Shop, visitors: Callable[[], Visitor], webhook: Webhook
) -> None:
    together, codes = Barrier(4), []

    def repeat(visitor: Visitor) -> None:
        with app.app_context():
            together.wait()
            shop = Shop.with_slug("harbour")
            kept = IncomingText.take(shop, "SM1", MARIA, "hi", {})  # type: ignore[arg-type]
            db.session.commit()
            codes.append(kept is not None)

    threads = [Thread(target=repeat, args=(visitors(),)) for _ in range(4)]
    db.session.commit()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [False, False, False, True]


def test_the_answer_to_the_webhook_waits_for_no_provider(shop: Shop, webhook: Webhook, provider: Alone) -> None:
    shop.location.provider_answers_keywords = False
    provider.make_trouble(hold=5)
    assert webhook("/message", MessageSid="SM1", From=MARIA, To=shop.texting_number, Body="HELP").status_code == 200
    assert provider.store.accepted().total() == 0
    assert not replies()


# what the words do

STOPS = [
    "STOP", "stop", "Stop.", " sToP!!! ", "STOP\n", "¡Stop!", "«STOP»", "„Stop“", "'stop'", "Stop…", "STOP 🛑", "ＳＴＯＰ", "(stop)",
    "UNSUBSCRIBE", "cancel", "End.", "quit", "StopAll", "stop all", "revoke", "OPTOUT", "opt-out", "Opt out!",
]  # fmt: skip
NO_STOPS = [
    "please stop the work",
    "stop the work",
    "Don't stop",
    "I'll stop by at 5",
    "stopp",
    "cancel my appointment",
    "the end",
    "",
    "🛑",
    "S T O P",
]


def test_a_word_that_means_stop_ends_consent_in_any_case_and_punctuation(shop: Shop, says: Callable[..., None]) -> None:
    consenting(a_customer(shop))
    for number, word in enumerate(STOPS):
        says(word)
        assert not may_text(shop), word
        Consent.note(shop, MARIA, given=True, source="written", by=SAM, wording=str(number))
        db.session.commit()


def test_a_sentence_that_merely_contains_such_a_word_changes_nothing(shop: Shop, says: Callable[..., None]) -> None:
    consenting(a_customer(shop))
    for sentence in NO_STOPS:
        says(sentence)
    assert may_text(shop)
    assert count(ConsentFact) == 1


def test_what_the_provider_made_of_a_word_counts_where_we_do_not_know_it(shop: Shop, says: Callable[..., None]) -> None:
    shop.location.provider_answers_keywords = False
    consenting(a_customer(shop))
    says("Detener", OptOutType="STOP")
    assert not may_text(shop)
    says("Empezar", OptOutType="START")
    assert may_text(shop)
    assert not replies(), "a provider that says OptOutType has answered by itself"


def test_stop_holds_what_is_queued_for_that_number_and_says_why(shop: Shop, says: Callable[..., None], provider: Alone) -> None:
    maria = a_customer(shop, emails=[])
    queued = [a_drop_off(shop, customer=maria, at=time(hour)).messages[0] for hour in range(9, 14)]
    other = a_drop_off(shop, customer=a_customer(shop, "Ana", phones=["+13125550143"])).messages[0]
    assert {message.state for message in queued} == {"queued"}
    says("STOP")
    assert {(message.state, message.held_by) for message in queued} == {("held", "The customer opted out of texts after this was written.")}
    assert other.state == "sent"
    assert {number for number, _body in provider.store.accepted()} == {"+13125550143"}


def test_start_after_stop_lets_what_still_makes_sense_go_once(shop: Shop, says: Callable[..., None], provider: Alone, work: Work) -> None:
    maria = a_customer(shop, emails=[])
    stands, cancelled = (a_drop_off(shop, customer=maria, at=time(hour)) for hour in (9, 10))
    says("stop")
    cancelled.cancel(by=SAM)
    db.session.commit()
    says("Start!")
    work()
    assert stands.messages[0].state == "sent"
    assert [message.state for message in cancelled.messages if message.kind == "booking"] == ["cancelled"]
    assert provider.store.accepted()[MARIA, stands.messages[0].body] == 1


@pytest.mark.parametrize("word", ["START", "unstop", "Yes."])
def test_start_gives_back_what_stop_took(shop: Shop, says: Callable[..., None], word: str) -> None:
    consenting(a_customer(shop))
    says("STOP")
    says(word)
    assert may_text(shop)
    assert not Consent.may_text(shop, MARIA, MARKETING), "marketing was never given"


def test_start_gives_nothing_that_was_never_given(shop: Shop, says: Callable[..., None]) -> None:
    for word in ("START", "STOP", "STOP", "YES", "START"):
        says(word)
    assert not may_text(shop)


def test_start_does_not_give_back_what_the_shop_took_before_the_stop(shop: Shop, says: Callable[..., None]) -> None:
    consenting(a_customer(shop))
    Consent.note(shop, MARIA, given=False, source="spoken", by=SAM)
    db.session.commit()
    says("STOP")
    says("START")
    assert not may_text(shop)


def test_of_stop_and_start_the_last_word_counts(shop: Shop, webhook: Webhook, work: Work) -> None:
    consenting(a_customer(shop))
    for number, word in enumerate(("STOP", "START", "STOP")):
        webhook("/message", MessageSid=f"SM{number}", From=MARIA, To=shop.texting_number, Body=word)
    work()
    assert not may_text(shop)


def test_the_shops_own_keyword_gives_new_consent_and_is_answered_once(
    shop: Shop, says: Callable[..., None], provider: Alone, work: Work
) -> None:
    says("TextMe!")
    says("textme")
    work()
    assert may_text(shop)
    assert [(reply.kind, reply.state) for reply in replies()] == [("consent_reply", "sent")]
    fact = Consent.of(shop, MARIA)
    assert fact is not None
    assert (fact.source, fact.wording, fact.wording_version) == ("keyword", "TextMe!", "keyword-2026-11")


@pytest.mark.parametrize("word", ["STOP", "START", "HELP", "info"])
def test_the_provider_answers_the_words_that_it_knows_and_we_do_not(shop: Shop, says: Callable[..., None], word: str) -> None:
    consenting(a_customer(shop))
    says("STOP")
    says(word)
    assert not replies()


@pytest.mark.parametrize(("word", "kind"), [("Help?", "help_reply"), ("¡Stop!", "stop_reply"), ("opt out", "stop_reply")])
def test_what_the_provider_knows_not_we_answer(shop: Shop, says: Callable[..., None], word: str, kind: str) -> None:
    consenting(a_customer(shop))
    says(word)
    (reply,) = replies()
    assert [text.direction for text in models.Thread.at(shop, MARIA).texts()] == ["in", "out"], "the answer stands below what it answers"
    assert (reply.kind, reply.customer and reply.customer.name) == (kind, "Maria Lopez")


def test_where_the_provider_does_not_answer_we_do_once(shop: Shop, says: Callable[..., None], provider: Alone, work: Work) -> None:
    shop.location.provider_answers_keywords = False
    consenting(a_customer(shop))
    for word in ("HELP", "STOP", "STOP", "START"):
        says(word, MessageSid=f"SM-{word}")
    work()
    assert [(reply.kind, reply.state) for reply in replies()] == [("help_reply", "sent"), ("stop_reply", "sent"), ("start_reply", "sent")]
    assert max(provider.store.accepted().values()) == 1


def test_a_stop_answered_by_us_is_not_held_by_the_next_stop(shop: Shop, says: Callable[..., None], webhook: Webhook, work: Work) -> None:
    shop.location.provider_answers_keywords = False
    db.session.commit()
    for number in range(2):
        webhook("/message", MessageSid=f"SM{number}", From=MARIA, To=shop.texting_number, Body="STOP")
    work()
    assert {reply.state for reply in replies()} == {"queued"}, "nobody listens at this test's provider, so they wait"


def test_of_two_who_share_a_number_both_are_opted_out_and_neither_is_taken_for_the_writer(shop: Shop, says: Callable[..., None]) -> None:
    maria, pedro = a_customer(shop, emails=[]), a_customer(shop, "Pedro", emails=[])
    appointments: list[Appointment] = [a_drop_off(shop, customer=customer) for customer in (maria, pedro)]
    says("STOP")
    assert {appointment.messages[0].state for appointment in appointments} == {"held"}
    received = db.session.scalars(select(Message).where(Message.direction == "in")).one()
    assert (received.customer, received.actor_name) == (None, MARIA)


def test_a_stop_to_one_shop_is_no_stop_to_another(shop: Shop, says: Callable[..., None]) -> None:
    other = a_shop("northgate")
    for each in (shop, other):
        consenting(a_customer(each))
    says("STOP")
    assert (may_text(shop), may_text(other)) == (False, True)


def test_without_consent_a_queued_text_never_goes(shop: Shop, provider: Alone, work: Work) -> None:
    """Asked again when it goes, whoever took the consent and however."""
    message = a_drop_off(shop).messages[0]
    db.session.add(ConsentFact(shop_id=shop.id, number=MARIA, scope="service", given=False, source="written", actor_name="Sam"))
    work()
    assert (message.state, message.held_by) == ("held", "No consent to text this number: (312) 555-0142.")
    assert provider.store.accepted().total() == 0


@pytest.mark.parametrize("sender", ["72345", "CARRIER", "+1"])
def test_a_sender_that_is_no_number_keeps_no_other_text_waiting(shop: Shop, says: Callable[..., None], sender: str) -> None:
    shop.location.provider_answers_keywords = False
    says("HELP", From=sender)
    says("Is it ready?")
    assert not IncomingText.waiting_ids()
    assert {message.address for message in db.session.scalars(select(Message).where(Message.direction == "in"))} == {sender, MARIA}


def test_pictures_in_words_and_more_words_than_a_text_can_have_do_no_harm(shop: Shop, says: Callable[..., None]) -> None:
    says("ab \U0001f6d1 \ufffd" + "x" * 3000)
    received = db.session.scalars(select(Message).where(Message.direction == "in")).one()
    assert received.body.startswith("ab \U0001f6d1")
    assert len(received.body) <= 1600


# the code at the counter


@pytest.mark.parametrize("body", ["START TEXTME", "start textme", "Start  Textme."])
def test_the_code_at_the_counter_gives_a_new_consent_and_is_answered_once(shop: Shop, says: Callable[..., None], body: str) -> None:
    for _ in range(2):
        says(body)
    fact = Consent.of(shop, MARIA)
    assert fact
    assert (fact.given, fact.source, fact.wording_version) == (True, "counter", "2026-11")
    assert "By texting START TEXTME you agree that Harbour Street Garage may text you" in fact.wording
    assert [reply.kind for reply in replies()] == ["consent_reply"]
    assert count(ConsentFact) == 1


def test_it_brings_back_who_was_withdrawn_by_the_shop_which_start_alone_does_not(shop: Shop, says: Callable[..., None]) -> None:
    Consent.note(shop, MARIA, given=False, source="spoken", by=SAM)
    says("START")
    assert not may_text(shop)
    says("START TEXTME")
    assert may_text(shop)


@pytest.mark.parametrize("body", ["START OTHER", "START TEXTME please", "TEXTME START", "START the car"])
def test_other_words_behind_start_agree_to_nothing(shop: Shop, says: Callable[..., None], body: str) -> None:
    says(body)
    assert not may_text(shop)
    assert count(ConsentFact) == 0


def test_start_after_agreeing_again_on_the_page_is_kept_though_nothing_is_to_be_restored(shop: Shop, says: Callable[..., None]) -> None:
    consenting(a_customer(shop))
    says("STOP")
    Consent.note(shop, MARIA, given=True, source="web", by=SAM)
    says("START")
    assert next(fact.source for fact in Consent.history(shop, MARIA)) == "start"
