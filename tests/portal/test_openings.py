"""Who looked: a machine's GET is fetched, only signs of a person make it opened."""

import pytest
from sqlalchemy import event

from models import Entry, Opening, Standing, db
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_drop_off, a_shop, next_open_day
from tests.portal.forms import press, read

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/604.1"
# As they name themselves; the last ones look like any browser.
SCANNERS = [
    "WhatsApp/2.23.20.0",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) SkypeUriPreview Preview/0.5",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36",
    PHONE,
    "",
]


def kept(evidence: str) -> list[str]:
    return [opening.agent for opening in db.session.query(Opening).filter_by(evidence=evidence).order_by(Opening.id)]


def tell(client: Visitor, link: str, agent: str = PHONE, **headers: str) -> int:
    form = read(client.get(link, headers={"User-Agent": agent})).forms["Confirm appointment"]
    return client.post(f"{link}/opening", data=form.fields, headers={"User-Agent": agent, **headers}).status_code


@pytest.mark.parametrize("agent", SCANNERS)
def test_a_get_is_fetched_whoever_it_comes_from_and_never_opened(client: Visitor, agent: str) -> None:
    drop_off = a_drop_off(a_shop())
    for _ in range(3):
        client.get(drop_off.visit.link.path, headers={"User-Agent": agent})
    assert kept("fetched") == [agent]
    assert kept("opened") == []
    assert drop_off.standing is not Standing.opened


def test_what_a_browser_fetches_ahead_says_so(client: Visitor) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    client.get(link, headers={"User-Agent": PHONE, "Sec-Purpose": "prefetch;prerender"})
    assert kept("fetched") == [f"prefetch;prerender: {PHONE}"]


def test_head_is_no_view_at_all(client: Visitor) -> None:
    client.head(a_drop_off(a_shop()).visit.link.path)
    assert kept("fetched") == []


def test_the_signs_of_a_person_make_it_opened_once(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop())
    assert [tell(client, drop_off.visit.link.path) for _ in range(3)] == [204, 204, 204]
    assert kept("opened") == [PHONE]
    assert drop_off.standing is Standing.opened
    assert db.session.query(Entry).filter_by(verb="appointment.opened").count() == 1


@pytest.mark.parametrize("agent", SCANNERS[:5])
def test_a_scanner_that_runs_scripts_but_says_what_it_is_opens_nothing(client: Visitor, agent: str) -> None:
    drop_off = a_drop_off(a_shop())
    assert tell(client, drop_off.visit.link.path, agent) == 204
    assert kept("opened") == []


def test_a_page_that_is_only_prerendered_opens_nothing(client: Visitor) -> None:
    tell(client, a_drop_off(a_shop()).visit.link.path, **{"Sec-Purpose": "prefetch;prerender"})
    assert kept("opened") == []


@pytest.mark.parametrize("fields", [{}, {"nonce": "made.up"}])
def test_a_beacon_from_elsewhere_opens_nothing(client: Visitor, fields: dict[str, str]) -> None:
    assert client.post(f"{a_drop_off(a_shop()).visit.link.path}/opening", data=fields).status_code == 204
    assert kept("opened") == []


def test_without_a_script_the_first_answer_is_the_sign(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop())
    press(client, drop_off.visit.link.path, "Request reschedule", headers={"User-Agent": PHONE})
    assert kept("opened") == [PHONE]


def test_a_new_date_has_to_be_opened_anew(client: Visitor) -> None:
    shop = a_shop()
    drop_off = a_drop_off(shop)
    tell(client, drop_off.visit.link.path)
    drop_off.move(next_open_day(shop, 3), None, by=SAM)
    assert drop_off.standing is not Standing.opened
    tell(client, drop_off.visit.link.path)
    assert drop_off.standing is Standing.opened


@pytest.mark.parametrize("said", [None, "Confirm appointment", "Request reschedule"], ids=["asking", "confirmed", "requested"])
def test_a_page_takes_at_most_six_queries_the_first_time_and_after(client: Visitor, said: str | None) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    if said:
        press(client, link, said)
    statements: list[str] = []
    engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    counts = []
    for agent in (PHONE, PHONE):
        statements.clear()
        client.get(link, headers={"User-Agent": agent})
        counts.append(sum(not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")) for statement in statements))
    assert counts[0] <= 6, statements
    assert counts[1] <= 3
