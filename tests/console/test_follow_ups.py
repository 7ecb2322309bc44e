"""Follow-up lists, one customer's letters with their reasons, Do Not Mail by hand, mail merge, and what came of it."""

import csv
import io
from datetime import timedelta

import pytest

from models import Appointment, Category, Customer, Delivery, DoNotMail, Shop, Vehicle, WorkOrder, clock, db
from models.letter_list import LetterList, Wanted
from tests.ground.client import Visitor
from tests.ground.letters import JOHN, a_letter_shop, a_visit, letters, nightly, noon, set_days
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_vehicle, a_work_order, next_open_day, signed_in
from tests.ground.overviews import an_item
from tests.ground.queries import counted

LISTS = "/console/follow-ups"


@pytest.fixture
def shop(app: object) -> Shop:
    shop = a_letter_shop(thank_you=3)
    shop.location.quiet_from = shop.location.quiet_until  # else what a test finds would depend on the hour at which it runs
    return shop


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop))


def test_who_is_due_is_listed_with_the_reason_why_or_why_not(sam: Visitor, shop: Shop) -> None:
    a_visit(shop, shop.today() - timedelta(days=1))
    walter = a_customer(shop, "Walter", "Finch", phones=[], emails=["walter@mail.example"])
    a_visit(shop, shop.today() - timedelta(days=1), walter)
    DoNotMail.set(walter, "by_hand", by=SAM)
    db.session.commit()
    page = sam.get(LISTS).text
    assert "Maria Lopez" in page
    assert "Walter Finch" in page
    assert "Do Not Mail is set." in page


def test_what_was_written_and_what_was_held_back_stand_apart(sam: Visitor, shop: Shop) -> None:
    a_visit(shop, shop.today() - timedelta(days=4))
    walter = a_customer(shop, "Walter", "Finch", phones=[], emails=["walter@mail.example"])
    a_visit(shop, shop.today() - timedelta(days=4), walter)
    DoNotMail.set(walter, "by_hand", by=SAM)
    nightly(shop, shop.today() - timedelta(days=1))
    written, held = sam.get(f"{LISTS}?state=sent").text, sam.get(f"{LISTS}?state=held").text
    assert ("Maria Lopez" in written, "Walter Finch" in written) == (True, False)
    assert ("Maria Lopez" in held, "Walter Finch" in held) == (False, True)


@pytest.mark.parametrize("query", ["kind=inactive", "words=Nobody", "since=2020-01-01&until=2020-01-02"])
def test_the_list_can_be_narrowed(sam: Visitor, shop: Shop, query: str) -> None:
    a_visit(shop, shop.today() - timedelta(days=4))
    nightly(shop, shop.today() - timedelta(days=1))
    assert "Maria Lopez" not in sam.get(f"{LISTS}?state=sent&{query}").text


@pytest.mark.parametrize("query", ["state=x&kind=y", "since=soon&until=2025-13-45", "before=x", "words=" + "x" * 500])
def test_nonsense_in_the_address_narrows_nothing(sam: Visitor, query: str) -> None:
    assert sam.get(f"{LISTS}?{query}").status_code == 200


def test_the_file_for_mail_merge_has_addresses_and_what_was_put_off_and_no_formulas(sam: Visitor, shop: Shop) -> None:
    set_days(shop, deferred=3)
    hank = a_customer(shop, "=1+1", "Doyle", phones=[], emails=["hank@mail.example"], addresses=[JOHN])
    with clock.at(noon(shop, shop.today() - timedelta(days=4))):
        order = a_work_order(shop, hank)
        an_item(order, "Belt", Category.recommended, 5000)
        order.close(by=SAM)
        db.session.commit()
    nightly(shop, shop.today() - timedelta(days=1))
    answer = sam.get(f"{LISTS}.csv?state=sent")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert row["mailing name"] == "'=1+1 Doyle"
    assert (row["street"], row["postal code"]) == ("5 Elm Street", "60601")
    assert (row["deferred items"], row["amount deferred"]) == ("Belt", "53.25")


def test_a_customers_own_page_says_what_will_go_and_why(sam: Visitor, shop: Shop) -> None:
    set_days(shop, thank_you=3, inactive=90, dead=180, inactive_interval=60)
    order = a_visit(shop, shop.today() - timedelta(days=1))
    other = a_customer(shop, "Joan", "Price", phones=[], emails=["joan@mail.example"])
    a_visit(shop, shop.today() - timedelta(days=1), other)
    page = sam.get(f"/console/customers/{order.visit.customer_id}/letters").text
    assert page.count("Inactive</strong>") == 2
    assert page.count("Thank You</strong>") == 1
    assert "Nobody asked for no more letters." in page
    assert "Joan" not in page


def test_a_customer_past_dead_is_shown_as_dead(sam: Visitor, shop: Shop) -> None:
    set_days(shop, inactive=90, dead=180, inactive_interval=60)
    order = a_visit(shop, shop.today() - timedelta(days=200))
    assert "Dead since" in sam.get(f"/console/customers/{order.visit.customer_id}/letters").text


