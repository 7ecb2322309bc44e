"""A text that will not arrive: plain words for why, and an e-mail in its place where that is allowed, once."""

from itertools import permutations

import pytest
from flask import Flask
from sqlalchemy import select

from models import Appointment, Consent, Delivery, DeliveryReport, Message, Shop, StatusStay, Thread, TypedText, WorkOrder, db
from models.failure import MAY_GO_BY_MAIL, words_for
from models.status import Status
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.makers import MARIA, SAM, a_customer, a_drop_off, a_member, a_shop, a_work_order, consenting, signed_in

CODES = (
    "21211 21614 21408 21606 21612 21212 21610 21611 21635 20429 20003 30001 30002 30003 30004 30005 30006 30007 30008 30034"
    " 30610 30640 30450 30022 30023 30032 30036 21617 30019"
)
FOR_GOOD = ["30006", "21211", "21614", "30005", "30003", "30008", "30007", "30004", "21610", "30034", "21408"]


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def text(shop: Shop) -> Message:
    return a_drop_off(shop).messages[0]


def mails() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.channel == "email").order_by(Message.id)))


def sent(text: Message, code: str) -> None:
    assert text.claim()
    text.accepted("SM1")
    text.refused(code)
    db.session.commit()


# words


@each("code", CODES.split())
def test_every_code_that_the_provider_documents_has_words_of_its_own(app: Flask, code: str) -> None:
    assert code not in words_for(code)
    assert words_for(code).count(".") >= 2 or "itself" in words_for(code), "what happened, and what to do"


def test_a_code_that_nobody_knows_is_named(app: Flask) -> None:
    assert words_for("31415") == "The provider reported error 31415. Call the customer."


# the mail


@pytest.mark.parametrize("code", FOR_GOOD)
def test_what_failed_for_good_goes_by_e_mail(text: Message, code: str) -> None:
    sent(text, code)
    (mail,) = mails()
    assert (mail.instead_of, mail.kind, mail.address, mail.state) == (text, "booking", "maria@mail.example", Delivery.queued)
    assert mail.subject
    assert "http" in mail.body or mail.visit
    assert ("text_failed", True) in {(rule, passed) for rule, passed, _note in mail.trace}
    assert "The text will not arrive: this goes instead." in [words for _rule, _passed, words in mail.why]


@pytest.mark.parametrize("code", ["20429", "unreachable", "unwritable", "21617", "not_sent"])
def test_what_says_nothing_about_the_phone_does_not(text: Message, code: str) -> None:
    sent(text, code)
    assert code not in MAY_GO_BY_MAIL
    assert not mails()


def test_it_is_claimed_and_sent_like_any_other(text: Message) -> None:
    sent(text, "30006")
    (mail,) = mails()
    assert mail.claim()


@pytest.mark.parametrize("order", list(permutations(["sent", "undelivered", "failed"])))
def test_reports_in_any_order_and_number_write_one_mail_and_are_all_kept(text: Message, order: tuple[str, ...]) -> None:
    assert text.claim()
    for status in (*order, *order):
        code = "30006" if status != "sent" else ""
        report = DeliveryReport.take(text.uid, "SM1", status, code, {})
        if report:
            report.work()
    db.session.commit()
    assert text.state is Delivery.failed
    assert len(mails()) == 1
    assert [report.status for report in DeliveryReport.about(text)] == list(order)


def test_a_report_that_comes_after_the_delivery_writes_none(text: Message) -> None:
    assert text.claim()
    text.arrived()
    text.refused("30006")
    assert not mails()


def test_without_an_address_there_is_none(shop: Shop) -> None:
    text = a_drop_off(shop, customer=a_customer(shop, emails=[])).messages[0]
    sent(text, "30006")
    assert not mails()


def test_what_somebody_typed_never_goes_by_e_mail_by_itself(shop: Shop) -> None:
    consenting(a_customer(shop))
    typed = TypedText("It is ready.", "0123456789abcdef").send(Thread.at(shop, MARIA), by=SAM)
    sent(typed, "30006")
    assert not mails()


def test_an_opt_out_at_the_provider_ends_consent_and_the_news_goes_by_e_mail_once(text: Message) -> None:
    sent(text, "21610")
    assert not Consent.may_text(text.shop, MARIA)
    assert len(mails()) == 1


def test_a_reminder_that_failed_does_not_count_as_the_days_reminder(shop: Shop, text: Message) -> None:
    appointment: Appointment | None = text.appointment
    assert appointment
    sent(text, "")
    reminder = appointment.remind(by=SAM)
    sent(reminder, "30006")
    (mail,) = mails()
    assert (mail.kind, mail.state) == ("remind", Delivery.queued)


# updates of statuses


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    order = a_work_order(shop, consenting(a_customer(shop)))
    order.texts, order.emails = True, False
    db.session.commit()
    return order


def ready(order: WorkOrder) -> StatusStay:
    of_shop = db.session.scalars(select(Status).where(Status.shop_id == order.shop_id))
    status = next(one for one in of_shop if one.texts and not one.asks_estimate)
    status.emails = True
    stay = order.set_status(status, by=SAM)
    db.session.commit()
    return stay


def failed_update(order: WorkOrder) -> Message:
    stay = ready(order)
    (text,) = [update for update in stay.updates if update.channel == "text"]
    text.due_at = text.created_at
    text.submit()
    sent(text, "30006")
    return text


def test_an_update_goes_by_e_mail_where_nobody_refused_that(order: WorkOrder) -> None:
    text = failed_update(order)
    (mail,) = mails()
    assert (mail.instead_of, mail.state) == (text, Delivery.queued)
    assert "{" not in mail.body


def test_an_update_does_not_where_somebody_switched_e_mail_off(order: WorkOrder) -> None:
    order.toggle_updates("email", True, by=SAM)
    order.toggle_updates("email", False, by=SAM)
    failed_update(order)
    (mail,) = mails()
    assert (mail.state, mail.held_by) == (Delivery.held, "E-mail was switched off for this visit.")


def test_an_update_that_goes_by_e_mail_anyway_goes_once(order: WorkOrder) -> None:
    order.emails = True
    failed_update(order)
    assert len(mails()) == 1
    assert mails()[0].instead_of is None


# where it is seen


def test_bubble_and_log_say_what_happened_and_what_went_instead(client: Visitor, shop: Shop, text: Message) -> None:
    sam = signed_in(client, a_member(shop))
    sent(text, "30006")
    (mail,) = mails()
    places = [f"/console/threads/{Thread.at(shop, MARIA).id}", "/console/messages/log", f"/console/messages/{text.id}"]
    for place in places:
        page = sam.get(place).text
        assert "This is a landline or can&#39;t be reached by text." in page, place
        assert "Goes by e-mail instead" in page, place
    mail.claim()
    mail.accepted("<1@mail.example>")
    for place in places:
        assert "Sent by e-mail instead, " in sam.get(place).text, place
    assert "Instead of a text that did not arrive" in sam.get(f"/console/messages/{mail.id}").text


def test_what_the_provider_reported_is_listed_with_the_message(client: Visitor, shop: Shop, text: Message) -> None:
    for status, code in (("undelivered", "30006"), ("sent", "")):
        DeliveryReport.take(text.uid, "SM1", status, code, {})
    page = signed_in(client, a_member(shop)).get(f"/console/messages/{text.id}").text
    assert "What the provider reported" in page
    assert page.index("undelivered · 30006") < page.index(">sent<")
