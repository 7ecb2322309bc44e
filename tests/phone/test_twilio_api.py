"""The provider's API as the provider's own client meets it."""

import base64
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from jobs.gateways.phone import Alone
from settings import Settings

MARIA, HARBOUR, NORTHGATE = "+13125550142", "+13125550100", "+12125550110"
SERVICE = "MG" + "a" * 32


@pytest.fixture
def client(still: Alone, client_of: Callable[..., Client]) -> Client:
    return client_of(still)


def test_a_text_is_accepted_and_shows_on_the_handset(client: Client, still: Alone) -> None:
    created = client.messages.create(to=MARIA, from_=HARBOUR, body="Your car is ready.")
    assert (created.status, created.num_segments, created.direction) == ("queued", "1", "outbound-api")
    assert len(created.sid or "") == 34
    assert (created.sid or "").startswith("SM")
    assert abs((created.date_created or datetime.min.replace(tzinfo=UTC)) - datetime.now(UTC)) < timedelta(seconds=5)
    [shown] = still.store.messages()
    assert (shown.handset, shown.party, shown.body, shown.arrived) == (MARIA, HARBOUR, "Your car is ready.", True)


def test_through_a_service_the_sender_is_known_only_later(client: Client) -> None:
    created = client.messages.create(to=MARIA, messaging_service_sid=SERVICE, body="Hi")
    assert (created.status, created.from_, created.num_segments) == ("accepted", None, "0")
    assert client.messages(created.sid).fetch().from_ is not None


def test_a_service_answers_from_the_number_that_the_handset_knows(client: Client, still: Alone) -> None:
    still.answer(MARIA, NORTHGATE, "Hello?")
    created = client.messages.create(to=MARIA, messaging_service_sid=SERVICE, body="Hi")
    assert client.messages(created.sid).fetch().from_ == NORTHGATE


@pytest.mark.parametrize(("letter", "most"), [("a", 160), ("€", 80), ("’", 70), ("🚗", 35)])
def test_segments_are_counted_as_the_network_counts_them(client: Client, letter: str, most: int) -> None:
    parts = [client.messages.create(to=MARIA, from_=HARBOUR, body=letter * count).num_segments for count in (most, most + 1)]
    assert parts == ["1", "2"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "12345"}, 21211),
        ({"to": "not a number"}, 21211),
        ({"to": ""}, 21604),
        ({"from_": "12"}, 21212),
        ({"from_": ""}, 21603),
        ({"from_": "", "messaging_service_sid": "MGnonsense"}, 21701),
        ({"body": ""}, 21602),
        ({"body": "a" * 1601}, 21617),
        ({"media_url": ["ftp://example.com/a.jpg"]}, 21620),
        ({"media_url": ["http://example.com/a.jpg"] * 11}, 21623),
        ({"status_callback": "nowhere"}, 21609),
        ({"status_callback": "http://under_score.example/x"}, 21609),
        ({"status_callback": "http://[broken/x"}, 21609),
    ],
)
def test_bad_input_is_refused_with_the_providers_code(client: Client, fields: dict[str, object], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(**{"to": MARIA, "from_": HARBOUR, "body": "Hi"} | fields)
    assert (refused.value.status, refused.value.code) == (400, code)


def test_the_error_has_the_providers_four_fields(web: FlaskClient, settings: Settings) -> None:
    account = settings.twilio_account_sid
    response = web.post(f"/phone/twilio/2010-04-01/Accounts/{account}/Messages.json", auth=(account, settings.twilio_auth_token))
    assert response.get_json().keys() == {"code", "message", "more_info", "status"}


@pytest.mark.parametrize("password", ["wrong", "", "pässword"])
def test_a_wrong_token_is_401(web: FlaskClient, settings: Settings, password: str) -> None:
    account = settings.twilio_account_sid
    right = base64.b64encode(f"{account}:{password}".encode()).decode()
    response = web.get(f"/phone/twilio/2010-04-01/Accounts/{account}/Messages.json", headers={"Authorization": f"Basic {right}"})
    assert (response.status_code, response.get_json()["code"]) == (401, 20003)


def test_another_account_and_an_unknown_message_are_404(client: Client, web: FlaskClient, settings: Settings) -> None:
    with pytest.raises(TwilioRestException) as missing:
        client.messages("SM" + "0" * 32).fetch()
    assert (missing.value.status, missing.value.code) == (404, 20404)
    login = (settings.twilio_account_sid, settings.twilio_auth_token)
    assert web.get(f"/phone/twilio/2010-04-01/Accounts/AC{'9' * 32}/Messages.json", auth=login).status_code == 404


def test_the_list_is_newest_first_and_goes_on_over_pages_while_texts_arrive(client: Client) -> None:
    for number in range(7):
        client.messages.create(to=MARIA, from_=HARBOUR, body=str(number))
    pages = client.messages.page(page_size=3)
    first = [message.body for message in pages]
    client.messages.create(to=MARIA, from_=HARBOUR, body="late")
    second = pages.next_page()
    assert (first, [message.body for message in second]) == (["6", "5", "4"], ["3", "2", "1"])
    assert [message.body for message in client.messages.list(page_size=3)] == ["late", "6", "5", "4", "3", "2", "1", "0"]


def test_the_list_is_filtered_by_both_numbers_and_the_day(client: Client, still: Alone) -> None:
    client.messages.create(to=MARIA, from_=HARBOUR, body="to Maria")
    client.messages.create(to="+13125550177", from_=HARBOUR, body="to Grace")
    still.answer(MARIA, HARBOUR, "from Maria")
    today, now = datetime.now(UTC).date(), datetime.now(UTC)
    assert [each.body for each in client.messages.list(to=MARIA)] == ["to Maria"]
    assert [each.body for each in client.messages.list(from_=MARIA)] == ["from Maria"]
    assert len(client.messages.list(date_sent=now)) == 3
    assert len(client.messages.list(date_sent_after=now - timedelta(minutes=1))) == 3
    assert client.messages.list(date_sent_before=now - timedelta(minutes=1)) == []
    assert client.messages.list(date_sent=datetime.combine(today - timedelta(days=1), datetime.min.time(), UTC)) == []
    assert date.fromisoformat(still.store.messages()[0].at[:10]) == today


@pytest.mark.parametrize("query", ["DateSent=yesterday", "DateSent%3E=%00", "DateSent%3C=2026-13-01"])
def test_a_date_that_is_none_is_400(web: FlaskClient, settings: Settings, query: str) -> None:
    login = (settings.twilio_account_sid, settings.twilio_auth_token)
    assert web.get(f"/phone/twilio/2010-04-01/Accounts/{login[0]}/Messages.json?{query}", auth=login).status_code == 400


def test_odd_paging_is_put_right(web: FlaskClient, settings: Settings) -> None:
    login = (settings.twilio_account_sid, settings.twilio_auth_token)
    query = "PageSize=-1&Page=x&PageToken=PAnonsense"
    assert web.get(f"/phone/twilio/2010-04-01/Accounts/{login[0]}/Messages.json?{query}", auth=login).status_code == 200


def test_the_store_counts_what_was_accepted_by_number_and_body(client: Client, still: Alone) -> None:
    for body in ("once", "twice", "twice"):
        client.messages.create(to=MARIA, from_=HARBOUR, body=body)
    assert still.store.accepted() == {(MARIA, "once"): 1, (MARIA, "twice"): 2}
