"""Links in letters: they lead where the shop wanted, count what a person follows, and keep machines apart."""

from datetime import time as clock_time
from datetime import timedelta
from typing import Any

import pytest

from jobs.gateways import mail
from models import LetterLink, Message, Shop, clock, db
from tests.ground.client import Visitor
from tests.ground.letters import a_letter_shop, a_visit, nightly, set_days
from tests.ground.makers import a_customer, a_drop_off, an_own_host, next_open_day

REVIEWS = "https://reviews.example/harbour?stars=5&from=mail"
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Sec-Fetch-Dest": "document"}


@pytest.fixture
def shop(app: object) -> Shop:
    shop = a_letter_shop(thank_you=3)
    shop.location.feedback = REVIEWS
    shop.location.quiet_from = shop.location.quiet_until
    db.session.commit()
    return shop


def thanks(shop: Shop) -> Message:
    """Sent yesterday."""
    day = shop.today() - timedelta(days=1)
    a_visit(shop, day - timedelta(days=3))
    (message,) = nightly(shop, day)
    with clock.at(clock.instant(day, clock_time(10, 5), shop.tz)):
        assert message.claim()
        message.accepted(f"<{message.uid}@localhost>")
        db.session.commit()
    return message


def link_of(message: Message) -> LetterLink:
    db.session.expire_all()
    (link,) = LetterLink.of(message)
    return link


def follow(client: Visitor, message: Message, method: str = "GET", **headers: str) -> Any:
    return client.open(f"/g/{link_of(message).code}", method=method, headers={**FIREFOX, **headers})


def test_the_letter_leads_to_the_feedback_page_by_our_own_address_in_both_parts(shop: Shop) -> None:
    message = thanks(shop)
    content = mail.outgoing(message).content
    plain, html = (content.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert f"Tell us how we did: {link_of(message).url}" in plain
    assert f'href="{link_of(message).url}"' in html
    assert ">reviews.example/harbour</a>" in html
    assert REVIEWS not in plain + html
    assert REVIEWS in message.body, "the console shows where it leads"
    assert 'href="tel:+13125550100"' in html


def test_a_person_who_follows_it_is_sent_on_and_counted_once(client: Visitor, shop: Shop) -> None:
    message = thanks(shop)
    for _time in range(2):
        answer = follow(client, message)
        assert (answer.status_code, answer.location) == (303, REVIEWS)
    first = link_of(message).clicked_at
    assert first
    assert message.state == "delivered", "it must have arrived"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (compatible; Barracuda Sentinel (EE))"},
        {"User-Agent": "python-requests/2.32"},
        {"User-Agent": ""},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Sec-Fetch-Dest": "empty"},
    ],
)
def test_a_machine_is_sent_on_and_kept_as_fetched(client: Visitor, shop: Shop, headers: dict[str, str]) -> None:
    message = thanks(shop)
    assert follow(client, message, **headers).status_code == 303
    link = link_of(message)
    assert (link.fetched_at is not None, link.clicked_at, message.state) == (True, None, "sent")


def test_a_look_at_the_head_counts_nothing_and_seconds_after_the_sending_nobody_has_read_it(client: Visitor, shop: Shop) -> None:
    message = thanks(shop)
    assert follow(client, message, "HEAD").status_code == 303
    assert link_of(message).fetched_at is None
    assert message.sent_at
    with clock.at(message.sent_at + timedelta(seconds=2)):
        assert not link_of(message).is_by_a_person(False)


def test_a_link_leads_nowhere_but_where_the_shop_wanted(client: Visitor, shop: Shop) -> None:
    message = thanks(shop)
    code = link_of(message).code
    for wrong in (code[:-1], f"{code}a", "https://evil.example", f"{code[:-1]}_", "a" * 22):
        assert client.get(f"/g/{wrong}", headers=FIREFOX).status_code == 404
    assert client.get(f"/g/{code}?to=https://evil.example", headers=FIREFOX).location == REVIEWS
    shop.location.feedback = "https://elsewhere.example"
    db.session.commit()
    assert follow(client, message).location == REVIEWS, "where it led when the letter was written"


def test_under_another_shops_own_name_there_is_no_such_link(client: Visitor, shop: Shop) -> None:
    message, other = thanks(shop), a_letter_shop("northgate")
    an_own_host(other, "visit.northgate.example")
    assert client.get(f"/g/{link_of(message).code}", headers={**FIREFOX, "Host": "visit.northgate.example"}).status_code == 404


def test_a_reminder_opens_the_page_of_its_drop_off(client: Visitor, shop: Shop) -> None:
    set_days(shop, reminder_1=2)
    appointment = a_drop_off(shop, next_open_day(shop, 5), customer=a_customer(shop))
    (message,) = nightly(shop, appointment.date - timedelta(days=2))
    html = mail.outgoing(message).content.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert ">Your appointment</a>" in html
    assert appointment.visit.link.url not in html
    assert follow(client, message).location == appointment.visit.link.url


def test_a_mailbox_for_feedback_stays_a_mailbox_with_its_subject(shop: Shop) -> None:
    shop.location.feedback = "mailto:feedback@harbour.example?subject=My visit & more"
    message = thanks(shop)
    assert LetterLink.of(message) == []
    content = mail.outgoing(message).content
    plain, html = (content.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert 'href="mailto:feedback@harbour.example?subject=My%20visit"' in html
    assert "Tell us how we did: feedback@harbour.example" in plain
