"""What every answer carries, whoever gives it: views, errors, the files' server, the doorkeeper."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.ground.client import Visitor
from tests.ground.makers import a_drop_off, a_member, a_shop, signed_in
from tests.ground.routes import doors
from web import HEADERS

pytestmark = pytest.mark.one_database

KEYS = {"SECRET_KEY": "s" * 32, "DATA_KEY": "d" * 32}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/static/portal.css", 200),
        ("POST", "/static/portal.css", 405),
        ("GET", "/static/nothing.css", 404),
        ("GET", "/static/../wsgi.py", 404),
        ("GET", "/nothing/here", 404),
        ("DELETE", "/console/sign-out", 405),
        ("POST", "/console/sign-in", 422),
        ("GET", "/console/", 302),
        ("GET", "/api/v1/shop", 401),
        ("POST", "/hooks/twilio/message", 403),
        ("GET", "/brand/plain.css", 200),
    ],
)
def test_every_answer_carries_the_security_headers(client: Visitor, method: str, path: str, status: int) -> None:
    with client.open(path, method=method) as answer:
        assert answer.status_code == status
        assert {name for name in HEADERS if name not in answer.headers} == set()


def test_a_mistake_of_ours_carries_them_too(app: Flask, client: Visitor) -> None:
    usual, app.view_functions["health"] = app.view_functions["health"], lambda: 1 / 0
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        answer = client.get("/healthz")
    finally:
        app.view_functions["health"], app.config["PROPAGATE_EXCEPTIONS"] = usual, None
    assert answer.status_code == 500
    assert {name for name in HEADERS if name not in answer.headers} == set()


@pytest.mark.parametrize("host", ["http://evil.example", "http://localhost.evil.example", "http://evil.example:80", "http://[::2]"])
def test_under_a_strange_name_nothing_is_answered_and_nothing_is_repeated(client: Visitor, host: str) -> None:
    answer = client.get("/console/sign-in?next=/console/", base_url=host)
    assert (answer.status_code, "evil" in answer.text) == (421, False)
    assert {name for name in HEADERS if name not in answer.headers} == set()


def test_what_is_too_large_and_what_comes_too_often_carries_them(client: Visitor) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    large = client.post(f"{link}/confirmation", data={"wishes": "x" * 600_000})
    often = [client.get(f"/v/{number:022}") for number in range(31)][-1]
    assert (large.status_code, often.status_code) == (413, 429)
    assert {name for answer in (large, often) for name in HEADERS if name not in answer.headers} == set()


@pytest.mark.parametrize("below", ["confirmation", "answers", "overview/draft"])
def test_a_large_form_without_files_is_not_read_even_where_films_may_come(client: Visitor, below: str) -> None:
    """Its fields would be read into memory all at once, and there could be fifty million of them."""
    link = a_drop_off(a_shop()).visit.link.path
    answer = client.post(f"{link}/{below}", data="a&" * 300_000, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {404, 413, 422}
    assert "too large" in answer.text or answer.status_code != 413


def test_no_file_is_for_every_origin_and_https_stays_https(make_app: Callable[..., Flask]) -> None:
    secure = make_app(PUBLIC_BASE_URL="https://visit.example.com", **KEYS)
    visitor = Visitor(secure, secure.response_class)
    for path in ("/static/portal.css", "/", "/nothing"):
        with visitor.get(path) as answer:
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
            assert "Access-Control-Allow-Origin" not in answer.headers


def test_nothing_that_members_see_is_kept_by_caches(app: Flask, client: Visitor) -> None:
    signed_in(client, a_member(a_shop(), "administrator"))
    kept = []
    for door in doors(app):
        if door.room == "console" and door.method == "GET" and door.endpoint != "console.live":
            with client.get(door.url) as answer:
                if "no-store" not in answer.headers["Cache-Control"]:
                    kept.append(door.endpoint)
    assert kept == ["console.inspections_worker", "console.paper_stylesheet"], "a script and a stylesheet"


def test_cookies_are_ours_alone_over_https(make_app: Callable[..., Flask]) -> None:
    secure = make_app(PUBLIC_BASE_URL="https://visit.example.com", **KEYS)
    cookie = Visitor(secure, secure.response_class).get("/console/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie.split("; ")
    assert "Domain" not in cookie
