"""The customer texts back: webhooks, opt-out words, and the list that scripts read."""

import dataclasses
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf import CSRFProtect
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from jobs.gateways.phone import Alone, Store, install, serve_alone
from jobs.gateways.phone.carrier import Carrier
from settings import Settings

MARIA, HARBOUR, NORTHGATE = "+13125550142", "+13125550100", "+12125550110"
FIELDS = ["id", "channel", "from", "to", "subject", "body", "html", "media", "at"]


def test_an_answer_is_posted_to_the_shop_with_a_valid_signature(phone, receiver, signed) -> None:
    phone.answer(MARIA, HARBOUR, " Is it ready? ’ñ \n")
    [posted] = receiver.wait(1)
    assert signed(posted)
    assert posted.path == "/hooks/twilio/message"
    form = posted.form
    assert form["MessageSid"] == form["SmsMessageSid"] == form["SmsSid"]
    assert (form["From"], form["To"], form["Body"], form["NumMedia"], form["NumSegments"]) == (
        MARIA,
        HARBOUR,
        " Is it ready? ’ñ \n",
        "0",
        "1",
    )
    assert form["FromCity"] == ""
    assert "OptOutType" not in form
    assert "MessagingServiceSid" not in form


def test_an_answer_is_posted_twice_with_one_sid_when_asked(phone, receiver) -> None:
    phone.answer(MARIA, HARBOUR, "Hello", duplicates=1)
    first, second = receiver.wait(2)
    assert (first.form["MessageSid"], first.token) == (second.form["MessageSid"], second.token)


def test_a_picture_is_posted_as_an_address_with_its_type(web: FlaskClient, settings, receiver, signed) -> None:
    media = "http://localhost:8000/files/car.jpg"
    assert web.post("/phone/messages", data={"from": MARIA, "to": HARBOUR, "media": media}).status_code == 201
    Carrier(web.application.extensions["phone"]).carry()
    [posted] = receiver.posted
    assert signed(posted)
    assert (posted.form["NumMedia"], posted.form["MediaUrl0"], posted.form["MediaContentType0"]) == ("1", media, "image/jpeg")


def test_a_cut_connection_is_tried_once_more_with_the_same_token(phone, receiver) -> None:
    receiver.hang_up = 1
    phone.answer(MARIA, HARBOUR, "Hello")
    assert receiver.wait(1)[0].form["Body"] == "Hello"


def test_after_two_cut_connections_the_answer_is_given_up_and_the_page_says_so(phone, receiver) -> None:
    receiver.hang_up = 2
    phone.answer(MARIA, HARBOUR, "Hello")
    end = time.monotonic() + 60
    while not (outcome := phone.store.messages()[0].outcome) and time.monotonic() < end:
        time.sleep(0.02)
    assert (outcome or "").startswith("no answer")
    assert receiver.posted == []


def test_the_carrier_waits_for_a_web_server_that_is_not_up_yet(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path), "PORT": str(port)})
    seen: list[bytes] = []
    with serve_alone(settings) as phone:
        phone.answer(MARIA, HARBOUR, "Anybody there?")
        time.sleep(0.3)
        with socket.create_server(("127.0.0.1", port)) as late:
            late.settimeout(60)
            connection, _ = late.accept()
            with connection:
                seen.append(connection.recv(65536))
                connection.sendall(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    assert seen[0].startswith(b"POST /hooks/twilio/message HTTP/1.1\r\n")
    assert f"Host: localhost:{port}".encode() in seen[0]


@pytest.mark.parametrize("word", ["STOP", "unsubscribe", "End", "quit", "STOPALL", "revoke", "optout", " cancel "])
def test_after_a_word_that_means_stop_this_number_reaches_the_handset_no_more(
    still: Alone, client_of: Callable[..., Client], word: str
) -> None:
    client = client_of(still)
    still.answer(MARIA, HARBOUR, word)
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=MARIA, from_=HARBOUR, body="Hi")
    assert refused.value.code == 21610
    assert client.messages.create(to=MARIA, from_=NORTHGATE, body="Another shop may").sid


