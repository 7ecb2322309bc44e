"""A shop's own name: unknown names get nothing, and under a shop's own there is that shop and nothing else."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from jobs.gateways.mail import outgoing
from models import Confirmation, Explanation, Link, OwnHost, Shop, db
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_drop_off, a_member, a_shop, an_own_host, signed_in
from tests.ground.queries import counted
from tests.ground.routes import doors
from tests.portal.forms import press, read
from tests.portal.test_mail_pages import letter

pytestmark = pytest.mark.one_database

OWN = "visit.harbour.example"
BASE = f"http://{OWN}"
CONFIRM = "Confirm appointment"
STRANGE = (
    "elsewhere.example",
    "visit.harbour.example.elsewhere.example",
    "xvisit.harbour.example",
    "harbour.example",
    "localhost.elsewhere.example",
    "10.0.0.7",
    "[2001:db8::1]",
    "visit_harbour.example",
    "visit.harbour.example@localhost",
    "localhost,elsewhere.example",
    "",
)


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def own(shop: Shop) -> OwnHost:
    return an_own_host(shop)


# unknown names


@pytest.mark.parametrize("host", STRANGE)
def test_under_a_name_that_is_not_ours_nobody_gets_an_answer(client: Visitor, own: OwnHost, host: str) -> None:
    link = a_drop_off(own.shop).visit.link.path
    pages = (link, "/", "/console/", "/console/sign-in", "/p/harbour/privacy", "/brand/plain.css", "/static/console.css", "/nothing")
    answers = [client.get(path, headers={"Host": host}) for path in pages]
    answers += [client.post(link, headers={"Host": host}), client.options("/", headers={"Host": host})]
    assert {(answer.status_code, answer.text) for answer in answers} == {(421, "There is nothing at this address.\n")}


def test_an_unsigned_webhook_is_refused_under_any_name(client: Visitor, own: OwnHost) -> None:
    codes = {
        host: client.post("/hooks/twilio/message", headers={"Host": host}).status_code for host in ("elsewhere.example", "localhost", OWN)
    }
    assert codes == {"elsewhere.example": 403, "localhost": 403, OWN: 404}


def test_whoever_watches_over_us_may_ask_by_any_name(client: Visitor) -> None:
    assert client.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/healthz/more/than/that", headers={"Host": "10.0.0.7:8000"}).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "LocalHost", "localhost:8000", "localhost.", "127.0.0.1:8314", "[::1]:8000"])
def test_on_a_developers_machine_all_of_its_names_count(client: Visitor, host: str) -> None:
    assert client.get("/console/sign-in", headers={"Host": host}).status_code == 200


def test_an_installation_in_business_is_not_found_by_loopback_names(make_app: Callable[..., Flask]) -> None:
    app = make_app(PUBLIC_BASE_URL="https://visit.example.com", SECRET_KEY="s" * 32, DATA_KEY="d" * 32)
    visitor = Visitor(app, app.response_class)
    codes = {host: visitor.get("/console/sign-in", headers={"Host": host}).status_code for host in ("visit.example.com", "localhost")}
    assert codes == {"visit.example.com": 200, "localhost": 421}


def test_a_forwarded_name_counts_only_behind_a_proxy_that_is_trusted(make_app: Callable[..., Flask], own: OwnHost) -> None:
    link = a_drop_off(own.shop).visit.link.path
    for proxies, inside, forged in (("0", 421, 200), ("1", 200, 421)):
        app = make_app(TRUSTED_PROXIES=proxies)
        visitor = Visitor(app, app.response_class)
        forwarded = visitor.get(link, headers={"Host": "10.0.0.7:8000", "X-Forwarded-Host": OWN})
        elsewhere = visitor.get(link, headers={"Host": "localhost", "X-Forwarded-Host": "elsewhere.example"})
        assert (forwarded.status_code, elsewhere.status_code) == (inside, forged)


def test_strange_names_by_the_hundred_are_looked_up_once(app: Flask, client: Visitor) -> None:
    with counted() as asked:
        for number in range(100):
            client.get("/", headers={"Host": f"n{number}.elsewhere.example"})
    assert len(asked) <= 3


def test_names_that_were_known_still_count_when_the_database_is_away(app: Flask, client: Visitor, own: OwnHost) -> None:
    assert client.get("/brand/plain.css", base_url=BASE).status_code == 200
    app.extensions["doorkeeper"].forget()
    rename("own_hosts", "away")
    try:
        assert client.get("/brand/plain.css", base_url=BASE).status_code == 200
    finally:
        rename("away", "own_hosts")


def rename(table: str, to: str) -> None:
    db.session.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))
    db.session.commit()


# the shop's own


@pytest.mark.parametrize("host", [OWN, OWN.upper(), f"{OWN}:8443", f"{OWN}."])
def test_under_the_shops_own_name_its_customers_find_their_pages(client: Visitor, own: OwnHost, host: str) -> None:
    drop_off = a_drop_off(own.shop)
    page = client.get(drop_off.visit.link.path, headers={"Host": host})
    assert page.status_code == 200
    assert CONFIRM in page.text
    for path in ("/p/harbour/privacy", "/x/harbour/oil", f"{drop_off.visit.link.path}/appointment.ics", "/brand/plain.css"):
        assert client.get(path, headers={"Host": host}).status_code == 200


def test_another_shops_pages_are_as_unknown_there_as_any(client: Visitor, own: OwnHost) -> None:
    other = a_shop("northgate", "America/New_York")
    theirs = a_drop_off(other).visit.link.path
    unknown = client.get(f"/v/{'A' * 22}", base_url=BASE)
    assert unknown.status_code == 404
    assert "This link does not work" in unknown.text
    strangers = (theirs, f"{theirs}/appointment.ics", "/p/northgate/privacy", "/x/northgate/oil", f"/brand/northgate-{'0' * 12}.css")
    for path in strangers:
        answer = client.get(path, base_url=BASE)
        assert (answer.status_code, answer.data) == (404, unknown.data), path
        assert client.get(path).status_code == 200
    answer = client.post(f"{theirs}/confirmation", base_url=BASE, data=read(client.get(theirs)).forms[CONFIRM].fields)
    assert (answer.status_code, answer.data) == (404, unknown.data)
    assert db.session.query(Confirmation).count() == 0


def test_there_is_neither_console_nor_webhook_nor_anything_that_does_not_say_whose_it_is(app: Flask, client: Visitor, own: OwnHost) -> None:
    signed_in(client, a_member(own.shop, "administrator"))
    unknown = client.get(f"/v/{'A' * 22}", base_url=BASE).data
    answers = {}
    for number, door in enumerate(doors(app)):  # each from elsewhere: who knocks at many doors is slowed down
        elsewhere = {"REMOTE_ADDR": f"192.0.{number // 250}.{number % 250}"}
        answers[str(door)] = client.open(door.url, method=door.method, base_url=BASE, environ_overrides=elsewhere)
    found = {door for door, answer in answers.items() if (answer.status_code, answer.data) != (404, unknown)}
    assert found == {"GET /healthz", f"GET /healthz/{'A' * 22}", "GET /brand/plain.css", f"GET /brand/{'A' * 22}.js"}


def test_the_page_of_an_unknown_link_is_the_shops_too(client: Visitor, own: OwnHost) -> None:
    page = client.get("/v/nothing", base_url=BASE, headers={"Accept-Language": "es"})
    assert "Harbour Street Garage" in page.text
    assert "tel:+13125550100" in page.text
    assert f"/brand/harbour-{own.shop.branding.version}" in page.text
    assert read(page).language == "es"


def test_the_old_links_go_on_working_at_the_installations_name(client: Visitor, own: OwnHost) -> None:
    link = a_drop_off(own.shop).visit.link
    assert link.url == f"{BASE}{link.path}"
    assert client.get(link.path).status_code == 200


def test_switched_off_it_still_answers_for_links_that_were_sent_and_removed_no_more(app: Flask, client: Visitor, own: OwnHost) -> None:
    link, shop = a_drop_off(own.shop).visit.link, own.shop
    own.switch_off(by=SAM)
    assert client.get(link.path, base_url=BASE).status_code == 200
    assert link.url == f"http://localhost{link.path}"
    own.remove(by=SAM)
    db.session.commit()
    app.extensions["doorkeeper"].forget()
    assert client.get(link.path, base_url=BASE).status_code == 421
    assert shop.own_host is None


def test_a_name_that_is_not_switched_on_yet_can_be_tried_and_nothing_is_sent_with_it(client: Visitor, shop: Shop) -> None:
    OwnHost.name_it(shop, OWN, by=SAM)
    drop_off = a_drop_off(shop)
    assert client.get(drop_off.visit.link.path, base_url=BASE).status_code == 200
    assert "http://localhost/v/" in drop_off.messages[0].body


# what is sent, and what comes back


def test_every_address_that_customers_get_is_made_with_it(app: Flask, own: OwnHost) -> None:
    drop_off = a_drop_off(own.shop)
    assert f"{BASE}/v/" in drop_off.messages[0].body
    assert Explanation.link(own.shop, "oil") == f"{BASE}/x/harbour/oil"
    for kind in ("html", "txt"):
        mail = letter(drop_off, kind)
        assert f"{BASE}{drop_off.visit.link.path}" in mail
        assert f"{BASE}/p/harbour/privacy" in mail
        assert "http://localhost" not in mail


def test_the_calendar_entry_leads_to_it_and_names_nobody_else(client: Visitor, own: OwnHost) -> None:
    drop_off = a_drop_off(own.shop)
    entry = client.get(f"{drop_off.visit.link.path}/appointment.ics", base_url=BASE).text
    assert f"URL:{BASE}{drop_off.visit.calendar_link.path}" in entry.replace("\r\n ", "")
    assert "PRODID:-//Harbour Street Garage//Appointments//EN" in entry
    assert "localhost" not in entry


def test_a_whole_mail_names_neither_the_product_nor_the_installation(own: OwnHost) -> None:
    drop_off = a_drop_off(own.shop, preference="email")
    mail = outgoing(drop_off.messages[0]).content
    assert str(mail["Message-ID"]).endswith(f"@{OWN}>")
    parts = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
    assert len(parts) == 3  # words, HTML, and the entry for a calendar
    whole = f"{mail.items()}{b''.join(parts).decode()}".lower()
    assert OWN in whole
    for name in ("wrenchline", "localhost"):
        assert name not in whole


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"Origin": BASE}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": BASE}, True),
        ({"Origin": "null"}, True),
        ({"Origin": "http://localhost"}, False),
        ({"Origin": "http://other.example"}, False),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, False),
    ],
)
def test_forms_post_from_it_and_from_nowhere_else(client: Visitor, own: OwnHost, headers: dict[str, str], taken: bool) -> None:
    link = a_drop_off(own.shop).visit.link.path
    form = read(client.get(link, base_url=BASE)).forms[CONFIRM]
    answer = client.post(form.action, data=form.fields, headers=headers, base_url=BASE)
    assert answer.status_code == (303 if taken else 422)
    assert db.session.query(Confirmation).count() == taken


def test_behind_a_proxy_that_ends_tls_a_form_posts_from_https(make_app: Callable[..., Flask], own: OwnHost) -> None:
    id = a_drop_off(own.shop).visit.link.id
    app = make_app(PUBLIC_BASE_URL="https://visit.example.com", SECRET_KEY="s" * 32, DATA_KEY="d" * 32)
    with app.app_context():
        link = db.session.get_one(Link, id)
        link.revoke()  # its token is made anew, by this app's own key
        db.session.commit()
        path, url = link.path, link.url
    assert url == f"https://{OWN}{path}"
    visitor = Visitor(app, app.response_class)
    page = visitor.get(path, base_url=BASE)  # the proxy passes the name on, and speaks http to us
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    form = read(page).forms[CONFIRM]
    assert visitor.post(form.action, data=form.fields, headers={"Origin": f"https://{OWN}"}, base_url=BASE).status_code == 303


def test_a_page_under_it_asks_no_more_than_elsewhere_but_for_the_names_once_in_a_while(client: Visitor, own: OwnHost) -> None:
    link = a_drop_off(own.shop).visit.link.path
    phone = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"}
    pages = []
    for _time in range(2):
        with counted() as asked:
            client.get(link, base_url=BASE, headers=phone)
        pages.append([statement for statement in asked if not statement.startswith("SELECT own_hosts.name")])
        assert len(asked) - len(pages[-1]) == (_time == 0)
    assert len(pages[0]) <= 6
    assert len(pages[1]) <= 3


def test_nothing_that_customers_see_there_names_the_product_or_another_shop(client: Visitor, own: OwnHost) -> None:
    a_shop("northgate", "America/New_York")
    drop_off = a_drop_off(own.shop)
    link = drop_off.visit.link.path
    press(client, link, CONFIRM)
    notices = ("/p/harbour/privacy", "/p/harbour/texting", "/x/harbour/oil", "/brand/plain.css")
    paths = (link, f"{link}/texts", f"{link}/appointment.ics", *notices, "/v/nothing", "/nothing", "/", "/console/")
    pages = [client.get(path, base_url=BASE) for path in paths]
    slowed = [client.get(f"/v/{n:022}", base_url=BASE) for n in range(40)][-1]
    assert slowed.status_code == 429
    for page in (*pages, slowed):
        whole = f"{page.headers}{page.text}".lower()
        for name in ("wrenchline", "northgate", "localhost"):
            assert name not in whole, (page.request.path, name)


def test_a_mistake_of_ours_names_nobody_there_either(app: Flask, client: Visitor, own: OwnHost) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.jinja_env.globals["notice_path"], kept = None, app.jinja_env.globals["notice_path"]
    try:
        page = client.get(a_drop_off(own.shop).visit.link.path, base_url=BASE)
    finally:
        app.config["PROPAGATE_EXCEPTIONS"], app.jinja_env.globals["notice_path"] = None, kept
    assert page.status_code == 500
    assert "wrenchline" not in f"{page.headers}{page.text}".lower()
