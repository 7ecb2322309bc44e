"""What both sides share: wrong addresses, headers, health."""

import pytest

from tests.ground.client import Visitor
from tests.ground.makers import a_member, a_shop, signed_in


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


@pytest.mark.parametrize(
    "address", ["/console/customers/99999999999999999999", "/console/appointments/4294967296", "/console/customers/find?q=a%00b"]
)
def test_what_no_database_takes_finds_nothing_and_breaks_nothing(client: Visitor, address: str) -> None:
    assert signed_in(client, a_member(a_shop())).get(address).status_code in {200, 404}


def test_a_zero_character_is_refused_or_kept_and_breaks_nothing(client: Visitor) -> None:
    shop = a_shop()
    answer = signed_in(client, a_member(shop)).post("/console/customers", data={"last_name": "Lo\0pez", "csrf_token": ""})
    assert answer.status_code in {303, 422}