@pytest.mark.parametrize("word", ["START", "yes", "UnStop"])
def test_a_word_that_means_start_undoes_it(still: Alone, client_of: Callable[..., Client], word: str) -> None:
    still.answer(MARIA, HARBOUR, "STOP")
    still.answer(MARIA, HARBOUR, word)
    assert client_of(still).messages.create(to=MARIA, from_=HARBOUR, body="Hi").sid


def test_a_sentence_with_such_a_word_means_nothing_to_the_provider(still: Alone, client_of: Callable[..., Client]) -> None:
    still.answer(MARIA, HARBOUR, "please stop the work")
    assert client_of(still).messages.create(to=MARIA, from_=HARBOUR, body="Hi").sid


def test_the_provider_confirms_stop_once_and_start_once(still: Alone) -> None:
    for word in ("STOP", "STOP", "START", "START", "HELP"):
        still.answer(MARIA, HARBOUR, word)
    assert len(still.store.messages("origin = 'provider'")) == 3
    assert still.store.accepted().total() == 0


def test_with_the_switch_off_the_provider_leaves_the_confirmation_to_us(still: Alone) -> None:
    still.make_trouble(provider_replies="off")
    still.answer(MARIA, HARBOUR, "STOP")
    assert still.store.messages("origin = 'provider'") == []


def test_with_advanced_opt_out_the_webhook_says_what_the_word_meant(phone, receiver, signed) -> None:
    phone.make_trouble(advanced_opt_out="on")
    phone.answer(MARIA, HARBOUR, "Unsubscribe")
    [posted] = receiver.wait(1)
    assert posted.form["OptOutType"] == "STOP"
    assert signed(posted)


def test_the_service_is_named_when_one_is_set(settings: Settings, receiver) -> None:
    service = "MG" + "b" * 32
    with serve_alone(dataclasses.replace(settings, twilio_messaging_service_sid=service)) as phone:
        phone.answer(MARIA, HARBOUR, "Hello")
        assert receiver.wait(1)[0].form["MessagingServiceSid"] == service


def test_the_list_holds_what_arrived_at_customers_newest_first(still: Alone, client_of: Callable[..., Client], web: FlaskClient) -> None:
    client = client_of(still)
    client.messages.create(to=MARIA, from_=HARBOUR, body="first")
    still.answer(MARIA, HARBOUR, "an answer")
    still.make_trouble(fate="undelivered")
    client.messages.create(to=MARIA, from_=HARBOUR, body="never arrived")
    client.messages.create(to=MARIA, from_=HARBOUR, body="last", media_url=["http://localhost:8000/a.pdf"])
    listed = web.get("/phone/messages.json").get_json()
    assert [each["body"] for each in listed] == ["last", "first"]
    assert all(list(filter(each.__contains__, FIELDS)) == FIELDS for each in listed)
    assert listed[0]["media"] == ["http://localhost:8000/a.pdf"]
    assert (listed[0]["from"], listed[0]["to"], listed[0]["channel"], listed[0]["direction"]) == (HARBOUR, MARIA, "text", "to_customer")
    assert listed[0]["at"].endswith("Z")
    [answer] = web.get("/phone/messages.json?direction=from_customer").get_json()
    assert (answer["from"], answer["to"], answer["body"], answer["direction"]) == (MARIA, HARBOUR, "an answer", "from_customer")
    assert len(web.get("/phone/messages.json?direction=all&limit=2").get_json()) == 2
    assert web.get("/phone/messages.json?direction=sideways").status_code == 422


