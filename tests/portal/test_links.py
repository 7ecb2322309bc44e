"""Whoever holds a link may use it, and only through its own page; a wrong one tells nothing."""

from collections.abc import Callable

import pytest
from flask import Flask

from models import Confirmation, RescheduleRequest, db
from tests.ground.client import Visitor
from tests.ground.makers import a_drop_off, a_shop
from tests.portal.forms import press, read

CONFIRM = "Confirm appointment"
BELOW = ("confirmation", "reschedule-request", "opening")


def answers() -> int:
    return db.session.query(Confirmation).count() + db.session.query(RescheduleRequest).count()


def wrong_links(token: str) -> dict[str, str]:
    return {
        "unknown": "A" * 22,
        "cut off": token[:-1],
        "longer": token + "x",
        "empty": "",
        "in small letters": token.lower() if token != token.lower() else token.upper(),
        "with a dot": token + ".",
        "strange": "%00%ff%2e%2e%2f",
        "deep": f"{token}/answers/1",
    }


def test_wrong_links_of_every_kind_get_the_same_answer(client: Visitor) -> None:
    token = a_drop_off(a_shop()).visit.link.token
    got = {kind: client.get(f"/v/{wrong}") for kind, wrong in wrong_links(token).items()}
    assert {answer.status_code for answer in got.values()} == {404}
    assert len({answer.data for answer in got.values()}) == 1
    assert "This link does not work" in read(got["unknown"]).text


def test_a_revoked_link_is_as_unknown_as_any(client: Visitor) -> None:
    link = a_drop_off(a_shop()).visit.link
    old = link.path
    link.revoke()
    gone, never = client.get(old), client.get(f"/v/{'A' * 22}")
    assert (gone.status_code, gone.data) == (404, never.data)
    assert client.get(link.path).status_code == 200


def test_the_page_of_a_wrong_link_names_no_shop_and_no_product(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop())
    answer = client.get(f"{drop_off.visit.link.path[:-1]}")
    for name in ("Harbour", "Wrenchline", drop_off.visit.link.token[:-1]):
        assert name not in answer.text


@pytest.mark.parametrize("name", BELOW)
def test_posting_below_a_wrong_link_gets_the_same_answer_too(client: Visitor, name: str) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    form = read(client.get(link)).forms[CONFIRM]
    wrong = client.post(f"{link[:-1]}/{name}", data=form.fields)
    assert (wrong.status_code, wrong.data) == (404, client.get(link[:-1]).data)


def test_who_guesses_links_is_slowed_down_and_who_holds_one_behind_the_same_address_is_not(client: Visitor) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    codes = [client.get(f"/v/{n:022}").status_code for n in range(31)]
    assert codes == [404] * 30 + [429]
    assert client.get("/v/not/even/near").status_code == 429
    assert client.get(link).status_code == 200


def test_a_page_can_be_read_a_hundred_times(client: Visitor) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    assert {client.get(link).status_code for _ in range(100)} == {200}


@pytest.mark.parametrize("name", ["confirmation", "reschedule-request"])
def test_without_the_pages_own_nonce_nothing_is_taken(client: Visitor, name: str) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    for nonce in ({}, {"nonce": ""}, {"nonce": "aaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"}, {"nonce": "é\0"}):
        answer = client.post(f"{link}/{name}", data={"revision": "0", **nonce})
        assert answer.status_code == 422
        assert "Please tap once more." in read(answer).text
    assert answers() == 0


def test_after_two_days_a_page_has_to_be_tapped_once_more(client: Visitor, at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")
    shop = a_shop()
    link = a_drop_off(shop, day=shop.today().replace(day=19)).visit.link.path
    form = read(client.get(link)).forms[CONFIRM]
    at("2025-05-14 08:14", "America/Chicago")
    assert client.post(form.action, data=form.fields).status_code == 303
    at("2025-05-14 08:16", "America/Chicago")
    answer = client.post(form.action, data=form.fields)
    assert answer.status_code == 422
    assert "This page had been open for too long." in read(answer).text


def test_the_page_that_objects_brings_a_form_that_works_and_keeps_what_was_typed(client: Visitor) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    press(client, link, "Request reschedule")
    answer = client.post(f"{link}/reschedule-request", data={"nonce": "old", "wishes": "Any Friday"})
    form = read(answer).forms["Send"]
    assert form.fields["wishes"] == "Any Friday"
    assert client.post(form.action, data=form.fields).status_code == 303
    assert "Any Friday" in client.get(link).text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_on_somebody_elses_page_confirms_nothing(client: Visitor, headers: dict[str, str]) -> None:
    assert press(client, a_drop_off(a_shop()).visit.link.path, CONFIRM, headers=headers).status_code == 422
    assert answers() == 0


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://localhost"}, {"Origin": "null"}, {"Origin": "http://x", "Sec-Fetch-Site": "same-origin"}]
)
def test_our_own_page_is_known_by_what_the_browser_says_of_it(client: Visitor, headers: dict[str, str]) -> None:
    assert press(client, a_drop_off(a_shop()).visit.link.path, CONFIRM, headers=headers).status_code == 303


def test_customers_forms_need_no_session_even_where_forms_need_tokens(client: Visitor, with_csrf: None) -> None:
    answer = press(client, a_drop_off(a_shop()).visit.link.path, CONFIRM)
    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers


def test_the_answer_below_a_link_is_kept_by_nobody_and_found_by_no_search(client: Visitor) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    for path in (link, f"{link}/appointment.ics", link[:-1], f"{link}/confirmation"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert headers["Referrer-Policy"] == "strict-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "Set-Cookie" not in headers


def test_previews_show_a_title_that_tells_nothing(client: Visitor) -> None:
    html = client.get(a_drop_off(a_shop()).visit.link.path).text
    head = html[: html.index("</head>")]
    assert '<meta property="og:title" content="Your appointment">' in head
    for name in ("Maria", "Honda", "Civic"):
        assert name not in head


def test_head_answers_like_get_without_a_body(client: Visitor) -> None:
    answer = client.head(a_drop_off(a_shop()).visit.link.path)
    assert (answer.status_code, answer.data) == (200, b"")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_tell_right_links_from_wrong_ones_to_nobody(client: Visitor, method: str) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    right, wrong = client.open(link, method=method), client.open(link[:-1], method=method)
    assert (right.status_code, right.data) == (wrong.status_code, wrong.data)


def test_over_https_pages_ask_to_be_reached_so_for_good(make_app: Callable[..., Flask]) -> None:
    secure = make_app(PUBLIC_BASE_URL="https://visit.example.com", SECRET_KEY="s" * 32, DATA_KEY="d" * 32)
    answer = Visitor(secure, secure.response_class).get("/v/unknown")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