def test_do_not_mail_is_set_and_taken_off_by_hand(sam: Visitor, shop: Shop) -> None:
    maria = a_customer(shop)
    address = f"/console/customers/{maria.id}"
    for _count in range(2):
        sam.post(f"{address}/do-not-mail")
    assert DoNotMail.of(maria)
    assert "Allow letters" in sam.get(address).text
    sam.post(f"{address}/do-not-mail/removal")
    assert DoNotMail.of(maria) is None


def test_another_shops_customer_is_not_there(sam: Visitor) -> None:
    theirs = a_customer(a_shop("northgate", "America/New_York"))
    assert sam.get(f"/console/customers/{theirs.id}/letters").status_code == 404
    assert sam.post(f"/console/customers/{theirs.id}/do-not-mail").status_code == 404
    assert DoNotMail.of(theirs) is None


def test_a_mechanic_sees_no_letters(client: Visitor, shop: Shop) -> None:
    tess = signed_in(client, a_member(shop, "mechanic"))
    assert {tess.get(path).status_code for path in (LISTS, f"{LISTS}.csv", f"{LISTS}/statistics")} == {403}


NARROWED = [
    ("", {"Maria", "Walter"}),
    ("words=civic", {"Maria"}),
    ("words=ford+2015", {"Walter"}),
    ("words=demo+101", {"Maria"}),
    ("words=finch+f-150", {"Walter"}),
    ("words=walter+civic", set()),
    ("channel=postcard", {"Walter"}),
    ("channel=email", {"Maria"}),
    ("at_least=53.25", {"Maria"}),
    ("at_least=53.26", set()),
    ("kind=inactive", set()),
    ("since=2020-01-01&until=2020-01-02", set()),
    ("until=2045-01-01", {"Maria", "Walter"}),
]


@pytest.mark.parametrize("state", ["due", "sent"])
def test_what_is_due_and_what_was_written_are_narrowed_alike(two_visits: Visitor, state: str) -> None:
    for query, names in NARROWED:
        page = two_visits.get(f"{LISTS}?state={state}&{query}").text
        assert {name for name in ("Maria", "Walter") if f">{name}" in page} == names, query


@pytest.fixture
def two_visits(sam: Visitor, shop: Shop) -> Visitor:
    """Maria, who put a belt off, gets mail; Walter a card: one was written to each, and one is due."""
    for channel in ("email", "postcard"):
        set_days(shop, channel, thank_you=3, reminder_1=30)
    walter = a_customer(shop, "Walter", "Finch", phones=[], emails=[], addresses=[JOHN])
    truck = a_vehicle(walter, year=2015, make="Ford", model="F-150", plate="TRUCK 1")
    with clock.at(noon(shop, shop.today() - timedelta(days=4))):
        order = a_work_order(shop)
        an_item(order, "Belt", Category.recommended, 5000)
        order.close(by=SAM, next_visit_on=shop.today() + timedelta(days=40))
        db.session.commit()
    a_visit(shop, shop.today() - timedelta(days=4), walter, truck, next_visit_on=shop.today() + timedelta(days=45))
    nightly(shop, shop.today() - timedelta(days=1))
    for letter in letters():
        letter.state = Delivery.sent
    db.session.commit()
    return sam


def test_what_a_booking_or_a_visit_overtakes_is_said_to_be_so(sam: Visitor, shop: Shop) -> None:
    set_days(shop, reminder_1=30, inactive=90, dead=200)
    booked = a_visit(shop, shop.today() - timedelta(days=4), next_visit_on=shop.today() + timedelta(days=40))
    Appointment.book(booked.visit.customer, booked.visit.vehicle, next_open_day(shop, 25), None, "email", by=SAM, accept_warnings=True)
    here = a_customer(shop, "Joan", "Price", phones=[], emails=["joan@mail.example"])
    a_visit(shop, shop.today() - timedelta(days=80), here)
    a_work_order(shop, here)
    page = sam.get(LISTS).text
    assert page.count("Its reason is gone") >= 2
    for one in LetterList(shop, Wanted()).due:
        said = next(passed for rule, passed, _sentence in one.rules if rule == "reason")
        one.letter.work_order = db.session.get(WorkOrder, one.letter.work_order_id) if one.letter.work_order_id else None
        assert (one.letter.kind, said) == (one.letter.kind, one.letter.stands)


def test_a_long_list_asks_as_often_as_a_short_one_and_has_pages(sam: Visitor, shop: Shop) -> None:
    set_days(shop, thank_you=3, deferred=20, inactive=90, inactive_interval=30, dead=365, reminder_1=5)
    set_days(shop, "postcard", thank_you=3, inactive=90, dead=365)
    asked = []
    for count in (3, 55):
        for number in range(count):
            customer = Customer.add(shop, by=SAM, last_name=f"Berg {count} {number}", phones=[], emails=[f"b{count}.{number}@mail.example"])
            order = WorkOrder.walk_in(customer, Vehicle.add(customer, by=SAM, make="Ford", model="F-150"), by=SAM)
            order.close(by=SAM)
        db.session.commit()
        with counted() as statements:
            page = sam.get(LISTS).text
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 12
    assert "Later" in page
    assert "Berg" in sam.get(f"{LISTS}?before=50").text
    nightly(shop, shop.today() + timedelta(days=3))
    with counted() as statements:
        page = sam.get(f"{LISTS}?state=held").text + sam.get(f"{LISTS}?state=sent").text
    assert "Older" in page
    assert len(statements) <= 24
