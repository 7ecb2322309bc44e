"""The handset's pages."""

import pytest
from flask.testing import FlaskClient

from jobs.gateways.phone import Alone

MARIA, HARBOUR = "+13125550142", "+13125550100"
PAGE = {"Accept": "text/html"}


def test_before_the_first_message_the_page_says_what_to_do(web: FlaskClient) -> None:
    page = web.get("/phone/")
    assert page.status_code == 200
    assert "No messages yet" in page.text
    assert "inline" not in page.headers["Content-Security-Policy"]


def test_a_conversation_shows_bubbles_with_links_and_what_became_of_each(still: Alone, client_of, web: FlaskClient) -> None:
    still.make_trouble(fate="undelivered", code=30005)
    client_of(still).messages.create(to=MARIA, from_=HARBOUR, body="<b>Open</b> http://localhost:8000/v/abc.")
    still.answer(MARIA, HARBOUR, "Thanks")
    page = web.get(f"/phone/text/{MARIA}/{HARBOUR}").text
    assert '<a href="http://localhost:8000/v/abc" target="_blank" rel="noopener">http://localhost:8000/v/abc</a>.' in page
    assert "&lt;b&gt;Open" in page
    assert "Waiting for the shop’s system" in page
    assert "+1 312-555-0142" in page


def test_a_text_to_one_number_leaves_the_other_conversations_alone(still: Alone, client_of, web: FlaskClient) -> None:
    client = client_of(still)
    client.messages.create(to=MARIA, from_=HARBOUR, body="for Maria")
    client.messages.create(to="+13125550177", from_=HARBOUR, body="for Grace")
    assert "for Grace" not in web.get(f"/phone/text/{MARIA}/{HARBOUR}/messages").text
    assert web.get("/phone/conversations").text.count("<li>") == 2
    assert web.get("/phone/conversations?search=GRACE").text.count("<li>") == 1
    assert "Nothing has “zzz”" in web.get("/phone/?search=zzz").text


def test_an_answer_from_the_page_leads_back_to_the_conversation(web: FlaskClient) -> None:
    answered = web.post("/phone/messages", data={"from": "(312) 555-0142", "to": HARBOUR, "body": "Hi"}, headers=PAGE)
    assert (answered.status_code, answered.location) == (303, f"/phone/text/{MARIA}/{HARBOUR}")


@pytest.mark.parametrize(
    "back", ["/phone/text/+13125550142/+13125550100", "https://evil.example/", "//evil.example", "/phone/\\evil.example", ""]
)
def test_trouble_from_the_page_leads_back_to_a_page_of_the_phone(web: FlaskClient, back: str) -> None:
    made = web.post("/phone/trouble", data={"fate": "429", "back": back}, headers=PAGE)
    assert made.status_code == 303
    assert made.location in {back + "#trouble", "/phone/#trouble"}
    assert made.location.startswith("/phone/")
    assert "\\" not in made.location
    assert "429: too many requests" in web.get("/phone/trouble").text


def test_bad_trouble_from_the_page_is_said_in_the_panel(web: FlaskClient) -> None:
    made = web.post("/phone/trouble", data={"fate": "429", "times": "many"}, headers=PAGE)
    assert made.status_code == 422
    assert "is no number from 1" in made.text


@pytest.mark.parametrize("path", ["text/abc/def", "email/a@b.example/c@d.example", "fax/1/2", "text/abc/def/messages"])
def test_a_conversation_that_can_not_be_is_404(web: FlaskClient, path: str) -> None:
    assert web.get(f"/phone/{path}").status_code == 404