def test_the_list_is_empty_before_anything_happened(web: FlaskClient, settings: Settings) -> None:
    assert not (settings.data_dir / "phone.db").exists()
    assert web.get("/phone/messages.json").get_json() == []


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"from", "to", "body"}),
        ({"from": "tomorrow"}, {"from"}),
        ({"to": "HARBOUR"}, {"to"}),
        ({"body": " \n"}, {"body"}),
        ({"body": "a" * 1601}, {"body"}),
        ({"media": ["http://x/"] * 11}, {"media"}),
    ],
)
def test_an_answer_that_can_not_be_is_422_and_says_which_field(web: FlaskClient, fields: dict[str, object], wrong: set[str]) -> None:
    data = {"from": MARIA, "to": HARBOUR, "body": "Hi"} | fields if fields else {}
    response = web.post("/phone/messages", data=data)
    assert response.status_code == 422
    assert response.get_json()["errors"].keys() == wrong


def test_on_the_page_the_sentence_stands_beside_the_field_and_what_was_typed_is_kept(web: FlaskClient) -> None:
    response = web.post("/phone/messages", data={"from": "tomorrow", "to": HARBOUR, "body": "Hi <b>"}, headers={"Accept": "text/html"})
    assert response.status_code == 422
    assert "is no phone number" in response.text
    assert "Hi &lt;b&gt;</textarea>" in response.text


@pytest.mark.parametrize(
    "fields",
    [
        {"fate": "exploded"},
        {"times": "0"},
        {"times": "many"},
        {"delay": "nan"},
        {"delay": "-1"},
        {"hold": "1e9"},
        {"to": "nobody"},
        {"channel": "pigeon"},
        {"accepted": "perhaps"},
        {"provider_replies": "maybe"},
        {"channel": "email", "fate": "drop"},
    ],
)
def test_trouble_that_can_not_be_made_is_422(web: FlaskClient, fields: dict[str, str]) -> None:
    assert web.post("/phone/trouble", data=fields).status_code == 422
    assert web.get("/phone/trouble.json").get_json()["pending"] == []


def test_all_trouble_ends_at_once_when_asked(web: FlaskClient) -> None:
    web.post("/phone/trouble", data={"fate": "timeout", "times": "50"})
    assert web.get("/phone/trouble.json").get_json()["pending"][0]["times"] == 50
    assert web.post("/phone/trouble/end").get_json()["pending"] == []


@pytest.mark.parametrize(
    "request_of",
    [
        {"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}},
        {"headers": {"X-Forwarded-For": "192.0.2.7, 127.0.0.1"}},
        {"headers": {"Host": "evil.example"}},
        {"headers": {"Host": "[broken"}},
        {"headers": {"Sec-Fetch-Site": "cross-site"}},
    ],
)
def test_the_phone_answers_this_machine_and_its_own_pages_only(web: FlaskClient, request_of: dict[str, object]) -> None:
    assert web.post("/phone/messages", data={"from": MARIA, "to": HARBOUR, "body": "Hi"}, **request_of).status_code in {400, 403}


def test_outside_development_and_demo_the_phone_refuses_to_be_installed(settings: Settings) -> None:
    with pytest.raises(ValueError, match="demo only"):
        install(Flask("shop"), dataclasses.replace(settings, demo=False))


def test_answers_and_sends_need_no_csrf_token(settings: Settings) -> None:
    app = Flask("shop")
    app.secret_key = settings.secret_key
    CSRFProtect(app)
    install(app, settings)
    client, account = app.test_client(), settings.twilio_account_sid
    assert client.post("/phone/messages", data={"from": MARIA, "to": HARBOUR, "body": "Hi"}).status_code == 201
    text = {"From": HARBOUR, "To": MARIA, "Body": "Hi"}
    sent = client.post(f"/phone/twilio/2010-04-01/Accounts/{account}/Messages.json", data=text, auth=(account, settings.twilio_auth_token))
    assert sent.status_code == 201
    app.extensions["phone"].store.close()


def test_many_may_make_the_file_at_the_same_moment(settings: Settings) -> None:
    stores = [Store(settings.data_dir / "phone.db") for _ in range(8)]
    counts: list[int] = []
    threads = [threading.Thread(target=lambda store=store: counts.append(store.accepted().total())) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.close()
    assert counts == [0] * 8
