"""What the carrier tells us about a text, and what it does when asked for trouble."""

import time
from collections.abc import Callable

import pytest
from requests.exceptions import ConnectionError as Dropped
from requests.exceptions import ReadTimeout
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from jobs.gateways.phone import Alone
from jobs.gateways.phone.carrier import Carrier

MARIA, HARBOUR = "+13125550142", "+13125550100"


@pytest.fixture
def client(phone: Alone, client_of: Callable[..., Client]) -> Client:
    return client_of(phone)


@pytest.fixture
def send(client: Client, receiver) -> Callable[..., str]:
    def send(body: str = "Hi", to: str = MARIA) -> str:
        callback = f"{receiver.url}/hooks/twilio/status/17"
        return str(client.messages.create(to=to, from_=HARBOUR, body=body, status_callback=callback).sid)

    return send


def settle(phone: Alone) -> None:
    """Waits until the carrier has nothing left to do."""
    end = time.monotonic() + 60
    while any(message.outcome is None for message in phone.store.messages()):
        assert time.monotonic() < end, "the carrier did not finish in time"
        time.sleep(0.01)


def test_a_text_is_reported_sent_and_then_delivered_with_a_valid_signature(send, client, receiver, signed) -> None:
    sid = send()
    posted = receiver.wait(2)
    assert receiver.statuses() == ["sent", "delivered"]
    assert all(signed(each) and each.path == "/hooks/twilio/status/17" for each in posted)
    form = posted[0].form
    assert (form["MessageSid"], form["SmsSid"], form["SmsStatus"], form["From"], form["To"]) == (sid, sid, "sent", HARBOUR, MARIA)
    assert "ErrorCode" not in form
    assert client.messages(sid).fetch().status == "delivered"
    assert client.messages(sid).fetch().date_sent is not None


def test_undelivered_texts_say_why_and_do_not_arrive(send, phone, client, receiver) -> None:
    codes = [30003, 30005, 30006, 30007, 30008]
    for code in codes:
        phone.make_trouble(fate="undelivered", code=code)
    sids = [send() for _ in codes]
    receiver.wait(10)
    told = {each.form["MessageSid"]: each.form["ErrorCode"] for each in receiver.posted if each.form["MessageStatus"] == "undelivered"}
    assert told == dict(zip(sids, map(str, codes), strict=True))
    assert [client.messages(sid).fetch().error_code for sid in sids] == codes
    assert not any(message.arrived for message in phone.store.messages())


def test_a_failed_text_is_never_sent(send, phone, receiver) -> None:
    phone.make_trouble(fate="failed", code=30007)
    send()
    settle(phone)
    assert receiver.statuses() == ["failed"]


def test_a_text_without_a_receipt_stays_sent(send, phone, client, receiver) -> None:
    phone.make_trouble(fate="sent")
    sid = send()
    settle(phone)
    assert receiver.statuses() == ["sent"]
    assert client.messages(sid).fetch().status == "sent"


def test_callbacks_come_reversed_repeated_and_late_when_asked(send, phone, client, receiver) -> None:
    phone.make_trouble(callbacks="reversed", duplicates=1, delay=0.3)
    started = time.monotonic()
    sid = send()
    receiver.wait(4)
    assert time.monotonic() - started > 0.3
    assert receiver.statuses() == ["delivered", "delivered", "sent", "sent"]
    assert client.messages(sid).fetch().status == "delivered"


def test_without_callbacks_only_the_list_knows_the_fate(send, phone, client, receiver) -> None:
    phone.make_trouble(callbacks="none")
    sid = send()
    settle(phone)
    assert receiver.posted == []
    assert client.messages(sid).fetch().status == "delivered"


def test_a_callback_can_come_before_the_reply(phone, client_of, receiver) -> None:
    phone.make_trouble(hold=1.5)
    callback = f"{receiver.url}/hooks/twilio/status/17"
    client_of(phone).messages.create(to=MARIA, from_=HARBOUR, body="Hi", status_callback=callback)
    assert receiver.statuses() == ["sent", "delivered"]


def test_trouble_meets_the_next_texts_to_that_number_in_the_order_asked(send, phone, client) -> None:
    phone.make_trouble(fate="refused", code=21614, to="+13125550177")
    phone.make_trouble(fate="429", times=2, retry_after=7)
    for _ in range(2):
        with pytest.raises(TwilioRestException) as busy:
            send()
        assert (busy.value.status, busy.value.code) == (429, 20429)
        assert client.http_client._test_only_last_response.headers["Retry-After"] == "7"
    send()
    with pytest.raises(TwilioRestException) as refused:
        send(to="+13125550177")
    assert refused.value.code == 21614
    assert phone.store.accepted() == {(MARIA, "Hi"): 1}


@pytest.mark.parametrize(("fate", "accepted", "count"), [("500", "no", 0), ("503", "no", 0), ("500", "yes", 1)])
def test_a_broken_provider_may_or_may_not_have_taken_the_text(send, phone, fate, accepted, count) -> None:
    phone.make_trouble(fate=fate, accepted=accepted)
    with pytest.raises(TwilioRestException) as broken:
        send()
    assert broken.value.status == int(fate)
    assert phone.store.accepted().total() == count


@pytest.mark.parametrize(("accepted", "count"), [("yes", 1), ("no", 0)])
def test_a_connection_is_dropped_after_the_text_was_taken_or_lost(send, phone, accepted, count) -> None:
    phone.make_trouble(fate="drop", accepted=accepted)
    with pytest.raises(Dropped):
        send()
    assert phone.store.accepted().total() == count


def test_a_timeout_leaves_the_text_accepted_and_its_callbacks_come(phone, client_of, receiver) -> None:
    phone.make_trouble(fate="timeout", hold=1)
    callback = f"{receiver.url}/hooks/twilio/status/17"
    with pytest.raises(ReadTimeout):
        client_of(phone, timeout=0.2).messages.create(to=MARIA, from_=HARBOUR, body="Hi", status_callback=callback)
    receiver.wait(2)
    assert phone.store.accepted() == {(MARIA, "Hi"): 1}


def test_what_was_due_when_the_carrier_died_is_posted_by_the_next(still, client_of, receiver) -> None:
    callback = f"{receiver.url}/hooks/twilio/status/17"
    client_of(still).messages.create(to=MARIA, from_=HARBOUR, body="Hi", status_callback=callback)
    time.sleep(0.21)
    carrier = Carrier(still.phone)
    assert carrier.carry() == 2
    assert carrier.carry() == 0
    assert receiver.statuses() == ["sent", "delivered"]


def test_a_callback_to_another_machine_is_not_posted(still, client_of) -> None:
    client_of(still).messages.create(to=MARIA, from_=HARBOUR, body="Hi", status_callback="https://shop.example/hooks/x")
    time.sleep(0.21)
    Carrier(still.phone).carry()
    assert "this machine only" in (still.store.messages()[0].outcome or "")
