"""What both sides share: wrong addresses, headers, health."""

import pytest

from tests.ground.client import Visitor


@pytest.mark.parametrize("address", ["/nothing/here", "/console/nothing", "/brand/nobody-0123456789.css", "/hooks/twilio"])
def test_a_wrong_address_gets_a_page_that_says_so(client: Visitor, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "<h1" in answer.text


@pytest.mark.parametrize("address", ["/", "/healthz", "/nothing/here", "/v/nobody-has-this-link-x"])
def test_pages_carry_the_security_headers(client: Visitor, address: str) -> None:
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "strict-origin")


def test_health_says_how_database_and_queue_are(client: Visitor) -> None:
    assert client.get("/healthz").json == {"database": "ok", "queue": "ok"}


@pytest.mark.parametrize("address", ["/console/sign-in", "/v/nobody-has-this-link-x/confirmation", "/hooks/twilio/message"])
def test_a_zero_character_is_refused_and_breaks_nothing(client: Visitor, address: str) -> None:
    assert client.post(address, data={"email": "a\0b", "Body": "a\0b"}).status_code in {303, 422}
