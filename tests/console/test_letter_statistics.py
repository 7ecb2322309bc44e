"""What came of letters: counted by kind, each e-mail listed, each letter to be looked at as it was read."""

from datetime import time as clock_time
from datetime import timedelta

import pytest

from models import Actor, Appointment, DoNotMail, LetterLink, MailEvent, Message, Shop, clock, db
from models.letter_outcome import Period
from tests.ground.client import Visitor
from tests.ground.letters import a_letter_shop, a_visit, nightly
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_vehicle, next_open_day, signed_in

PAGE = "/console/follow-ups/statistics"


@pytest.fixture
def shop(app: object) -> Shop:
    shop = a_letter_shop(thank_you=3)
    shop.location.feedback = "https://reviews.example/harbour"
    shop.location.quiet_from = shop.location.quiet_until
    db.session.commit()
    return shop


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop))


@pytest.fixture
def letters(shop: Shop) -> list[Message]:
    """Five thank-yous that went the day before yesterday."""
    day = shop.today() - timedelta(days=2)
    for name in ("ann", "bea", "cleo", "dora", "eve"):
        customer = a_customer(shop, name.title(), "Lopez", phones=[], emails=[f"{name}@mail.example"])
        a_visit(shop, day - timedelta(days=3), customer)
    found = nightly(shop, day)
    with clock.at(clock.instant(day, clock_time(10, 5), shop.tz)):
        for message in found:
            assert message.claim()
            message.accepted(f"<{message.uid}@localhost>")
        db.session.commit()
    return found


def test_every_letter_is_counted_where_it_got_to_and_once(shop: Shop, letters: list[Message]) -> None:
    clicked, opened, bounced, complained, booked = letters
    LetterLink.of(clicked)[0].follow(person=True)
    for _time in range(2):
        MailEvent.heard(shop, "", opened, "opened")
    MailEvent.came_back(shop, "", bounced, "5.1.1", "no such mailbox")
    MailEvent.complained(shop, "", complained, "spam")
    assert clicked.customer
    assert booked.customer
    DoNotMail.set(clicked.customer, "unsubscribed", by=Actor("customer", "Ann"))
    vehicle = a_vehicle(booked.customer, plate="NEW 1")
    Appointment.book(booked.customer, vehicle, next_open_day(shop, 2), None, "email", by=SAM, accept_warnings=True)
    db.session.commit()
    period = Period(shop, shop.today() - timedelta(days=9), shop.today())
    row = next(row for row in period.outcomes if row.kind == "thank_you")
    assert (row.sent, row.delivered, row.bounced, row.complained) == (5, 2, 1, 1)
    assert (row.opened, row.clicked, row.unsubscribed, row.booked, row.approved) == (2, 1, 1, 1, 0)
    assert period.unsubscribed == 1
    assert all(other.sent == 0 for other in period.outcomes if other is not row)


def test_the_page_has_the_numbers_in_words_for_the_chart_and_a_link_to_each_mail(sam: Visitor, shop: Shop, letters: list[Message]) -> None:
    page = sam.get(PAGE).text
    assert "Thank You: 5 sent, 0 opened as far as known, 0 booked." in page
    for message in letters:
        assert message.letter
        assert f"/console/follow-ups/letters/{message.letter.id}" in page
    assert "Ann Lopez" not in sam.get(f"{PAGE}?kind=inactive").text
    assert "Ann Lopez" not in sam.get(f"{PAGE}?since=2020-01-01&until=2020-02-01").text
    assert sam.get(f"{PAGE}?since=2030-01-01&until=x&kind=y&before=z").status_code == 200


def test_a_letter_is_shown_as_it_was_read_with_nothing_to_follow(sam: Visitor, shop: Shop, letters: list[Message]) -> None:
    message = letters[0]
    assert message.letter
    MailEvent.came_back(shop, "", message, "5.2.2", "552 5.2.2 the mailbox is <b>full</b>")
    db.session.commit()
    page = sam.get(f"/console/follow-ups/letters/{message.letter.id}").text
    paper = page.partition('class="paper"')[2].partition("</section>")[0]
    assert "Thank you for bringing your" in paper
    assert ">reviews.example/harbour</a>" in paper
    assert "href" not in paper
    assert "the mailbox is &lt;b&gt;full&lt;/b&gt;" in page
    assert "not followed" in page


def test_another_shops_letter_is_not_there(client: Visitor, letters: list[Message]) -> None:
    other = signed_in(client, a_member(a_shop("northgate", "America/New_York")))
    assert letters[0].letter
    assert other.get(f"/console/follow-ups/letters/{letters[0].letter.id}").status_code == 404


def test_the_paper_has_the_shops_colour(sam: Visitor, shop: Shop) -> None:
    shop.branding.accent = "#0a7d4f"
    db.session.commit()
    answer = sam.get("/console/follow-ups/paper.css")
    assert answer.mimetype == "text/css"
    assert "background: #0a7d4f" in answer.text
